/** What payments are for, as the payment rooms see it: how much is owed, and whether money still counts. */
import { isPayableCharge, type CollectingMode } from '../domain/charges.ts'
import { isPayable } from '../domain/reservations.ts'
import { cents, subtract, ZERO, type Cents } from '../domain/money.ts'
import type { PaymentPurpose, PaymentType } from '../domain/payments.ts'
import { lockCharge } from './charge-rows.ts'
import { selectOne, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'
import { lockReservation, lockReservationOf, type ReservationRow } from './reservation-rows.ts'
import { readShare } from './shares.ts'
import { toCents } from './values.ts'

export type PaymentOwner = {
  purpose: PaymentPurpose
  id: string
  number: string
  customerId: string
  /** What its payments are paid as. */
  type: PaymentType
  mode: CollectingMode
  total: Cents
  paid: Cents
  /** Money that settles now counts. */
  payable: boolean
  /** All is paid and it stands: money that comes by itself is its customer's credit. */
  full?: boolean
}

const STANDS = new Set<ReservationRow['status']>([
  'confirmed',
  'in_progress',
  'completed',
  'no_show',
])

const ofReservation = (row: ReservationRow | null): PaymentOwner | null =>
  row && {
    purpose: 'reservation',
    id: row.id,
    number: row.number,
    customerId: row.customerId,
    type: 'rental',
    mode: row.mode,
    total: row.total,
    paid: row.paid,
    payable: isPayable(row.status),
    full: STANDS.has(row.status),
  }

async function lockChargeOwner(tx: Tx, id: string): Promise<PaymentOwner | null> {
  const row = await lockCharge(tx, id)
  if (!row) return null
  const { number, customerId, type, mode, total, paid, status } = row
  const takes = { payable: isPayableCharge(status), full: status === 'paid' }
  return { purpose: 'charge', id, number, customerId, type, mode, total, paid, ...takes }
}

const BOUNDLESS = cents(10 ** 13)

/** A customer's credit takes any amount. The lock keeps two of its spendings from passing each other. */
async function lockCredit(tx: Tx, customerId: string): Promise<PaymentOwner | null> {
  const found = await selectOne(tx, 'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', [
    customerId,
  ])
  const takes = { total: BOUNDLESS, paid: ZERO, payable: true, mode: 'anybody' } as const
  const kind = { purpose: 'credit', type: 'credit', number: 'CREDIT' } as const
  return found && { ...kind, ...takes, id: customerId, customerId }
}

/** Each kind of owner locks its own row, so that its money and its end never pass each other. */
const LOCK: Record<PaymentPurpose, (tx: Tx, id: string) => Promise<PaymentOwner | null>> = {
  reservation: async (tx, id) => ofReservation(await lockReservation(tx, id)),
  charge: lockChargeOwner,
  credit: lockCredit,
}

export const lockOwner = (
  tx: Tx,
  purpose: PaymentPurpose,
  id: string,
): Promise<PaymentOwner | null> => LOCK[purpose](tx, id)

/** The owner of this payment; nearly always a reservation, which takes one statement. */
export async function lockOwnerOf(tx: Tx, paymentId: string): Promise<PaymentOwner | null> {
  const reservation = ofReservation(await lockReservationOf(tx, paymentId))
  if (reservation) return reservation
  const row = await selectOne<{ purpose: PaymentPurpose; ownerId: string }>(
    tx,
    'SELECT purpose, owner_id AS "ownerId" FROM payments WHERE id = $1',
    [paymentId],
  )
  return row && lockOwner(tx, row.purpose, row.ownerId)
}

const APPLIED = prepared(
  `SELECT coalesce(sum(applied_cents), 0) AS paid FROM payments
   WHERE owner_id = $1 AND counted AND NOT given_back AND status = 'settled'`,
)

/** Settled money that counts for this owner. */
export async function appliedTo(tx: Tx, ownerId: string): Promise<Cents> {
  const row = await selectOne<{ paid: string }>(tx, APPLIED, [ownerId])
  return toCents(row?.paid ?? 0)
}

/** How much more it takes. */
export const roomOf = async (tx: Tx, owner: PaymentOwner): Promise<Cents> =>
  subtract(owner.total, await appliedTo(tx, owner.id))

/**
 * How much more it takes from this one of its people. Where it stands only when all have paid, each pays their own
 * share: money for a share that others took over does not count any more.
 */
export async function roomFor(tx: Tx, owner: PaymentOwner, partyId: string): Promise<Cents> {
  const room = await roomOf(tx, owner)
  if (owner.mode === 'anybody' || owner.purpose === 'credit') return room
  const share = await readShare(tx, owner.purpose, partyId)
  const left = share ? subtract(share.share, share.paid) : ZERO
  return left < room ? left : room
}
