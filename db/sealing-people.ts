/**
 * The way from columns that stand open to sealed ones. A release from before reads and writes the open ones, and may run beside this one
 * for minutes: so this one reads the sealed ones only, seals what the other has written, and empties the open ones when the other is gone.
 */
import { inTransaction, select, type Database } from './connection.ts'
import { sealPeople } from './sealed-people.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'

/** As the indexes users_unsealed and users_open say it. */
export const UNSEALED = `(phone IS NOT NULL AND phone_sealed IS NULL)
  OR (date_of_birth IS NOT NULL AND date_of_birth_sealed IS NULL)`
export const STANDS_OPEN = 'phone IS NOT NULL OR date_of_birth IS NOT NULL'

type OpenRow = { userId: string; phone: string | null; bornOn: string | null }

/** One batch, safe to repeat, beside whoever reads and writes; true when there may be more. */
export const sealOpenPeople = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const people = await select<OpenRow>(
      tx,
      `SELECT id AS "userId", phone, date_of_birth::text AS "bornOn" FROM users WHERE ${UNSEALED}
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`,
    )
    if (people.length === 0) return false
    const sealed = await sealPeople(tx, people)
    await beginSealing(tx)
    // A customer who came in by the other release and by this one in the same minute has two accounts; one of them is theirs by phone.
    await select(
      tx,
      `UPDATE users u SET phone_sealed = s.phone, phone_index = s.index, date_of_birth_sealed = s.born,
         phone_verified = u.phone_verified AND NOT (u.kind = 'customer' AND EXISTS (
           SELECT FROM users o WHERE o.phone_index = s.index AND o.kind = 'customer' AND o.phone_verified AND o.id <> u.id))
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS s (id, phone, index, born)
       WHERE u.id = s.id RETURNING u.id`,
      [
        people.map(({ userId }) => userId),
        sealed.map(({ phoneSealed }) => phoneSealed),
        sealed.map(({ phoneIndex }) => phoneIndex),
        sealed.map(({ bornSealed }) => bornSealed),
      ],
    )
    await tellSealing(tx, { table: 'users', what: 'sealed', rows: people.length })
    return people.length === SEALED_AT_ONCE
  })

/** Takes away what stands open beside its sealed self. From then on a release from before knows nobody's phone. */
export const emptyOpenPeople = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE users SET phone = NULL, date_of_birth = NULL WHERE id IN (
         SELECT id FROM users WHERE (${STANDS_OPEN}) AND NOT (${UNSEALED})
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: 'users', what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
