/** Phones of companies' contacts: from the column that stood open to the sealed one, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'
import { protectAll, type Value } from './subject-keys.ts'

/** A company is nobody; its contact is read by the company's key. */
export const placeOfContact = (companyId: string): Value => ({
  subjectId: companyId,
  table: 'companies',
  column: 'contact_phone_sealed',
  row: companyId,
})

/** One batch, safe to repeat; true when there may be more. */
export const sealOpenCompanies = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<{ id: string; phone: string }>(
      tx,
      `SELECT id, contact_phone AS phone FROM companies WHERE contact_phone IS NOT NULL AND contact_phone_sealed IS NULL
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const values = open.map(({ id, phone }) => ({ place: placeOfContact(id), text: phone }))
    const sealed = await protectAll(tx, values)
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE companies c SET contact_phone_sealed = s.phone FROM unnest($1::uuid[], $2::bytea[]) AS s (id, phone)
       WHERE c.id = s.id RETURNING c.id`,
      [open.map(({ id }) => id), sealed],
    )
    await tellSealing(tx, { table: 'companies', what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

export const emptyOpenCompanies = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE companies SET contact_phone = NULL WHERE id IN (
         SELECT id FROM companies WHERE contact_phone IS NOT NULL AND contact_phone_sealed IS NOT NULL
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: 'companies', what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
