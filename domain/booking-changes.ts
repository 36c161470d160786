/** The audit of one booking in plain words, for its page at the desk. */
import type { AuditLine, Change } from './audit-pages.ts'
import { actionText, changesOf } from './audit-pages.ts'
import { cents, formatKes } from './money.ts'
import { timeText } from './time-words.ts'

export type BookingChange = Pick<
  AuditLine,
  'id' | 'at' | 'actor' | 'actorName' | 'action' | 'before' | 'after' | 'why' | 'origin'
>

const DEEDS: Record<string, string> = {
  'charge.cancelled': 'A charge was cancelled',
  'charge.created': 'A charge was made',
  'charge.expired': 'A charge was not paid in time',
  'charge.extended': 'A charge may be paid for longer',
  'charge.paid': 'A charge was paid',
  'charge.share_covered': 'Somebody took over a share of a charge',
  'charge.share_declined': 'Somebody declined their share of a charge',
  'charge.share_missed': 'A share of a charge was not paid in time',
  'charge.shrunk': 'A charge was made smaller',
  'invoice.cancelled': 'An invoice was cancelled',
  'invoice.drafted': 'An invoice was drafted',
  'invoice.issue_wanted': 'An invoice is to be issued',
  'invoice.issued': 'An invoice was issued',
  'invoice.not_registered': 'KRA does not register an invoice',
  'invoice.overdue': 'An invoice is overdue',
  'invoice.payment_recorded': 'A payment of an invoice was written down',
  'invoice.registered': 'KRA has registered an invoice',
  'invoice.reminded': 'A reminder of an invoice was sent',
  'invoice.sent': 'An invoice was sent',
  'late_offer.option_gone': 'A car that was offered is gone',
  'money.described': 'M-Pesa said who paid',
  'money.held': 'Money came by itself and waits for the answer to a request',
  'money.unmatched': 'Money came without an owner',
  'payment.allocated': 'Money was given to this booking',
  'payment.arrived_late': 'Money came too late',
  'payment.awaits_proof': 'M-Pesa is asked whether it was paid',
  'payment.counted': 'Money counts for what is owed',
  'payment.given_back': 'Money is to go back',
  'payment.part_refunded': 'A part of a payment went back',
  'payment.prompted': 'The prompt is on the phone',
  'payment.receipt_found': 'M-Pesa’s receipt was learned',
  'payment.refunded': 'A payment went back',
  'payment.refunding': 'A payment is going back',
  'payment.refused': 'A payment was refused',
  'payment.requested': 'A payment was asked for',
  'payment.resolved': 'A payment was settled by hand',
  'payment.settled': 'A payment came',
  'payment.transfer_found': 'A bank transfer was found',
  'payment.transfer_withdrawn': 'A bank transfer was withdrawn',
  'payment.unexplained': 'A report of M-Pesa disagrees with what we asked for',
  'payment.unknown': 'It is not known what became of a payment',
  'plan.paused': 'A plan waits to be agreed to again, after a restore',
  'plan.phone_added': 'A phone was added to a plan',
  'plan.phone_rests': 'A phone of a plan is not asked for a while',
  'plan.started': 'A plan of payments began',
  'plan.went_on': 'A plan of payments goes on',
  'receipt.issued': 'A receipt was issued',
  'refund.approved': 'A refund was agreed to',
  'refund.declined': 'A refund was declined',
  'refund.refused': 'M-Pesa refused a refund',
  'refund.requested': 'A refund was asked for',
  'refund.sent': 'A refund was sent to M-Pesa',
  'refund.settled': 'A refund was paid out',
  'reservation.cancelled': 'The booking was cancelled',
  'reservation.car_swapped': 'Another car takes its place',
  'reservation.completed': 'The booking was completed',
  'reservation.confirmed': 'The booking was confirmed',
  'reservation.expired': 'The booking was not paid in time',
  'reservation.extended': 'The booking may be paid for longer',
  'reservation.held': 'The booking was made, and a car held',
  'reservation.hold_lost': 'Money came after the car was no longer held',
  'reservation.offer_declined': 'The offer for late money was declined',
  'reservation.offer_expired': 'The offer for late money ran out',
  'reservation.offer_taken': 'The offer for late money was taken',
  'reservation.offered': 'Other cars were offered for late money',
  'reservation.price_lowered': 'The price was lowered',
  'reservation.processing': 'A first part was paid',
  'reservation.reclaimed': 'The booking stands again',
  'reservation.reminded': 'A reminder was sent',
  'reservation.share_covered': 'Somebody took over a share',
  'reservation.share_declined': 'Somebody declined their share',
  'reservation.share_missed': 'A share was not paid in time',
}

/** What has no sentence yet is said by its name. */
export const deedText = (action: string): string => DEEDS[action] ?? actionText(action)

const PROGRAMS: Record<string, string> = {
  gari: 'Gari by itself',
  'late-money': 'Gari by itself',
  party: 'Somebody by the link of their share',
}

export const whoText = ({ actor, actorName }: Pick<BookingChange, 'actor' | 'actorName'>): string =>
  actorName || PROGRAMS[actor] || actor

/** `41.90.3.7 request 5f2d…`, `workflow refund:…`, `worker outbox`. */
export function whenceText(origin: string | null): string {
  if (!origin) return ''
  const [first = '', ...rest] = origin.split(' ')
  if (rest[0] === 'request') return `from ${first}`
  if (first === 'workflow') return `in the workflow ${rest.join(' ')}`
  return first === 'worker' ? `by the worker for ${rest.join(' ')}` : `by ${origin}`
}

const MONEY = /^(?:amount|paid|total|balance|credited|applied|share|ledger|provider)$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

const plain = (field: string, text: string): string => {
  if (MONEY.test(field) && /^-?\d+$/.test(text)) return formatKes(cents(Number(text)))
  return MOMENT.test(text) ? timeText(new Date(text), 'en') : text
}

/** `chosenOption` and `party_id` are words as well. */
const words = (field: string): string =>
  field.replaceAll('_', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** What changed, with amounts and Nairobi times as people read them. */
export const plainChanges = (entry: Pick<BookingChange, 'before' | 'after'>): Change[] =>
  changesOf(entry).map(({ field, was, is }) => ({
    field: words(field),
    was: plain(field, was),
    is: plain(field, is),
  }))
