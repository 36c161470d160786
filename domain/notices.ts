/** Who is told what, and how, when something has happened. */
import type { EventType } from './events.ts'
import { rentalNotice, type RentalNotice, type RentalTemplate } from './rental-notices.ts'

export type NoticeTemplate =
  | 'confirmed'
  | 'payment_received'
  | 'payment_refused'
  | 'cancelled'
  | 'reminder'
  | 'refunded'
  | 'part_refunded'
  | 'to_credit'
  | 'overpaid'
  | 'late_money'
  | 'late_offer'
  | RentalTemplate

export type Notice = {
  channel: 'email' | 'sms'
  /** Whose money it is about, and who gets the SMS; null = the customer who booked. A mail goes to that customer. */
  partyId: string | null
  template: NoticeTemplate
  /** `payment`: whose offer the message leads to. */
  detail: { amount?: string; reason?: string; payment?: string }
}

type Facts = {
  customer: { email: string | null; phone: string | null }
  parties: { id: string; share: number; paid: number; declined: boolean }[]
}
type Heard = { type: string; data: Record<string, unknown> }

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const WHOLE_BOOKING: Partial<Record<EventType, NoticeTemplate>> = {
  'reservation.confirmed': 'confirmed',
  'reservation.cancelled': 'cancelled',
  'reservation.expired': 'cancelled',
}
const ONE_PAYER: Partial<Record<EventType, NoticeTemplate>> = {
  'payment.succeeded': 'payment_received',
  'payment.failed': 'payment_refused',
  'payment.refunded': 'refunded',
  'refund.settled': 'part_refunded',
  'payment.arrived_late': 'late_money',
}

const REMINDED: EventType = 'reservation.reminded'
const OVERPAID: EventType = 'payment.overpaid'

const eventType = (type: string): EventType => type.replace(/^gari\.|\.v\d+$/g, '') as EventType

/** Whether anybody is ever told of such an event. */
export const isTold = (type: string): boolean => {
  const known = eventType(type)
  return (
    known in WHOLE_BOOKING ||
    known in ONE_PAYER ||
    known === REMINDED ||
    known === OVERPAID ||
    rentalNotice({ type: known, data: {} }) !== null
  )
}

/** Another car is offered for money that came late; whoever paid may choose. */
const isOffer = ({ type, data }: Heard): boolean =>
  eventType(type) === 'payment.arrived_late' && data['reason'] === 'offered'

/** What was paid from credit is credit again. */
const isToCredit = ({ type, data }: Heard): boolean =>
  ['payment.refunded', 'refund.settled'].includes(eventType(type)) && data['method'] === 'credit'

/** Credit is the customer's, whoever has paid. */
const ofCredit = (
  facts: Facts,
  template: 'to_credit' | 'overpaid',
  detail: Notice['detail'],
): Notice[] => [
  ...mail(facts, template, detail, null),
  { channel: 'sms', partyId: null, template, detail },
]

/** Whoever booked drives, and answers for the car. */
const ofCustomer = (facts: Facts, { template, detail }: RentalNotice): Notice[] => [
  ...mail(facts, template, detail, null),
  { channel: 'sms', partyId: null, template, detail },
]

const ABOUT_CREDIT = new Set(['overpaid', 'to_credit', 'credited', 'credit_kept', 'credit_added'])
/** Leads to the page of the customer's credit. */
export const isAboutCredit = (template: string): boolean => ABOUT_CREDIT.has(template)

/** Only what M-Pesa sends goes to a phone. */
const whereBack = ({ data }: Heard, template?: NoticeTemplate): NoticeTemplate | undefined =>
  template === 'refunded' && data['method'] !== 'mpesa' ? 'part_refunded' : template

/** Everybody hears how the booking ended; each payer about their own money; who still owes is reminded. */
export function noticesFor(event: Heard, facts: Facts): Notice[] {
  const type = eventType(event.type)
  // Of a whole payment that went back the payment's own event tells.
  if (type === 'refund.settled' && event.data['whole'] === true) return []
  const amount = text(event.data[type === OVERPAID ? 'credited' : 'amount'])
  const detail = {
    ...(amount ? { amount } : {}),
    ...(text(event.data['reason']) ? { reason: text(event.data['reason']) as string } : {}),
    ...(isOffer(event) ? { payment: text(event.data['payment_id']) as string } : {}),
  }
  const rental = rentalNotice({ type, data: event.data })
  if (rental) return ofCustomer(facts, rental)
  const whole = WHOLE_BOOKING[type]
  if (whole) return [...mail(facts, whole, detail, null), ...smsToAll(facts, whole, detail)]
  if (isToCredit(event)) return ofCredit(facts, 'to_credit', detail)
  if (type === OVERPAID) return ofCredit(facts, 'overpaid', detail)
  const one = isOffer(event) ? 'late_offer' : whereBack(event, ONE_PAYER[type])
  const partyId = text(event.data['party_id'])
  if (one && partyId) {
    const sms: Notice = { channel: 'sms', partyId, template: one, detail }
    return one === 'payment_refused' ? [sms] : [...mail(facts, one, detail, partyId), sms]
  }
  if (type === REMINDED) {
    return facts.parties
      .filter((party) => party.paid < party.share && !party.declined)
      .map(({ id }) => ({ channel: 'sms', partyId: id, template: 'reminder', detail }))
  }
  return []
}

const mail = (
  { customer }: Facts,
  template: NoticeTemplate,
  detail: Notice['detail'],
  partyId: string | null,
): Notice[] => (customer.email ? [{ channel: 'email', partyId, template, detail }] : [])

const smsToAll = (facts: Facts, template: NoticeTemplate, detail: Notice['detail']): Notice[] =>
  facts.parties.map(({ id }) => ({ channel: 'sms', partyId: id, template, detail }))
