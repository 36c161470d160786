/** The times that a booking form offers to each who pays. */
import { expect, test } from '@jest/globals'
import { dueWithin, ownTimes } from '../../domain/own-times.ts'
import { HOUR_MS } from '../../domain/time.ts'

const NOW = new Date('2026-11-21T09:00:00Z')
const inHours = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS)
const policy = (hours: number) => ({ partPaidMs: hours * HOUR_MS })

test.each([
  [72, 24, [1, 2, 4, 8, 12]],
  [72, 6, [1, 2, 4]],
  [5, 24, [1, 2, 4]],
  [4, 24, [1, 2]],
  [1, 24, []],
])('a car fetched in %i h and held for %i h offers %j', (pickup, held, hours) => {
  expect(ownTimes(NOW, inHours(pickup), policy(held))).toEqual(hours)
})

test('only what was offered counts', () => {
  expect(dueWithin('2', [1, 2], NOW)).toBe(inHours(2).toISOString())
  for (const typed of ['', '4', '02', '2.0', '-1']) expect(dueWithin(typed, [1, 2], NOW)).toBeNull()
})
