/** Plans for big amounts: written down, read with everything the next step follows from, ended. Safe to repeat. */
import { cents, formatKes, ZERO, type Cents } from '../domain/money.ts'
import {
  NEVER,
  type OpenedPlan,
  type PlanFacts,
  type PlanInput,
  type PlanPayment,
  type PlanPhone,
  type PlanStatus,
} from '../domain/payment-plans.ts'
import { isOpenPayment, type PaymentStatus } from '../domain/payments.ts'
import { DAY_MS } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { inTransaction, select, selectOne, type Database, type Tx } from './connection.ts'
import { appliedTo, lockOwner, roomFor, type PaymentOwner } from './payment-owners.ts'
import { keepPlanPhones, readPlanPhones, type KeptPlanPhone } from './plan-phone-rows.ts'
import { ownKey, phoneIndex, type OwnKey } from './sealed-columns.ts'
import { toCents } from './values.ts'

export type PlanRow = {
  id: string
  purpose: 'reservation' | 'charge'
  ownerId: string
  ownerNumber: string
  partyId: string
  customerId: string
  amount: Cents
  status: PlanStatus
  deadline: Date
  consentedAt: Date
  createdAt: Date
}

export const PLAN_COLUMNS = `id, purpose, owner_id AS "ownerId", owner_number AS "ownerNumber", party_id AS "partyId",
  customer_id AS "customerId", amount_cents AS amount, status, deadline, consented_at AS "consentedAt",
  created_at AS "createdAt"`
export type RawPlan = PlanRow & { amount: string }
export const toPlanRow = (raw: RawPlan): PlanRow => ({ ...raw, amount: toCents(raw.amount) })

export async function findPlan(on: Database | Tx, id: string): Promise<PlanRow | null> {
  const raw = await selectOne<RawPlan>(
    on,
    `SELECT ${PLAN_COLUMNS} FROM payment_plans WHERE id = $1`,
    [id],
  )
  return raw && toPlanRow(raw)
}

/** The newest that runs for this booking or charge; null when there is none. */
export async function findRunningPlan(db: Database, ownerId: string): Promise<PlanRow | null> {
  const raw = await selectOne<RawPlan>(
    db,
    `SELECT ${PLAN_COLUMNS} FROM payment_plans WHERE owner_id = $1 AND status = 'running'
     ORDER BY created_at DESC LIMIT 1`,
    [ownerId],
  )
  return raw && toPlanRow(raw)
}

const refusal = (
  code: Extract<OpenedPlan, { outcome: 'refused' }>['code'],
  message: string,
): OpenedPlan => ({ outcome: 'refused', code, message })

/** To start is to consent for today. */
export async function openPlan(tx: Tx, input: PlanInput, now: Date): Promise<OpenedPlan> {
  const owner = await lockOwner(tx, input.purpose, input.ownerId)
  if (!owner) return refusal('NOT_FOUND', 'There is nothing to pay under this address.')
  const opened = {
    outcome: 'opened',
    ownerNumber: owner.number,
    customerId: owner.customerId,
  } as const
  if (await findPlan(tx, input.planId)) return opened
  if (!owner.payable) return refusal('PLAN_OVER', 'Nothing can be paid for this any more.')
  const room = await roomFor(tx, owner, input.partyId)
  if (input.amount > room)
    return refusal(
      'AMOUNT_ABOVE_BALANCE',
      `Only ${formatKes(cents(Math.max(0, room)))} is left to pay.`,
    )
  const made = await insertPlan(tx, input, owner, now)
  if (!made) return refusal('PLAN_OVER', 'A plan for this is already under way.')
  await audit(tx, input.planId, 'plan.started', input.actorId)
  return opened
}

async function insertPlan(tx: Tx, input: PlanInput, owner: PaymentOwner, now: Date) {
  const made = await selectOne<{ customerId: string; ownKey: OwnKey }>(
    tx,
    `INSERT INTO payment_plans (id, purpose, owner_id, owner_number, party_id, customer_id, amount_cents,
       status, deadline, consented_at, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, $9, $10) ON CONFLICT DO NOTHING
     RETURNING customer_id AS "customerId", ${ownKey('customer_id')} AS "ownKey"`,
    [
      input.planId,
      input.purpose,
      input.ownerId,
      owner.number,
      input.partyId,
      owner.customerId,
      input.amount,
      input.deadline,
      now,
      input.actorId,
    ],
  )
  if (!made) return false
  const phones = input.phones.map(({ phone }, position) => ({ position, phone }))
  await keepPlanPhones(tx, { planId: input.planId, ...made, phones })
  return true
}

const audit = (tx: Tx, planId: string, action: string, actor: string) =>
  appendAudit(tx, { actor, action, entity: 'plan', entityId: planId })

