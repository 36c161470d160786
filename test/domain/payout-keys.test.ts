import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { attemptOf, payoutKey } from '../../domain/refunds.ts'

test('a payout’s key says which attempt it was, and other ids of M-Pesa say the first', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 50 }), (refundId, attempt) => {
      expect(attemptOf(refundId, payoutKey(refundId, attempt))).toBe(attempt)
      expect(attemptOf(refundId, `AG_20261121_${attempt}-7`)).toBe(1)
      expect(attemptOf(refundId, null)).toBe(1)
    }),
  )
})
