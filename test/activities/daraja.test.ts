import { describe, expect, jest, test } from '@jest/globals'
import { createDarajaActivities } from '../../activities/daraja.ts'
import { CALLBACKS, type CallbackKind } from '../../domain/callbacks.ts'
import { shillings } from '../../domain/money.ts'
import { PAID_BY_HAND } from '../../domain/paid-by-hand.ts'
import { isOurOwnTrouble, passesByItself } from '../../domain/refund-refusals.ts'
import type { Daraja } from '../../gateways/daraja.ts'
import { createCallbackUrl, createSecretPaths } from '../../gateways/secret-paths.ts'

const accepted = {
  outcome: 'accepted' as const,
  conversationId: 'AG_1',
  originatorConversationId: 'o-1',
}
const daraja = {
  requestPayout: jest.fn<Daraja['requestPayout']>(async () => accepted),
  requestTransactionStatus: jest.fn<Daraja['requestTransactionStatus']>(async () => accepted),
  requestAccountBalance: jest.fn<Daraja['requestAccountBalance']>(async () => accepted),
}
const activities = createDarajaActivities({
  daraja: daraja as Partial<Daraja> as Daraja,
  callbackUrl: (kind, subjectId) => `https://gari.example/${kind}/${subjectId}`,
})
const reportTo = (kind: CallbackKind, subjectId: string) => ({
  resultUrl: `https://gari.example/${kind}/${subjectId}`,
  timeoutUrl: `https://gari.example/${kind}-timeout/${subjectId}`,
})

test('a payout reports to its own address', async () => {
  const payout = { payoutId: 'p-1', phone: '+254712345678', amount: shillings(500), remarks: 'R' }
  expect(await activities.requestPayout(payout)).toEqual(accepted)
  expect(daraja.requestPayout).toHaveBeenCalledWith({ ...payout, ...reportTo('payout', 'p-1') })
})

test.each(['status', 'refund-status'] as const)('a %s reports to who asked', async (kind) => {
  await activities.requestTransactionStatus({
    kind,
    subjectId: 's-1',
    conversationId: 'p-1',
    remarks: 'R',
  })
  expect(daraja.requestTransactionStatus).toHaveBeenLastCalledWith(
    expect.objectContaining({ conversationId: 'p-1', ...reportTo(kind, 's-1') }),
  )
})

test('a balance reports to its own address', async () => {
  await activities.requestAccountBalance({ subjectId: 'b-1', remarks: 'R', account: 'payout' })
  expect(daraja.requestAccountBalance).toHaveBeenCalledWith(
    expect.objectContaining({ account: 'payout', ...reportTo('balance', 'b-1') }),
  )
})

test('no address that Daraja is given holds a word that Safaricom bans', () => {
  const url = createCallbackUrl('https://gari.example', createSecretPaths('secret'))
  for (const kind of Object.keys(CALLBACKS) as CallbackKind[])
    expect(url(kind, '3f0c5a7e-58c2-4b0c-9a6f-3b1c1d7b8f10')).not.toMatch(
      /m-?pesa|safaricom|exe|cmd|sql|query/i,
    )
})

describe('of a refund that somebody says they paid by hand', () => {
  const guarded = (isSaidPaid: () => Promise<boolean>) =>
    createDarajaActivities({
      daraja: daraja as Partial<Daraja> as Daraja,
      callbackUrl: (kind, id) => `https://gari.example/${kind}/${id}`,
      isSaidPaid,
    })
  const back = { receipt: 'UKL5ABC12D', amount: shillings(500), ownerNumber: 'RSV-26-000123' }
  const payout = { payoutId: 'p-9', subjectId: 'r-9', phone: '+254712345678', remarks: 'R' }
  const sendAll = async (calls: ReturnType<typeof guarded>) => [
    await calls.requestReversal({ ...back, refundId: 'r-9' }),
    await calls.requestPayout({ ...payout, amount: shillings(500) }),
  ]

  test('nothing is sent, and no other way is tried', async () => {
    daraja.requestPayout.mockClear()
    const answers = await sendAll(guarded(() => Promise.resolve(true)))
    expect(answers).toEqual(Array(2).fill(expect.objectContaining({ code: PAID_BY_HAND })))
    expect(daraja.requestPayout).not.toHaveBeenCalled()
    expect(isOurOwnTrouble(PAID_BY_HAND)).toBe(true)
  })

  test('nothing is sent while the books cannot be asked; it passes by itself', async () => {
    daraja.requestPayout.mockClear()
    const answers = await sendAll(guarded(() => Promise.reject(new Error('away'))))
    for (const answer of answers)
      expect(answer.outcome === 'refused' && passesByItself(answer.code)).toBe(true)
    expect(daraja.requestPayout).not.toHaveBeenCalled()
  })
})
