/** What somebody typed as the account of a payment by hand, and the one thing of ours that it names. */
import { numbersMeant, type MoneyTarget } from '../domain/paybill.ts'
import { isPayable, type ReservationStatus } from '../domain/reservations.ts'
import { MINUTE_MS, toNairobiIso } from '../domain/time.ts'
import { select, type Database, type Tx } from './connection.ts'

export type NamedThing = MoneyTarget & { number: string; payable: boolean }

/** Safaricom's clock and ours may differ by this. */
const SLACK_MS = 2 * MINUTE_MS

/**
 * One read by the index of the numbers; two things that fit the same words are none. Money of `paidAt` cannot have
 * meant what was made later: a wrong number may become somebody's.
 */
export async function findByReference(
  on: Database | Tx,
  typed: string,
  now: Date,
  paidAt: Date | null = null,
): Promise<NamedThing | null> {
  const numbers = numbersMeant(typed, Number(toNairobiIso(now).slice(0, 4)))
  if (numbers.length === 0) return null
  const found = await select<{ id: string; number: string; status: ReservationStatus }>(
    on,
    `SELECT id, number, status FROM reservations
     WHERE number = ANY($1) AND ($2::timestamptz IS NULL OR created_at <= $2) LIMIT 2`,
    [numbers, paidAt && new Date(paidAt.getTime() + SLACK_MS)],
  )
  const [one] = found
  if (!one || found.length > 1) return null
  const { id: ownerId, number, status } = one
  return { purpose: 'reservation', ownerId, number, payable: isPayable(status) }
}
