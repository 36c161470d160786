/**
 * A table within a text file: lines before its header are skipped, unknown columns kept, empty lines dropped. The file
 * is refused as a whole when its table cannot be found or a row cannot be read.
 */
import { parse } from 'csv-parse/sync'
import { BusinessError } from '../errors.ts'

export type TableRow = {
  /** As an editor counts them, for people who look the row up. */
  line: number
  /** By plain name: small letters and digits. */
  cells: ReadonlyMap<string, string>
}
export type Table = { columns: string[]; rows: TableRow[] }

export const MOST_ROWS = 20_000

export const wrongFile = (message: string): BusinessError =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'file', message }] })

export const plainName = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

type Record_ = { record: string[]; info: { lines: number } }

/** Semicolons and tabs are what other languages' spreadsheets write. */
const delimiterOf = (text: string): string => {
  const head = text.slice(0, 4_000)
  const count = (sign: string) => head.split(sign).length
  return [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0] ?? ','
}

function recordsOf(text: string): Record_[] {
  try {
    return parse(text, {
      bom: true,
      info: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      to: MOST_ROWS + 100,
    }) as unknown as Record_[]
  } catch (error) {
    const line = (error as { lines?: number }).lines
    throw wrongFile(`This file is no CSV${line ? `: line ${line} cannot be read` : ''}.`)
  }
}

/** The first row that has all wanted columns is the header. */
export function readTable(text: string, wanted: readonly string[]): Table {
  if (text.includes('\0')) throw wrongFile('This file is no text. Save it as CSV first.')
  const records = recordsOf(text)
  const head = records.findIndex(({ record }) => {
    const names = new Set(record.map(plainName))
    return wanted.every((name) => names.has(plainName(name)))
  })
  if (head === -1) throw wrongFile(missing(records, wanted))
  const columns = records[head]?.record ?? []
  const names = columns.map(plainName)
  const rows = records.slice(head + 1).map(({ record, info }) => ({
    line: info.lines,
    cells: new Map(names.map((name, index) => [name, record[index]?.trim() ?? ''] as const)),
  }))
  if (rows.length > MOST_ROWS) throw wrongFile(`At most ${MOST_ROWS} rows at once.`)
  return { columns, rows }
}

/** Names the columns that the most header-like row lacks. */
function missing(records: readonly Record_[], wanted: readonly string[]): string {
  const lacking = records.slice(0, 50).map(({ record }) => {
    const names = new Set(record.map(plainName))
    return wanted.filter((name) => !names.has(plainName(name)))
  })
  const best = lacking.sort((a, b) => a.length - b.length)[0] ?? [...wanted]
  return `This is not the file we need: the column ${best.map((name) => `“${name}”`).join(', ')} is missing.`
}
