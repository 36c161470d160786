/** Reasons of the books in a person's words; what people typed is left as it is. */
import { expect, test } from '@jest/globals'
import { whyWords } from '../../views/why-words.ts'

test.each([
  ['charge CHG-26-000001 ended: desk', 'Charge CHG-26-000001: cancelled by our staff'],
  ['booking RSV-26-000019 ended: deadline', 'Booking RSV-26-000019: not paid in time'],
  ['booking RSV-26-000019 ended: something_new', 'Booking RSV-26-000019: it ended'],
  ['by callback', 'M-Pesa told us'],
  ['The car had a flat tyre', 'The car had a flat tyre'],
])('%s', (written, said) => {
  expect(whyWords(written)).toBe(said)
})
