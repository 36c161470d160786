import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { statementTime, type Clock } from '../clock.ts'
import { MSISDN, type Handsets } from '../handsets.ts'
import type { Merchant } from '../settings.ts'
import type { Ledger } from './ledger.ts'
import type { Movement } from './movements.ts'
import { lineOf, type Line } from './statement-lines.ts'

const flag = (otherwise: 'yes' | 'no') => z.enum(['yes', 'no']).default(otherwise)
/** A form sends an empty text for a day that nobody chose. */
const moment = z
  .string()
  .refine((text) => text === '' || !Number.isNaN(Date.parse(text)), {
    message: 'an ISO date or time',
  })
  .transform((text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+03:00` : text))

/** Days are East African; `to` is exclusive. What is not said lies open. */
export const statementQuery = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  account: z.enum(['utility', 'working']).default('utility'),
  /** The lines about organisation and period that stand above the columns. */
  heading: flag('yes'),
  /** Two more columns, which some exports have. */
  extraColumns: flag('no'),
  /** One line stands twice. */
  twice: flag('no'),
  /** Payouts and reversals that failed stand there as well. */
  failed: flag('no'),
  /** `1,500.00` for `1500.00`. */
  thousands: flag('no'),
  /** Withdrawn money as `-500.00`, which is how most exports show it. */
  negative: flag('yes'),
  /** `2547****678` for the whole number. */
  masked: flag('no'),
})
export type StatementQuery = z.infer<typeof statementQuery>

type Parts = { ledger: Ledger; merchant: Merchant; handsets: Handsets; clock: Clock }

const COLUMNS = [
  'Receipt No.',
  'Completion Time',
  'Initiation Time',
  'Details',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
  'Reason Type',
  'Other Party Info',
  'A/C No.',
] as const
const LONG_COLUMNS = [
  ...COLUMNS.slice(0, 8),
  'Balance Confirmed',
  ...COLUMNS.slice(8, 10),
  'Linked Transaction ID',
  ...COLUMNS.slice(10),
]

/** The export of the organisation's portal, newest line first, as there. */
export const statementCsv = (parts: Parts, query: StatementQuery): string => {
  const lines = within(movementsOf(parts, query), query)
    .map((movement) => lineOf(movement, query, nameOf(parts)))
    .toReversed()
  const [first] = lines
  const all = first && query.twice === 'yes' ? [first, ...lines] : lines
  const columns = query.extraColumns === 'yes' ? LONG_COLUMNS : [...COLUMNS]
  const head = query.heading === 'yes' ? headingOf(parts, query) : []
  return stringify([
    ...head,
    columns,
    ...all.map((line) => columns.map((name) => cell(line, name))),
  ])
}

const cell = (line: Line, column: string): string => line[column as keyof Line] ?? ''

const movementsOf = ({ ledger }: Parts, { account, failed }: StatementQuery) => {
  const moved = ledger.movements
    .filter((movement) => movement.account === account)
    .map((movement) => ({ ...movement, status: 'Completed' as const }))
  return failed === 'yes' && account === 'utility' ? [...moved, ...failuresOf(ledger)] : moved
}

export type StatementMovement = Movement & { status: 'Completed' | 'Failed' }

/** What was tried and moved nothing; its receipt is its own. */
const failuresOf = ({ payouts, accounts }: Ledger): StatementMovement[] =>
  [...payouts.values()]
    .filter(({ status }) => status === 'failed')
    .map((payout) => ({
      receipt: payout.conversationId.slice(-10).toUpperCase(),
      kind: 'payout',
      account: 'utility',
      amount: -payout.amount,
      party: payout.phone,
      reference: '',
      at: payout.finishedAt ?? payout.requestedAt,
      startedAt: payout.requestedAt,
      original: null,
      balance: accounts.utility,
      status: 'Failed',
    }))

const within = (movements: StatementMovement[], { from, to }: StatementQuery) => {
  const [fromMs, toMs] = [from ? Date.parse(from) : -Infinity, to ? Date.parse(to) : Infinity]
  return movements
    .filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

const nameOf =
  ({ handsets }: Parts) =>
  (phone: string): string =>
    MSISDN.test(phone) ? handsets.at(phone).name.toUpperCase() : ''

const headingOf = ({ merchant, clock }: Parts, { from, to, account }: StatementQuery) => {
  const start = from ? statementTime(new Date(from)) : 'the beginning'
  const end = statementTime(to ? new Date(to) : clock.now())
  const name = account === 'utility' ? 'Utility Account' : 'Working Account'
  return [
    ['Organization Name:', merchant.merchantName],
    ['Short Code:', merchant.shortCode, '', 'Account:', name],
    ['Time Period:', `From ${start} To ${end}`],
    [],
  ]
}
