/** Looking after a car: what a service's states are, when the next one is due, and what a workshop may hand back. */
import { add, times, ZERO, type Cents } from './money.ts'
import { DAY_MS } from './time.ts'

/**
 * scheduled -> in_progress (the workshop has the car) -> completed. Whatever is late on the way is overdue until somebody does it;
 * completed and cancelled are the end.
 */
export type MaintenanceStatus = 'scheduled' | 'in_progress' | 'completed' | 'cancelled' | 'overdue'

const MAINTENANCE_MOVES: Record<MaintenanceStatus, readonly MaintenanceStatus[]> = {
  scheduled: ['in_progress', 'overdue', 'cancelled'],
  in_progress: ['completed', 'overdue', 'cancelled'],
  // Back to in_progress: the car came to the workshop late, or its time there was extended.
  overdue: ['in_progress', 'completed', 'cancelled'],
  completed: [],
  cancelled: [],
}

export const mayBecome = (from: MaintenanceStatus, to: MaintenanceStatus): boolean =>
  MAINTENANCE_MOVES[from].includes(to)

/** Whichever comes first; null: not counted. Whole and above zero. */
export type ServiceInterval = {
  everyKm: number | null
  everyMonths: number | null
  everyRentedDays: number | null
}

/** The service before. `on` is a day in Nairobi, `2026-11-27`. */
export type LastService = { on: string; atKm: number }

/** `rentedDays` since that service. */
export type CarUse = { today: string; mileageKm: number; rentedDays: number }

export type NextService = { on: string | null; atKm: number | null; atRentedDays: number | null }

export type DueReason = 'km' | 'months' | 'rented_days'
export type ServiceStanding = 'not_due' | 'soon' | 'due' | 'overdue'

/** How long before it is due a service is shown as soon, and how long after it a car counts as overdue. */
export const SERVICE_LEEWAY = {
  soon: { km: 1_000, days: 14, rentedDays: 7 },
  late: { km: 500, days: 14, rentedDays: 7 },
} as const

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS
const dayText = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10)

/** The same day of a later month, or that month's last day where it has no such day: 31 Jan + 1 is 28 or 29 Feb. */
export const monthsAfter = (day: string, months: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayText(Date.UTC(year, month - 1 + months, Math.min(date, last)))
}

/** Reckoned from when the service was done, not from when it was due: a late one does not bring the next one closer. */
export const nextService = (interval: ServiceInterval, last: LastService): NextService => ({
  on: interval.everyMonths === null ? null : monthsAfter(last.on, interval.everyMonths),
  atKm: interval.everyKm === null ? null : last.atKm + interval.everyKm,
  atRentedDays: interval.everyRentedDays,
})

/** How far beyond each limit a car is, below zero while it is not there yet. */
function beyond(next: NextService, use: CarUse) {
  const sides: { reason: DueReason; by: number; soon: number; late: number }[] = []
  const { soon, late } = SERVICE_LEEWAY
  if (next.atKm !== null) {
    sides.push({ reason: 'km', by: use.mileageKm - next.atKm, soon: soon.km, late: late.km })
  }
  if (next.on !== null) {
    const by = dayNumber(use.today) - dayNumber(next.on)
    sides.push({ reason: 'months', by, soon: soon.days, late: late.days })
  }
  if (next.atRentedDays !== null) {
    const by = use.rentedDays - next.atRentedDays
    sides.push({ reason: 'rented_days', by, soon: soon.rentedDays, late: late.rentedDays })
  }
  return sides
}

/** Every limit that is reached; empty while none is. */
export const dueReasons = (next: NextService, use: CarUse): DueReason[] =>
  beyond(next, use)
    .filter(({ by }) => by >= 0)
    .map(({ reason }) => reason)

/** As the worst of its limits says. */
export const serviceStanding = (next: NextService, use: CarUse): ServiceStanding => {
  const sides = beyond(next, use)
  if (sides.some(({ by, late }) => by > late)) return 'overdue'
  if (sides.some(({ by }) => by >= 0)) return 'due'
  return sides.some(({ by, soon }) => by >= -soon) ? 'soon' : 'not_due'
}

/** `quantity` is whole and above zero. */
export type ServicePart = { name: string; quantity: number; unitPrice: Cents }

export const maintenanceCost = (labour: Cents, parts: readonly ServicePart[]): Cents =>
  parts.reduce((sum, { quantity, unitPrice }) => add(sum, times(unitPrice, quantity)), labour)

export const MAINTENANCE_LIMITS = {
  parts: 60,
  partNameLength: 80,
  notesLength: 2_000,
  /** Further than a car is driven to a workshop and back. */
  furthestKm: 2_000,
} as const

export type WorkshopAnswer = { odometerKm: number; labour: Cents; parts: readonly ServicePart[] }

export type WorkshopProblem =
  'odometer_lower' | 'odometer_too_far' | 'cost_below_zero' | 'part_not_counted' | 'too_many_parts'

/** All that is wrong with what a workshop hands back, said at once. `mileageKm`: as the car came. */
export const workshopProblems = (
  { odometerKm, labour, parts }: WorkshopAnswer,
  mileageKm: number,
): WorkshopProblem[] => {
  const { furthestKm, parts: most } = MAINTENANCE_LIMITS
  const cheap = [labour, ...parts.map(({ unitPrice }) => unitPrice)].some((one) => one < ZERO)
  const uncounted = parts.some(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 1)
  const found: [WorkshopProblem, boolean][] = [
    ['odometer_lower', odometerKm < mileageKm],
    ['odometer_too_far', odometerKm > mileageKm + furthestKm],
    ['cost_below_zero', cheap],
    ['part_not_counted', uncounted],
    ['too_many_parts', parts.length > most],
  ]
  return found.filter(([, wrong]) => wrong).map(([problem]) => problem)
}
