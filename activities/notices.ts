/** Turns a queued notice into the mail or SMS it is, with names and phones read from the books just now. */
import { fromDecimal, subtract, ZERO } from '../domain/money.ts'
import { buildMessage, type Message } from '../domain/notifications.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import { isPayable } from '../domain/reservations.ts'
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

const ENDED: Record<'en' | 'sw', Record<string, string>> = {
  en: {
    deadline: 'it was not paid in time.',
    customer: 'as you asked.',
    desk: 'by our desk.',
    declined_by_all: 'nobody wanted to pay.',
  },
  sw: {
    deadline: 'haikulipwa kwa wakati.',
    customer: 'kama ulivyoomba.',
    desk: 'na ofisi yetu.',
    declined_by_all: 'hakuna aliyetaka kulipa.',
  },
}

const reasonOf = (
  { template, detail }: QueuedNotification,
  language: 'en' | 'sw',
): string | null => {
  if (!detail.reason) return null
  if (template === 'payment_refused') return reasonSentence(detail.reason, language)
  return template === 'cancelled' ? (ENDED[language][detail.reason] ?? null) : detail.reason
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
      carName: `${reservation.vehicle.make} ${reservation.vehicle.model}`,
      pickupName: reservation.pickup.name,
      pickupAt: reservation.pickupAt,
      returnAt: reservation.returnAt,
      amount: fromDecimal(queued.detail.amount ?? '') ?? (owes > 0 ? owes : ZERO),
      total: reservation.total,
      paid: reservation.paid,
      balance: reservation.balance,
      deadline: isPayable(reservation.status) ? reservation.holdExpiresAt : null,
      reason: reasonOf(queued, customer.language),
      link,
    },
    customer.language,
  )
}

export async function composeMail(
  publicUrl: string,
  queued: QueuedNotification,
  facts: NotificationFacts,
): Promise<OutgoingMail | null> {
  const { email, language } = facts.customer
  if (!email) return null
  const message = messageOf(`${publicUrl}/bookings/${queued.reservationId}`, queued, facts)
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
