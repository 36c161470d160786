/** Tables for spreadsheets: RFC 4180 with a mark that says UTF-8, and no cell that a spreadsheet would run. */
import type { Context } from 'hono'
import { stringify } from 'csv-stringify/sync'

/** Also as East Asian keyboards write them, and behind blanks that a spreadsheet takes away. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u
const NUMBER = /^-?\d+(?:\.\d+)?$/
const safe = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text

export type Row = Record<string, string | number | null>

export const wantsCsv = (c: Context): boolean =>
  c.req.query('format') === 'csv' || /\btext\/csv\b/.test(c.req.header('accept') ?? '')

export function csvResponse(c: Context, name: string, columns: string[], rows: Row[]): Response {
  const text = stringify(rows, { header: true, columns, bom: true, cast: { string: safe } })
  c.header('Vary', 'Accept', { append: true })
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`)
  return c.body(text)
}
