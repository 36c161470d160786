/**
 * Who sent the money of a receipt, as the provider said it (decision 0064): sealed by the key of the house, because most of it has no
 * owner yet. What the release before has written stands open until it is sealed, within a minute.
 */
import type { Database, Tx } from './connection.ts'
import { HOUSE_KEY, placeInHouse, sealInHouse } from './house-key.ts'
import { openColumn, type OwnKey } from './sealed-columns.ts'

/** A masked or hashed number, a name, what was typed as the account. */
export type SaidOfPayer = {
  payer: string | null
  payerName: string | null
  reference: string | null
}

/** The order in which all of these stand in statements. */
export const SAID = ['payer', 'payer_name', 'reference'] as const
export type SaidColumn = (typeof SAID)[number]
const IN_ORDER = ({ payer, payerName, reference }: SaidOfPayer) => [payer, payerName, reference]

export const placeOfSaid = (receipt: string, column: SaidColumn) =>
  placeInHouse('mpesa_receipts', `${column}_sealed`, receipt)

export type KeptSaid = {
  written: (string | null)[]
  payerSealed: Buffer | null
  nameSealed: Buffer | null
  referenceSealed: Buffer | null
  houseKey: OwnKey
}

/** Of a statement about the receipt `m`. */
export const SAID_COLUMNS = `jsonb_build_array(m.payer, m.payer_name, m.reference) AS written, m.payer_sealed AS "payerSealed",
  m.payer_name_sealed AS "nameSealed", m.reference_sealed AS "referenceSealed", ${HOUSE_KEY} AS "houseKey"`

/** Null where nothing was said, and where it is forgotten. */
export function readSaid<R extends KeptSaid & { receipt: string }>(
  on: Database | Tx,
  row: R,
): Omit<R, keyof KeptSaid> & SaidOfPayer {
  const { written, payerSealed, nameSealed, referenceSealed, houseKey, ...rest } = row
  const sealed = [payerSealed, nameSealed, referenceSealed]
  const [payer = null, payerName = null, reference = null] = SAID.map((column, at) =>
    sealed[at]
      ? openColumn(on, houseKey, placeOfSaid(row.receipt, column), sealed[at])
      : (written[at] ?? null),
  )
  return { ...rest, payer, payerName, reference }
}

/** In the order of SAID; null where nothing was said. */
export async function sealSaid(
  on: Database | Tx,
  receipt: string,
  said: SaidOfPayer,
): Promise<(Buffer | null)[]> {
  const given = IN_ORDER(said).map((text, at) => ({ text, column: SAID[at] ?? 'payer' }))
  const sealed = await sealInHouse(
    on,
    given.flatMap(({ text, column }) =>
      text === null ? [] : [{ place: placeOfSaid(receipt, column), text }],
    ),
  )
  return given.map(({ text }) => (text === null ? null : (sealed.shift() ?? null)))
}

/** Of `row`; an empty one where the table has no other name. */
export const namesPayer = (row: string): string =>
  `num_nonnulls(${SAID.map((one) => `${row}${one}, ${row}${one}_sealed`).join(', ')}) > 0`
export const FORGET_PAYER = SAID.map((one) => `${one} = NULL, ${one}_sealed = NULL`).join(', ')
