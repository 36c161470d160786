/** Turns a queued notice about a charge into the mail or SMS it is, with names and phones read just now. */
import type { ChargeNoticeFacts, QueuedChargeNotice } from '../db/charge-notices.ts'
import { isPayableCharge, type ChargeEndReason } from '../domain/charges.ts'
import { fromDecimal, ZERO } from '../domain/money.ts'
import { isAboutCredit } from '../domain/notices.ts'
import { buildMessage, type Message } from '../domain/notifications.ts'
import { OTHER_AMOUNT, reasonSentence } from '../domain/payment-results.ts'
import { renderMail } from '../views/emails/message.tsx'
import { ENDED, type OutgoingMail, type OutgoingSms } from './notices.ts'

/** Where the reader goes on. */
export type ChargeLinks = {
  publicUrl: string
  /** Where one of the people pays without signing in. */
  chargeLink: (chargeId: string, partyId: string) => string
}

const whyOf = (
  { template, detail: { reason } }: QueuedChargeNotice,
  language: 'en' | 'sw',
): string | null => {
  if (!reason) return null
  if (template === 'payment_refused') return reasonSentence(reason, language)
  const known = template === 'charge_ended' ? ENDED[language][reason as ChargeEndReason] : null
  return known && !known.includes('{') ? known : null
}

function messageOf(link: string, queued: QueuedChargeNotice, facts: ChargeNoticeFacts): Message {
  const { charge, customer } = facts
  const open = isPayableCharge(charge.status)
  const asks = open && queued.template === 'charge_created'
  const party = charge.parties.find(({ id }) => id === queued.partyId)
  return buildMessage(
    queued.template,
    {
      number: charge.number,
      customerName: customer.name,
      partyName: party?.name ?? customer.name,
      charge: { what: charge.description, together: charge.mode === 'all_or_nobody' },
      amount: fromDecimal(queued.detail.amount ?? '') ?? ZERO,
      total: charge.total,
      paid: charge.paid,
      balance: charge.balance,
      deadline: asks ? (charge.coverUntil ?? party?.dueAt ?? charge.dueAt) : null,
      ended: open || charge.status === 'paid' ? null : 'goes_back',
      late: null,
      reason: whyOf(queued, customer.language),
      otherAmount: queued.detail.reason === OTHER_AMOUNT,
      link,
    },
    customer.language,
  )
}

/** What was paid too much is decided about on a page of its own. */
const ownPage = ({ template, chargeId }: QueuedChargeNotice, publicUrl: string): string =>
  `${publicUrl}${isAboutCredit(template) ? '/account/credit' : `/charges/${chargeId}`}`

export async function composeChargeMail(
  { publicUrl }: ChargeLinks,
  queued: QueuedChargeNotice,
  facts: ChargeNoticeFacts,
): Promise<OutgoingMail | null> {
  const { email, language } = facts.customer
  if (!email) return null
  const message = messageOf(ownPage(queued, publicUrl), queued, facts)
  const { subject, text } = message
  const html = await renderMail(message, language)
  return { to: email, subject, text, html, messageId: `${queued.id}@gari` }
}

export function composeChargeSms(
  { publicUrl, chargeLink }: ChargeLinks,
  queued: QueuedChargeNotice,
  facts: ChargeNoticeFacts,
): OutgoingSms | null {
  const party = facts.charge.parties.find(({ id }) => id === queued.partyId)
  const to = party?.phone ?? facts.customer.phone
  if (!to) return null
  const pays = party && queued.template !== 'overpaid'
  const link = pays ? chargeLink(queued.chargeId, party.id) : ownPage(queued, publicUrl)
  return { to, text: messageOf(link, queued, facts).sms, key: queued.id }
}
