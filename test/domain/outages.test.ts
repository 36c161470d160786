import { expect, it } from '@jest/globals'
import { lookAgainAfter } from '../../domain/outages.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'

const BEGAN = new Date('2026-11-20T08:00:00Z')
const after = (ms: number) => lookAgainAfter(BEGAN, new Date(BEGAN.getTime() + ms))

it('a request that waits looks often at first, then less often the longer M-Pesa is away', () => {
  expect(after(0)).toBe(15_000)
  expect(after(2 * MINUTE_MS)).toBe(15_000)
  expect(after(10 * MINUTE_MS)).toBe(MINUTE_MS)
  expect(after(30 * MINUTE_MS)).toBe(3 * MINUTE_MS)
  expect(after(12 * HOUR_MS)).toBe(3 * MINUTE_MS)
})
