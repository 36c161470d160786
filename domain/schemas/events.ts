/**
 * What goes to Kafka, exactly: one CloudEvents envelope and the data of each event type. Strict, so that a field nobody
 * agreed on (a name, a phone) cannot slip out. `docs/events` is generated from here.
 */
import { z } from 'zod'
import { topicOf, type EventData, type EventType, type Topic } from '../events.ts'

const id = (what: string) => z.uuid().meta({ description: what })
const text = (what: string, pattern: RegExp) =>
  z.string().regex(pattern).meta({ description: what })
const time = (what: string) => z.iso.datetime({ offset: true }).meta({ description: what })
const amount = (what: string) => text(what, /^(?:0|[1-9]\d{0,11})\.\d{2}$/)
/** A code, never a sentence: nothing a person wrote fits in here. */
const code = (what: string) => text(what, /^[A-Za-z0-9_]{1,40}$/)
type Reason = z.ZodType<string | null>
const currency = z.literal('KES').meta({ description: 'Always Kenyan shillings.' })
const reason = (what: string) => code(what).nullable()
const none = z.null().meta({ description: 'Always null here.' })

const reservation = <const S extends [string, ...string[]]>(why: Reason, ...status: S) =>
  z.strictObject({
    reservation_id: id('The reservation; also the message’s key.'),
    number: text('What people read out on the phone.', /^RSV-\d{2}-\d{6,}$/),
    status: z.enum(status).meta({ description: 'Where the reservation stands after this.' }),
    customer_id: id('Who booked.'),
    category: text('Code of the vehicle category.', /^[A-Z0-9-]{2,20}$/),
    vehicle_id: id('The car that is held.'),
    pickup_location: text('Code of the place.', /^[A-Z0-9-]{2,20}$/),
    return_location: text('Code of the place.', /^[A-Z0-9-]{2,20}$/),
    pickup_at: time('Start of the rental.'),
    return_at: time('End of the rental.'),
    currency,
    total: amount('The whole price, VAT included.'),
    paid: amount('Settled so far.'),
    balance: amount('Total less paid.'),
    hold_expires_at: time('When the hold lapses; null once nothing is waited for.').nullable(),
    reason: why,
  })

const payment = <const S extends string>(why: Reason, status: S) =>
  z.strictObject({
    payment_id: id('The payment; also the message’s key.'),
    purpose: z
      .enum(['reservation', 'charge', 'credit'])
      .meta({ description: 'What kind of thing is paid.' }),
    type: code('What it is paid as: rental, deposit, damage, …'),
    channel: code('How it reached us: prompt, paybill, desk or credit.'),
    owner_id: id('The thing that is paid.'),
    reservation_id: id('The same, when it is a reservation.').nullable(),
    party_id: id('Which of the people who share the booking.'),
    customer_id: id('Who booked.'),
    method: z
      .enum(['mpesa', 'cash', 'bank_transfer', 'credit_card', 'debit_card', 'credit', 'account'])
      .meta({ description: 'How the money moves.' }),
    currency,
    amount: amount('What was asked for; whole shillings with M-Pesa.'),
    credited: amount('What of it became credit, because less was owed.'),
    status: z.literal(status).meta({ description: 'Where the payment stands after this.' }),
    receipt: text('M-Pesa’s receipt, once there is one.', /^[A-Z0-9]{6,20}$/).nullable(),
    reason: why,
  })

const money = z.strictObject({
  payment_id: id('The payment that it becomes once its owner is found; also the message’s key.'),
  receipt: text('M-Pesa’s receipt.', /^[A-Z0-9]{6,20}$/),
  currency,
  amount: amount('What arrived.'),
})
const refund = <const S extends string>(why: Reason, status: S) =>
  z.strictObject({
    refund_id: id('The refund; also the message’s key.'),
    payment_id: id('The payment that goes back, or a part of it.').nullable(),
    reservation_id: id('What was paid, when it is a reservation.').nullable(),
    party_id: id('Who had paid it.').nullable(),
    customer_id: id('Whose money it is, when that is known.').nullable(),
    method: z
      .enum(['reversal', 'payout', 'cash', 'credit', 'by_hand'])
      .meta({ description: 'How the money goes back.' }),
    currency,
    amount: amount('What goes back.'),
    whole: z.boolean().meta({ description: 'Whether it is all of the payment.' }),
    status: z.literal(status).meta({ description: 'Where the refund stands after this.' }),
    reason: why,
  })

const vehicle = (why: Reason) =>
  z.strictObject({
    vehicle_id: id('The car; also the message’s key.'),
    hold_id: id('The hold in the calendar.'),
    purpose: code('What the car is held for.'),
    from: time('Start of the held period.'),
    to: time('End of the held period, itself not held.'),
    reason: why,
  })

const invoice = (...status: [string, ...string[]]) =>
  z.strictObject({
    invoice_id: id('The invoice; also the message’s key.'),
    number: text('What stands on the document.', /^INV-\d{2}-\d{6,}$/),
    owner_id: id('What is invoiced.'),
    reservation_id: id('The same, when it is a reservation.').nullable(),
    customer_id: id('Whose it is.'),
    currency,
    net: amount('Without VAT.'),
    vat: amount('The VAT.'),
    gross: amount('What the invoice is over; net + VAT.'),
    paid: amount('What came in for it.'),
    credited: amount('What credit notes took back.'),
    status: z.enum(status).meta({ description: 'Where the invoice stands after this.' }),
    due_at: time('The end of the last day to pay on.').nullable(),
    credit_note: text('Number of the credit note.', /^CRN-\d{2}-\d{6,}$/).nullable(),
    credit_amount: amount('What the credit note is over.').nullable(),
  })
const ANY_STANDING = ['issued', 'sent', 'overdue', 'paid', 'cancelled'] as const
const whole = (what: string) => z.int().min(0).meta({ description: what })
const reconciliation = () =>
  z.strictObject({
    reconciliation_id: id('The comparison; also the message’s key.'),
    kind: z.enum(['pull', 'full', 'statement', 'bank']).meta({ description: 'What was compared.' }),
    status: z.enum(['clean', 'differences', 'incomplete']).meta({
      description: 'Clean: nothing is left over. Incomplete: a provider did not answer everything.',
    }),
    from: time('Begin of the compared period.'),
    to: time('Its end.'),
    read_lines: whole('Lines that the provider told.'),
    new_lines: whole('Of these, told for the first time.'),
    matched: whole('Lines of the period that are in our books.'),
    explained: whole(
      'Lines of the period with a known reason: charges, transfers, a person’s word.',
    ),
    left_over: whole('Findings that wait for a person.'),
    currency,
    difference: text(
      'Our ledger less the provider’s balance.',
      /^-?(?:0|[1-9]\d{0,11})\.\d{2}$/,
    ).nullable(),
  })

const end = reason('Why it ended: `customer`, `desk`, `declined_by_all`, `payment_refused`.')
const result = reason('M-Pesa’s result code (`1032` cancelled on the phone), or a word of ours.')
const release = reason('Why the car is free: how the booking ended, or `completed`.')

type EventContract = { when: string; data: z.ZodType<EventData> }

/** Every event type: when it is published and what it carries. */
export const EVENTS = {
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
