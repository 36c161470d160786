import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { creditLines, leftOf, spreadOverRates } from '../../domain/credit-notes.ts'
import { toLine, totalsOf, type InvoiceLine, type LineWish } from '../../domain/invoices.ts'
import { cents, shillings, subtract, vatInside, type Cents } from '../../domain/money.ts'

const line = (unitPrice: Cents, over: Partial<LineWish> = {}) =>
  toLine({ description: 'Car rental', quantity: 1, unitPrice, vatRate: 16, ...over })
const credit = (invoiced: InvoiceLine[], notes: InvoiceLine[], amount: Cents) => {
  const left = leftOf(invoiced, notes)
  return creditLines(left, spreadOverRates(left, amount, 'Refund')) ?? []
}
const amounts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 60 })

describe('credit notes', () => {
  it('of whatever parts leave the VAT of exactly what is kept, to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), amounts, (price, parts) => {
        const invoiced = [line(cents(price))]
        const notes: InvoiceLine[] = []
        let kept = cents(price)
        for (const part of parts) {
          const amount = cents(Math.min(part, kept))
          if (amount === 0) break
          notes.push(...credit(invoiced, notes, amount))
          kept = subtract(kept, amount)
          const [had, gone] = [totalsOf(invoiced), totalsOf(notes)]
          expect(subtract(had.gross, gone.gross)).toBe(kept)
          expect(subtract(had.vat, gone.vat)).toBe(vatInside(kept).vat)
        }
      }),
    )
  })

  it('of all of it take back its VAT, whatever its lines were rounded to, and never a negative line', () => {
    const wishes = fc.array(
      fc.record({
        price: fc.integer({ min: 1, max: 90_000 }),
        quantity: fc.integer({ min: 1, max: 9 }),
        vatRate: fc.constantFrom(16 as const, 0 as const),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(wishes, amounts, (lines, parts) => {
        const invoiced = lines.map(({ price, ...over }) => line(cents(price), over))
        const notes: InvoiceLine[] = []
        let rest = totalsOf(invoiced).gross
        for (const part of [...parts, rest]) {
          const amount = cents(Math.min(part, rest))
          if (amount === 0) break
          notes.push(...credit(invoiced, notes, amount))
          rest = subtract(rest, amount)
        }
        expect(totalsOf(notes)).toEqual(totalsOf(invoiced))
        for (const { net, vat, gross } of notes) {
          expect(net + vat).toBe(gross)
          expect(Math.min(net, vat)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('of three cents at a time round no VAT away', () => {
    const invoiced = [line(shillings(3))]
    const notes: InvoiceLine[] = []
    for (let n = 0; n < 50; n += 1) notes.push(...credit(invoiced, notes, cents(3)))
    expect(totalsOf(notes)).toMatchObject({ gross: 150, vat: 41 - vatInside(cents(150)).vat })
  })

  it('never take more of a rate than the invoice has of it', () => {
    const left = leftOf([line(shillings(10), { vatRate: 0 })], [])
    expect(
      creditLines(left, [{ description: 'x', quantity: 1, unitPrice: shillings(1), vatRate: 16 }]),
    ).toBeNull()
  })
})
