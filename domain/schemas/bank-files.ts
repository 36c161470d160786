/** A bank's CSV: each bank names its columns in its own way, so finance says which is which and sees it beforehand. */
import { z } from 'zod'
import type { Cents } from '../money.ts'
import { plainReference, type NewLine } from '../reconciliation.ts'
import { plainName, readTable, wrongFile, type TableRow } from './csv-table.ts'
import { readTime } from './daraja-values.ts'
import { readMoney, type ReadFile } from './statements.ts'

const column = (what: string) =>
  z
    .string(`Say which column holds ${what}.`)
    .trim()
    .max(60, 'A column’s name has at most 60 letters.')

/** Balance and reference may be absent. */
export const bankColumns = z.object({
  date: column('the date').min(1, 'Say which column holds the date.'),
  reference: column('the reference').default(''),
  description: column('the description').min(1, 'Say which column holds the description.'),
  credit: column('money in').min(1, 'Say which column holds money in.'),
  debit: column('money out').min(1, 'Say which column holds money out.'),
  balance: column('the balance').default(''),
})
export type BankColumns = z.infer<typeof bankColumns>

/** Names that Kenyan banks use, to begin with. */
export const USUAL_COLUMNS: BankColumns = {
  date: 'Date',
  reference: 'Reference',
  description: 'Description',
  credit: 'Credit',
  debit: 'Debit',
  balance: 'Balance',
}

const DATES: [shape: RegExp, order: [day: number, month: number, year: number]][] = [
  [/^(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?$/, [3, 2, 1]],
  [/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?$/, [1, 2, 3]],
]
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const two = (text: string) => text.padStart(2, '0')

/** Noon in Nairobi of that day; banks tell no hour that means anything. Day before month, as Kenya writes it. */
export function readBankDay(text: string): Date | null {
  const worded = /^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})$/.exec(text)
  const month = MONTHS.indexOf(worded?.[2]?.toLowerCase() ?? '') + 1
  const plain = worded && month > 0 ? `${worded[1]}/${month}/${worded[3]}` : text
  for (const [shape, [day, month_, year]] of DATES) {
    const found = shape.exec(plain)
    if (found)
      return readTime(
        `${found[year]}-${two(found[month_] ?? '')}-${two(found[day] ?? '')} 12:00:00`,
      )
  }
  return null
}

export function readBankFile(text: string, columns: BankColumns): ReadFile {
  const named = Object.values(columns).filter((name) => name !== '')
  const table = readTable(text, named)
  const seen = new Map<string, number>()
  const lines = table.rows.flatMap((row) => toLine(row, columns, seen) ?? [])
  if (lines.length === 0) throw wrongFile('This file has no line that moved money.')
  const ordered = lines.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const [first, last] = [ordered[0] as NewLine, ordered.at(-1) as NewLine]
  return { lines: ordered, notes: [], from: first.at, to: last.at }
}

function toLine(row: TableRow, columns: BankColumns, seen: Map<string, number>): NewLine | null {
  const cell = (name: keyof BankColumns) => row.cells.get(plainName(columns[name])) ?? ''
  if (cell('date') === '') return null
  const at = readBankDay(cell('date'))
  if (!at) throw unreadable(row, cell('date'), 'date')
  const [credit, debit] = [readMoney(cell('credit')), readMoney(cell('debit'))]
  if (credit === null) throw unreadable(row, cell('credit'), 'amount')
  if (debit === null) throw unreadable(row, cell('debit'), 'amount')
  const moved = credit !== 0 ? credit : 0 - Math.abs(debit)
  if (moved === 0) return null
  const [reference, details] = [cell('reference') || null, cell('description') || null]
  const balance = cell('balance') === '' ? null : readMoney(cell('balance'))
  return {
    source: 'bank',
    key: keyOf([at.toISOString().slice(0, 10), reference, details, moved], seen),
    direction: moved > 0 ? 'in' : 'out',
    nature: 'money',
    amount: Math.abs(moved) as Cents,
    balance,
    at,
    position: row.line,
    party: null,
    phone: null,
    reference,
    details,
    raw: Object.fromEntries(row.cells),
  }
}

/** Day, words and amount name a line; equal ones of a day are told apart by their order. */
function keyOf(parts: readonly (string | number | null)[], seen: Map<string, number>): string {
  const key = parts.map((part) => plainReference(String(part ?? '')) ?? '').join('|')
  const nth = (seen.get(key) ?? 0) + 1
  seen.set(key, nth)
  return `${key}|${nth}`
}

const unreadable = (row: TableRow, text: string, what: string) =>
  wrongFile(`Line ${row.line}: “${text.slice(0, 40)}” is no ${what}.`)
