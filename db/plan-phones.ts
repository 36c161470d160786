/** The phones of a plan: one more while it runs, and one that is not asked for a while. */
import { NEVER, PLAN_PHONES, type AddedPhone, type PlanStatus } from '../domain/payment-plans.ts'
import { appendAudit, ownEntry } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { originNow } from './origin.ts'
import { keepPlanPhones, readPlanPhones } from './plan-phone-rows.ts'
import { ownKey, type OwnKey } from './sealed-columns.ts'

type NewPhone = { planId: string; phone: string; actorId: string }

const refused = (code: 'PLAN_OVER' | 'INVALID_INPUT', message: string): AddedPhone => ({
  outcome: 'refused',
  code,
  message,
})

/** Last in line; safe to repeat. The plan's row keeps two of them from taking the same place. */
export async function addPlanPhone(
  tx: Tx,
  { planId, phone, actorId }: NewPhone,
): Promise<AddedPhone> {
  const plan = await selectOne<{ status: PlanStatus; customerId: string; ownKey: OwnKey }>(
    tx,
    `SELECT status, customer_id AS "customerId", ${ownKey('customer_id')} AS "ownKey"
     FROM payment_plans WHERE id = $1 FOR NO KEY UPDATE`,
    [planId],
  )
  const phones = await readPlanPhones(tx, planId)
  const standing = phones.find((one) => one.phone === phone)
  if (standing) return { outcome: 'added', position: standing.position }
  if (plan?.status !== 'running') return refused('PLAN_OVER', 'This plan is over.')
  if (phones.length >= PLAN_PHONES) return refused('INVALID_INPUT', 'Name at most 5 phones.')
  const position = phones.length
  await keepPlanPhones(tx, { planId, ...plan, phones: [{ position, phone }] })
  const entry = { entity: 'plan', entityId: planId, after: { position } }
  await appendAudit(tx, { actor: actorId, action: 'plan.phone_added', ...entry })
  return { outcome: 'added', position }
}

type Rest = { planId: string; position: number; code: string; until: number }

const PHONE_RESTS = `
  WITH changed AS (
    UPDATE payment_plan_phones SET rest_code = $3, rests_until = $4::timestamptz
    WHERE plan_id = $1 AND position = $2 RETURNING plan_id, position, rest_code, rests_until)
  ${ownEntry({
    action: 'plan.phone_rests',
    entity: 'plan',
    id: 'plan_id',
    after:
      "jsonb_build_object('position', position, 'code', rest_code, 'until', rests_until::text)",
    origin: '$5',
  })}`

/** `until` NEVER: not in this plan again. */
export async function restPlanPhone(db: Database, rest: Rest): Promise<void> {
  await select(db, PHONE_RESTS, [
    rest.planId,
    rest.position,
    rest.code,
    rest.until === NEVER ? 'infinity' : new Date(rest.until).toISOString(),
    originNow(),
  ])
}
