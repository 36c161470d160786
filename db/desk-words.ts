/**
 * What somebody at the desk types: part of a number, of a plate, of a name, or a phone number. Each table is asked by itself, because
 * one question with OR between tables reads all of each (migrations 0036 and 0063 have the indexes).
 */
import { parseKenyanMobile } from '../domain/schemas/phones.ts'
import type { Database } from './connection.ts'
import { phoneIndex } from './sealed-columns.ts'

/**
 * `words` as typed; `phone`, where it is a whole one, by which sealed phones are found; `digits` of the end of one, of a whole one
 * without 0 or 254, for those that stand open; empty where they are too few to mean one.
 */
export type DeskWords = { words: string; phone: Buffer | null; digits: string }

const FEWEST_DIGITS = 4

/** Null when nothing is left to look for. */
export function readDeskWords(on: Database, text: string): DeskWords | null {
  const words = text.trim().replaceAll(/[%_\\]/g, '')
  if (words === '') return null
  const digits = words.replaceAll(/\D/g, '').replace(/^(?:254|0)(?=\d{9}$)/, '')
  const whole = parseKenyanMobile(words)
  return {
    words,
    phone: whole === null ? null : phoneIndex(on, whole),
    digits: digits.length >= FEWEST_DIGITS ? digits : '',
  }
}

/** SQL, like all below with the words as `$1`, the phone as `$2` and the digits as `$3`. */
export const contains = (expression: string): string => `${expression} ILIKE '%' || $1 || '%'`
const endsAsPhone = (column: string): string => `($3 <> '' AND ${column} LIKE '%' || $3)`

/** Ids of people. */
export const PEOPLE_FOUND = `SELECT id FROM users WHERE ${contains("(first_name || ' ' || last_name)")}
  UNION SELECT id FROM users WHERE phone_index = $2`

/** Of those who pay: the column that says for what. */
export const sealedPayersFound = (table: string, owner: string): string =>
  `SELECT ${owner} FROM ${table} WHERE ${contains('name')} UNION SELECT ${owner} FROM ${table} WHERE phone_index = $2`
/** The same where phones stand open. */
export const payersFound = (table: string, owner: string): string =>
  `SELECT ${owner} FROM ${table} WHERE ${contains('name')} UNION SELECT ${owner} FROM ${table} WHERE ${endsAsPhone('phone')}`
