/** What PostgreSQL hands out as text, brought into the domain's types, with a check. */
import { cents, type Cents } from '../domain/money.ts'

/** bigint columns arrive as strings. Throws on what a double cannot hold. */
export const toCents = (value: string | number): Cents => cents(Number(value))

export const toCount = (value: string | number): number => {
  const count = Number(value)
  if (!Number.isSafeInteger(count)) throw new RangeError(`not a count: ${value}`)
  return count
}

/** Opaque page marks: the sort key of the last row, so that pages stay right while rows are added. */
export const writeCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()}|${id}`).toString('base64url')

export const readCursor = (cursor: string | undefined): { at: Date; id: string } | null => {
  const [time = '', id = ''] = Buffer.from(cursor ?? '', 'base64url')
    .toString()
    .split('|')
  // As we write them: years beyond these are none for PostgreSQL.
  const at = new Date(/^[1-9]\d{3}-/.test(time) ? time : '')
  return Number.isNaN(at.getTime()) || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
    ? null
    : { at, id }
}
