/** Loyalty points on the booking form: what was typed, and what may be. */
import type { FieldProblem } from '../../domain/errors.ts'
import { LEAST_SPENT, mostPointsOn, pointsProblem } from '../../domain/loyalty.ts'
import type { Cents } from '../../domain/money.ts'
import { pointsForm } from '../../domain/schemas/loyalty.ts'
import type { PointsOffer } from '../../domain/booking-form-pages.ts'
import { readPoints } from '../../db/loyalty-reads.ts'
import { arePointsPaused } from '../../db/loyalty-repair.ts'
import type { ApiDeps } from '../deps.ts'

/** Null where there are too few to use any, and where nobody may just now. */
export async function offerPoints(
  deps: ApiDeps,
  customerId: string,
  total: Cents,
): Promise<PointsOffer | null> {
  const balance = await readPoints(deps.db, customerId)
  const most = Math.min(balance, mostPointsOn(total))
  return most < LEAST_SPENT || (await arePointsPaused(deps.db)) ? null : { balance, most }
}

/** Looked at before a booking is begun, because a form that comes again is the same booking. */
export async function checkPoints(
  deps: ApiDeps,
  { customerId, typed }: { customerId: string; typed: string },
  total: Cents,
): Promise<{ points: number; problems: FieldProblem[] }> {
  const read = pointsForm.safeParse(typed)
  const wrong = (message: string) => ({ points: 0, problems: [{ path: 'points', message }] })
  if (!read.success) return wrong('Write a whole number of points.')
  const points = read.data
  if (points === 0) return { points, problems: [] }
  const problem = pointsProblem(points, await readPoints(deps.db, customerId), total)
  return problem ? wrong(problem) : { points, problems: [] }
}

/** How many of those typed lower the price that is shown; what is wrong with others is said beside them. */
export function usablePoints(typed: string, offer: PointsOffer | null): number {
  const read = pointsForm.safeParse(typed)
  if (!read.success || !offer) return 0
  return read.data >= LEAST_SPENT && read.data <= offer.most ? read.data : 0
}
