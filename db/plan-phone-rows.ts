/** Phones of plans as they are kept: sealed by the key of the customer whose plan it is, and found by a keyed hash. */
import { select, type Database, type Tx } from './connection.ts'
import { isReadOpen } from './older-release.ts'
import { openColumn, ownKey, phoneIndex, sealWith, type OwnKey } from './sealed-columns.ts'
import type { Value } from './subject-keys.ts'

type Place = { planId: string; customerId: string; position: number }

export const placeOfPlanPhone = ({ planId, customerId, position }: Place): Value => ({
  subjectId: customerId,
  table: 'payment_plan_phones',
  column: 'phone_sealed',
  row: `${planId}/${position}`,
})

/** What stands there instead of one that is forgotten, where the release before still reads it. */
const ERASED = "'erased ' || position"
export const FORGET_PLAN_PHONE = `phone = CASE WHEN phone IS NOT NULL THEN ${ERASED} END, phone_sealed = NULL, phone_index = NULL`
/** Of `p`. */
export const NAMES_PLAN_PHONE = "(p.phone_sealed IS NOT NULL OR p.phone NOT LIKE 'erased %')"

type RawPhone = {
  position: number
  /** Written by the release before, and sealed within a minute. */
  written: string | null
  sealed: Buffer | null
  restCode: string | null
  until: number | null
  customerId: string
  ownKey: OwnKey
}
export type KeptPlanPhone = {
  position: number
  /** Empty for one that is forgotten. */
  phone: string
  restCode: string | null
  /** Since 1970, in milliseconds; null: not again in its plan. */
  until: number | null
}

const READ = `SELECT y.position, y.phone AS written, y.phone_sealed AS sealed, y.rest_code AS "restCode",
    CASE WHEN y.rests_until = 'infinity' THEN NULL
      ELSE (extract(epoch FROM coalesce(y.rests_until, 'epoch')) * 1000)::float8 END AS until,
    o.customer_id AS "customerId", ${ownKey('o.customer_id')} AS "ownKey"
  FROM payment_plan_phones y JOIN payment_plans o ON o.id = y.plan_id WHERE y.plan_id = $1 ORDER BY y.position`

/** In line, as they were named. */
export async function readPlanPhones(on: Database | Tx, planId: string): Promise<KeptPlanPhone[]> {
  const rows = await select<RawPhone>(on, READ, [planId])
  return rows.map(({ position, restCode, until, ...row }) => {
    const place = placeOfPlanPhone({ planId, customerId: row.customerId, position })
    const phone = row.sealed ? openColumn(on, row.ownKey, place, row.sealed) : row.written
    return { position, restCode, until, phone: phone?.startsWith('+') ? phone : '' }
  })
}

type NewPhones = {
  planId: string
  customerId: string
  ownKey: OwnKey
  phones: { position: number; phone: string }[]
}

/** In the clear as well while the release before is at work beside this one. */
export async function keepPlanPhones(
  tx: Tx,
  { planId, customerId, ownKey: key, phones }: NewPhones,
): Promise<void> {
  const values = phones.map(({ position, phone }) => ({
    place: placeOfPlanPhone({ planId, customerId, position }),
    text: phone,
  }))
  await select(
    tx,
    `INSERT INTO payment_plan_phones (plan_id, position, phone_sealed, phone_index, phone)
     SELECT $1, p.position, p.sealed, p.index, CASE WHEN ${isReadOpen('payment_plan_phones')} THEN p.phone END
     FROM unnest($2::int[], $3::bytea[], $4::bytea[], $5::text[]) AS p (position, sealed, index, phone) RETURNING position`,
    [
      planId,
      phones.map(({ position }) => position),
      await sealWith(tx, key, values),
      phones.map(({ phone }) => phoneIndex(tx, phone)),
      phones.map(({ phone }) => phone),
    ],
  )
}
