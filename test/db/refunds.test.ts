import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction } from '../../db/connection.ts'
import { readBalances } from '../../db/ledger.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import {
  decideRefundFromMessage,
  recordRefundSent,
  refuseRefund,
  settleRefund,
} from '../../db/refund-settling.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { DEFAULT_APPROVAL_ABOVE } from '../../domain/refunds.ts'
import { add, negate } from '../../domain/money.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  buildPrompt,
  count,
  eventsOf,
  KSH_1000,
  nextReceipt,
  settle,
  type Prompted,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const open = (paymentId: string) =>
  inTransaction(db, (tx) =>
    openRefund(
      tx,
      { refundId: paymentId, paymentId, reason: 'as tested', actorId: 'clock' },
      policy,
    ),
  )
const policy = { approvalAbove: DEFAULT_APPROVAL_ABOVE, now: new Date() }
const ids = (id: string) => ({ conversationId: `AG_${id}`, originatorConversationId: `o-${id}` })
const sent = (id: string) => inTransaction(db, (tx) => recordRefundSent(tx, id, ids(id)))

/** A payment whose reversal is under way. */
async function buildSent(): Promise<Prompted> {
  const paid = await buildPaid(db, await buildBooking(db, { customerId }), KSH_1000)
  await open(paid.paymentId)
  await sent(paid.paymentId)
  return paid
}

async function hear(refundId: string, code: string, over: Partial<ReturnType<typeof ids>> = {}) {
  const { conversationId, originatorConversationId } = { ...ids(refundId), ...over }
  const body = {
    Result: {
      ResultCode: code,
      ConversationID: conversationId,
      OriginatorConversationID: originatorConversationId,
      TransactionID: nextReceipt(),
    },
  }
  return inTransaction(db, async (tx) => {
    const kind = 'reversal_result' as const
    const { messageId } = await storeMessage(tx, {
      kind,
      subjectId: refundId,
      body,
      sourceIp: null,
    })
    return decideRefundFromMessage(tx, refundId, messageId)
  })
}
const statusOf = async (id: string) => (await findPayment(db, id))?.status
const refundedEvents = async (id: string) =>
  (await eventsOf(db, id)).filter(({ type }) => type === 'payment.refunded')

describe('opening a refund', () => {
  it('plans the whole payment back, once, and the same again when asked again', async () => {
    const { paymentId } = await buildPaid(db, await buildBooking(db, { customerId }), KSH_1000)
    const plan = await open(paymentId)
    expect(plan).toMatchObject({ outcome: 'ready', amount: KSH_1000 })
    expect(await open(paymentId)).toEqual(plan)
    expect(await count(db, 'refunds WHERE payment_id = $1', [paymentId])).toBe(1)
    expect(await statusOf(paymentId)).toBe('refunding')
  })

  it('waits for the receipt that a query could not tell', async () => {
    const prompt = await buildPrompt(db, await buildBooking(db, { customerId }))
    await settle(db, prompt, null)
    expect(await open(prompt.paymentId)).toMatchObject({ outcome: 'blocked' })
    await settle(db, prompt)
    expect(await open(prompt.paymentId)).toMatchObject({ outcome: 'ready' })
  })

  it('without a receipt can be done by hand, and the books say so', async () => {
    const prompt = await buildPrompt(db, await buildBooking(db, { customerId }))
    await settle(db, prompt, null)
    await open(prompt.paymentId)
    const before = await readBalances(db)
    const how = { refundId: prompt.paymentId, receipt: null, actorId: 'ops', why: 'from the till' }
    await inTransaction(db, (tx) => settleRefund(tx, how))
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(negate(prompt.amount))
    expect(await statusOf(prompt.paymentId)).toBe('refunded')
    const told =
      "audit_entries WHERE entity = 'payment' AND entity_id = $1 AND actor = 'ops' AND why = 'from the till'"
    expect(await count(db, told, [prompt.paymentId])).toBe(1)
  })

  it('that was never opened cannot be settled in silence', async () => {
    const { paymentId } = await buildPaid(db, await buildBooking(db, { customerId }), KSH_1000)
    const settled = inTransaction(db, (tx) =>
      settleRefund(tx, { refundId: paymentId, receipt: null }),
    )
    await expect(settled).rejects.toThrow('never opened')
  })

  it('gives nothing back that never came', async () => {
    const prompt = await buildPrompt(db, await buildBooking(db, { customerId }))
    expect(await open(prompt.paymentId)).toMatchObject({ outcome: 'blocked' })
  })
})

