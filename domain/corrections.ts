/** Which corrections of the ledger need a second person: those by which money could leave, or become somebody's. */
import type { Account, Posting } from './ledger.ts'
import { cents, type Cents } from './money.ts'

const WATCHED: readonly Account[] = [
  'customer_credit',
  'refunds_due',
  'unexplained',
  'mpesa_clearing',
]

const sumsOf = (postings: readonly Posting[]): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const { account, subject, amount } of postings) {
    if (!WATCHED.includes(account)) continue
    const whose = `${account} ${subject ?? ''}`
    sums.set(whose, (sums.get(whose) ?? 0) + amount)
  }
  return sums
}

/** Compares what stands with what should: the same amount of the same person is no change. */
export const needsSecondPerson = (
  wrong: readonly Posting[],
  right: readonly Posting[] | null,
): boolean => {
  const [before, after] = [sumsOf(wrong), sumsOf(right ?? [])]
  return [...before.keys(), ...after.keys()].some(
    (whose) => (before.get(whose) ?? 0) !== (after.get(whose) ?? 0),
  )
}

/** Whose credit grows by it, and by how much. */
export function creditGrown(
  wrong: readonly Posting[],
  right: readonly Posting[] | null,
): { customerId: string; amount: Cents }[] {
  const grown = new Map<string, number>()
  const count = (postings: readonly Posting[], sign: 1 | -1) => {
    for (const { account, subject, amount } of postings)
      if (account === 'customer_credit' && subject)
        grown.set(subject, (grown.get(subject) ?? 0) + sign * amount)
  }
  count(wrong, 1)
  count(right ?? [], -1)
  return [...grown]
    .filter(([, amount]) => amount > 0)
    .map(([customerId, amount]) => ({ customerId, amount: cents(amount) }))
}

export type CorrectionAnswer = { outcome: 'posted'; reversal: string } | { outcome: 'waiting' }

/** What somebody asked for and another person has not decided. */
export type WaitingCorrection = {
  id: string
  entryId: string
  reason: string
  right: Posting[] | null
  askedBy: string
  askedByName: string
  askedAt: Date
}

export const correctionCase = 'ledger_correction'
