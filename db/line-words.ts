/**
 * What a line of M-Pesa's lists says of somebody (decision 0064): sealed whole by the key of the house. A bank's words stand open, as they
 * are matched by parts of them; so does what the release before has written, until it is sealed within a minute.
 */
import type { Database, Tx } from './connection.ts'
import { HOUSE_KEY, placeInHouse } from './house-key.ts'
import { openColumn, type OwnKey } from './sealed-columns.ts'

export type LineWords = {
  party: string | null
  phone: string | null
  reference: string | null
  details: string | null
  /** The whole row, as it was written. */
  raw: object
}
const NOTHING: LineWords = { party: null, phone: null, reference: null, details: null, raw: {} }

export const placeOfWords = (lineId: string) =>
  placeInHouse('provider_lines', 'said_sealed', lineId)

export const textOfWords = ({ party, phone, reference, details, raw }: LineWords): string =>
  JSON.stringify({ party, phone, reference, details, raw })

/** Of `l`, also where there is no such line. */
export const WORD_COLUMNS = `l.id AS "wordsOf", l.said_sealed AS "saidSealed", ${HOUSE_KEY} AS "houseKey",
  CASE WHEN l.said_sealed IS NULL THEN
    jsonb_build_object('party', l.party, 'phone', l.phone, 'reference', l.reference, 'details', l.details, 'raw', l.raw) END AS written`

export type KeptWords = {
  wordsOf: string | null
  saidSealed: Buffer | null
  houseKey: OwnKey
  written: LineWords | null
}

/** Those that are asked for; null where nothing was said, and where it is forgotten. */
export function readWords<R extends KeptWords, Name extends keyof LineWords>(
  on: Database | Tx,
  row: R,
  names: readonly Name[],
): Omit<R, keyof KeptWords> & Pick<LineWords, Name> {
  const { wordsOf, saidSealed, houseKey, written, ...rest } = row
  const text = wordsOf && openColumn(on, houseKey, placeOfWords(wordsOf), saidSealed)
  const all = text ? (JSON.parse(text) as LineWords) : (written ?? NOTHING)
  const wanted = Object.fromEntries(names.map((name) => [name, all[name]]))
  return { ...rest, ...(wanted as Pick<LineWords, Name>) }
}

/** The receipts that a line of money out speaks of: what it is matched by, and no words of anybody. */
export function receiptsNamed({ reference, details }: LineWords): string[] {
  const words = `${details ?? ''} ${reference ?? ''}`.split(/[^A-Z0-9]+/)
  return [...new Set(words.filter((word) => /^(?=.*[A-Z])(?=.*\d)[A-Z0-9]{10}$/.test(word)))]
}

/** Of `l`: the same, in whichever form it stands there. */
export const RECEIPTS_NAMED = `CASE WHEN l.said_sealed IS NULL THEN
    regexp_split_to_array(coalesce(l.details, '') || ' ' || coalesce(l.reference, ''), '[^A-Z0-9]+')
  ELSE coalesce(l.receipts_named, '{}') END`

/** Of `row`; an empty one where the table has no other name. */
export const namesInLine = (row: string): string =>
  `(${row}said_sealed IS NOT NULL OR ${row}raw <> '{}')`
export const EMPTY_LINE = "party = NULL, phone = NULL, details = NULL, reference = NULL, raw = '{}'"
export const FORGET_LINE = `${EMPTY_LINE}, said_sealed = NULL, receipts_named = NULL`
