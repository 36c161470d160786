/** What of the customer's own credit this booking takes. Staff spend it at the desk, and friends have none here. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/accounts.ts'
import { cents, type Cents } from '../../domain/money.ts'
import { isPayable } from '../../domain/reservations.ts'
import { readCredit } from '../../db/credit.ts'
import type { ReservationDetail } from '../../db/reservation-reads.ts'
import type { ApiDeps } from '../deps.ts'

type Payer = { booking: ReservationDetail; actor: Actor | null; postPath: string }
type Usable = { amount: Cents; postPath: string; paymentId: string }

export async function creditFor(
  deps: ApiDeps,
  { booking, actor, postPath }: Payer,
): Promise<Usable | null> {
  if (actor?.userId !== booking.customerId || !isPayable(booking.status)) return null
  const least = Math.min(await readCredit(deps.db, booking.customerId), booking.balance)
  const amount = cents(Math.floor(least / 100) * 100)
  return amount > 0 ? { amount, postPath: `${postPath}/credit`, paymentId: randomUUID() } : null
}
