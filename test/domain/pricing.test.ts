import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { add, shillings, ZERO } from '../../domain/money.ts'
import { quoteRental } from '../../domain/pricing.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'

const RATES = {
  dailyRate: shillings(5_000),
  hourlyRate: shillings(700),
  deposit: shillings(15_000),
}
const START = new Date('2026-12-01T07:00:00Z')
const quote = (ms: number, fee = ZERO) =>
  quoteRental(RATES, START, new Date(START.getTime() + ms), fee)
const length = fc.integer({ min: 2 * HOUR_MS, max: 90 * DAY_MS })

describe('the price of a rental', () => {
  it('is whole days at the daily rate', () => {
    expect(quote(3 * DAY_MS)).toMatchObject({ days: 3, hours: 0, total: shillings(15_000) })
  })

  it('adds begun hours', () => {
    expect(quote(DAY_MS + 2 * HOUR_MS + 1)).toMatchObject({
      days: 1,
      hours: 3,
      total: shillings(7_100),
    })
  })

  it('never asks more for hours than for another day', () => {
    expect(quote(DAY_MS + 8 * HOUR_MS)).toMatchObject({ days: 2, hours: 0 })
    expect(quote(DAY_MS + 24 * HOUR_MS - 1)).toMatchObject({ days: 2, hours: 0 })
  })

  it('shows the one-way fee as a line of its own, and the deposit outside the total', () => {
    const one = quote(DAY_MS, shillings(12_000))
    expect(one.lines.map(({ kind }) => kind)).toEqual(['days', 'one_way'])
    expect(one.total).toBe(shillings(17_000))
    expect(one.deposit).toBe(shillings(15_000))
  })

  it('is the sum of its lines, in whole shillings, and holds its VAT', () => {
    fc.assert(
      fc.property(length, (ms) => {
        const one = quote(ms)
        expect(add(ZERO, ...one.lines.map((line) => line.amount))).toBe(one.total)
        expect(one.total % 100).toBe(0)
        expect(one.net + one.vat).toBe(one.total)
      }),
    )
  })

  it('never falls when the car comes back later', () => {
    fc.assert(
      fc.property(length, length, (left, right) => {
        const [shorter, longer] = [Math.min(left, right), Math.max(left, right)]
        expect(quote(longer).total).toBeGreaterThanOrEqual(quote(shorter).total)
      }),
    )
  })
})
