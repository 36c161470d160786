/** What only people in finance can bring to an end, and by when they should. */
import type { Cents } from './money.ts'
import { HOUR_MS } from './time.ts'

/** Two days: after this a case is marked as overdue. */
export const CASE_SLA_MS = 48 * HOUR_MS

/** M-Pesa money that had no owner for a day. Its subject is the id of the money's story. */
export const MONEY_UNMATCHED = 'money_unmatched'

export type FinanceCase = {
  id: string
  /** A word of ours: `refund_stuck`, `money_unexplained`. */
  what: string
  /** The id of what it is about. */
  subject: string
  /** The page on which somebody works on it. */
  place: string | null
  detail: string
  amount: Cents | null
  status: 'open' | 'closed'
  openedAt: Date
  dueAt: Date
  closedAt: Date | null
  assignedTo: string | null
  assigneeName: string | null
  resolution: string | null
}

export const isOverdue = ({ status, dueAt }: Pick<FinanceCase, 'status' | 'dueAt'>, now: Date) =>
  status === 'open' && dueAt <= now
