/** When a car's next service is due: each limit at its edge, months that end early, and whatever comes first. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  dueReasons,
  maintenanceCost,
  mayBecome,
  monthsAfter,
  nextService,
  serviceStanding,
  workshopProblems,
  MAINTENANCE_LIMITS,
  SERVICE_LEEWAY,
  type CarUse,
  type MaintenanceStatus,
  type ServiceInterval,
} from '../../domain/maintenance.ts'
import { cents, shillings, ZERO } from '../../domain/money.ts'

const LAST = { on: '2026-01-31', atKm: 40_000 }
const every = (over: Partial<ServiceInterval>): ServiceInterval => ({
  everyKm: null,
  everyMonths: null,
  everyRentedDays: null,
  ...over,
})
const used = (over: Partial<CarUse> = {}): CarUse => ({
  today: LAST.on,
  mileageKm: LAST.atKm,
  rentedDays: 0,
  ...over,
})

const limit = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: null })
const intervals = fc.record({
  everyKm: limit(50_000),
  everyMonths: limit(60),
  everyRentedDays: limit(1_000),
})
const days = fc
  .date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2099-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((at) => at.toISOString().slice(0, 10))
const uses = fc.record({
  today: days,
  mileageKm: fc.integer({ min: 0, max: 500_000 }),
  rentedDays: fc.integer({ min: 0, max: 5_000 }),
})
const lasts = fc.record({ on: days, atKm: fc.integer({ min: 0, max: 400_000 }) })

describe('months', () => {
  it('end on the last day where a month is shorter, in leap years too', () => {
    expect(monthsAfter('2026-01-31', 1)).toBe('2026-02-28')
    expect(monthsAfter('2028-01-31', 1)).toBe('2028-02-29')
    expect(monthsAfter('2028-02-29', 12)).toBe('2029-02-28')
    expect(monthsAfter('2028-02-29', 48)).toBe('2032-02-29')
    expect(monthsAfter('2026-08-31', 3)).toBe('2026-11-30')
  })

  it('go over the end of a year', () => {
    expect(monthsAfter('2026-12-15', 1)).toBe('2027-01-15')
    expect(monthsAfter('2026-11-30', 3)).toBe('2027-02-28')
  })

  it('lead to the month asked for, on the same day or on its last one', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 120 }), (day, months) => {
        const count = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7))
        const after = monthsAfter(day, months)
        expect(count(after)).toBe(count(day) + months)
        const same = after.slice(8) === day.slice(8)
        const next = new Date(Date.parse(after) + 24 * 60 * 60 * 1000).toISOString()
        expect(same || (next.slice(8, 10) === '01' && after.slice(8) < day.slice(8))).toBe(true)
      }),
    )
  })
})

describe('a service', () => {
  it('is due on its kilometre, its day and its rented day, and not one before', () => {
    const km = nextService(every({ everyKm: 10_000 }), LAST)
    expect(dueReasons(km, used({ mileageKm: 49_999 }))).toEqual([])
    expect(dueReasons(km, used({ mileageKm: 50_000 }))).toEqual(['km'])
    const months = nextService(every({ everyMonths: 6 }), LAST)
    expect(dueReasons(months, used({ today: '2026-07-30' }))).toEqual([])
    expect(dueReasons(months, used({ today: '2026-07-31' }))).toEqual(['months'])
    const rented = nextService(every({ everyRentedDays: 90 }), LAST)
    expect(dueReasons(rented, used({ rentedDays: 89 }))).toEqual([])
    expect(dueReasons(rented, used({ rentedDays: 90 }))).toEqual(['rented_days'])
  })

  it('is due by whichever comes first, and names all that has come', () => {
    const next = nextService({ everyKm: 10_000, everyMonths: 6, everyRentedDays: 90 }, LAST)
    expect(dueReasons(next, used({ rentedDays: 90 }))).toEqual(['rented_days'])
    expect(dueReasons(next, used({ mileageKm: 50_000, today: '2026-08-01' }))).toEqual([
      'km',
      'months',
    ])
  })

  it('is never due where nothing is counted', () => {
    fc.assert(
      fc.property(lasts, uses, (last, use) => {
        expect(serviceStanding(nextService(every({}), last), use)).toBe('not_due')
      }),
    )
  })

  it('comes soon, is due, and is overdue once its leeway is over', () => {
    const next = nextService(every({ everyKm: 10_000 }), LAST)
    const at = (km: number) => serviceStanding(next, used({ mileageKm: 50_000 + km }))
    expect(at(-SERVICE_LEEWAY.soon.km - 1)).toBe('not_due')
    expect(at(-SERVICE_LEEWAY.soon.km)).toBe('soon')
    expect(at(-1)).toBe('soon')
    expect(at(0)).toBe('due')
    expect(at(SERVICE_LEEWAY.late.km)).toBe('due')
    expect(at(SERVICE_LEEWAY.late.km + 1)).toBe('overdue')
  })

  it('gives days and rented days their own leeway', () => {
    const months = nextService(every({ everyMonths: 1 }), { on: '2026-03-01', atKm: 0 })
    const on = (today: string) => serviceStanding(months, used({ today }))
    expect(['2026-03-17', '2026-03-18', '2026-04-01'].map(on)).toEqual(['not_due', 'soon', 'due'])
    expect(['2026-04-15', '2026-04-16'].map(on)).toEqual(['due', 'overdue'])
    const rented = nextService(every({ everyRentedDays: 90 }), LAST)
    const after = (rentedDays: number) => serviceStanding(rented, used({ rentedDays }))
    expect([82, 83, 90, 97, 98].map(after)).toEqual(['not_due', 'soon', 'due', 'due', 'overdue'])
  })

  it('is due or overdue exactly where a limit is reached', () => {
    fc.assert(
      fc.property(intervals, lasts, uses, (interval, last, use) => {
        const next = nextService(interval, last)
        const reached = ['due', 'overdue'].includes(serviceStanding(next, use))
        expect(reached).toBe(dueReasons(next, use).length > 0)
      }),
    )
  })

  it('never comes later because a car was driven or rented more, or because another limit is counted', () => {
    const order = ['not_due', 'soon', 'due', 'overdue']
    fc.assert(
      fc.property(
        intervals,
        lasts,
        uses,
        fc.nat(20_000),
        fc.nat(500),
        (one, last, use, km, more) => {
          const standing = (interval: ServiceInterval, at: CarUse) =>
            order.indexOf(serviceStanding(nextService(interval, last), at))
          const further = {
            ...use,
            mileageKm: use.mileageKm + km,
            rentedDays: use.rentedDays + more,
          }
          expect(standing(one, further)).toBeGreaterThanOrEqual(standing(one, use))
          const fewer = { ...one, everyMonths: null }
          expect(standing(one, use)).toBeGreaterThanOrEqual(standing(fewer, use))
        },
      ),
    )
  })
})

describe('states of a service', () => {
  const all: MaintenanceStatus[] = ['scheduled', 'in_progress', 'completed', 'cancelled', 'overdue']

  it('end with completed and cancelled', () => {
    for (const to of all) {
      expect(mayBecome('completed', to)).toBe(false)
      expect(mayBecome('cancelled', to)).toBe(false)
    }
  })

  it('know no completed service that was not begun', () => {
    expect(mayBecome('scheduled', 'completed')).toBe(false)
    expect(mayBecome('in_progress', 'completed')).toBe(true)
    expect(mayBecome('overdue', 'completed')).toBe(true)
  })

  it('never stay as they are', () => {
    for (const one of all) expect(mayBecome(one, one)).toBe(false)
  })
})

describe('what a workshop hands back', () => {
  const part = { name: 'Oil filter', quantity: 2, unitPrice: shillings(850) }
  const answer = { odometerKm: 50_000, labour: shillings(3_000), parts: [part] }

  it('costs its labour and each part as often as it was needed', () => {
    expect(maintenanceCost(answer.labour, answer.parts)).toBe(shillings(4_700))
    expect(maintenanceCost(ZERO, [])).toBe(ZERO)
  })

  it('is taken with the odometer as it was, and refused with a lower one', () => {
    expect(workshopProblems(answer, 50_000)).toEqual([])
    expect(workshopProblems(answer, 50_001)).toEqual(['odometer_lower'])
  })

  it('is refused where the car was driven further than to a workshop', () => {
    const { furthestKm } = MAINTENANCE_LIMITS
    const driven = (km: number) => workshopProblems({ ...answer, odometerKm: 50_000 + km }, 50_000)
    expect(driven(furthestKm)).toEqual([])
    expect(driven(furthestKm + 1)).toEqual(['odometer_too_far'])
  })

  it('says all at once that is wrong with it', () => {
    const none = { ...part, quantity: 0, unitPrice: cents(-1) }
    const parts = Array.from({ length: MAINTENANCE_LIMITS.parts + 1 }, () => none)
    expect(workshopProblems({ ...answer, odometerKm: 1, parts }, 50_000)).toEqual([
      'odometer_lower',
      'cost_below_zero',
      'part_not_counted',
      'too_many_parts',
    ])
  })
})
