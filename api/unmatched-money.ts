/** Giving money without an owner to somebody, for the API and finance's pages alike. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { AllocatedMoney, MoneyTarget } from '../domain/paybill.ts'
import type { UnmatchedMoney } from '../domain/unmatched-pages.ts'
import { findUnmatched } from '../db/paybill-queue.ts'
import { previewAllocation } from '../db/paybill-preview.ts'
import type { ApiDeps } from './deps.ts'
import { uuidFrom } from './tokens.ts'

export async function unmatched(deps: ApiDeps, receipt: string): Promise<UnmatchedMoney> {
  const found = await findUnmatched(deps.db, receipt.toUpperCase())
  if (found) return found
  throw new BusinessError('NOT_FOUND', 'This money has its owner, or was never here.')
}

export async function preview(deps: ApiDeps, money: UnmatchedMoney, target: MoneyTarget) {
  const found = await previewAllocation(deps.db, target, money.amount)
  if (found) return found
  throw new BusinessError('NOT_FOUND', 'What this money should count for does not exist.')
}

type Wish = { target: MoneyTarget; why: string; key: string }

/** Refused in words before the story hears of it; the story and the books have the last word. */
export async function allocate(
  deps: ApiDeps,
  actor: Actor,
  money: UnmatchedMoney,
  { target, why, key }: Wish,
): Promise<AllocatedMoney> {
  const { refused } = await preview(deps, money, target)
  if (refused) throw new BusinessError('RESERVATION_CLOSED', refused)
  const wish = { target, why, actorId: actor.userId }
  const id = uuidFrom('allocate', actor.userId, money.receipt, key)
  return deps.workflows.allocateMoney(money.paymentId, wish, id)
}
