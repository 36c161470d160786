import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  add,
  cents,
  formatKes,
  fromDecimal,
  negate,
  shillings,
  splitEqually,
  toDecimal,
  toShillings,
  vatInside,
} from '../../domain/money.ts'

const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map(cents)
const total = fc.integer({ min: 1, max: 10_000_000 }).map(shillings)

describe('money', () => {
  it('survives the trip through a decimal string', () => {
    fc.assert(fc.property(amount, (one) => expect(fromDecimal(toDecimal(one))).toBe(one)))
  })

  it('refuses fractions of a cent and numbers that a double cannot hold', () => {
    expect(() => cents(0.5)).toThrow(RangeError)
    expect(() => cents(2 ** 53)).toThrow(RangeError)
    expect(() => toShillings(cents(150))).toThrow(RangeError)
  })

  it.each(['', '-5', '+5', '1,000', '1e3', '5.', '.5', '0.001', '٣', ' 5', '01', 'NaN'])(
    'does not read %j as an amount',
    (text) => expect(fromDecimal(text)).toBeNull(),
  )

  it.each([
    ['4500', 450_000],
    ['4500.5', 450_050],
    ['0.01', 1],
  ])('reads %s', (text, value) => expect(fromDecimal(text)).toBe(value))

  it('is written as people write it', () => {
    expect(formatKes(shillings(4_500))).toBe('KSh 4,500')
    expect(formatKes(cents(123_456_789))).toBe('KSh 1,234,567.89')
    expect(formatKes(shillings(0))).toBe('KSh 0')
    expect(formatKes(shillings(-50))).toBe('-KSh 50')
    expect(negate(shillings(0))).toBe(0)
  })

  it('is split into whole shillings that add up, the rest going to the first', () => {
    fc.assert(
      fc.property(total, fc.integer({ min: 1, max: 10 }), (whole, parties) => {
        const [first, ...others] = splitEqually(whole, parties)
        expect(add(first ?? cents(0), ...others)).toBe(whole)
        for (const share of others) {
          expect(share % 100).toBe(0)
          expect(first).toBeGreaterThanOrEqual(share)
        }
        expect((first ?? 0) - (others[0] ?? first ?? 0)).toBeLessThan(parties * 100)
      }),
    )
  })

  it('holds 16 % VAT, to the cent', () => {
    fc.assert(
      fc.property(amount, (gross) => {
        const { net, vat } = vatInside(gross)
        expect(net + vat).toBe(gross)
        expect(Math.abs(vat - net * 0.16)).toBeLessThanOrEqual(1)
      }),
    )
    expect(vatInside(shillings(11_600))).toEqual({ net: 1_000_000, vat: 160_000 })
  })
})
