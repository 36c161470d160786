/** Addresses of people: from the columns that stood open to the sealed one, as db/sealing-people.ts tells it. */
import type { AddressKind } from '../domain/customers.ts'
import { placeOfAddress, toText, type AddressLines } from './addresses.ts'
import { inTransaction, select, type Database } from './connection.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'
import { protectAll } from './subject-keys.ts'

type OpenRow = AddressLines & { userId: string; kind: AddressKind }

/** One batch, safe to repeat; true when there may be more. */
export const sealOpenAddresses = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<OpenRow>(
      tx,
      `SELECT user_id AS "userId", kind, line1, line2, '' AS "poBox", coalesce(city, '') AS city, state, postcode,
         coalesce(country, '') AS country
       FROM customer_addresses WHERE line1 IS NOT NULL AND address_sealed IS NULL
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const sealed = await protectAll(
      tx,
      open.map((one) => ({ place: placeOfAddress(one.userId, one.kind), text: toText(one) })),
    )
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE customer_addresses a SET address_sealed = s.sealed
       FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS s (id, kind, sealed)
       WHERE a.user_id = s.id AND a.kind = s.kind RETURNING a.kind`,
      [open.map(({ userId }) => userId), open.map(({ kind }) => kind), sealed],
    )
    await tellSealing(tx, { table: 'customer_addresses', what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

export const emptyOpenAddresses = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE customer_addresses SET line1 = NULL, line2 = '', city = NULL, state = '', postcode = '', country = NULL
       WHERE (user_id, kind) IN (
         SELECT user_id, kind FROM customer_addresses WHERE line1 IS NOT NULL AND address_sealed IS NOT NULL
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING kind`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: 'customer_addresses', what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
