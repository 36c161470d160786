/** What somebody typed as the account of a payment by hand, and the one thing of ours that it names. */
import { numbersMeant, type MoneyTarget } from '../domain/paybill.ts'
import { isPayable, type ReservationStatus } from '../domain/reservations.ts'
import { toNairobiIso } from '../domain/time.ts'
import { select, type Database, type Tx } from './connection.ts'

export type NamedThing = MoneyTarget & { number: string; payable: boolean }

/** One read by the index of the numbers; two things that fit the same words are none. */
export async function findByReference(
  on: Database | Tx,
  typed: string,
  now: Date,
): Promise<NamedThing | null> {
  const numbers = numbersMeant(typed, Number(toNairobiIso(now).slice(0, 4)))
  if (numbers.length === 0) return null
  const found = await select<{ id: string; number: string; status: ReservationStatus }>(
    on,
    'SELECT id, number, status FROM reservations WHERE number = ANY($1) LIMIT 2',
    [numbers],
  )
  const [one] = found
  if (!one || found.length > 1) return null
  const { id: ownerId, number, status } = one
  return { purpose: 'reservation', ownerId, number, payable: isPayable(status) }
}
