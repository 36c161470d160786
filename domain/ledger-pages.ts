/** What the ledger's pages and its API show. */
import { ACCOUNTS, type Account, type AccountKind, type Posting } from './ledger.ts'
import type { WaitingCorrection } from './corrections.ts'
import { add, type Cents } from './money.ts'
import type { FieldProblem } from './errors.ts'

export type AccountBalance = {
  account: Account
  number: number
  kind: AccountKind
  name: string
  /** Debit positive, credit negative. */
  balance: Cents
  postings: number
}
export type PostingLine = {
  number: number
  entryId: string
  kind: string
  reference: string
  description: string
  at: Date
  subject: string | null
  amount: Cents
  running: Cents
}
export type EntryDetail = {
  id: string
  kind: string
  reference: string
  description: string
  postedBy: string
  postedByName: string
  at: Date
  reverses: string | null
  reversedBy: string | null
  postings: { account: Account; name: string; subject: string | null; amount: Cents }[]
}

export type LedgerPage = { accounts: AccountBalance[]; sum: Cents; at: string; now: Date }
export type AccountPage = {
  account: AccountBalance
  subject: string
  from: string
  to: string
  lines: PostingLine[]
  next: string | null
  now: Date
}
/** What was typed for the right entry: as many rows as the form has, empty ones left out. */
export type PostingForm = { account: string; debit: string; credit: string; subject: string }
export type EntryPage = {
  entry: EntryDetail
  mayCorrect: boolean
  /** What waits for a second person, and what the viewer may say to it. */
  waiting: WaitingCorrection | null
  mayAgree: boolean
  mayDecline: boolean
  accounts: { account: Account; name: string }[]
  form: { reason: string; rows: PostingForm[] }
  problems: FieldProblem[]
  now: Date
}

export const isAccount = (text: string): text is Account =>
  (ACCOUNTS as readonly string[]).includes(text)

/** Income and debts grow on the credit side; people read them as positive. */
export const naturalBalance = ({ kind, balance }: AccountBalance): Cents =>
  (kind === 'liability' || kind === 'income') && balance !== 0 ? ((0 - balance) as Cents) : balance

/** What keeps these postings from being an entry; null when they are one. */
export const unsoundness = (postings: readonly Posting[]): string | null => {
  if (postings.length < 2) return 'An entry has at least two lines.'
  if (postings.some(({ amount }) => amount === 0)) return 'A line has an amount.'
  return add(...postings.map(({ amount }) => amount)) === 0
    ? null
    : 'Debits and credits must be equal.'
}
