/** What of the customer's own credit this takes. Staff spend it at the desk, and friends have none here. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/accounts.ts'
import { cents, type Cents } from '../../domain/money.ts'
import { readCredit } from '../../db/credit.ts'
import type { ApiDeps } from '../deps.ts'

/** A booking, or a charge. */
type Owed = { customerId: string; balance: Cents; open: boolean }
type Usable = { amount: Cents; postPath: string; paymentId: string }

export async function creditFor(
  deps: ApiDeps,
  { customerId, balance, open }: Owed,
  actor: Actor | null,
  path: string,
): Promise<Usable | null> {
  if (actor?.userId !== customerId || !open) return null
  const least = Math.min(await readCredit(deps.db, customerId), balance)
  const amount = cents(Math.floor(least / 100) * 100)
  return amount > 0 ? { amount, postPath: `${path}/credit`, paymentId: randomUUID() } : null
}
