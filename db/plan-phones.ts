/** One more phone for a plan that runs. Safe to repeat. */
import { PLAN_PHONES, type AddedPhone, type PlanStatus } from '../domain/payment-plans.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'

type NewPhone = { planId: string; phone: string; actorId: string }

const refused = (code: 'PLAN_OVER' | 'INVALID_INPUT', message: string): AddedPhone => ({
  outcome: 'refused',
  code,
  message,
})

/** Last in line. The plan's row keeps two of them from taking the same place. */
export async function addPlanPhone(
  tx: Tx,
  { planId, phone, actorId }: NewPhone,
): Promise<AddedPhone> {
  const plan = await selectOne<{ status: PlanStatus }>(
    tx,
    'SELECT status FROM payment_plans WHERE id = $1 FOR NO KEY UPDATE',
    [planId],
  )
  const phones = await select<{ position: number; phone: string }>(
    tx,
    'SELECT position, phone FROM payment_plan_phones WHERE plan_id = $1 ORDER BY position',
    [planId],
  )
  const standing = phones.find((one) => one.phone === phone)
  if (standing) return { outcome: 'added', position: standing.position }
  if (plan?.status !== 'running') return refused('PLAN_OVER', 'This plan is over.')
  if (phones.length >= PLAN_PHONES) return refused('INVALID_INPUT', 'Name at most 5 phones.')
  const position = phones.length
  await select(
    tx,
    `INSERT INTO payment_plan_phones (plan_id, position, phone) VALUES ($1, $2, $3) RETURNING position`,
    [planId, position, phone],
  )
  const entry = { entity: 'plan', entityId: planId, after: { position } }
  await appendAudit(tx, { actor: actorId, action: 'plan.phone_added', ...entry })
  return { outcome: 'added', position }
}