/** Everything the next step follows from. Takes the owner's lock, so that no money passes meanwhile. */
export const readPlanFacts = (db: Database, planId: string, now: Date): Promise<PlanFacts> =>
  inTransaction(db, async (tx) => {
    const plan = await findPlan(tx, planId)
    if (!plan) throw new Error(`plan ${planId} does not exist`)
    const owner = await lockOwner(tx, plan.purpose, plan.ownerId)
    const amounts = await amountsOf(tx, plan, owner)
    const phones = await readPlanPhones(tx, planId)
    return {
      status: plan.status,
      payable: owner?.payable ?? false,
      ...amounts,
      deadline: plan.deadline.getTime(),
      consentedAt: plan.consentedAt.getTime(),
      phones: phones.map(toPlanPhone),
      payments: await paymentsOf(tx, phones, now),
    }
  })

const OPEN = "status IN ('requested', 'prompted', 'unknown', 'unexplained')"

async function amountsOf(tx: Tx, plan: PlanRow, owner: PaymentOwner | null) {
  if (!owner) return { owed: ZERO, free: ZERO }
  const row = await selectOne<Record<'paid' | 'asked' | 'askedOfAll', string>>(
    tx,
    `SELECT coalesce(sum(applied_cents) FILTER (WHERE party_id = $2 AND requested_at >= $3
         AND counted AND NOT given_back AND status = 'settled'), 0) AS paid,
       coalesce(sum(amount_cents) FILTER (WHERE party_id = $2 AND ${OPEN}), 0) AS asked,
       coalesce(sum(amount_cents) FILTER (WHERE ${OPEN}), 0) AS "askedOfAll"
     FROM payments WHERE owner_id = $1`,
    [plan.ownerId, plan.partyId, plan.createdAt],
  )
  const whole = owner.total - (await appliedTo(tx, owner.id))
  const own = await roomFor(tx, owner, plan.partyId)
  const left = plan.amount - toCents(row?.paid ?? 0)
  const owed = Math.max(0, Math.min(left, own))
  const asked = toCents(row?.asked ?? 0)
  const free = Math.min(owed - asked, whole - toCents(row?.askedOfAll ?? 0))
  return { owed: cents(owed), free: cents(Math.max(0, free)) }
}

/** Without its number, which no workflow hears. */
const toPlanPhone = ({ position, until, restCode }: KeptPlanPhone): PlanPhone => ({
  position,
  restCode,
  restsUntil: until === null ? NEVER : Math.round(until),
})

/** For whatever these phones were asked, not by this plan alone: M-Pesa's limits ask nobody for what. */
async function paymentsOf(tx: Tx, phones: KeptPlanPhone[], now: Date): Promise<PlanPayment[]> {
  const rows = await select<{
    position: number
    amount: string
    at: Date
    status: PaymentStatus
  }>(
    tx,
    `SELECT y.position, p.amount_cents AS amount, coalesce(p.processed_at, p.requested_at) AS at, p.status
     FROM unnest($1::int[], $2::text[], $4::bytea[]) AS y (position, phone, index)
     JOIN payments p ON p.phone_index = y.index OR (p.phone = y.phone AND p.phone_index IS NULL)
     WHERE p.requested_at > $3 OR p.${OPEN} ORDER BY p.requested_at`,
    [
      phones.map(({ position }) => position),
      phones.map(({ phone }) => phone),
      new Date(now.getTime() - 2 * DAY_MS),
      // One that is forgotten was asked for nothing.
      phones.map(({ phone }) => (phone ? phoneIndex(tx, phone) : null)),
    ],
  )
  return rows.map(({ position, amount, at, status }) => ({
    position,
    amount: toCents(amount),
    at: at.getTime(),
    state: isOpenPayment(status) ? 'open' : status === 'refused' ? 'refused' : 'paid',
  }))
}

type GoOn = { planId: string; actorId: string; endedCodes: string[] }

/** Consent for today; phones whose rest a person can end are asked again. */
export async function goOnWithPlan(tx: Tx, wish: GoOn, now: Date): Promise<void> {
  const rows = await select(
    tx,
    "UPDATE payment_plans SET consented_at = $2 WHERE id = $1 AND status = 'running' RETURNING id",
    [wish.planId, now],
  )
  if (rows.length === 0) return
  await select(
    tx,
    `UPDATE payment_plan_phones SET rest_code = NULL, rests_until = NULL
     WHERE plan_id = $1 AND rest_code = ANY($2::text[]) RETURNING position`,
    [wish.planId, wish.endedCodes],
  )
  await audit(tx, wish.planId, 'plan.went_on', wish.actorId)
}

/** Once; what stands is answered. */
export async function endPlan(
  tx: Tx,
  planId: string,
  as: Exclude<PlanStatus, 'running'>,
  actorId: string,
): Promise<PlanStatus> {
  const rows = await select(
    tx,
    `UPDATE payment_plans SET status = $2, ended_at = now() WHERE id = $1 AND status = 'running' RETURNING id`,
    [planId, as],
  )
  if (rows.length > 0) await audit(tx, planId, `plan.${as}`, actorId)
  return (await findPlan(tx, planId))?.status ?? as
}
