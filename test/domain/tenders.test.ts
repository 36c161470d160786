import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cents, shillings, subtract } from '../../domain/money.ts'
import {
  bookedAmount,
  changeFor,
  changeOf,
  DENOMINATIONS,
  piecesFor,
  type Tender,
} from '../../domain/tenders.ts'
import { countedTotal, type Counts } from '../../domain/tills.ts'

const amounts = fc.integer({ min: 1, max: 2_000_000 }).map(shillings)

describe('change', () => {
  it('and what is booked add up to what was given, and nothing is kept unasked', () => {
    fc.assert(
      fc.property(amounts, amounts, fc.boolean(), (amount, given, keepChange) => {
        const change = changeFor(amount, given)
        if (given < amount) return expect(change).toBeNull()
        const tender: Tender = { method: 'cash', given, keepChange }
        const [booked, back] = [bookedAmount({ amount, tender }), changeOf({ amount, tender })]
        expect(booked + back).toBe(given)
        expect(back).toBe(keepChange ? 0 : subtract(given, amount))
        return undefined
      }),
    )
  })

  it('is never counted in cents: cash has none', () => {
    expect(changeFor(shillings(100), cents(10_050))).toBeNull()
  })

  it('is made of notes and coins that exist and sum to it', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const counts: Counts = {}
        for (const { value, count } of piecesFor(amount)) counts[value] = count
        expect(countedTotal(counts)).toBe(amount)
      }),
    )
  })
})

describe('counting a till', () => {
  it('adds up every note and coin, and what is not counted is not there', () => {
    const counts = fc.record(Object.fromEntries(DENOMINATIONS.map((one) => [one, fc.nat(500)])), {
      requiredKeys: [],
    })
    fc.assert(
      fc.property(counts, (counted) => {
        const sum = DENOMINATIONS.reduce((all, one) => all + one * (counted[one] ?? 0), 0)
        expect(countedTotal(counted as Counts)).toBe(shillings(sum))
      }),
    )
    expect(countedTotal({})).toBe(0)
  })
})
