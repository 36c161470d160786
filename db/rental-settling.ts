/**
 * What becomes of the deposit. What nobody claims goes back by itself a while after the return, whatever is argued about the rest; the end
 * keeps what stands, gives back what is left, and charges what is beyond it. One transaction each, safe to repeat: which part of which
 * payment goes back is written down before any of it is sent.
 */
import { randomUUID } from 'node:crypto'
import type { ChargeInput } from '../domain/charges.ts'
import { depositKeptEntry } from '../domain/ledger.ts'
import { cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import type { RentalStatus, Settlement, SettleWish } from '../domain/rentals.ts'
import { DAY_MS } from '../domain/time.ts'
import { openCharge } from './charges.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { appendEvents } from './outbox.ts'
import { claimedBy, readRentalCharges, type KeptCharge } from './rental-charge-rows.ts'
import {
  auditRental,
  changeRental,
  lockRental,
  rentalEvent,
  type RentalRow,
} from './rental-rows.ts'
import { findReservation } from './reservation-reads.ts'
import { toCents } from './values.ts'

type Refund = Settlement['refunds'][number]
type Moment = 'rest' | 'end'

async function refundsOf(tx: Tx, rentalId: string, moment: Moment): Promise<Refund[]> {
  const rows = await select<{ refundId: string; paymentId: string; amount: string }>(
    tx,
    `SELECT refund_id AS "refundId", payment_id AS "paymentId", amount_cents AS amount FROM rental_refunds
     WHERE rental_id = $1 AND moment = $2 ORDER BY refund_id`,
    [rentalId, moment],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}

/** What of each payment of the deposit is still here, the largest first: as few refunds as possible. */
async function leftOfDeposit(tx: Tx, { id, depositChargeId }: RentalRow) {
  const rows = await select<{ paymentId: string; left: string }>(
    tx,
    `SELECT p.id AS "paymentId", p.applied_cents - coalesce((SELECT sum(f.amount_cents) FROM rental_refunds f
         WHERE f.rental_id = $2 AND f.payment_id = p.id), 0) AS left
     FROM payments p WHERE p.owner_id = $1 AND p.counted AND NOT p.given_back AND p.status = 'settled'
     ORDER BY 2 DESC, p.id`,
    [depositChargeId, id],
  )
  return rows.map((row) => ({ ...row, left: toCents(row.left) })).filter(({ left }) => left > 0)
}

async function giveBack(tx: Tx, rental: RentalRow, amount: Cents, moment: Moment) {
  let open = amount
  for (const { paymentId, left } of await leftOfDeposit(tx, rental)) {
    if (open === 0) break
    const part = cents(Math.min(open, left))
    await select(
      tx,
      `INSERT INTO rental_refunds (refund_id, rental_id, payment_id, amount_cents, moment) VALUES ($1, $2, $3, $4, $5)`,
      [randomUUID(), rental.id, paymentId, part, moment],
    )
    open = subtract(open, part)
  }
  if (open > 0) throw new Error(`the deposit of rental ${rental.id} is not all there`)
  return refundsOf(tx, rental.id, moment)
}

const givenBack = async (tx: Tx, rentalId: string): Promise<Cents> => {
  const row = await selectOne<{ sum: string }>(
    tx,
    'SELECT coalesce(sum(amount_cents), 0) AS sum FROM rental_refunds WHERE rental_id = $1',
    [rentalId],
  )
  return toCents(row?.sum ?? 0)
}

const clamp = (amount: number): Cents => cents(Math.max(0, amount))

/** What nobody has claimed until now goes back. Answers what has to be sent. */
export async function releaseRest(tx: Tx, rentalId: string, now: Date): Promise<Refund[]> {
  const rental = await lockRental(tx, rentalId)
  if (!rental?.returnedAt) throw new Error(`rental ${rentalId} is not back`)
  if (rental.restReleasedAt || rental.status === 'settled') return refundsOf(tx, rentalId, 'rest')
  const claimed = claimedBy(await readRentalCharges(tx, rentalId))
  const refunds = await giveBack(tx, rental, clamp(rental.deposit - claimed), 'rest')
  const changed = await changeRental(tx, rentalId, 'rest_released_at = $2', [now])
  await auditRental(tx, changed, {
    actor: 'gari',
    action: 'rental.deposit_released',
    after: { claimed, back: await givenBack(tx, rentalId) },
  })
  return refunds
}

/** `finals`: by the id of a line, what of it stands; whatever is not named stands as it was proposed. */
export type Settling = SettleWish & { rentalId: string; finals?: Record<string, Cents> }
export type Settled = Settlement & { status: RentalStatus; owedCharge: ChargeInput | null }

async function fixFinals(tx: Tx, charges: readonly KeptCharge[], finals: Record<string, Cents>) {
  for (const { id, amount } of charges)
    await select(
      tx,
      'UPDATE rental_charges SET final_cents = least($2::bigint, amount_cents) WHERE id = $1 AND final_cents IS NULL',
      [id, finals[id] ?? amount],
    )
}

export async function settleRental(tx: Tx, settling: Settling, now: Date): Promise<Settled> {
  const { rentalId, actorId, how, finals = {} } = settling
  const rental = await lockRental(tx, rentalId)
  if (!rental?.returnedAt) throw new Error(`rental ${rentalId} is not back`)
  if (rental.status === 'settled') return settledAs(tx, rental)
  await fixFinals(tx, await readRentalCharges(tx, rentalId), finals)
  const claimed = claimedBy(await readRentalCharges(tx, rentalId))
  const before = await givenBack(tx, rentalId)
  const kept = cents(Math.min(claimed, rental.deposit - before))
  const owed = subtract(claimed, kept)
  await giveBack(tx, rental, clamp(rental.deposit - before - kept), 'end')
  const { depositChargeId, number } = rental
  if (kept > 0 && depositChargeId)
    await postEntry(tx, depositKeptEntry({ rentalId, number, chargeId: depositChargeId, kept }))
  const changed = await changeRental(
    tx,
    rentalId,
    `status = 'settled', settled_at = $2, settled_how = $3, kept_cents = $4, owed_cents = $5, updated_by = $6,
     rest_released_at = coalesce(rest_released_at, $2)`,
    [now, how, kept, owed, actorId],
  )
  const last = owed > 0 ? await chargeRest(tx, changed, owed, now) : changed
  await appendEvents(tx, [rentalEvent('rental.settled', last, { reason: how, asked: claimed })])
  await auditRental(tx, last, {
    actor: actorId,
    action: 'rental.settled',
    after: { how, claimed, kept, owed },
  })
  return settledAs(tx, last)
}

/** Both moments again: a refund that was asked for before meets the first one. */
async function settledAs(tx: Tx, rental: RentalRow): Promise<Settled> {
  const refunds = [
    ...(await refundsOf(tx, rental.id, 'rest')),
    ...(await refundsOf(tx, rental.id, 'end')),
  ]
  const owed = rental.owed ?? ZERO
  return {
    status: rental.status,
    kept: rental.kept ?? ZERO,
    refunds,
    owed,
    owedCharge: rental.owedChargeId ? chargeOf(rental, rental.owedChargeId, owed) : null,
  }
}

/** Without its people: these stand in the books. */
const chargeOf = (rental: RentalRow, chargeId: string, total: Cents): ChargeInput => ({
  chargeId,
  type: 'additional',
  customerId: rental.customerId,
  reservationId: rental.reservationId,
  actorId: 'gari',
  description: `Owed after the return of ${rental.number}, beyond the deposit`,
  total,
  mode: 'anybody',
  shrinkable: false,
  dueAt: new Date((rental.settledAt ?? new Date()).getTime() + OWED_DUE_MS).toISOString(),
  parties: [],
})

/** Two weeks, as on our invoices. */
const OWED_DUE_MS = 14 * DAY_MS

/** Whoever booked is asked for it, by the name and phone of the first who shared the booking. */
async function chargeRest(tx: Tx, rental: RentalRow, owed: Cents, now: Date): Promise<RentalRow> {
  const chargeId = randomUUID()
  const payer = await payerOf(tx, rental)
  const input = {
    ...chargeOf(rental, chargeId, owed),
    parties: [{ id: randomUUID(), share: null, ...payer }],
  }
  const opened = await openCharge(tx, input, now)
  if (opened.outcome !== 'opened') throw new Error(`nothing could be charged for ${rental.number}`)
  return changeRental(tx, rental.id, 'owed_charge_id = $2', [chargeId])
}

async function payerOf(tx: Tx, { reservationId }: RentalRow) {
  const [first] = (await findReservation(tx, reservationId))?.parties ?? []
  if (!first) throw new Error(`nobody shares booking ${reservationId}`)
  return { name: first.name, phone: first.phone }
}
