/**
 * What somebody at the desk types: part of a number, of a plate, of a name, or the end of a phone number. Each table is asked by
 * itself, because one question with OR between tables reads all of each (migration 0036 has the indexes).
 */

/** `words` as typed, `digits` of the end of a phone, of a whole one without 0 or 254; empty where they are too few to mean one. */
export type DeskWords = { words: string; digits: string }

const FEWEST_DIGITS = 4

/** Null when nothing is left to look for. */
export function readDeskWords(text: string): DeskWords | null {
  const words = text.trim().replaceAll(/[%_\\]/g, '')
  if (words === '') return null
  const digits = words.replaceAll(/\D/g, '').replace(/^(?:254|0)(?=\d{9}$)/, '')
  return { words, digits: digits.length >= FEWEST_DIGITS ? digits : '' }
}

/** SQL, like all below with the words as `$1` and the digits as `$2`. */
export const contains = (expression: string): string => `${expression} ILIKE '%' || $1 || '%'`
const endsAsPhone = (column: string): string => `($2 <> '' AND ${column} LIKE '%' || $2)`

/** Ids of people. */
export const PEOPLE_FOUND = `SELECT id FROM users WHERE ${contains("(first_name || ' ' || last_name)")}
  UNION SELECT id FROM users WHERE ${endsAsPhone('phone')}`

/** Of those who pay: the column that says for what. */
export const payersFound = (table: string, owner: string): string =>
  `SELECT ${owner} FROM ${table} WHERE ${contains('name')} UNION SELECT ${owner} FROM ${table} WHERE ${endsAsPhone('phone')}`
