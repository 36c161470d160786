/** What M-Pesa refused to a plan's phones, as their owner reads it. */
import type { Database } from './connection.ts'
import { readPlanPhones } from './plan-phone-rows.ts'

export type PlanRefusal = { phone: string; code: string }

/** Phones that M-Pesa refused and that are not asked now, for the page alone: a workflow never hears their numbers. */
export async function listPlanRefusals(
  db: Database,
  planId: string,
  now: Date,
): Promise<PlanRefusal[]> {
  const phones = await readPlanPhones(db, planId)
  return phones.flatMap(({ phone, restCode: code, until }) =>
    code !== null && (until === null || until > now.getTime()) ? [{ phone, code }] : [],
  )
}
