/** One page of Pull: rows in a list in a list, sometimes as text, under keys whose spelling differs by environment. */
import type { PullLine } from '../daraja.ts'
import { plainFields, readAmount, readReceipt, readText, readTime } from './daraja-values.ts'

/**
 * Which clock Pull's times tell. They end in `Z`, but nobody has shown that they are in UTC while everything else of
 * Daraja is in Nairobi's time, so Nairobi is taken unless the installation says otherwise.
 */
export type PullClock = 'nairobi' | 'utc'

export type PullAnswerBody = {
  /** `1000`: here they are. `1001`: there are none. */
  code: string | null
  /** How many rows came, readable or not: the next page begins after them. */
  rows: number
  lines: PullLine[]
  unreadable: unknown[]
}

/** Null when the body is no answer of Pull. */
export function parsePullAnswer(
  body: unknown,
  clock: PullClock = 'nairobi',
): PullAnswerBody | null {
  const fields = plainFields(body)
  if (!fields) return null
  const code = readText(fields.get('responsecode')) ?? readText(fields.get('responsestatus'))
  const rows = readRows(fields.get('response'))
  const read = rows.map((row) => ({ row, line: readLine(row, clock) }))
  return {
    code,
    rows: rows.length,
    lines: read.flatMap(({ line }) => line ?? []),
    unreadable: read.flatMap(({ row, line }) => (line ? [] : [row])),
  }
}

/** A list of lists of rows; "[[]]" came as text, and a missing list means none. */
const readRows = (response: unknown): unknown[] => {
  const list = typeof response === 'string' ? fromText(response) : response
  if (list === null || list === undefined) return []
  return Array.isArray(list) ? list.flat() : [list]
}

/** Text that is no JSON stays, as one row that nobody can read. */
const fromText = (text: string): unknown => {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function readLine(row: unknown, clock: PullClock): PullLine | null {
  const fields = plainFields(row)
  if (!fields) return null
  const value = (name: string) => readText(fields.get(name))
  const receipt = readReceipt(value('transactionid'))
  const atText = value('trxdate') ?? ''
  const at = readPullTime(atText, clock)
  const amount = readAmount(value('amount'))
  if (receipt === null || at === null || amount === null) return null
  return {
    receipt,
    at,
    atText,
    amount,
    phone: value('msisdn'),
    sender: value('sender'),
    kind: value('transactiontype'),
    reference: value('billreference'),
    raw: { ...(row as Record<string, unknown>) },
  }
}

const ZONED = /^(.*?\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/
const ZERO_ZONE = /^(?:Z|[+-]00:?00)$/

/** A zone other than zero is nobody's habit, so whoever writes one means it. */
export const readPullTime = (text: string, clock: PullClock): Date | null => {
  const [, local, zone = 'Z'] = ZONED.exec(text) ?? []
  const disputed = ZERO_ZONE.test(zone)
  if (!disputed) return readTime(local, zone.replace(/^(...)(\d\d)$/, '$1:$2'))
  return clock === 'utc' ? readTime(local, 'Z') : readTime(local)
}
