/** The ledger and reconciliation with rich data, for the preview and the tests of pages. */
import type { Child } from 'hono/jsx'
import { ACCOUNTS, type Account } from '../../domain/ledger.ts'
import type { AccountBalance, EntryDetail } from '../../domain/ledger-pages.ts'
import { add, negate, shillings } from '../../domain/money.ts'
import type { FindingRow, LineRow, RunRow } from '../../domain/reconciliation-pages.ts'
import { BankFileView } from '../../views/bank-file.tsx'
import { AccountView } from '../../views/ledger-account.tsx'
import { EntryView } from '../../views/ledger-entry.tsx'
import { LedgerView } from '../../views/ledger.tsx'
import type { OwnerSuggestion } from '../../domain/allocation-pages.ts'
import type { BankChoices } from '../../domain/reconciliation-pages.ts'
import { GiveMoneyView } from '../../views/give-money.tsx'
import { BankFacts } from '../../views/parts/bank-money.tsx'
import { FindingView } from '../../views/reconciliation-finding.tsx'
import { RunView } from '../../views/reconciliation-run.tsx'
import { ReconciliationView } from '../../views/reconciliation.tsx'
import * as s from './samples.ts'

const ID = '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11'

const kindOf = (account: Account): AccountBalance['kind'] => {
  if (/revenue/.test(account)) return 'income'
  if (/charges|differences|offs/.test(account)) return 'expense'
  return /clearing|tills|bank|receivables/.test(account) ? 'asset' : 'liability'
}
const accounts = ACCOUNTS.map((account, index): AccountBalance => {
  const kind = kindOf(account)
  const amount = shillings(13_750 * (index % 7))
  const debit = kind === 'asset' || kind === 'expense'
  const name = account.replaceAll('_', ' ')
  const balance = debit ? amount : negate(amount)
  return { account, number: 1000 + 10 * index, kind, name, balance, postings: index * 3 }
})

const sum = (all: readonly AccountBalance[]) => add(...all.map(({ balance }) => balance))

const entryOf = (hostile: string | null): EntryDetail => ({
  id: ID,
  kind: 'payment',
  reference: ID,
  description: hostile ?? 'Payment, rental',
  postedBy: 'gari',
  postedByName: hostile ?? 'gari',
  at: s.minutesAgo(90),
  reverses: null,
  reversedBy: null,
  postings: [
    { account: 'mpesa_clearing', name: 'M-Pesa account', subject: null, amount: shillings(4_500) },
    {
      account: 'customer_deposits',
      name: 'Paid in advance by customers',
      subject: hostile ?? ID,
      amount: negate(shillings(4_500)),
    },
  ],
})

export const buildRun = (over: Partial<RunRow> = {}): RunRow => ({
  id: ID,
  kind: 'pull',
  status: 'clean',
  from: s.minutesAgo(48 * 60),
  to: s.minutesAgo(1),
  startedBy: 'clock',
  startedAt: s.minutesAgo(2),
  finishedAt: s.minutesAgo(1),
  readLines: 1_204,
  newLines: 31,
  matched: 1_188,
  explained: 16,
  leftOver: 0,
  ledger: null,
  provider: null,
  balanceAt: null,
  difference: null,
  notes: [],
  ...over,
})

const findingOf = (hostile: string | null, over: Partial<FindingRow> = {}): FindingRow => ({
  id: ID,
  kind: 'several_candidates',
  subject: hostile ?? 'UKL5ABC12D',
  detail: hostile ?? 'RSV-26-000123, RSV-26-000124',
  amount: shillings(4_500),
  expected: null,
  paymentId: ID,
  lineId: ID,
  openedAt: s.minutesAgo(200),
  status: 'open',
  closedBy: null,
  resolution: null,
  source: 'statement',
  direction: 'out',
  at: s.minutesAgo(210),
  details: hostile ?? 'Business Payment to 2547 ***** 126 via API',
  ...over,
})

const lineOf = (hostile: string | null, over: Partial<LineRow> = {}): LineRow => ({
  id: ID,
  source: 'pull',
  key: hostile ?? 'UKL5ABC12D',
  direction: 'in',
  nature: 'money',
  amount: shillings(4_500),
  at: s.minutesAgo(30),
  reference: hostile ?? 'RSV26000123',
  details: null,
  state: 'matched',
  matchedTo: `payment:${ID}`,
  explanation: null,
  ...over,
})

const ledgerPages = (hostile: string | null): Record<string, Child> => {
  const [bank] = accounts as [AccountBalance]
  const posting = {
    number: 1,
    entryId: ID,
    kind: 'payment',
    reference: ID,
    description: hostile ?? 'Payment, rental',
    at: s.minutesAgo(3),
    subject: hostile ?? ID,
    amount: shillings(4_500),
    running: shillings(911_250),
  }
  const lines = [posting, { ...posting, amount: negate(shillings(120)) }]
  const account = { account: bank, subject: hostile ?? '', from: '', to: '', now: s.NOW }
  const row = { account: 'bank', debit: hostile ?? '4500', credit: '', subject: hostile ?? '' }
  const entry = {
    entry: entryOf(hostile),
    mayCorrect: true,
    waiting: null,
    mayAgree: true,
    mayDecline: true,
    accounts,
    form: { reason: hostile ?? '', rows: [row, row, row, row] },
    problems: [{ path: 'reason', message: 'Say why, so that others can follow it later.' }],
    now: s.NOW,
  }
  const waiting = {
    id: ID,
    entryId: ID,
    reason: hostile ?? 'It came to the bank',
    right: [{ account: 'bank' as const, amount: shillings(4_500), subject: hostile }],
    askedBy: 'u2',
    askedByName: hostile ?? s.LONG_NAME,
    askedAt: s.minutesAgo(20),
  }
  const viewer = s.staff('/finance/ledger')
  return {
    ledger: (
      <LedgerView page={{ accounts, sum: sum(accounts), at: '', now: s.NOW }} viewer={viewer} />
    ),
    'ledger-account': <AccountView page={{ ...account, lines, next: '7' }} viewer={viewer} />,
    'ledger-account-none': (
      <AccountView page={{ ...account, lines: [], next: null }} viewer={viewer} />
    ),
    'ledger-entry': <EntryView page={entry} viewer={viewer} />,
    'ledger-entry-waiting': <EntryView page={{ ...entry, waiting }} viewer={viewer} />,
  }
}

