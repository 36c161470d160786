/** Turns a queued notice into the mail or SMS it is, with names and phones read from the books just now. */
import { fromDecimal, subtract, ZERO } from '../domain/money.ts'
import { isAboutCredit } from '../domain/notices.ts'
import { buildMessage, type Message, type MessageFacts } from '../domain/notifications.ts'
import { OTHER_AMOUNT, reasonSentence } from '../domain/payment-results.ts'
import {
  hasEnded,
  isPayable,
  type EndReason,
  type ReservationStatus,
} from '../domain/reservations.ts'
import type { NotificationFacts, QueuedNotification } from '../db/notifications.ts'
import { renderMail } from '../views/emails/message.tsx'

export type OutgoingMail = {
  to: string
  subject: string
  text: string
  html: string
  messageId: string
}
export type OutgoingSms = { to: string; text: string; key: string }

/** The end of a sentence that begins "RSV-26-000123 is cancelled:". */
export const ENDED: Record<'en' | 'sw', Record<EndReason, string>> = {
  en: {
    deadline: 'it was not paid in time',
    customer: '{name} asked for it',
    desk: 'our desk did it',
    declined_by_all: 'nobody wanted to pay',
    payment_refused: 'the payment failed',
  },
  sw: {
    deadline: 'haikulipwa kwa wakati',
    customer: '{name} aliomba',
    desk: 'ofisi yetu imeghairi',
    declined_by_all: 'hakuna aliyetaka kulipa',
    payment_refused: 'malipo hayakufaulu',
  },
}
const YOU_ASKED = { en: 'you asked for it', sw: 'uliomba' } as const

/** A friend who shares the price did not ask; the customer did. */
const endOf = (reason: string, { customer, parties }: NotificationFacts, to: string | null) => {
  const { language, name, phone } = customer
  const reader = parties.find(({ id }) => id === to)
  if (reason === 'customer' && (!reader || reader.phone === phone)) return YOU_ASKED[language]
  return ENDED[language][reason as EndReason]?.replace('{name}', () => name) ?? null
}

const reasonOf = (queued: QueuedNotification, facts: NotificationFacts): string | null => {
  const { template, detail, partyId } = queued
  if (!detail.reason) return null
  if (template === 'payment_refused') return reasonSentence(detail.reason, facts.customer.language)
  return template === 'cancelled' ? endOf(detail.reason, facts, partyId) : null
}

/** Only a booking that ran out of time is brought back by its money. */
const endedOf = (status: ReservationStatus): MessageFacts['ended'] => {
  if (!hasEnded(status)) return null
  return status === 'expired' ? 'undecided' : 'goes_back'
}

const lateOf = ({ template, detail }: QueuedNotification): MessageFacts['late'] => {
  if (template !== 'late_money') return null
  return detail.reason === 'rebooked' ? 'rebooked' : 'refunding'
}

function messageOf(link: string, queued: QueuedNotification, facts: NotificationFacts): Message {
  const { reservation, customer, parties } = facts
  const party = parties.find(({ id }) => id === queued.partyId)
  const owes = party ? subtract(party.share, party.paid) : ZERO
  return buildMessage(
    queued.template,
    {
      number: reservation.number,
      customerName: customer.name,
      partyName: party?.name ?? customer.name,
      trip: {
        carName: `${reservation.vehicle.make} ${reservation.vehicle.model}`,
        pickupName: reservation.pickup.name,
        pickupAt: reservation.pickupAt,
        returnAt: reservation.returnAt,
      },
      amount: fromDecimal(queued.detail.amount ?? '') ?? (owes > 0 ? owes : ZERO),
      total: reservation.total,
      paid: reservation.paid,
      balance: reservation.balance,
      deadline: isPayable(reservation.status) ? reservation.holdExpiresAt : null,
      reason: reasonOf(queued, facts),
      otherAmount: queued.detail.reason === OTHER_AMOUNT,
      ended: endedOf(reservation.status),
      late: lateOf(queued),
      link,
      offer: facts.offer ?? null,
    },
    customer.language,
  )
}

/** Where the reader goes on: what is credit is decided about on a page of its own. */
export const pageOf = ({ template, reservationId }: QueuedNotification): string =>
  isAboutCredit(template) ? CREDIT_PAGE : `/bookings/${reservationId}`
export const CREDIT_PAGE = '/account/credit'

export async function composeMail(
  publicUrl: string,
  queued: QueuedNotification,
  facts: NotificationFacts,
  link?: string,
): Promise<OutgoingMail | null> {
  const { email, language } = facts.customer
  if (!email) return null
  const message = messageOf(link ?? `${publicUrl}${pageOf(queued)}`, queued, facts)
  return {
    to: email,
    subject: message.subject,
    text: message.text,
    html: await renderMail(message, language),
    // The same notice has the same id, so that a repeat after a crash is one message to a mail program.
    messageId: `${queued.id}@gari`,
  }
}

export function composeSms(
  link: (partyId: string | null) => string,
  queued: QueuedNotification,
  facts: NotificationFacts,
): OutgoingSms | null {
  const party = facts.parties.find(({ id }) => id === queued.partyId)
  const to = party?.phone ?? facts.customer.phone
  if (!to) return null
  return { to, text: messageOf(link(queued.partyId), queued, facts).sms, key: queued.id }
}
