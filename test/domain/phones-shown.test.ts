/** Phones as pages show them. */
import { expect, it } from '@jest/globals'
import { ERASED_PHONE } from '../../domain/erasures.ts'
import { maskPhone } from '../../domain/payments.ts'

it.each([
  ['+254712345678', '0712 *** 678'],
  ['2547 ***** 126', '07 * *** 126'],
  [ERASED_PHONE, ''],
  ['erased 0', ''],
])('%s is shown as %j', (phone, shown) => {
  expect(maskPhone(phone)).toBe(shown)
})
