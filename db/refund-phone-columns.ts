/**
 * Phones that money goes back to, as they are kept (decision 0064): sealed by the key of the house, because money whose sender nobody knows
 * has no customer. What the release before has written stands open until it is sealed, within a minute.
 */
import type { Database, Tx } from './connection.ts'
import { HOUSE_KEY, placeInHouse, sealInHouse } from './house-key.ts'
import { openColumn, type OwnKey } from './sealed-columns.ts'

/** The phone it goes to, and the one that somebody wants it to go to instead. */
export const REFUND_PHONES = ['phone', 'named_phone'] as const
export type RefundPhone = (typeof REFUND_PHONES)[number]

export const placeOfRefundPhone = (column: RefundPhone, refundId: string) =>
  placeInHouse('refunds', `${column}_sealed`, refundId)

export type KeptRefundPhones = {
  writtenPhone: string | null
  writtenNamed: string | null
  sealedPhone: Buffer | null
  sealedNamed: Buffer | null
  houseKey: OwnKey
}

/** Of a statement about the refund `r`. */
export const REFUND_PHONE_COLUMNS = `r.phone AS "writtenPhone", r.named_phone AS "writtenNamed", r.phone_sealed AS "sealedPhone",
  r.named_phone_sealed AS "sealedNamed", ${HOUSE_KEY} AS "houseKey"`

/** Null where there is none, and where it is forgotten. */
export function readRefundPhones<R extends KeptRefundPhones & { id: string }>(
  on: Database | Tx,
  row: R,
): Omit<R, keyof KeptRefundPhones> & { phone: string | null; namedPhone: string | null } {
  const { writtenPhone, writtenNamed, sealedPhone, sealedNamed, houseKey, ...rest } = row
  const read = (column: RefundPhone, sealed: Buffer | null, written: string | null) =>
    sealed ? openColumn(on, houseKey, placeOfRefundPhone(column, row.id), sealed) : written
  return {
    ...rest,
    phone: read('phone', sealedPhone, writtenPhone),
    namedPhone: read('named_phone', sealedNamed, writtenNamed),
  }
}

export async function sealRefundPhone(
  on: Database | Tx,
  column: RefundPhone,
  refundId: string,
  phone: string | null,
): Promise<Buffer | null> {
  if (phone === null) return null
  const [sealed] = await sealInHouse(on, [
    { place: placeOfRefundPhone(column, refundId), text: phone },
  ])
  return sealed ?? null
}

export const NO_NAMED_PHONE = 'named_phone = NULL, named_phone_sealed = NULL'
export const FORGET_REFUND_PHONE = 'phone = NULL, phone_sealed = NULL'
/** Of `row`; an empty one where the table has no other name. */
export const namesRefundPhone = (row: string): string =>
  `num_nonnulls(${row}phone, ${row}phone_sealed) > 0`
