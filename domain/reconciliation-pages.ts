/** What the pages and the API of reconciliation show. */
import type { OwnerChoices } from './allocation-pages.ts'
import type { BankMoney } from './bank-money.ts'
import type { FieldProblem } from './errors.ts'
import type { Cents } from './money.ts'
import type {
  FindingKind,
  LineDirection,
  LineNature,
  LineSource,
  LineState,
  RunKind,
  RunStatus,
} from './reconciliation.ts'

export type RunRow = {
  id: string
  kind: RunKind
  status: RunStatus
  from: Date
  to: Date
  startedBy: string
  startedAt: Date
  finishedAt: Date | null
  readLines: number
  newLines: number
  matched: number
  explained: number
  /** Open findings when it ended. */
  leftOver: number
  ledger: Cents | null
  provider: Cents | null
  balanceAt: Date | null
  /** Ledger less provider; null when no balance was told. */
  difference: Cents | null
  notes: string[]
}
export type LineRow = {
  id: string
  source: LineSource
  key: string
  direction: LineDirection
  nature: LineNature
  amount: Cents
  at: Date
  reference: string | null
  details: string | null
  state: LineState
  matchedTo: string | null
  explanation: string | null
}
export type FindingRow = {
  id: string
  kind: FindingKind
  subject: string
  detail: string | null
  amount: Cents
  expected: Cents | null
  paymentId: string | null
  lineId: string | null
  openedAt: Date
  status: 'open' | 'closed'
  closedBy: string | null
  resolution: string | null
  /** Of its line, where there is one. */
  source: LineSource | null
  direction: LineDirection | null
  at: Date | null
  details: string | null
}

export type ReconciliationPage = {
  runs: RunRow[]
  next: string | null
  findings: FindingRow[]
  mayReconcile: boolean
  problems: FieldProblem[]
  now: Date
}
export type RunPage = {
  run: RunRow
  lines: LineRow[]
  next: string | null
  now: Date
}
/** Money of nobody, and whose it may be. */
export type BankChoices = OwnerChoices & { money: BankMoney }
export type FindingPage = {
  finding: FindingRow
  /** Null for what is no money of nobody. */
  choices: BankChoices | null
  mayReconcile: boolean
  form: { reason: string; account: string }
  problems: FieldProblem[]
  now: Date
}

/** What happened, in a sentence, and what a person can do about it. */
export const FINDING_WORDS: Record<FindingKind, { title: string; todo: string }> = {
  unknown_money_out: {
    title: 'Money left the account and our books do not know why',
    todo: 'Look in the M-Pesa portal who sent it, then explain it with its account.',
  },
  unknown_money_in: {
    title: 'Money came and belongs to nobody yet',
    todo: 'It stands in the queue of unmatched money: give it to a booking, or send it back.',
  },
  several_candidates: {
    title: 'Money came that fits more than one payment request',
    todo: 'Ask the payer, then settle the right payment with this receipt.',
  },
  not_settled: {
    title: 'Money came for a payment that is not settled yet',
    todo: 'Its payment was told the receipt; open the payment and look what it waits for.',
  },
  amount_differs: {
    title: 'The provider names another amount than our books',
    todo: 'Compare both, then correct the ledger entry or ask Safaricom.',
  },
  told_twice: {
    title: 'One receipt was told with two amounts',
    todo: 'Ask Safaricom which is right; only the first one counts here.',
  },
  missing_at_provider: {
    title: 'Our books know a receipt that the provider does not',
    todo: 'Look it up in the M-Pesa portal. If it never was, correct the ledger entry.',
  },
  refund_unreported: {
    title: 'Money went back, and our refund still waits for the result',
    todo: 'Open the refund and resolve it with this receipt.',
  },
  bank_line: {
    title: 'A bank line fits no payment of ours',
    todo: 'Say whose money it is, or explain it with its account.',
  },
  deposit_missing: {
    title: 'Cash was paid in, and the bank’s list does not show it',
    todo: 'Ask the clerk for the stamped slip and the bank for the deposit. It counts as missing until then.',
  },
  transfer_missing: {
    title: 'A bank transfer was confirmed, and the bank’s list does not show it',
    todo: 'Look who wrote it down, on the page of the payment or the invoice, and find its line at the bank.',
  },
  card_missing: {
    title: 'Cards were taken, and the bank has not paid them out',
    todo: 'Compare the slips with the terminal’s report, then ask the bank for the settlement.',
  },
  balance_differs: {
    title: 'The ledger and the provider’s balance differ',
    todo: 'The other findings usually explain it. Money from before Gari is booked by a ledger entry.',
  },
}
