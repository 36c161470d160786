/** What is owed when a car comes back: each rule at its edges, and whatever comes back it is never less than nothing nor a lottery. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { shillings, ZERO, type Cents } from '../../domain/money.ts'
import { chargesOf, termsOf, totalOf, type Comparison } from '../../domain/rental-charges.ts'
import { CLEANLINESS, newMarks, type ConditionCheck } from '../../domain/rentals.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'

const RATES = {
  perKmRate: shillings(30),
  hourlyRate: shillings(600),
  dailyRate: shillings(4_500),
}
const PICKED_UP = new Date('2026-11-27T07:00:00Z')
const DUE = new Date(PICKED_UP.getTime() + 3 * DAY_MS)
const before: ConditionCheck = {
  odometerKm: 50_000,
  fuelEighths: 8,
  cleanliness: 'clean',
  marks: [],
}
const compared = (
  after: Partial<ConditionCheck> = {},
  over: Partial<Comparison> = {},
): Comparison => ({
  terms: termsOf(RATES, 40),
  before,
  after: { ...before, odometerKm: 50_300, ...after },
  pickedUpAt: PICKED_UP,
  dueAt: DUE,
  returnedAt: DUE,
  otherPlaceFee: ZERO,
  damage: [],
  ...over,
})
const amounts = (one: Comparison) => chargesOf(one).map(({ kind, amount }) => [kind, amount])
const lateBy = (ms: number) => amounts(compared({}, { returnedAt: new Date(DUE.getTime() + ms) }))

describe('a car that comes back as it left', () => {
  it('owes nothing', () => {
    expect(chargesOf(compared())).toEqual([])
  })
})

describe('kilometres', () => {
  it('are free up to 200 for each begun day, and cost their rate from the next one on', () => {
    expect(amounts(compared({ odometerKm: 50_600 }))).toEqual([])
    expect(amounts(compared({ odometerKm: 50_601 }))).toEqual([['extra_km', shillings(30)]])
  })

  it('are not fewer because the car is back early', () => {
    const early = { returnedAt: new Date(PICKED_UP.getTime() + HOUR_MS) }
    expect(amounts(compared({ odometerKm: 50_600 }, early))).toEqual([])
  })
})

describe('fuel', () => {
  it('is whole litres of what is missing, and the way to the petrol station once', () => {
    expect(amounts(compared({ fuelEighths: 6 }))).toEqual([['fuel', shillings(10 * 190 + 500)]])
  })

  it('that is more than before is a gift', () => {
    const half = { before: { ...before, fuelEighths: 4 } }
    expect(amounts(compared({ fuelEighths: 8 }, half))).toEqual([])
  })
})

describe('a late return', () => {
  it('costs nothing within the grace, and from its end on each hour since it was due', () => {
    expect(lateBy(59 * MINUTE_MS)).toEqual([])
    expect(lateBy(59 * MINUTE_MS + 1)).toEqual([['late', shillings(600)]])
    expect(lateBy(HOUR_MS + 1)).toEqual([['late', shillings(1_200)]])
  })

  it('never costs more for a day than a day', () => {
    expect(lateBy(20 * HOUR_MS)).toEqual([['late', shillings(4_500)]])
    expect(lateBy(DAY_MS + 2 * HOUR_MS)).toEqual([['late', shillings(4_500 + 1_200)]])
  })
})

describe('dirt, places and damage', () => {
  it('are lines of their own', () => {
    const dent = { place: 'boot', kind: 'dent' } as const
    const found = compared(
      { cleanliness: 'very_dirty' },
      { otherPlaceFee: shillings(3_000), damage: [{ mark: dent, amount: shillings(8_000) }] },
    )
    expect(amounts(found)).toEqual([
      ['cleaning', shillings(5_000)],
      ['other_place', shillings(3_000)],
      ['damage', shillings(8_000)],
    ])
  })

  it('that was there before is nobody’s debt', () => {
    const dirty = { before: { ...before, cleanliness: 'dirty' as const } }
    expect(amounts(compared({ cleanliness: 'dirty' }, dirty))).toEqual([])
  })
})

it('a mark is new when there are more of its kind in its place than before', () => {
  const scratch = { place: 'rear', kind: 'scratch' } as const
  const dent = { place: 'rear', kind: 'dent' } as const
  expect(newMarks([scratch], [scratch])).toEqual([])
  expect(newMarks([scratch], [scratch, scratch, dent])).toEqual([scratch, dent])
  expect(newMarks([scratch, dent], [])).toEqual([])
})

const anything = fc.record({
  km: fc.integer({ min: 0, max: 20_000 }),
  fuel: fc.integer({ min: 0, max: 8 }),
  fuelBefore: fc.integer({ min: 0, max: 8 }),
  lateMinutes: fc.integer({ min: -3 * 24 * 60 + 1, max: 60 * 24 * 30 }),
  cleanliness: fc.constantFrom(...CLEANLINESS),
  tank: fc.integer({ min: 10, max: 120 }),
})
type Anything = typeof anything extends fc.Arbitrary<infer T> ? T : never
const built = ({ km, fuel, fuelBefore, lateMinutes, cleanliness, tank }: Anything): Comparison =>
  compared(
    { odometerKm: 50_000 + km, fuelEighths: fuel, cleanliness },
    {
      terms: termsOf(RATES, tank),
      before: { ...before, fuelEighths: fuelBefore },
      returnedAt: new Date(DUE.getTime() + lateMinutes * MINUTE_MS),
    },
  )
const totalFor = (one: Anything): Cents => totalOf(chargesOf(built(one)))

describe('whatever comes back', () => {
  it('owes whole shillings of each kind at most once, never a negative amount', () => {
    fc.assert(
      fc.property(anything, (one) => {
        const charges = chargesOf(built(one))
        expect(charges.every(({ amount }) => amount > 0 && amount % 100 === 0)).toBe(true)
        expect(new Set(charges.map(({ kind }) => kind)).size).toBe(charges.length)
      }),
    )
  })

  it('never owes less for less fuel, more dirt, or a later hour of the same day', () => {
    fc.assert(
      fc.property(anything, (one) => {
        const total = totalFor(one)
        expect(totalFor({ ...one, fuel: Math.max(0, one.fuel - 1) })).toBeGreaterThanOrEqual(total)
        expect(totalFor({ ...one, cleanliness: 'very_dirty' })).toBeGreaterThanOrEqual(total)
        expect(totalFor({ ...one, km: one.km + 1 })).toBeGreaterThanOrEqual(total)
        // Another day brings free kilometres along, so later is compared where nobody drove more than these.
        const near = { ...one, km: 0 }
        expect(totalFor({ ...near, lateMinutes: one.lateMinutes + 1 })).toBeGreaterThanOrEqual(
          totalFor(near),
        )
      }),
    )
  })
})
