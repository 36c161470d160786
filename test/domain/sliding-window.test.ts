/** How long to wait is neither too short nor a moment too long. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seenIn, waitMs, waitSeconds, type Window } from '../../domain/sliding-window.ts'

/** The same counters later, when nobody has asked meanwhile. */
function later({ hits, before, elapsedMs, windowMs }: Window, byMs: number): Window {
  const at = elapsedMs + byMs
  if (at < windowMs) return { hits, before, elapsedMs: at, windowMs }
  if (at < 2 * windowMs) return { hits: 0, before: hits, elapsedMs: at - windowMs, windowMs }
  return { hits: 0, before: 0, elapsedMs: 0, windowMs }
}

const windows = fc
  .record({
    hits: fc.integer({ min: 0, max: 50 }),
    before: fc.integer({ min: 0, max: 50 }),
    part: fc.double({ min: 0, max: 0.999, noNaN: true }),
    windowMs: fc.constantFrom(1_000, 60_000, 900_000, 3_600_000),
  })
  .map(({ part, ...rest }) => ({ ...rest, elapsedMs: Math.floor(part * rest.windowMs) }))
const limits = fc.integer({ min: 1, max: 60 })

describe('a sliding window', () => {
  it('counts the last window by what of it is still inside', () => {
    expect(seenIn({ hits: 2, before: 10, elapsedMs: 0, windowMs: 60_000 })).toBe(12)
    expect(seenIn({ hits: 2, before: 10, elapsedMs: 30_000, windowMs: 60_000 })).toBe(7)
  })

  it('has room for one more when the wait is over', () => {
    fc.assert(
      fc.property(windows, limits, (window, most) => {
        expect(seenIn(later(window, waitMs(window, most)))).toBeLessThan(most)
      }),
    )
  })

  it('had none a moment before', () => {
    fc.assert(
      fc.property(windows, limits, (window, most) => {
        const wait = waitMs(window, most)
        fc.pre(wait > 2)
        expect(seenIn(later(window, wait - 2))).toBeGreaterThanOrEqual(most)
      }),
      // Parts that no fraction of the machine's says exactly were a millisecond off.
      { examples: [[{ hits: 2, before: 45, windowMs: 900_000, elapsedMs: 0 }, 28]] },
    )
  })

  it('waits for a part of the window, not for the whole', () => {
    const window = { hits: 3, before: 10, elapsedMs: 30_000, windowMs: 60_000 }
    expect(waitSeconds(window, 8)).toBe(1)
    expect(waitSeconds(window, 5)).toBe(19)
    expect(waitSeconds({ ...window, hits: 0 }, 100)).toBe(0)
  })
})
