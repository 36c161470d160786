/** What the pages about loyalty points show. */
import type { FieldProblem } from './errors.ts'
import type { LoyaltyAccount, LoyaltyEntry } from './loyalty.ts'

export type LoyaltyPage = {
  account: LoyaltyAccount
  entries: LoyaltyEntry[]
  /** Of the entries before these. */
  next: string | null
  now: Date
}

export type StaffLoyaltyPage = LoyaltyPage & {
  customer: { id: string; name: string; number: string }
  mayAdjust: boolean
  /** Fresh for each form, so that a double click counts once. */
  requestId: string
  form: Record<string, string>
  problems: FieldProblem[]
}
