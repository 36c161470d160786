/** Who hears that money went back, and in which words: each way of giving it back has its own. */
import { describe, expect, test } from '@jest/globals'
import { chargeNoticesFor } from '../../domain/charge-notices.ts'
import { shillings } from '../../domain/money.ts'
import { noticesFor } from '../../domain/notices.ts'

const FACTS = {
  customer: { email: 'wanjiku@example.com', phone: '+254712345678' },
  parties: [{ id: 'friend', share: 5_000, paid: 5_000, declined: false }],
}
const heard = (type: string, method: string, over: object = {}) => ({
  type: `gari.${type}.v1`,
  data: { party_id: 'friend', amount: '700.00', method, whole: false, ...over },
})
const told = (event: ReturnType<typeof heard>) =>
  noticesFor(event, FACTS).map(({ channel, partyId, template }) => [channel, partyId, template])

describe('a part of a payment', () => {
  test.each(['payout', 'cash', 'by_hand', 'account'])(
    'that went back by %s is told to whoever paid, and by mail',
    (method) => {
      expect(told(heard('refund.settled', method))).toEqual([
        ['email', 'friend', 'part_refunded'],
        ['sms', 'friend', 'part_refunded'],
      ])
    },
  )

  test('that became credit again is told to the customer, whose credit it is', () => {
    expect(told(heard('refund.settled', 'credit'))).toEqual([
      ['email', null, 'to_credit'],
      ['sms', null, 'to_credit'],
    ])
  })
})

describe('a whole payment', () => {
  test.each([
    ['mpesa', 'friend', 'refunded'],
    ['cash', 'friend', 'part_refunded'],
    ['credit_card', 'friend', 'part_refunded'],
    ['credit', null, 'to_credit'],
  ])('by %s speaks of a phone only where there is one', (method, partyId, template) => {
    expect(told(heard('payment.refunded', method))).toEqual([
      ['email', partyId, template],
      ['sms', partyId, template],
    ])
  })

  test.each(['payout', 'credit'])('is told of once, not by its refund by %s besides', (method) => {
    expect(told(heard('refund.settled', method, { whole: true }))).toEqual([])
  })
})

test('of a charge that was paid from credit the customer hears that it is credit again', () => {
  const parties = [{ id: 'friend', share: shillings(700) }]
  const facts = { total: shillings(700), customer: FACTS.customer, parties }
  const notices = chargeNoticesFor(heard('payment.refunded', 'credit'), facts)
  expect(notices.map(({ template, partyId }) => [template, partyId])).toEqual([
    ['to_credit', null],
    ['to_credit', null],
  ])
})