const reconciliationPages = (hostile: string | null): Record<string, Child> => {
  const viewer = s.staff('/finance/reconciliation')
  const [found, other] = [findingOf(hostile), findingOf(hostile, { kind: 'balance_differs' })]
  const odd = buildRun({
    kind: 'full',
    status: 'differences',
    leftOver: 2,
    ledger: shillings(1_284_500),
    provider: shillings(1_284_000),
    balanceAt: s.minutesAgo(1),
    difference: shillings(500),
    notes: [hostile ?? 'Columns we do not know: Mood.'],
  })
  const runs = [
    odd,
    buildRun(),
    buildRun({ status: 'incomplete' }),
    buildRun({ status: 'running' }),
  ]
  const all = { next: 'c', mayReconcile: true, problems: [], now: s.NOW }
  const open = lineOf(hostile, { state: 'open', matchedTo: null, direction: 'out' })
  const columns = { date: 'Date', description: hostile ?? 'Details', credit: 'In', debit: 'Out' }
  const bankLines = [lineOf(hostile), lineOf(hostile, { direction: 'out' })]
  return {
    reconciliation: (
      <ReconciliationView page={{ ...all, runs, findings: [found, other] }} viewer={viewer} />
    ),
    'reconciliation-none': (
      <ReconciliationView page={{ ...all, runs: [], next: null, findings: [] }} viewer={viewer} />
    ),
    'reconciliation-run': (
      <RunView
        page={{ run: odd, lines: [lineOf(hostile), open], next: 'c', now: s.NOW }}
        viewer={viewer}
      />
    ),
    'reconciliation-finding': (
      <FindingView
        page={{
          finding: found,
          choices: null,
          mayReconcile: true,
          form: { reason: hostile ?? '', account: 'bank' },
          problems: [{ path: 'account', message: 'Choose where it is booked.' }],
          now: s.NOW,
        }}
        viewer={viewer}
      />
    ),
    'bank-line-choices': (
      <FindingView
        page={{
          finding: { ...found, kind: 'bank_line', source: 'bank', direction: 'in' },
          choices: choicesOf(hostile),
          mayReconcile: true,
          form: { reason: '', account: 'none' },
          problems: [],
          now: s.NOW,
        }}
        viewer={viewer}
      />
    ),
    'bank-line-give': (
      <GiveMoneyView
        preview={{
          target: { purpose: 'reservation', ownerId: LINE_ID },
          name: 'RSV-26-000123',
          customerId: LINE_ID,
          customerName: hostile ?? 'Wanjiku Kamau',
          applied: shillings(4_500),
          credited: shillings(2_000),
          refused: null,
        }}
        asked={choicesOf(hostile).asked}
        why={hostile ?? ''}
        problem={hostile ?? 'A second person has to say the same.'}
        viewer={viewer}
        {...{ here: '/finance/reconciliation', place: '/finance/reconciliation', back: 'Back' }}
      >
        <BankFacts money={choicesOf(hostile).money} now={s.NOW} />
      </GiveMoneyView>
    ),
    'bank-file': (
      <BankFileView
        page={{
          columns,
          problems: [],
          preview: { text: hostile ?? 'a,b', total: 2, lines: bankLines },
          now: s.NOW,
        }}
        viewer={viewer}
      />
    ),
  }
}

const LINE_ID = '9c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11'
const choicesOf = (hostile: string | null): BankChoices => {
  const one: OwnerSuggestion = {
    purpose: 'reservation',
    ownerId: LINE_ID,
    number: hostile ?? 'RSV-26-000123',
    status: 'processing',
    customerName: hostile ?? 'Wanjiku Kamau',
    customerId: LINE_ID,
    balance: shillings(6_500),
    likeness: {
      sameAmount: true,
      sameShare: false,
      name: hostile ?? 'Wanjiku Kamau',
      nearlyTyped: false,
      prompted: false,
    },
  }
  return {
    money: {
      findingId: LINE_ID,
      lineId: LINE_ID,
      amount: shillings(6_500),
      at: s.minutesAgo(90),
      reference: hostile ?? 'FT26325ABC',
      details: hostile ?? 'EFT WANJIKU KAMAU',
    },
    suggestions: [one, { ...one, purpose: 'invoice', number: 'INV-26-000007', likeness: null }],
    search: hostile ?? 'nobody',
    found: [],
    asked: {
      target: { purpose: 'credit', ownerId: LINE_ID },
      askedByName: hostile ?? 'Faith Njoroge',
      why: hostile ?? 'she called',
    },
  }
}

export const bookPages = (hostile: string | null): Record<string, Child> => ({
  ...ledgerPages(hostile),
  ...reconciliationPages(hostile),
})
