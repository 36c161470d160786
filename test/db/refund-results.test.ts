/** Whose the money is after each thing that M-Pesa may say of a refund; bodies as Daraja posts them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { findOpenCase } from '../../db/finance-cases.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { readRefund } from '../../db/refund-reads.ts'
import {
  decideRefundFromMessage,
  parkRefund,
  recordRefundSent,
  refuseRefund,
  switchToPayout,
} from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import type { MessageKind } from '../../domain/callbacks.ts'
import { refundCase, type RefundDecision, type RefundPlan } from '../../domain/refunds.ts'
import { refusalWords } from '../../domain/refund-refusals.ts'
import { shillings } from '../../domain/money.ts'
import { buildBooking, buildPaid, nextReceipt } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** The ids that stand in the bodies. */
const IDS = {
  conversationId: 'AG_20261121_0100101002hi3i67m6ml',
  originatorConversationId: '8423-4a3b-87d8-1d918a78741e243712',
}
type Body = { Result: Record<string, unknown> }
const RECEIPT = /UKL9XYZ34E/g
/** Each success with a receipt of its own, as M-Pesa gives them. */
const bodyOf = async (name: string, receipt = nextReceipt()): Promise<Body> => {
  const file = new URL(`../gateways/daraja-bodies/${name}.json`, import.meta.url)
  return JSON.parse((await readFile(file, 'utf8')).replaceAll(RECEIPT, receipt)) as Body
}

type Sent = {
  refundId: string
  /** As its story does it, should it begin again. */
  open: () => Promise<RefundPlan>
  hear: (kind: MessageKind, body: object) => Promise<RefundDecision>
  hearTwice: (kind: MessageKind, body: object) => Promise<RefundDecision[]>
}

/** KSh 500 of a payment, sent by a payout; or all of it, by a reversal. */
async function buildSent(method: 'payout' | 'reversal'): Promise<Sent> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const refundId = method === 'payout' ? randomUUID() : paymentId
  const part = { amount: shillings(500), askedBy: 'person' as const }
  const wish = { refundId, paymentId, reason: 'as tested', actorId: 'somebody' }
  const policy = { approvalAbove: shillings(20_000), now: new Date() }
  const open = () =>
    inTransaction(db, (tx) =>
      openRefund(tx, { ...wish, ...(method === 'payout' ? part : {}) }, policy),
    )
  await open()
  await inTransaction(db, (tx) => recordRefundSent(tx, refundId, IDS))
  const hear = (kind: MessageKind, body: object) =>
    inTransaction(db, async (tx) => {
      const message = { kind, subjectId: refundId, body, sourceIp: null }
      const { messageId } = await storeMessage(tx, message)
      return decideRefundFromMessage(tx, refundId, messageId)
    })
  /** The step that read it died before it could say what it read, and is done again. */
  const hearTwice = async (kind: MessageKind, body: object) => {
    const { messageId } = await inTransaction(db, (tx) =>
      storeMessage(tx, { kind, subjectId: refundId, body, sourceIp: null }),
    )
    const read = () => inTransaction(db, (tx) => decideRefundFromMessage(tx, refundId, messageId))
    return [await read(), await read()]
  }
  return { refundId, open, hear, hearTwice }
}

/** What the books still hold for this refund; positive is owed to the customer. */
async function owedBy(refundId: string): Promise<number> {
  const row = await selectOne<{ owed: string }>(
    db,
    `SELECT coalesce(-sum(amount_cents), 0) AS owed FROM ledger_postings
     WHERE account = 'refunds_due' AND subject = $1`,
    [refundId],
  )
  return Number(row?.owed)
}
const statusOf = async (refundId: string) => (await readRefund(db, refundId))?.status

it.each(['payout', 'reversal'] as const)(
  'a %s that is opened again names what was sent',
  async (method) => {
    const { open, refundId } = await buildSent(method)
    const sent = { conversationId: IDS.originatorConversationId }
    expect(await open()).toMatchObject({ outcome: 'ready', method, sent })
    await inTransaction(db, (tx) => refuseRefund(tx, refundId, '2006'))
    expect(await open()).not.toHaveProperty('sent')
  },
)

