/** Giving a line of the bank to somebody, for the API and finance's pages alike. */
import type { Actor } from '../domain/accounts.ts'
import type { AllocatedLine, BankMoney, BankTarget } from '../domain/bank-money.ts'
import { BusinessError } from '../domain/errors.ts'
import { previewBankLine } from '../db/bank-allocation.ts'
import { findBankMoney } from '../db/bank-lines.ts'
import type { ApiDeps } from './deps.ts'
import { uuidFrom } from './tokens.ts'

export async function bankMoneyOf(deps: ApiDeps, findingId: string): Promise<BankMoney> {
  const found = await findBankMoney(deps.db, findingId)
  if (found) return found
  throw new BusinessError('NOT_FOUND', 'This line has its owner or its reason, or was never here.')
}

export async function previewBank(deps: ApiDeps, money: BankMoney, target: BankTarget) {
  const found = await previewBankLine(deps.db, target, money.amount)
  if (found) return found
  throw new BusinessError('NOT_FOUND', 'What this money should count for does not exist.')
}

type Wish = { target: BankTarget; why: string; key: string }

/** Refused in words before a story begins; the books have the last word. */
export async function giveBankMoney(
  deps: ApiDeps,
  { userId }: Actor,
  money: BankMoney,
  { target, why, key }: Wish,
): Promise<AllocatedLine> {
  const { refused } = await previewBank(deps, money, target)
  if (refused) throw new BusinessError('RESERVATION_CLOSED', refused)
  const wish = { lineId: money.lineId, target, why, actorId: userId }
  const id = uuidFrom('allocate', userId, money.lineId, key)
  return deps.workflows.allocateBankMoney(wish, id)
}
