/** Documents add up, shares sum to the whole, and nobody is reminded of what is paid. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  documentNumber,
  dueAfter,
  isKraPin,
  openAmount,
  reminderPlan,
  splitByWeights,
  standingOf,
  toLine,
  totalsOf,
  type VatRate,
} from '../../domain/invoices.ts'
import { add, cents, shillings, vatInside, ZERO } from '../../domain/money.ts'

const amount = fc.integer({ min: 1, max: 100_000_000 }).map(cents)
const line = fc.record({
  description: fc.constant('Days'),
  quantity: fc.integer({ min: 1, max: 400 }),
  unitPrice: amount,
  vatRate: fc.constantFrom<VatRate>(0, 16),
})

describe('lines and totals', () => {
  it('add up: net + VAT = gross, in each line and in the whole', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (wishes) => {
        const lines = wishes.map(toLine)
        for (const { net, vat, gross } of lines) expect(net + vat).toBe(gross)
        const totals = totalsOf(lines)
        expect(totals.net + totals.vat).toBe(totals.gross)
        expect(totals.gross).toBe(wishes.reduce((sum, w) => sum + w.unitPrice * w.quantity, 0))
      }),
    )
  })

  it('hold the same VAT as the price that the customer saw', () => {
    const { vat, net } = toLine({
      description: 'Days',
      quantity: 3,
      unitPrice: shillings(4_500),
      vatRate: 16,
    })
    expect({ net, vat }).toEqual(vatInside(shillings(13_500)))
  })

  it('refuse a part of a day', () => {
    const wish = {
      description: 'Days',
      quantity: 1.5,
      unitPrice: shillings(1),
      vatRate: 16,
    } as const
    expect(() => toLine(wish)).toThrow(RangeError)
  })
})

describe('shares of one bill', () => {
  it('sum to the whole to the cent, and none is negative', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(amount, weights, (whole, given) => {
        const parts = splitByWeights(whole, given)
        expect(add(ZERO, ...parts)).toBe(whole)
        expect(parts.every((part) => part >= 0)).toBe(true)
      }),
    )
  })

  it('are at most a cent away from the exact proportion', () => {
    expect(splitByWeights(cents(1_000), [1, 1, 1])).toEqual([334, 333, 333])
    expect(splitByWeights(cents(1_000), [0, 1])).toEqual([0, 1_000])
  })
})

describe('numbers', () => {
  it('carry series, year and a rising count', () => {
    expect(documentNumber('INV', 2026, 1)).toBe('INV-26-000001')
    expect(documentNumber('CRN', 2026, 1_234_567)).toBe('CRN-26-1234567')
  })

  it.each([
    ['A123456789Z', true],
    ['P051234567X', true],
    ['P05123456X', false],
    ['p051234567x', false],
  ])('%s is a PIN: %s', (text, expected) => {
    expect(isKraPin(text)).toBe(expected)
  })
})

describe('an invoice', () => {
  const issued = new Date('2026-11-21T12:00:00+03:00')
  const dueAt = dueAfter(issued, 14)
  const base = { status: 'sent' as const, gross: shillings(100), credited: ZERO, paid: ZERO, dueAt }

  it('is due at the end of its last day in Nairobi', () => {
    expect(dueAt).toEqual(new Date('2026-12-06T00:00:00+03:00'))
  })

  it.each([
    ['is open before', {}, issued, 'sent'],
    ['is overdue after', {}, dueAt, 'overdue'],
    [
      'is paid when money and credit notes reach it',
      { paid: shillings(60), credited: shillings(40) },
      dueAt,
      'paid',
    ],
    ['is cancelled when all of it is credited', { credited: shillings(100) }, dueAt, 'cancelled'],
    ['stays a draft whatever the clock says', { status: 'draft' as const }, dueAt, 'draft'],
  ])('%s', (_, over, now, expected) => {
    expect(standingOf({ ...base, ...over }, now)).toBe(expected)
  })

  it('is never owed less than nothing', () => {
    expect(openAmount({ ...base, paid: shillings(60), credited: shillings(60) })).toBe(0)
  })

  it('is followed by reminders in the morning: 3 days before, on the day, 7 and 14 days after', () => {
    expect(reminderPlan(issued, dueAt).map(({ at }) => at.toISOString())).toEqual([
      '2026-12-02T06:00:00.000Z',
      '2026-12-05T06:00:00.000Z',
      '2026-12-12T06:00:00.000Z',
      '2026-12-19T06:00:00.000Z',
    ])
  })

  it('to be paid at once has no reminder before its issue', () => {
    const plan = reminderPlan(issued, dueAfter(issued, 0))
    expect(plan.map(({ reminder }) => reminder)).toEqual(['overdue_7', 'overdue_14'])
  })
})
