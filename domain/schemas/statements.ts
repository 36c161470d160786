/**
 * The organisation's statement as the M-Pesa portal exports it. Columns that nobody knows are named in the report; a row
 * that cannot be read refuses the whole file, so that no half of a statement is ever compared.
 */
import { negate, type Cents } from '../money.ts'
import { natureOf, type NewLine } from '../reconciliation.ts'
import { readTable, wrongFile, type Table, type TableRow } from './csv-table.ts'
import { readAmount, readReceipt, readSigned, readTime } from './daraja-values.ts'

const NEEDED = [
  'Receipt No.',
  'Completion Time',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
]
const KNOWN = new Set(
  [
    ...NEEDED,
    'Initiation Time',
    'Details',
    'Reason Type',
    'Other Party Info',
    'A/C No.',
    'Balance Confirmed',
    'Linked Transaction ID',
  ].map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')),
)

export type ReadFile = { lines: NewLine[]; notes: string[]; from: Date; to: Date }

const plain = (text: string): string => text.replaceAll(/[,\s]|^kes|^ksh/gi, '')
const cell = (row: TableRow, name: string): string => row.cells.get(name) ?? ''

/** `-1,500.00`, `(1,500.00)`, `0.00` and nothing; null when it is no amount. */
export const readMoney = (text: string): Cents | null => {
  const digits = plain(text)
  if (digits === '' || digits === '-') return 0 as Cents
  const bracketed = /^\((.*)\)$/.exec(digits)?.[1]
  const amount = bracketed ? readAmount(bracketed) : readSigned(digits)
  return amount !== null && bracketed ? negate(amount) : amount
}

export function readStatement(text: string): ReadFile {
  const table = readTable(text, NEEDED)
  const lines = table.rows.flatMap((row) => toLine(row) ?? [])
  if (lines.length === 0) throw wrongFile('The statement has no finished transaction.')
  const ordered = inOrder(lines)
  const [first, last] = [ordered[0] as NewLine, ordered.at(-1) as NewLine]
  return { lines: ordered, notes: notesOf(table, lines.length), from: first.at, to: last.at }
}

/** Null for a row that moved nothing: one that failed, or a total below the table. */
function toLine(row: TableRow): NewLine | null {
  if ([...row.cells.values()].every((value) => value === '')) return null
  if (/^totals?\b/i.test([...row.cells.values()].find((value) => value !== '') ?? '')) return null
  const status = cell(row, 'transactionstatus')
  if (status !== '' && !/^complete/i.test(status)) return null
  const key = readReceipt(cell(row, 'receiptno'))
  const at = readTime(cell(row, 'completiontime'))
  const [paidIn, withdrawn] = [readMoney(cell(row, 'paidin')), readMoney(cell(row, 'withdrawn'))]
  const balance = readMoney(cell(row, 'balance'))
  if (!key) throw unreadable(row, 'Receipt No.', 'receiptno')
  if (!at) throw unreadable(row, 'Completion Time', 'completiontime')
  if (paidIn === null) throw unreadable(row, 'Paid In', 'paidin')
  if (withdrawn === null) throw unreadable(row, 'Withdrawn', 'withdrawn')
  if (balance === null) throw unreadable(row, 'Balance', 'balance')
  // Withdrawals are written with a minus in some exports and without in others.
  const moved = paidIn !== 0 ? paidIn : ((0 - Math.abs(withdrawn)) as Cents)
  if (moved === 0) return null
  return { ...wordsOf(row, moved), key, at, balance: cell(row, 'balance') === '' ? null : balance }
}

function wordsOf(row: TableRow, moved: Cents): Omit<NewLine, 'key' | 'at' | 'balance'> {
  const direction = moved > 0 ? 'in' : 'out'
  const party = cell(row, 'otherpartyinfo')
  return {
    source: 'statement',
    direction,
    nature: natureOf(direction, `${cell(row, 'reasontype')} ${cell(row, 'details')}`),
    amount: Math.abs(moved) as Cents,
    position: row.line,
    party: party || null,
    phone: party.split(' - ')[0]?.trim() || null,
    reference: cell(row, 'acno') || null,
    details: detailsOf(row),
    raw: Object.fromEntries(row.cells),
  }
}

/** With the transaction that a reversal undoes, where the export names it. */
const detailsOf = (row: TableRow): string | null =>
  ['details', 'linkedtransactionid']
    .map((name) => cell(row, name))
    .filter((text) => text !== '')
    .join(' ') ||
  cell(row, 'reasontype') ||
  null

const unreadable = (row: TableRow, column: string, name: string) =>
  wrongFile(`Line ${row.line}: “${cell(row, name).slice(0, 40)}” is no ${column}.`)

/** Oldest first, whichever way the file goes; within a second the file's own order tells which came later. */
function inOrder(lines: NewLine[]): NewLine[] {
  const backwards = (lines[0]?.at ?? 0) > (lines.at(-1)?.at ?? 0)
  const chronological = backwards ? lines.toReversed() : lines
  return chronological
    .map((line, position) => ({ ...line, position }))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.position - b.position)
}

function notesOf(table: Table, used: number): string[] {
  const strange = table.columns.filter(
    (name) => name !== '' && !KNOWN.has(name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')),
  )
  const unused = table.rows.length - used
  return [
    ...(strange.length > 0
      ? [`Columns we do not know: ${strange.map((name) => name.slice(0, 40)).join(', ')}.`]
      : []),
    ...(unused > 0 ? [`${unused} rows moved no money.`] : []),
  ]
}
