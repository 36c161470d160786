/**
 * What a restored database says of itself: when it was last alive, who works on it, and which of its rows must have a
 * running story. For `after-restore` only.
 */
import type { PlanInput } from '../domain/payment-plans.ts'
import { startOfDay } from '../domain/time.ts'
import { ownEntry } from './audit.ts'
import { select, selectOne, type Database } from './connection.ts'
import { originNow } from './origin.ts'
import { PAYMENT_COLUMNS, toPayment, type PaymentRow, type RawPayment } from './payment-rows.ts'
import { readPlanPhones } from './plan-phone-rows.ts'
import { REFUND_COLUMNS, toRefund, type RawRefund, type RefundRow } from './refund-rows.ts'
import { toCents } from './values.ts'

/**
 * Of the restored books, not of this moment: the last sign of life that they know of a worker. Null where there is none
 * at all.
 */
export async function lastSignOfLife(db: Database): Promise<Date | null> {
  const row = await selectOne<{ at: Date | null }>(db, 'SELECT max(at) AS at FROM heartbeats')
  return row?.at ?? null
}

/**
 * Whether web servers or workers use these books: by their connections, and where something in between hides those, by a
 * sign of life that is too young to have come with a copy.
 */
export async function isAnyAtWork(db: Database): Promise<boolean> {
  const row = await selectOne<{ any: boolean }>(
    db,
    `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
         AND application_name IN ('gari-api', 'gari-worker'))
       OR EXISTS (SELECT FROM heartbeats WHERE at > now() - interval '10 seconds') AS any`,
  )
  return row?.any ?? false
}

const OPEN_PAYMENTS = "status IN ('requested', 'prompted', 'unknown', 'unexplained')"

