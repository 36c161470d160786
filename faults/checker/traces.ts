/** All ways in which something about somebody may be written, looked for in what Gari and its servers keep. */
import { inBase64 } from './secrets.ts'
import type { Sql } from './world.ts'

export type Somebody = {
  id: string
  /** 2547… */
  phone: string
  email: string
  first: string
  last: string
  licence: string
  /** 1951-07-23 */
  born: string
}
export type Find = (text: string) => string[]

/** What stands there only by accident within a longer number, as in nanoseconds, is none. */
type Spelling = { text: string; isNumber: boolean }

const GROUPS = [[9], [3, 3, 3], [4, 5], [3, 6], [1, 2, 3, 3]]
/** Without the country's code and without zero: either may stand before it. */
function phones(phone: string): string[] {
  const nine = phone.slice(-9)
  return GROUPS.flatMap((lengths) => {
    let from = 0
    const parts = lengths.map((length) => nine.slice(from, (from += length)))
    return [' ', '-'].map((between) => parts.join(between))
  })
}

const MONTHS =
  'January February March April May June July August September October November December'.split(' ')
/** As machines, people and forms write a day. */
function days(born: string): string[] {
  const [year = '', month = '', day = ''] = born.split('-')
  const name = MONTHS[Number(month) - 1] ?? ''
  return [
    ...['-', '/', '.'].flatMap((between) => [
      [year, month, day].join(between),
      [day, month, year].join(between),
    ]),
    ...[name, name.slice(0, 3)].map((one) => `${Number(day)} ${one} ${year}`),
  ]
}

function spellings({ phone, email, first, last, licence, born }: Somebody): Spelling[] {
  const texts = [email, first, last, licence]
  const written = [...texts, ...[phone, `+${phone}`, ...texts].flatMap(inBase64)]
  return [
    ...[...phones(phone), ...days(born)].map((text) => ({ text, isNumber: true })),
    ...written.map((text) => ({ text, isNumber: false })),
  ].map(({ text, isNumber }) => ({ text: text.toLowerCase(), isNumber }))
}

const DIGIT = /\d/
/** A country's code, a zero, or M-Pesa's name for a push, which ends in the phone. */
const BEFORE_PHONE = /(?:^|\D)0$|254[ -]?$|ws_co_\d*$/
const BEFORE = 40

const standsAlone = (text: string, from: number, length: number): boolean => {
  if (DIGIT.test(text.charAt(from + length))) return false
  return (
    !DIGIT.test(text.charAt(from - 1)) ||
    BEFORE_PHONE.test(text.slice(Math.max(0, from - BEFORE), from))
  )
}

const BYTE = 8
const BYTES = 0xff_ff
const headAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) << BYTE) | text.charCodeAt(at + 1)) & BYTES

/** One pass over a text, however many people there are: only where two letters fit is more compared. */
export function createFind(people: readonly Somebody[]): Find {
  const heads = new Map<number, Spelling[]>()
  for (const one of people.flatMap(spellings)) {
    const head = headAt(one.text, 0)
    heads.set(head, [...(heads.get(head) ?? []), one])
  }
  const isHead = new Uint8Array(BYTES + 1)
  for (const head of heads.keys()) isHead[head] = 1
  return (given) => {
    const text = given.toLowerCase()
    const found = new Set<string>()
    for (let at = 0; at < text.length - 1; at += 1) {
      const head = headAt(text, at)
      if (isHead[head] !== 1) continue
      for (const { text: one, isNumber } of heads.get(head) ?? [])
        if (text.startsWith(one, at) && (!isNumber || standsAlone(text, at, one.length)))
          found.add(one)
    }
    return [...found]
  }
}

type Column = { place: string; name: string; type: string }
const COLUMNS = `SELECT format('%I.%I', table_schema, table_name) AS place, format('%I', column_name) AS name, data_type AS type
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`
/** An issued document names its buyer for as long as the law wants it, but never their e-mail. */
const BUYER = `CASE WHEN number IS NULL THEN bill_to::text ELSE bill_to ->> 'email' END`
const KEPT: Record<string, string> = { 'public.invoices bill_to': BUYER }

/** What a dump of the whole database would hold, row by row, and bytes as the text that they may be. */
export async function findInTables(sql: Sql, find: Find): Promise<string[]> {
  const columns = new Map<string, string[]>()
  for (const { place, name, type } of await sql<Column>(COLUMNS)) {
    const plain = type === 'bytea' ? `encode(${name}, 'escape')` : `${name}::text`
    const text = KEPT[`${place} ${name}`] ?? plain
    columns.set(place, [...(columns.get(place) ?? []), text])
  }
  const found: string[] = []
  for (const [place, texts] of columns) {
    const rows = await sql<{ row: string }>(
      `SELECT concat_ws(E'\\n', ${texts.join(', ')}) AS row FROM ${place}`,
    )
    const all = find(rows.map(({ row }) => row).join('\n'))
    found.push(...all.map((one) => `${place}: ${one}`))
  }
  return found
}
