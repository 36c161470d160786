import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isOpenAt, hoursOn } from '../../domain/fleet.ts'
import { DEFAULT_POLICY, partPaidDeadline, periodProblem } from '../../domain/reservations.ts'
import {
  DAY_MS,
  formatTime,
  HOUR_MS,
  MINUTE_MS,
  parseTime,
  startOfDay,
  toFormTime,
  toNairobiIso,
} from '../../domain/time.ts'

const NOW = new Date('2026-11-21T09:00:00Z')
const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((at) => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS))
const after = (ms: number) => new Date(NOW.getTime() + ms)

describe('Nairobi time', () => {
  it('survives the trip through a form and through the API', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(parseTime(toFormTime(at))).toEqual(at)
        expect(parseTime(toNairobiIso(at))).toEqual(at)
      }),
    )
  })

  it.each(['', 'soon', '2026-02-30T10:00', '2026-13-01T10:00', '2026-12-01', '10:00'])(
    'does not take %j for a time',
    (text) => expect(parseTime(text)).toBeNull(),
  )

  it('is shown with the weekday, the year only when it is another', () => {
    expect(formatTime(new Date('2026-11-27T07:00:00Z'), NOW)).toBe('Fri 27 Nov, 10:00')
    expect(formatTime(new Date('2027-01-01T07:00:00Z'), NOW)).toBe('Fri 1 Jan 2027, 10:00')
  })

  it('begins a day at midnight in Nairobi', () => {
    expect(startOfDay(new Date('2026-11-21T21:30:00Z')).toISOString()).toBe(
      '2026-11-21T21:00:00.000Z',
    )
  })
})

describe('opening hours', () => {
  const weekdays = [1, 2, 3, 4, 5].map(() => ({ opens: 420, closes: 1200 }))
  const hours = [...weekdays, null, { opens: 0, closes: 1440 }]
  it.each([
    ['2026-11-23T04:00:00Z', true],
    ['2026-11-23T17:00:00Z', true],
    ['2026-11-23T17:01:00Z', false],
    ['2026-11-28T09:00:00Z', false],
    ['2026-11-29T20:59:00Z', true],
  ])('at %s open is %s', (at, open) => expect(isOpenAt(hours, new Date(at))).toBe(open))

  it('are told for the day', () => {
    expect(hoursOn(hours, new Date('2026-11-23T09:00:00Z'))).toBe('07:00 to 20:00')
    expect(hoursOn(hours, new Date('2026-11-28T09:00:00Z'))).toBe('closed')
  })
})

describe('a period', () => {
  it.each([
    [-HOUR_MS, DAY_MS, 'pickup_at'],
    [MINUTE_MS, DAY_MS, 'pickup_at'],
    [366 * DAY_MS, 367 * DAY_MS, 'pickup_at'],
    [DAY_MS, DAY_MS, 'return_at'],
    [2 * DAY_MS, DAY_MS, 'return_at'],
    [DAY_MS, DAY_MS + HOUR_MS, 'return_at'],
    [DAY_MS, 92 * DAY_MS, 'return_at'],
  ])('from +%d to +%d ms is refused beside %s', (from, to, field) => {
    expect(periodProblem(after(from), after(to), NOW)).toMatchObject({ field })
  })

  it('of a few days next week is fine', () => {
    expect(periodProblem(after(7 * DAY_MS), after(9 * DAY_MS), NOW)).toBeNull()
  })
})

describe('the deadline of a part-paid booking', () => {
  it('moves out by a day, but never beyond the pick-up', () => {
    const day = DEFAULT_POLICY.partPaidMs
    expect(partPaidDeadline(after(7 * DAY_MS), NOW, DEFAULT_POLICY)).toEqual(after(day))
    expect(partPaidDeadline(after(3 * HOUR_MS), NOW, DEFAULT_POLICY)).toEqual(after(3 * HOUR_MS))
  })
})