/** Prompts that are not decided, or that changed since; a decided one may have a story that does not know it. */
export async function listPrompts(db: Database, since: Date): Promise<PaymentRow[]> {
  const rows = await select<RawPayment>(
    db,
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE channel = 'prompt' AND (${OPEN_PAYMENTS} OR updated_at > $1)
     ORDER BY requested_at`,
    [since],
  )
  return rows.map((row) => toPayment(db, row))
}

export async function listAnnouncedTransfers(db: Database): Promise<PaymentRow[]> {
  const rows = await select<RawPayment>(
    db,
    `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE channel = 'desk' AND ${OPEN_PAYMENTS} ORDER BY requested_at`,
  )
  return rows.map((row) => toPayment(db, row))
}

export async function listRefunds(db: Database, since: Date): Promise<RefundRow[]> {
  const rows = await select<RawRefund>(
    db,
    `SELECT ${REFUND_COLUMNS} FROM refunds r
     WHERE r.status NOT IN ('settled', 'declined') OR r.updated_at > $1 ORDER BY r.requested_at`,
    [since],
  )
  return rows.map((row) => toRefund(db, row))
}

type Named = { id: string }
const ids = async (db: Database, sql: string, bind: unknown[] = []): Promise<string[]> =>
  (await select<Named>(db, sql, bind)).map(({ id }) => id)

/** What changed after `before` is left alone: its story may be about to begin. */
export const listOpenReservations = (db: Database, before: Date) =>
  ids(
    db,
    `SELECT id FROM reservations WHERE status IN ('pending', 'processing', 'confirmed', 'in_progress')
       AND updated_at <= $1 ORDER BY created_at`,
    [before],
  )

export const listOpenCharges = (db: Database, before: Date) =>
  ids(
    db,
    `SELECT id FROM charges WHERE status IN ('open', 'processing') AND updated_at <= $1 ORDER BY created_at`,
    [before],
  )

/** Bookings and charges that still collect, and whose settled money nobody has counted. */
export const listUncounted = (db: Database) =>
  select<{ id: string; what: 'reservation' | 'charge' }>(
    db,
    `SELECT o.id, o.what FROM (
       SELECT id, 'reservation' AS what, paid_cents FROM reservations WHERE status IN ('pending', 'processing')
       UNION ALL SELECT id, 'charge', paid_cents FROM charges WHERE status IN ('open', 'processing')) o
     WHERE o.paid_cents <> (SELECT coalesce(sum(p.applied_cents), 0) FROM payments p
       WHERE p.owner_id = o.id AND p.counted AND NOT p.given_back AND p.status = 'settled')`,
  )

type RawPlan = Omit<PlanInput, 'phones' | 'deadline' | 'amount'> & {
  amount: string
  deadline: Date
}
export type RunningPlan = Omit<PlanInput, 'phones'> & { phones: string[] }

export async function listRunningPlans(db: Database, before: Date): Promise<RunningPlan[]> {
  const rows = await select<RawPlan>(
    db,
    `SELECT p.id AS "planId", p.purpose, p.owner_id AS "ownerId", p.party_id AS "partyId", p.created_by AS "actorId",
       p.amount_cents AS amount, p.deadline
     FROM payment_plans p WHERE p.status = 'running' AND p.updated_at <= $1`,
    [before],
  )
  const plans: RunningPlan[] = []
  for (const row of rows)
    plans.push({
      ...row,
      amount: toCents(row.amount),
      deadline: row.deadline.toISOString(),
      phones: (await readPlanPhones(db, row.planId)).map(({ phone }) => phone),
    })
  return plans
}

/** Money that settled and counts for nothing, so that a story must look for its home. */
export const listHomeless = (db: Database, since: Date, before: Date) =>
  select<Named & { ownerNumber: string; settledAt: Date }>(
    db,
    `SELECT p.id, p.owner_number AS "ownerNumber", coalesce(p.processed_at, p.updated_at) AS "settledAt" FROM payments p
     WHERE p.status = 'settled' AND p.applied_cents + p.credited_cents + p.returning_cents = 0 AND NOT p.given_back
       AND p.updated_at > $1 AND p.updated_at <= $2`,
    [since, before],
  )

/** Money of what has ended, of which no refund was opened. */
export const listNotGivenBack = (db: Database, since: Date, before: Date) =>
  select<Named & { ownerNumber: string }>(
    db,
    `SELECT p.id, p.owner_number AS "ownerNumber" FROM payments p
     WHERE p.given_back AND p.status IN ('settled', 'refunding') AND p.updated_at > $1 AND p.updated_at <= $2
       AND p.returning_cents < p.amount_cents AND NOT EXISTS (SELECT FROM refunds r WHERE r.id = p.id)`,
    [since, before],
  )

export type StartedDocument = { id: string; kind: 'invoice' | 'credit_note' }

export const listStartedDocuments = (db: Database, since: Date): Promise<StartedDocument[]> =>
  select(
    db,
    `SELECT id, 'invoice' AS kind FROM invoices WHERE started_at > $1
     UNION ALL SELECT id, 'credit_note' FROM credit_notes WHERE started_at > $1`,
    [since],
  )

/** A worker starts it anew. */
export async function forgetStart(db: Database, { id, kind }: StartedDocument): Promise<void> {
  const table = kind === 'invoice' ? 'invoices' : 'credit_notes'
  await select(db, `UPDATE ${table} SET started_at = NULL WHERE id = $1 RETURNING id`, [id])
}

/** What money is paid for, as ids of stories begin. */
const OWNER_TABLES = {
  reservation: 'reservations',
  charge: 'charges',
  plan: 'payment_plans',
} as const
export type OwnerKind = keyof typeof OWNER_TABLES
export const OWNERS = Object.keys(OWNER_TABLES) as OwnerKind[]

/** Of these ids those that have a row. */
export const listKnown = (db: Database, kind: OwnerKind, of: readonly string[]) =>
  ids(db, `SELECT id::text AS id FROM ${OWNER_TABLES[kind]} WHERE id::text = ANY($1)`, [of])

/** Consent is for a day. Answers the plans that had it, and have it no more. */
export const pausePlans = (db: Database, now: Date) =>
  ids(
    db,
    `WITH changed AS (
       UPDATE payment_plans SET consented_at = $1::timestamptz - interval '1 second'
       WHERE status = 'running' AND consented_at >= $1 RETURNING id),
     written AS (${ownEntry({
       action: 'plan.paused',
       entity: 'plan',
       id: 'id',
       after: "jsonb_build_object('consent', 'over')",
       origin: '$2',
     })})
     SELECT id FROM changed`,
    [startOfDay(now), originNow()],
  )

/**
 * From the restored moment to now nobody could pay, as far as the books know; what was paid comes with M-Pesa's list. So bookings
 * get the time that they get after an outage. One that lasts gives it by itself.
 */
export const noteLostTime = (db: Database, from: Date, to: Date) =>
  select(
    db,
    `INSERT INTO outages (part, began_at, ended_at) SELECT 'daraja', $1, $2
     WHERE NOT EXISTS (SELECT FROM outages WHERE part = 'daraja' AND (ended_at IS NULL OR began_at = $1)) RETURNING id`,
    [from, to],
  )
