/** What somebody typed as the account of a payment by hand, and the one thing of ours that it names. */
import { isPayableCharge, type ChargeStatus } from '../domain/charges.ts'
import { numbersMeant, type MoneyTarget } from '../domain/paybill.ts'
import { isPayable, type ReservationStatus } from '../domain/reservations.ts'
import { MINUTE_MS, toNairobiIso } from '../domain/time.ts'
import { select, type Database, type Tx } from './connection.ts'

export type NamedThing = MoneyTarget & { number: string; payable: boolean }

type Found = { id: string; number: string } & (
  | { purpose: 'reservation'; status: ReservationStatus }
  | { purpose: 'charge'; status: ChargeStatus }
)

const MEANT = 'number = ANY($1) AND ($2::timestamptz IS NULL OR created_at <= $2)'

/** Safaricom's clock and ours may differ by this. */
const SLACK_MS = 2 * MINUTE_MS

/**
 * One read by the indexes of the numbers; two things that fit the same words are none. Money of `paidAt` cannot have
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
  const found = await select<Found>(
    on,
    `SELECT 'reservation' AS purpose, id, number, status FROM reservations WHERE ${MEANT}
     UNION ALL SELECT 'charge' AS purpose, id, number, status FROM charges WHERE ${MEANT} LIMIT 2`,
    [numbers, paidAt && new Date(paidAt.getTime() + SLACK_MS)],
  )
  const [one] = found
  if (!one || found.length > 1) return null
  const { purpose, id: ownerId, number } = one
  return { purpose, ownerId, number, payable: takesMoney(one) }
}

const takesMoney = (one: Found): boolean =>
  one.purpose === 'charge' ? isPayableCharge(one.status) : isPayable(one.status)
