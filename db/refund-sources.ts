/** Where the money of a refund is taken from: never from what a booking still needs, never more than is left. */
import { add, cents, formatKes, subtract, ZERO, type Cents } from '../domain/money.ts'
import type { ReservationStatus } from '../domain/reservations.ts'
import { readCredit } from './credit.ts'
import { selectOne, type Tx } from './connection.ts'
import { lockOwner } from './payment-owners.ts'
import type { Locked, PaymentRow } from './payment-rows.ts'
import { readReservation } from './reservation-rows.ts'
import { toCents } from './values.ts'

/** `booking`: by how much the booking's price goes down, so that what is paid for it still is its price. */
export type Split = { amount: Cents; credit: Cents; earned: Cents; booking: Cents }
export type Found = { split: Split } | { why: string }

type Taken = { amount: Cents; credit: Cents }

/** What other refunds of this payment have taken or are about to. */
async function takenBefore(tx: Tx, paymentId: string, refundId: string): Promise<Taken> {
  const row = await selectOne<{ amount: string; credit: string }>(
    tx,
    `SELECT coalesce(sum(amount_cents), 0) AS amount, coalesce(sum(credit_cents), 0) AS credit
     FROM refunds WHERE payment_id = $1 AND id <> $2 AND status <> 'declined'`,
    [paymentId, refundId],
  )
  return { amount: toCents(row?.amount ?? 0), credit: toCents(row?.credit ?? 0) }
}

type Purse = {
  payment: PaymentRow
  /** Still owed to the customer, or counted for what was paid. */
  owed: Cents
  /** Of its credit, what has not been spent. */
  credit: Cents
}

async function openPurse(tx: Tx, payment: PaymentRow, refundId: string): Promise<Purse> {
  const taken = await takenBefore(tx, payment.id, refundId)
  const owed = cents(payment.amount - payment.credited - (taken.amount - taken.credit))
  const unspent = payment.credited > 0 ? await freeCredit(tx, payment.customerId, refundId) : ZERO
  const credit = cents(Math.max(0, Math.min(subtract(payment.credited, taken.credit), unspent)))
  return { payment, owed, credit }
}

/**
 * What a customer could still spend: credit that other refunds wait to take is spoken for. Their row is locked, so that
 * a booking paid from the same credit in this moment is counted, or waits.
 */
export async function freeCredit(tx: Tx, customerId: string, refundId: string): Promise<Cents> {
  await lockOwner(tx, 'credit', customerId)
  const row = await selectOne<{ waiting: string }>(
    tx,
    `SELECT coalesce(sum(amount_cents), 0) AS waiting FROM refunds
     WHERE customer_id = $1 AND payment_id IS NULL AND id <> $2 AND status = 'awaiting_approval'
       AND named_by IS NULL`,
    [customerId, refundId],
  )
  return subtract(await readCredit(tx, customerId), toCents(row?.waiting ?? 0))
}

/** Everything that is left, as the rules of an ended booking ask for it. Credit that was spent stays spent. */
export async function splitWhole(tx: Tx, payment: PaymentRow, refundId: string): Promise<Split> {
  const { owed, credit } = await openPurse(tx, payment, refundId)
  return { amount: add(owed, credit), credit, earned: ZERO, booking: ZERO }
}

/** All that is left, or the part that a rule names: of a deposit what nobody claims. */
export async function splitByRule(tx: Tx, payment: PaymentRow, refundId: string, part?: Cents) {
  const whole = await splitWhole(tx, payment, refundId)
  if (part === undefined || part >= whole.amount) return whole
  return { amount: part, credit: ZERO, earned: ZERO, booking: ZERO }
}

const LIVE: readonly ReservationStatus[] = ['confirmed', 'in_progress']
const COLLECTING: readonly ReservationStatus[] = ['pending', 'processing']

/** What a person asks for: first what nothing needs, then credit, then by lowering the price of the booking. */
export async function splitWish(
  tx: Tx,
  { payment }: Locked,
  refundId: string,
  amount: Cents,
): Promise<Found> {
  const purse = await openPurse(tx, payment, refundId)
  const left = add(purse.owed, purse.credit)
  if (amount > left) return { why: `At most ${formatKes(left)} of this payment can go back.` }
  if (payment.purpose === 'credit') return splitCredit(tx, payment, refundId, amount)
  const booking = await bookingOf(tx, payment)
  const bound = booking && payment.counted && !payment.givenBack ? payment.applied : ZERO
  const free = Math.min(amount, Math.max(0, purse.owed - bound))
  const credit = Math.min(amount - free, purse.credit)
  const rest = cents(amount - free - credit)
  const split = { amount, credit: cents(credit), earned: ZERO, booking: ZERO }
  return rest === 0 ? { split } : takeFromBooking(booking, split, rest)
}

/** A payment that bought credit gives back what of it is unspent. */
async function splitCredit(
  tx: Tx,
  payment: PaymentRow,
  refundId: string,
  amount: Cents,
): Promise<Found> {
  const unspent = await freeCredit(tx, payment.customerId, refundId)
  if (amount > unspent) return { why: `Only ${formatKes(unspent)} of this credit is unspent.` }
  return { split: { amount, credit: ZERO, earned: ZERO, booking: ZERO } }
}

type Bound = { status: ReservationStatus | null; total: Cents }

/** What counts the money, while it still does; null once it has ended without having been used. */
async function bookingOf(tx: Tx, payment: PaymentRow): Promise<Bound | null> {
  if (payment.purpose === 'charge') return { status: null, total: ZERO }
  const row = await readReservation(tx, payment.ownerId)
  if (!row || ['cancelled', 'expired', 'no_show'].includes(row.status)) return null
  return row
}

function takeFromBooking(booking: Bound | null, split: Split, rest: Cents): Found {
  const { status = null, total = ZERO } = booking ?? {}
  if (status === 'completed') return { split: { ...split, earned: rest } }
  if (status && COLLECTING.includes(status)) {
    return { why: 'This booking still collects its money. Cancel it, and everything goes back.' }
  }
  if (!status || !LIVE.includes(status))
    return { why: 'What was paid still needs this money. Cancel it, and the money goes back.' }
  if (rest >= total)
    return { why: 'That is the whole price. Cancel the booking, and everything goes back.' }
  return { split: { ...split, booking: rest } }
}
