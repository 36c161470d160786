/**
 * Phones of those who pay as they are kept (decision 0058): sealed by the key of the customer whose booking or payment it is, who named
 * them, and found by a keyed hash. What the release before has written stands open until it is sealed, within a minute.
 */
import { ERASED_PHONE } from '../domain/erasures.ts'
import type { Database, Tx } from './connection.ts'
import { openColumn, ownKey, sealWith, type OwnKey } from './sealed-columns.ts'
import type { Value } from './subject-keys.ts'

export type PayersTable = 'payments' | 'charge_parties' | 'reservation_parties'
type Row = { id: string; customerId: string }

export const placeOfPhone = (table: PayersTable, { id, customerId }: Row): Value => ({
  subjectId: customerId,
  table,
  column: 'phone_sealed',
  row: id,
})

export type KeptPhone = { writtenPhone: string | null; sealedPhone: Buffer | null; ownKey: OwnKey }

/** Of a statement: the phone of `row` with the key that opens it; `customer` is SQL of ours that names whose key that is. */
export const phoneColumns = (row: string, customer: string): string =>
  `${row}phone AS "writtenPhone", ${row}phone_sealed AS "sealedPhone", ${ownKey(customer)} AS "ownKey"`

/** Null where there is none, and where it is forgotten. */
export function readPhone<R extends KeptPhone>(
  on: Database | Tx,
  place: Value,
  row: R,
): Omit<R, keyof KeptPhone> & { phone: string | null } {
  const { writtenPhone, sealedPhone, ownKey: key, ...rest } = row
  const phone = sealedPhone ? openColumn(on, key, place, sealedPhone) : writtenPhone
  return { ...rest, phone: phone === ERASED_PHONE ? null : phone }
}

export const sealPhones = (
  tx: Tx,
  table: PayersTable,
  key: OwnKey,
  rows: readonly (Row & { phone: string })[],
): Promise<Buffer[]> =>
  sealWith(
    tx,
    key,
    rows.map((row) => ({ place: placeOfPhone(table, row), text: row.phone })),
  )

/** What stands there instead of one that is forgotten, where the release before still reads it. */
export const FORGET_PHONE = `phone = CASE WHEN phone IS NOT NULL THEN '${ERASED_PHONE}' END, phone_sealed = NULL, phone_index = NULL`
/** Of `row`. */
export const namesPhone = (row: string): string =>
  `(${row}phone_sealed IS NOT NULL OR coalesce(${row}phone, '${ERASED_PHONE}') <> '${ERASED_PHONE}')`
