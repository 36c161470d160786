/** What may be billed: a booking or a charge, its whole price and the lines in which a customer knows it. */
import type { LineWish } from '../domain/invoices.ts'
import { timeRangeText } from '../domain/invoice-words.ts'
import { ZERO, type Cents } from '../domain/money.ts'
import type { PaymentPurpose } from '../domain/payments.ts'
import type { LineKind, PriceLine } from '../domain/pricing.ts'
import { lockCharge } from './charge-rows.ts'
import { selectOne, type Tx } from './connection.ts'
import { findReservation, type ReservationDetail } from './reservation-reads.ts'
import { lockReservation } from './reservation-rows.ts'

export type BilledPurpose = Exclude<PaymentPurpose, 'credit'>
export type Billable = {
  purpose: BilledPurpose
  id: string
  number: string
  customerId: string
  customer: { name: string; email: string | null }
  total: Cents
  /** Refundable, shown beside the lines. */
  deposit: Cents
  /** Cancelled or expired. */
  ended: boolean
  /** All of it, as the customer saw it. */
  whole: LineWish[]
  /** What a share of it is called. */
  words: string
}

const ENDED: ReadonlySet<string> = new Set(['cancelled', 'expired'])

const LINE_WORDS = {
  days: 'Car rental, days',
  hours: 'Car rental, hours',
  months: 'Car rental, months of 30 days',
  weeks: 'Car rental, weeks',
  one_way: 'Return at another place',
  base: 'Change of price, days',
  seasonal: 'Season, days',
  demand: 'Demand',
  loyalty: 'For returning customers',
  promotional: 'Code',
  extra: 'Extra',
  extra_driver: 'Other drivers',
  young_driver: 'Young driver',
  points: 'Loyalty points',
} as const satisfies Record<LineKind, string>

const tripOf = ({ vehicle, category, pickupAt, returnAt }: ReservationDetail) =>
  `${category.name}, ${vehicle.make} ${vehicle.model}, ${timeRangeText(pickupAt, returnAt)}`

/** A discount is no line of an invoice, whose lines are all to be paid: what is left is billed in one. */
const loweredLine = (booking: ReservationDetail, points: number | undefined): LineWish => ({
  description: `Car rental: ${tripOf(booking)}, less ${points === undefined ? 'what was taken off' : `${points} loyalty points`}`,
  quantity: 1,
  unitPrice: booking.quote.total,
  vatRate: 16,
})

/** The quote's own lines. The refundable deposit is none of them. */
function linesOf(booking: ReservationDetail): LineWish[] {
  const { lines } = booking.quote
  const points = lines.find(({ kind }) => kind === 'points')
  const isLowered = lines.some(({ amount }) => amount <= 0)
  return isLowered ? [loweredLine(booking, points?.quantity)] : wholeLinesOf(booking)
}

const wordsOf = ({ kind, name }: PriceLine) =>
  name === undefined || kind === 'days' || kind === 'hours'
    ? LINE_WORDS[kind]
    : `${LINE_WORDS[kind]}: ${name}`

const wholeLinesOf = (booking: ReservationDetail): LineWish[] =>
  booking.quote.lines.map((line, index) => ({
    description: index === 0 ? `${LINE_WORDS[line.kind]}: ${tripOf(booking)}` : wordsOf(line),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    vatRate: 16,
  }))

async function lockBooking(tx: Tx, id: string): Promise<Billable | null> {
  await lockReservation(tx, id)
  const booking = await findReservation(tx, id)
  if (!booking) return null
  const { number, customerId, total, deposit } = booking
  return {
    purpose: 'reservation',
    id,
    number,
    customerId,
    customer: { name: booking.customerName, email: booking.customerEmail },
    total,
    deposit,
    ended: ENDED.has(booking.status),
    whole: linesOf(booking),
    words: `Car rental ${number}: ${tripOf(booking)}`,
  }
}

/** Null for a deposit too: it stays the customer's, so it is never income and never invoiced. */
async function lockChargeToBill(tx: Tx, id: string): Promise<Billable | null> {
  const row = await lockCharge(tx, id)
  if (!row || row.type === 'deposit') return null
  const { number, customerId, total, description } = row
  const customer = await selectOne<Billable['customer']>(
    tx,
    "SELECT trim(first_name || ' ' || last_name) AS name, email FROM users WHERE id = $1",
    [customerId],
  )
  return {
    purpose: 'charge',
    id,
    number,
    customerId,
    customer: customer ?? { name: '', email: null },
    total,
    deposit: ZERO,
    ended: ENDED.has(row.status),
    whole: [{ description, quantity: 1, unitPrice: total, vatRate: 16 }],
    words: `${number}: ${description}`,
  }
}

/** Under the lock of what is billed, so that two never bill the same part. */
export const lockBillable = (
  tx: Tx,
  purpose: BilledPurpose,
  id: string,
): Promise<Billable | null> =>
  purpose === 'charge' ? lockChargeToBill(tx, id) : lockBooking(tx, id)
