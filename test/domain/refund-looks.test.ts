import { expect, it } from '@jest/globals'
import { lookAgainMs } from '../../domain/refunds.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'

it('a refund that lacks something looks again soon as long as M-Pesa’s list may bring it, and rarely afterwards', () => {
  expect([1, 2, 3, 4, 5, 6].map(lookAgainMs)).toEqual(
    [1, 2, 4, 8, 15, 15].map((one) => one * MINUTE_MS),
  )
  let passed = 0
  let looks = 0
  while (passed < 48 * HOUR_MS) passed += lookAgainMs((looks += 1))
  expect(lookAgainMs(looks)).toBe(15 * MINUTE_MS)
  expect(lookAgainMs(looks + 10)).toBe(6 * HOUR_MS)
})