describe('the result', () => {
  it.each(['0', 'R000001'])(
    '%s settles once: ledger turned round, event, payment refunded',
    async (code) => {
      const { paymentId } = await buildSent()
      const before = await readBalances(db)
      expect(await hear(paymentId, code)).toEqual({ outcome: 'settled' })
      expect(await hear(paymentId, code)).toEqual({ outcome: 'settled' })
      const after = await readBalances(db)
      expect(after.mpesa_clearing - before.mpesa_clearing).toBe(negate(KSH_1000))
      expect(after.refunds_due - before.refunds_due).toBe(KSH_1000)
      expect(await refundedEvents(paymentId)).toHaveLength(1)
      expect(await statusOf(paymentId)).toBe('refunded')
      expect(await open(paymentId)).toEqual({ outcome: 'done' })
    },
  )

  it('settles once also when it is heard by several at the same moment', async () => {
    const { paymentId } = await buildSent()
    await Promise.all([1, 2, 3, 4].map(() => hear(paymentId, '0')))
    expect(await refundedEvents(paymentId)).toHaveLength(1)
    expect(
      await count(db, "ledger_entries WHERE kind = 'refund' AND reference = $1", [paymentId]),
    ).toBe(1)
  })

  it('of refusal leaves the money on our books', async () => {
    const { paymentId } = await buildSent()
    const before = await readBalances(db)
    expect(await hear(paymentId, 'R000002')).toEqual({ outcome: 'refused', code: 'R000002' })
    expect(await readBalances(db)).toEqual(before)
    expect(await statusOf(paymentId)).toBe('refunding')
  })

  it('with ids of another refund decides nothing', async () => {
    const { paymentId } = await buildSent()
    const foreign = { conversationId: 'AG_other', originatorConversationId: 'o-other' }
    expect(await hear(paymentId, '0', foreign)).toEqual({ outcome: 'undecided' })
    expect(await statusOf(paymentId)).toBe('refunding')
  })

  it('comes even though the answer to our request was lost', async () => {
    const paid = await buildPaid(db, await buildBooking(db, { customerId }), KSH_1000)
    await open(paid.paymentId)
    await inTransaction(db, (tx) => recordRefundSent(tx, paid.paymentId, null))
    expect(await hear(paid.paymentId, '0')).toEqual({ outcome: 'settled' })
  })

  describe('about an earlier attempt', () => {
    const [OLD, NEW] = ['AG_old', 'AG_new']
    const status = (state: string, ids: [string, string]) => ({
      Result: {
        ResultCode: 0,
        ConversationID: 'AG_question',
        OriginatorConversationID: 'o-question',
        TransactionID: nextReceipt(),
        ResultParameters: {
          ResultParameter: [
            { Key: 'TransactionStatus', Value: state },
            { Key: 'ConversationID', Value: ids[0] },
            { Key: 'OriginatorConversationID', Value: ids[1] },
          ],
        },
      },
    })
    const answer = (refundId: string, state: string, ids: [string, string]) =>
      inTransaction(db, async (tx) => {
        const { messageId } = await storeMessage(tx, {
          kind: 'refund_status_result',
          subjectId: refundId,
          body: status(state, ids),
          sourceIp: null,
        })
        return decideRefundFromMessage(tx, refundId, messageId)
      })

    /** Refused once as a payout, and sent again; the second answer was lost when `conversationId` is null. */
    async function buildSecondAttempt(conversationId: string | null): Promise<string> {
      const { paymentId: id } = await buildPaid(
        db,
        await buildBooking(db, { customerId }),
        KSH_1000,
      )
      await open(id)
      const first = { conversationId: OLD, originatorConversationId: id }
      const second = { conversationId, originatorConversationId: `${id}-2` }
      await inTransaction(db, async (tx) => {
        await recordRefundSent(tx, id, first)
        await refuseRefund(tx, id, '2040')
        await recordRefundSent(tx, id, second)
      })
      return id
    }
    const refundOf = async (id: string) => (await findRefund(db, id))?.status

    it.each([NEW, null])('decides nothing about the one under way (%s)', async (conversationId) => {
      const id = await buildSecondAttempt(conversationId)
      expect(await answer(id, 'Declined', [OLD, id])).toEqual({ outcome: 'undecided' })
      expect(await answer(id, 'Completed', [OLD, id])).toEqual({ outcome: 'undecided' })
      const late = { conversationId: OLD, originatorConversationId: id }
      expect(await hear(id, 'R000002', late)).toEqual({ outcome: 'undecided' })
      expect(await refundOf(id)).toBe('sent')
    })

    it('leaves the word to an answer about the one under way', async () => {
      const id = await buildSecondAttempt(NEW)
      expect(await answer(id, 'Declined', [NEW, `${id}-2`])).toMatchObject({ outcome: 'refused' })
      const lost = await buildSecondAttempt(null)
      expect(await answer(lost, 'Completed', ['AG_never_told', `${lost}-2`])).toMatchObject({
        outcome: 'settled',
      })
    })
  })

  it('by hand is the same, and once', async () => {
    const { paymentId } = await buildSent()
    const byHand = () =>
      inTransaction(db, (tx) => settleRefund(tx, { refundId: paymentId, receipt: null }))
    await byHand()
    await byHand()
    expect(await refundedEvents(paymentId)).toHaveLength(1)
  })

  it('leaves payments and refunds in balance to the cent', async () => {
    const { mpesa_clearing: clearing, customer_deposits: owed, ...rest } = await readBalances(db)
    expect(clearing).toBe(negate(add(owed, rest.refunds_due)))
    const [settled, back] = [
      await count(db, "ledger_entries WHERE kind = 'payment'"),
      await count(db, "ledger_entries WHERE kind = 'refund'"),
    ]
    expect(await count(db, "payments WHERE status IN ('settled', 'refunding', 'refunded')")).toBe(
      settled,
    )
    expect(await count(db, "payments WHERE status = 'refunded'")).toBe(back)
  })
})
