/** What is looked up is one thing, however it was typed. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plainLicence, plainPhone } from '../../domain/personal-words.ts'

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: least, maxLength: most })
const phones = fc
  .tuple(fc.constantFrom(...'123456789'.split('')), digits(6, 14))
  .map(([first, rest]) => `+${first}${rest}`)

/** The same text with blanks and dashes anywhere but in front. */
const spaced = (text: string, at: readonly number[], sign: string) =>
  text
    .split('')
    .map((one, nth) => (nth > 0 && at.includes(nth) ? sign + one : one))
    .join('')

describe('a phone', () => {
  it('is the same with blanks, dashes, dots and brackets in it', () => {
    fc.assert(
      fc.property(
        phones,
        fc.array(fc.nat(15)),
        fc.constantFrom(' ', '-', '.', '(', ')', '\u00a0'),
        (phone, at, sign) => {
          expect(plainPhone(spaced(phone, at, sign))).toBe(phone)
        },
      ),
    )
  })

  it.each(['0712345678', '254712345678', '+2547', '+0712345678', '', '+25471234567x', '5678'])(
    'is none without its country or its end: %p',
    (text) => {
      expect(() => plainPhone(text)).toThrow(RangeError)
    },
  )
})

describe('a licence', () => {
  it('is the same in small letters, with blanks and with dashes, and stays the same when it is made plain again', () => {
    const numbers = fc.string({
      unit: fc.constantFrom(...'ABCXYZ0189'.split('')),
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(
        numbers,
        fc.array(fc.nat(19)),
        fc.constantFrom(' ', '-', '/', '\t'),
        (number, at, sign) => {
          expect(plainLicence(spaced(number.toLowerCase(), at, sign))).toBe(number)
          expect(plainLicence(plainLicence(number))).toBe(plainLicence(number))
        },
      ),
    )
  })

  it('is none when nothing but signs is left', () => {
    expect(plainLicence(' - / ')).toBe('')
  })
})
