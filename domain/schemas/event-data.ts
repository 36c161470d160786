/** The data of each kind of event, field by field: ids, numbers, amounts, times and codes, never a person's words. */
import { z } from 'zod'

export const id = (what: string) => z.uuid().meta({ description: what })
export const text = (what: string, pattern: RegExp) =>
  z.string().regex(pattern).meta({ description: what })
export const time = (what: string) => z.iso.datetime({ offset: true }).meta({ description: what })
const amount = (what: string) => text(what, /^(?:0|[1-9]\d{0,11})\.\d{2}$/)
/** A code, never a sentence: nothing a person wrote fits in here. */
const SIGNED = /^-?(?:0|[1-9]\d{0,11})\.\d{2}$/
const code = (what: string) => text(what, /^[A-Za-z0-9_]{1,40}$/)
type Reason = z.ZodType<string | null>
const currency = z.literal('KES').meta({ description: 'Always Kenyan shillings.' })
export const reason = (what: string) => code(what).nullable()
export const none = z.null().meta({ description: 'Always null here.' })

export const reservation = <const S extends [string, ...string[]]>(why: Reason, ...status: S) =>
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

export const rental = <const S extends [string, ...string[]]>(why: Reason, ...status: S) =>
  z.strictObject({
    rental_id: id('The rental; also the message’s key.'),
    number: text('Of the agreement by which the car left.', /^AGR-\d{2}-\d{6,}$/),
    reservation_id: id('The booking that it carries out.'),
    customer_id: id('Who drives.'),
    vehicle_id: id('The car.'),
    status: z.enum(status).meta({ description: 'Where the rental stands after this.' }),
    picked_up_at: time('When the keys were handed over.'),
    due_at: time('When the car is to be back.'),
    returned_at: time('When it was back; null while it is out.').nullable(),
    return_location: text(
      'Code of the place where it is to come back, or came back.',
      /^[A-Z0-9-]{2,20}$/,
    ),
    currency,
    asked: amount('What is asked for after the return; null before.').nullable(),
    deposit: amount('The deposit that was paid.'),
    kept: amount('What of it was kept; null until that is settled.').nullable(),
    owed: amount('What is owed beyond it; null until that is settled.').nullable(),
    reason: why,
  })

export const payment = <const S extends string>(why: Reason, status: S) =>
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

export const money = z.strictObject({
  payment_id: id('The payment that it becomes once its owner is found; also the message’s key.'),
  receipt: text('M-Pesa’s receipt.', /^[A-Z0-9]{6,20}$/),
  currency,
  amount: amount('What arrived.'),
})
export const refund = <const S extends string>(why: Reason, ...status: S[]) =>
  z.strictObject({
    refund_id: id('The refund; also the message’s key.'),
    payment_id: id('The payment that goes back, or a part of it.').nullable(),
    reservation_id: id('What was paid, when it is a reservation.').nullable(),
    party_id: id('Who had paid it.').nullable(),
    customer_id: id('Whose money it is, when that is known.').nullable(),
    method: z
      .enum(['reversal', 'payout', 'cash', 'credit', 'account', 'by_hand'])
      .meta({ description: 'How the money goes back.' }),
    currency,
    amount: amount('What goes back.'),
    whole: z.boolean().meta({ description: 'Whether it is all of the payment.' }),
    status: z.literal(status).meta({ description: 'Where the refund stands after this.' }),
    reason: why,
  })

export const quote = () =>
  z.strictObject({
    quote_id: id('The quote; also the message’s key.'),
    category: text('Code of the vehicle category.', /^[A-Z0-9-]{2,20}$/),
    pickup_location: text('Code of the place.', /^[A-Z0-9-]{2,20}$/),
    return_location: text('Code of the place.', /^[A-Z0-9-]{2,20}$/),
    pickup_at: time('When it would be picked up.'),
    return_at: time('When it would be brought back.'),
    currency,
    total: amount('The whole price, VAT included.'),
    rules: z
      .array(id('One of them.'))
      .meta({ description: 'The rules of prices that had a part in it.' }),
  })

export const vehicle = (why: Reason) =>
  z.strictObject({
    vehicle_id: id('The car; also the message’s key.'),
    hold_id: id('The hold in the calendar.'),
    purpose: code('What the car is held for.'),
    from: time('Start of the held period.'),
    to: time('End of the held period, itself not held.'),
    reason: why,
  })

export const invoice = (...status: [string, ...string[]]) =>
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
export const ANY_STANDING = ['issued', 'sent', 'overdue', 'paid', 'cancelled'] as const
const whole = (what: string) => z.int().min(0).meta({ description: what })
export const reconciliation = () =>
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
    difference: text('Our ledger less the provider’s balance.', SIGNED).nullable(),
  })

export const till = () =>
  z.strictObject({
    till_session_id: id('The session of the till; also the message’s key.'),
    till_id: id('The till.'),
    opened_at: time('When it was opened.'),
    closed_at: time('When it was counted and closed.'),
    currency,
    expected: text('What should have been in it by the books.', SIGNED),
    counted: amount('What was counted.'),
    difference: text('Counted less expected.', SIGNED),
    reason: code('Why the two differ; null when they do not.').nullable(),
  })
export const day = () =>
  z.strictObject({
    day_close_id: id('The close; also the message’s key.'),
    day: text('The day in Nairobi.', /^\d{4}-\d{2}-\d{2}$/),
    lines: whole('Lines that were compared.'),
    differences: whole('Of these, how many differ; each has a named reason.'),
  })

export const charge = <const S extends string>(why: Reason, status: S) =>
  z.strictObject({
    charge_id: id('The charge; also the message’s key.'),
    number: text('What people read out on the phone.', /^CHG-\d{2}-\d{6,}$/),
    type: code('What it is for: deposit, additional, damage, sale, service or stay.'),
    status: z.literal(status).meta({ description: 'Where the charge stands after this.' }),
    customer_id: id('Whose charge it is.'),
    reservation_id: id('The booking it belongs to, if any.').nullable(),
    mode: code('`anybody` may pay any part, or `all_or_nobody`.'),
    currency,
    total: amount('All that is to be paid, VAT included.'),
    paid: amount('Settled so far.'),
    due_at: time('Until when it is to be paid.'),
    reason: why,
  })

export const audit = () =>
  z.strictObject({
    position: whole('How many entries are sealed.'),
    hash: text('The seal of the last, which seals all before it.', /^[0-9a-f]{64}$/),
  })

export const customer = () =>
  z.strictObject({
    customer_id: id('Who was forgotten; also the message’s key.'),
    erased_at: time('When it was done.'),
  })
