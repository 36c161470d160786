/** What M-Pesa refused to a plan's phones, as their owner reads it. */
import { select, type Database } from './connection.ts'

export type PlanRefusal = { phone: string; code: string }

/** Phones that M-Pesa refused and that are not asked now, for the page alone: a workflow never hears their numbers. */
export const listPlanRefusals = (db: Database, planId: string, now: Date): Promise<PlanRefusal[]> =>
  select(
    db,
    `SELECT phone, rest_code AS code FROM payment_plan_phones
     WHERE plan_id = $1 AND rest_code IS NOT NULL AND rests_until > $2 ORDER BY position`,
    [planId, now],
  )