describe('a payout', () => {
  it.each(['1', '2001', '8006', '2040'])(
    'that is refused with %s leaves the money owed, and may be sent again',
    async (code) => {
      const { refundId, hear } = await buildSent('payout')
      const refused = await bodyOf('6.3-payout-refused')
      refused.Result['ResultCode'] = code
      expect(await hear('payout_result', refused)).toEqual({ outcome: 'refused', code })
      expect(await owedBy(refundId)).toBe(shillings(500))
      await inTransaction(db, (tx) => parkRefund(tx, refundId, refusalWords(code), new Date()))
      const opened = await findOpenCase(db, refundCase, refundId)
      expect(opened).toMatchObject({ amount: shillings(500), detail: refusalWords(code) })
      await inTransaction(db, (tx) => recordRefundSent(tx, refundId, IDS))
      const receipt = nextReceipt()
      const paid = await bodyOf('6.3-payout-result', receipt)
      expect(await hear('payout_result', paid)).toEqual({ outcome: 'settled' })
      expect([await owedBy(refundId), await statusOf(refundId)]).toEqual([0, 'settled'])
      expect(await findOpenCase(db, refundCase, refundId)).toBeNull()
      expect(await readRefund(db, refundId)).toMatchObject({ receipt, attempts: 2 })
    },
  )

  it.each(['6.1-queue-timeout-flat', '6.1-queue-timeout-wrapped'])(
    'that waited too long in the queue (%s) is undecided, and settles by its late result',
    async (name) => {
      const { refundId, hear } = await buildSent('payout')
      const timedOut = await hear('payout_timeout', await bodyOf(name))
      expect(timedOut).toEqual({ outcome: 'undecided' })
      expect([await owedBy(refundId), await statusOf(refundId)]).toEqual([shillings(500), 'sent'])
      await hear('payout_result', await bodyOf('6.3-payout-result'))
      expect([await owedBy(refundId), await statusOf(refundId)]).toEqual([0, 'settled'])
    },
  )
})

describe('a reversal', () => {
  it('of what was reversed already is done: the money is with the customer, under a receipt we do not know', async () => {
    const { refundId, hear } = await buildSent('reversal')
    const body = await bodyOf('6.2-reversal-refused')
    expect(await hear('reversal_result', body)).toEqual({ outcome: 'settled' })
    expect(await owedBy(refundId)).toBe(0)
    expect(await readRefund(db, refundId)).toMatchObject({ status: 'settled', receipt: null })
  })

  it('that waited too long in the queue is undecided, and settles by its late result', async () => {
    const { refundId, hear } = await buildSent('reversal')
    const timedOut = await hear('reversal_timeout', await bodyOf('6.1-queue-timeout-flat'))
    expect([timedOut.outcome, await statusOf(refundId)]).toEqual(['undecided', 'sent'])
    expect(await hear('reversal_result', await bodyOf('6.1-result'))).toEqual({
      outcome: 'settled',
    })
    expect(await owedBy(refundId)).toBe(0)
  })

  it('refused for our own trouble keeps what it owes until it is sent again', async () => {
    const { refundId, hear } = await buildSent('reversal')
    const before = await owedBy(refundId)
    const refused = await bodyOf('6.1-result-refused')
    refused.Result['ResultCode'] = 2001
    expect(await hear('reversal_result', refused)).toEqual({ outcome: 'refused', code: '2001' })
    expect([await owedBy(refundId), before > 0]).toEqual([before, true])
    await inTransaction(db, (tx) => recordRefundSent(tx, refundId, IDS))
    await hear('reversal_result', await bodyOf('6.1-result'))
    expect([await owedBy(refundId), await statusOf(refundId)]).toEqual([0, 'settled'])
  })

  it('refused is refused also for whoever reads it a second time', async () => {
    const { refundId, hearTwice } = await buildSent('reversal')
    const refused = { outcome: 'refused', code: '2001' }
    expect(await hearTwice('reversal_result', await bodyOf('6.1-result-refused'))).toEqual([
      refused,
      refused,
    ])
    expect(await statusOf(refundId)).toBe('refused')
  })

  it('that refuses late says nothing about the payout that has followed it', async () => {
    const { refundId, hear } = await buildSent('reversal')
    const refused = await bodyOf('6.1-result-refused')
    await hear('reversal_result', refused)
    await inTransaction(db, async (tx) => {
      await switchToPayout(tx, refundId, null)
      await recordRefundSent(tx, refundId, null)
    })
    expect(await hear('reversal_result', refused)).toEqual({ outcome: 'undecided' })
    expect(await statusOf(refundId)).toBe('sent')
  })
})

describe('a question about a refund', () => {
  it.each(['2001', '8006', '1', '21'])(
    'that M-Pesa refuses with %s says nothing about the money',
    async (code) => {
      const { refundId, hear } = await buildSent('payout')
      const body = { Result: { ...IDS, ResultCode: code, ConversationID: 'AG_of_the_question' } }
      expect(await hear('refund_status_result', body)).toEqual({ outcome: 'undecided' })
      expect([await owedBy(refundId), await statusOf(refundId)]).toEqual([shillings(500), 'sent'])
    },
  )
})
