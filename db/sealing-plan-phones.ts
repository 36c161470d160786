/** Phones of plans: from the column that stood open to the sealed one, as db/sealing-people.ts tells it. */
import { inTransaction, select, type Database } from './connection.ts'
import { stopWritingOpen } from './older-release.ts'
import { placeOfPlanPhone } from './plan-phone-rows.ts'
import { phoneIndex } from './sealed-columns.ts'
import { beginSealing, SEALED_AT_ONCE, tellSealing } from './sealing.ts'
import { protectAll } from './subject-keys.ts'

const TABLE = 'payment_plan_phones'
type OpenRow = { planId: string; position: number; customerId: string; phone: string }

/** One batch, safe to repeat; true when there may be more. What the release before has erased is no phone. */
export const sealOpenPlanPhones = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const open = await select<OpenRow>(
      tx,
      `SELECT p.plan_id AS "planId", p.position, o.customer_id AS "customerId", p.phone
       FROM payment_plan_phones p JOIN payment_plans o ON o.id = p.plan_id
       WHERE p.phone IS NOT NULL AND p.phone_sealed IS NULL AND p.phone NOT LIKE 'erased %'
       LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE OF p SKIP LOCKED`,
    )
    if (open.length === 0) return false
    const values = open.map((one) => ({ place: placeOfPlanPhone(one), text: one.phone }))
    const sealed = await protectAll(tx, values)
    await beginSealing(tx)
    await select(
      tx,
      `UPDATE payment_plan_phones p SET phone_sealed = s.phone, phone_index = s.index
       FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::bytea[]) AS s (plan, position, phone, index)
       WHERE p.plan_id = s.plan AND p.position = s.position RETURNING p.position`,
      [
        open.map(({ planId }) => planId),
        open.map(({ position }) => position),
        sealed,
        open.map(({ phone }) => phoneIndex(tx, phone)),
      ],
    )
    await tellSealing(tx, { table: TABLE, what: 'sealed', rows: open.length })
    return open.length === SEALED_AT_ONCE
  })

/** From here on a release from before would know no phone of a plan, so nothing is written in the clear any more either. */
export const emptyOpenPlanPhones = (db: Database): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    await stopWritingOpen(tx, TABLE)
    await beginSealing(tx)
    const emptied = await select(
      tx,
      `UPDATE payment_plan_phones SET phone = NULL WHERE (plan_id, position) IN (
         SELECT plan_id, position FROM payment_plan_phones
         WHERE phone IS NOT NULL AND (phone_sealed IS NOT NULL OR phone LIKE 'erased %')
         LIMIT ${SEALED_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING position`,
    )
    if (emptied.length > 0)
      await tellSealing(tx, { table: TABLE, what: 'emptied', rows: emptied.length })
    return emptied.length === SEALED_AT_ONCE
  })
