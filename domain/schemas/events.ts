/**
 * What goes to Kafka, exactly: one CloudEvents envelope and the data of each event type. Strict, so that a field nobody
 * agreed on (a name, a phone) cannot slip out. `docs/events` is generated from here.
 */
import { z } from 'zod'
import { RENTAL_EVENTS } from './rental-events.ts'
import { topicOf, type EventData, type EventType, type Topic } from '../events.ts'
import {
  id,
  text,
  time,
  reason,
  none,
  reservation,
  charge,
  customer,
  day,
  payment,
  money,
  refund,
  quote,
  vehicle,
  invoice,
  ANY_STANDING,
  reconciliation,
  till,
  audit,
} from './event-data.ts'

const end = reason('Why it ended: `customer`, `desk`, `declined_by_all`, `payment_refused`.')
const result = reason('M-Pesa’s result code (`1032` cancelled on the phone), or a word of ours.')
const release = reason('Why the car is free: how the booking ended, or `completed`.')

type EventContract = { when: string; data: z.ZodType<EventData> }

/** Every event type: when it is published and what it carries. */
export const EVENTS = {
  ...RENTAL_EVENTS,
  'reservation.held': {
    when: 'A car is held and waits for money.',
    data: reservation(none, 'pending'),
  },
  'reservation.processing': {
    when: 'Some of the price is paid, a balance remains.',
    data: reservation(none, 'processing'),
  },
  'reservation.confirmed': {
    when: 'All is paid; the car is theirs for the period.',
    data: reservation(none, 'confirmed'),
  },
  'reservation.cancelled': {
    when: 'Somebody ended it; what was paid goes back.',
    data: reservation(end, 'cancelled'),
  },
  'reservation.expired': {
    when: 'The deadline passed; what was paid goes back.',
    data: reservation(reason('`deadline`.'), 'expired'),
  },
  'reservation.reminded': {
    when: 'The deadline is near and a balance remains; once a booking.',
    data: reservation(none, 'pending', 'processing'),
  },
  'reservation.picked_up': {
    when: 'The keys were handed over.',
    data: reservation(none, 'in_progress'),
  },
  'reservation.completed': {
    when: 'The rental period is over; the money is earned.',
    data: reservation(none, 'completed'),
  },
  'payment.requested': {
    when: 'Somebody asked to pay; the prompt is about to be sent.',
    data: payment(none, 'pending'),
  },
  'payment.succeeded': {
    when: 'The money is in the books, once for each receipt.',
    data: payment(none, 'completed'),
  },
  'payment.failed': {
    when: 'Certainly not paid; the customer may try again.',
    data: payment(result, 'failed'),
  },
  'payment.arrived_late': {
    when: 'The money came after the booking had ended.',
    data: payment(
      reason(
        'What becomes of it: `rebooked`, `offered` (another car, for half an hour) or `refunding`.',
      ),
      'completed',
    ),
  },
  'payment.refunded': {
    when: 'The money is back with the customer.',
    data: payment(none, 'refunded'),
  },
  'payment.overpaid': {
    when: 'More came than was owed; the rest is the customer’s credit.',
    data: payment(none, 'completed'),
  },
  'money.unexplained': {
    when: 'M-Pesa money arrived that names nothing of ours; finance looks for its owner.',
    data: money,
  },
  'refund.requested': {
    when: 'Somebody asked for a refund that needs a second person.',
    data: refund(none, 'awaiting_approval'),
  },
  'refund.approved': {
    when: 'It is decided: the money is set aside to go back.',
    data: refund(none, 'approved'),
  },
  'refund.declined': {
    when: 'The second person said no; nothing moves.',
    data: refund(none, 'declined'),
  },
  'refund.phone_named': {
    when: 'Somebody named another phone for a refund that is stuck; a second person must agree.',
    data: refund(none, 'awaiting_approval'),
  },
  'refund.phone_approved': {
    when: 'The second person agreed: the refund is paid out to the phone that was named.',
    data: refund(none, 'approved'),
  },
  'refund.phone_declined': {
    when: 'The second person said no to the phone; the refund is where it was before.',
    data: refund(none, 'requested', 'approved', 'refused'),
  },
  'refund.sent': {
    when: 'It is on its way, or may be: nobody sends it again.',
    data: refund(none, 'sent'),
  },
  'refund.settled': {
    when: 'The money is back, once for each refund.',
    data: refund(none, 'settled'),
  },
  'refund.refused': {
    when: 'Certainly not executed; another way or a person follows.',
    data: refund(reason('M-Pesa’s code, or null.'), 'refused'),
  },
  'reconciliation.completed': {
    when: 'Our books were compared with M-Pesa’s or the bank’s lines.',
    data: reconciliation(),
  },
  'charge.created': {
    when: 'Something other than a booking’s price is to be paid.',
    data: charge(none, 'open'),
  },
  'charge.paid': {
    when: 'All of it is paid; what is no deposit is earned.',
    data: charge(none, 'paid'),
  },
  'charge.cancelled': {
    when: 'Somebody ended it, paid or not; what was paid goes back.',
    data: charge(reason('Why: `customer`, `desk` or `declined_by_all`.'), 'cancelled'),
  },
  'charge.expired': {
    when: 'The deadline passed; what was paid goes back.',
    data: charge(reason('`deadline`.'), 'expired'),
  },
  'till.closed': {
    when: 'A clerk counted a till and closed it.',
    data: till(),
  },
  'day.closed': {
    when: 'Finance closed a day; each difference has a named reason.',
    data: day(),
  },
  'audit.sealed': {
    when: 'Who changed what is sealed up to here; told every few minutes, and kept for good.',
    data: audit(),
  },
  'customer.erased': {
    when: 'A customer was forgotten, as they had asked: whoever holds copies of what they know of them takes these away.',
    data: customer(),
  },
  'quote.given': {
    when: 'Somebody asked what a trip would cost, and was told.',
    data: quote(),
  },
  'vehicle.held': {
    when: 'A car left the calendar for a period.',
    data: vehicle(reason('Null, or `rebooked` when late money brought a booking back.')),
  },
  'vehicle.released': {
    when: 'A car is free again for a period.',
    data: vehicle(release),
  },
  'invoice.issued': { when: 'An invoice got its number.', data: invoice('issued') },
  'invoice.sent': {
    when: 'An invoice left by e-mail for the first time.',
    data: invoice(...ANY_STANDING),
  },
  'invoice.paid': {
    when: 'Money and credit notes together reach its amount.',
    data: invoice('paid'),
  },
  'invoice.overdue': {
    when: 'Its last day has passed and something is still open.',
    data: invoice('overdue'),
  },
  'invoice.cancelled': {
    when: 'Credit notes took all of it back.',
    data: invoice('cancelled'),
  },
  'credit_note.issued': {
    when: 'Part or all of an invoice was taken back.',
    data: invoice(...ANY_STANDING),
  },
} satisfies Record<EventType, EventContract>

/** The `type` on the wire. A change that breaks readers gets a new version, and a new topic. */
export const wireType = <const T extends EventType>(type: T) => `gari.${type}.v1` as const

/** CloudEvents 1.0 in structured JSON, with the sequence extension; see workers/outbox.ts. */
export const cloudEvent = (type: EventType) => {
  const { when, data } = EVENTS[type]
  return z
    .strictObject({
      specversion: z.literal('1.0'),
      id: id('Unique for each event; a repeat carries the same.'),
      source: z.literal('gari'),
      type: z.literal(wireType(type)),
      subject: id('The message’s key: what the event is about.'),
      time: time('When it was written down.'),
      datacontenttype: z.literal('application/json'),
      sequence: text(
        'Grows for each subject, with gaps; drop what is not newer.',
        /^(?:0|[1-9]\d*)$/,
      ),
      data,
    })
    .meta({
      title: wireType(type),
      description: `${when} Topic: ${topicOf(type) satisfies Topic}.`,
    })
}
