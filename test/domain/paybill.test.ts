/** What people type as the account of a payment by hand. */
import { createHash } from 'node:crypto'
import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import { reservationNumber } from '../../domain/ids.ts'
import { numbersMeant, phoneAgrees } from '../../domain/paybill.ts'

const YEAR = 2026
const year = fc.integer({ min: YEAR - 2, max: YEAR })
const sequence = fc.integer({ min: 1, max: 2_000_000 })
const noise = fc.array(fc.constantFrom(' ', '-', '.', '/', '_', ':'), { maxLength: 3 })

test('however a whole number is spaced, dashed and cased, it is the one that is meant', () => {
  const decorated = fc.tuple(year, sequence, fc.infiniteStream(noise), fc.boolean())
  fc.assert(
    fc.property(decorated, ([given, nth, between, upper]) => {
      const number = reservationNumber(given, nth)
      const typed = Array.from(number.replaceAll('-', ''))
        .map((sign) => sign + (between.next().value ?? []).join(''))
        .join('')
      // Further than twice what the field takes nobody reads.
      fc.pre(typed.length <= 40)
      const meant = numbersMeant(upper ? typed.toUpperCase() : typed.toLowerCase(), YEAR)
      expect(meant[0]).toBe(number)
    }),
  )
})

test('whatever is typed, only numbers as we write them come out', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (typed) => {
      for (const one of numbersMeant(typed, YEAR)) expect(one).toMatch(/^(?:RSV|CHG)-\d\d-\d{6,}$/)
    }),
  )
})

test.each([
  ['RSV26000123'],
  ['RSV-26-000123'],
  [' rsv 26 000123 '],
  ['26-123'],
  ['26000123'],
  ['rsv 123'],
  ['RSV26OOO123'],
  ['rsv26OOOl23'],
  ['booking 26-123'],
  ['000123'],
])('%p may mean RSV-26-000123', (typed) => {
  expect(numbersMeant(typed, YEAR)).toContain('RSV-26-000123')
})

test('a charge is named by its own letters', () => {
  expect(numbersMeant('chg 26 000123', YEAR)).toEqual(['CHG-26-000123'])
})

test.each([['wanjiku'], [''], ['KDA 100A'], ['0712345678'], ['123'], ['RSV'], ['0'], ['RSV-00-0']])(
  '%p is no number of ours',
  (typed) => {
    expect(numbersMeant(typed, YEAR)).toEqual([])
  },
)

describe('the number that M-Pesa shows', () => {
  const phone = '+254712345678'
  const hash = createHash('sha256').update('254712345678').digest('hex')

  it.each([
    ['2547 ***** 678', true],
    ['254712***678', true],
    ['2547 ***** 679', false],
    ['2541 ***** 678', false],
    ['254712345678', true],
    ['0712345678', true],
    ['254712345679', false],
    [hash, true],
    [hash.toUpperCase(), true],
    [hash.replace(/^./, (sign) => (sign === '0' ? '1' : '0')), false],
    ['0712 *** 678', true],
    ['+254712345678', true],
    ['*****', null],
    ['', null],
    [null, null],
  ])('%p: %p', (shown, agrees) => {
    expect(phoneAgrees(shown, phone, hash)).toBe(agrees)
  })
})
