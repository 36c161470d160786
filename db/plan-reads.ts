/** Plans for big amounts, read for lists and the API. Their phones never go to a workflow from here. */
import type { PlanStatus } from '../domain/payment-plans.ts'
import { select, type Database } from './connection.ts'
import { PLAN_COLUMNS, toPlanRow, type PlanRow, type RawPlan } from './payment-plans.ts'
import { readPlanPhones } from './plan-phone-rows.ts'
import { readCursor, writeCursor } from './values.ts'

export type PlanFilter = {
  customerId?: string
  ownerId?: string
  status?: PlanStatus
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listPlans(
  db: Database,
  { customerId, ownerId, status, cursor, limit }: PlanFilter,
): Promise<{ items: PlanRow[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<RawPlan>(
    db,
    `SELECT ${PLAN_COLUMNS} FROM payment_plans
     WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR owner_id = $2)
       AND ($3::text IS NULL OR status = $3)
       AND ($4::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($4, $5::uuid))
     ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $6`,
    [
      customerId ?? null,
      ownerId ?? null,
      status ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  )
  const items = rows.slice(0, limit).map(toPlanRow)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writeCursor(last.createdAt, last.id) : null }
}

/** In line, as they were named; empty where one is forgotten. */
export const listPlanPhones = (
  db: Database,
  planId: string,
): Promise<{ position: number; phone: string }[]> => readPlanPhones(db, planId)
