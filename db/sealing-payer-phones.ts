/** Phones of those who pay: from the column that stood open to the sealed one, as db/sealing-people.ts tells it. */
import { ERASED_PHONE } from '../domain/erasures.ts'
import { inTransaction, select, type Database } from './connection.ts'
import { stopWritingOpen } from './older-release.ts'
import { placeOfPhone, type PayersTable } from './payer-phones.ts'
import { phoneIndex } from './sealed-columns.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'
import { protectAll } from './subject-keys.ts'

/** Whose key it is: the customer's, of the same row or of what it belongs to. */
const CUSTOMERS: Record<PayersTable, { rows: string; customer: string }> = {
  payments: { rows: 'payments p', customer: 'p.customer_id' },
  charge_parties: {
    rows: 'charge_parties p JOIN charges o ON o.id = p.charge_id',
    customer: 'o.customer_id',
  },
  reservation_parties: {
    rows: 'reservation_parties p JOIN reservations o ON o.id = p.reservation_id',
    customer: 'o.customer_id',
  },
}
const TABLES = Object.keys(CUSTOMERS) as PayersTable[]

type OpenRow = { id: string; customerId: string; phone: string }

/** One batch, safe to repeat; true when there may be more. What the release before has erased is no phone. */
export const sealOpenPhones = (db: Database, table: PayersTable): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const { rows, customer } = CUSTOMERS[table]
    const open = await select<OpenRow>(
      tx,
      `SELECT p.id, ${customer} AS "customerId", p.phone FROM ${rows}
       WHERE p.phone IS NOT NULL AND p.phone_sealed IS NULL AND p.phone <> '${ERASED_PHONE}'
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE OF p SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const values = open.map((one) => ({ place: placeOfPhone(table, one), text: one.phone }))
    const sealed = await protectAll(tx, values)
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE ${table} p SET phone_sealed = s.phone, phone_index = s.index
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS s (id, phone, index) WHERE p.id = s.id RETURNING p.id`,
      [open.map(({ id }) => id), sealed, open.map(({ phone }) => phoneIndex(tx, phone))],
    )
    await tellSealing(tx, { table, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/** From here on a release from before would know no phone of them, so nothing is written in the clear any more either. */
export const emptyOpenPhones = (db: Database, table: PayersTable): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, table)
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE ${table} SET phone = NULL WHERE id IN (
         SELECT id FROM ${table} WHERE phone IS NOT NULL AND (phone_sealed IS NOT NULL OR phone = '${ERASED_PHONE}')
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`,
    )
    if (emptied.length > 0) await tellSealing(tx, { table, what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })

/** One batch of each table; true when there may be more of any. */
async function ofEach(work: (table: PayersTable) => Promise<boolean>): Promise<boolean> {
  let more = false
  for (const table of TABLES) more = (await work(table)) || more
  return more
}
export const sealOpenPayersPhones = (db: Database) => ofEach((table) => sealOpenPhones(db, table))
export const emptyOpenPayersPhones = (db: Database) => ofEach((table) => emptyOpenPhones(db, table))
