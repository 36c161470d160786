/**
 * What somebody at the desk types: part of a number, of a plate, of a name, or a whole phone number. Each table is asked by itself, because
 * one question with OR between tables reads all of each (migrations 0036 and 0063 have the indexes).
 */
import { parseKenyanMobile } from '../domain/schemas/phones.ts'
import type { Database } from './connection.ts'
import { phoneIndex } from './sealed-columns.ts'

/** `words` as typed; `phone`, where it is a whole one, by which sealed phones are found. */
export type DeskWords = { words: string; phone: Buffer | null }

/** Null when nothing is left to look for. */
export function readDeskWords(on: Database, text: string): DeskWords | null {
  const words = text.trim().replaceAll(/[%_\\]/g, '')
  if (words === '') return null
  const whole = parseKenyanMobile(words)
  return { words, phone: whole === null ? null : phoneIndex(on, whole) }
}

/** SQL, like all below with the words as `$1` and the phone as `$2`. */
export const contains = (expression: string): string => `${expression} ILIKE '%' || $1 || '%'`

/** Ids of people. */
export const PEOPLE_FOUND = `SELECT id FROM users WHERE ${contains("(first_name || ' ' || last_name)")}
  UNION SELECT id FROM users WHERE phone_index = $2`

/** Of those who pay: the column that says for what. */
export const payersFound = (table: string, owner: string): string =>
  `SELECT ${owner} FROM ${table} WHERE ${contains('name')} UNION SELECT ${owner} FROM ${table} WHERE phone_index = $2`
