/** A stuck refund that was paid by hand: alone up to the limit, by two people above it, and never twice unseen. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRefundActivities } from '../../activities/refunds.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { nameRefundPhone } from '../../db/refund-phones.ts'
import { decideAboutHand, sayPaidByHand } from '../../db/refund-by-hand.ts'
import { findHandWish, isSaidPaid } from '../../db/refund-hand-rows.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { parkRefund, refuseRefund, settleRefund } from '../../db/refund-settling.ts'
import { noteOrphan } from '../../db/refund-orphans.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { closeCase } from '../../db/finance-cases.ts'
import { approveRefund, declineRefund } from '../../db/refund-approvals.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { openRefund } from '../../db/refunds.ts'
import { readBalances } from '../../db/ledger.ts'
import { handNeedsTwo, type HandPayment } from '../../domain/paid-by-hand.ts'
import { shillings } from '../../domain/money.ts'
import type { ManualResolution } from '../../domain/payments.ts'
import {
  buildBooking,
  buildCredit,
  buildCustomer,
  buildPaid,
  buildTender,
  count,
  nextReceipt,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const LIMIT = shillings(2_000)
const LARGE = shillings(2_500)
const SMALL = shillings(2_000)
const PAID: HandPayment = { how: 'sent from the bank', reference: 'FT26325ABC', receipt: null }

/** Asked for by a clerk, approved where that is needed, refused by M-Pesa, and a case. */
async function buildStuck(amount = LARGE, isCase = true): Promise<string> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const refundId = randomUUID()
  const wish = { refundId, paymentId, amount, reason: 'as tested', actorId: 'clerk' }
  const policy = { approvalAbove: LIMIT, now: NOW }
  const by = { actorId: 'manager', note: null, now: NOW }
  await inTransaction(db, async (tx) => {
    const plan = await openRefund(tx, { ...wish, askedBy: 'person' }, policy)
    if (plan.outcome === 'ready' && plan.awaitsApproval) await approveRefund(tx, refundId, by)
    await refuseRefund(tx, refundId, '2040')
    if (isCase) await parkRefund(tx, refundId, 'M-Pesa refused to pay it out', NOW)
  })
  return refundId
}

const say = (refundId: string, actorId = 'finance', over: Partial<HandPayment> = {}) =>
  inTransaction(db, (tx) => sayPaidByHand(tx, { ...PAID, ...over, refundId, actorId, now: NOW }))
const decide = (refundId: string, actorId: string, agreed = true) =>
  inTransaction(db, (tx) =>
    decideAboutHand(tx, { refundId, actorId, agreed, note: 'as tested', now: NOW }),
  )
/** As the refund's story does it when it is told. */
const settle = (
  refundId: string,
  how: ManualResolution = { reason: 'by hand', actorId: 'finance' },
) => createRefundActivities({ db, now: () => NOW }).settleRefundByHand(refundId, how)
const mpesaPays = (refundId: string) =>
  inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: nextReceipt() }))
const audited = (refundId: string, action: string, actor: string) =>
  count(db, 'audit_entries WHERE entity_id = $1 AND action = $2 AND actor = $3', [
    refundId,
    action,
    actor,
  ])
const caseWords = async (refundId: string) => {
  const [found] = await select<{ detail: string }>(
    db,
    "SELECT detail FROM finance_cases WHERE subject = $1 AND what = 'refund_stuck' AND status = 'open'",
    [refundId],
  )
  return found?.detail
}
const endOf = ({ input: { reservationId } }: Booking) => ({
  reservationId,
  reason: 'desk' as const,
  actorId: 'desk',
  note: null,
})
const cases = (refundId: string, what: string) =>
  count(db, "finance_cases WHERE subject = $1 AND what = $2 AND status = 'open'", [refundId, what])

describe('up to the limit', () => {
  it('one person alone writes it down, with its reference', async () => {
    const id = await buildStuck(SMALL)
    const answer = await say(id)
    expect(answer).toEqual({
      outcome: 'alone',
      word: { reason: 'sent from the bank (FT26325ABC)', actorId: 'finance', receipt: null },
    })
    if (answer.outcome === 'alone') await settle(id, answer.word)
    expect(await findRefund(db, id)).toMatchObject({ status: 'settled' })
    expect(await cases(id, 'refund_stuck')).toBe(0)
  })
})

describe('what was paid by hand', () => {
  it.each([
    ['from the bank leaves the bank', null, 'bank'],
    ['by M-Pesa leaves the M-Pesa account', nextReceipt(), 'mpesa_clearing'],
  ] as const)('%s', async (_how, receipt, account) => {
    const id = await buildStuck(SMALL)
    const before = await readBalances(db)
    const answer = await say(id, 'finance', { receipt })
    if (answer.outcome === 'alone') await settle(id, answer.word)
    const after = await readBalances(db)
    expect(after[account] - before[account]).toBe(0 - SMALL)
    expect(after.refunds_due - before.refunds_due).toBe(SMALL)
  })
})

/** Money of another kind, whose refund no machine sends. */
const build = {
  card: async () => {
    const amount = shillings(1_500)
    const tender = { method: 'credit_card', terminal: 'T1', slip: randomUUID() } as const
    const booking = await buildBooking(db)
    const input = buildTender(booking, { amount, tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    await inTransaction(db, (tx) => endReservation(tx, endOf(booking)))
    return { paymentId: input.paymentId, amount }
  },
  // Less than M-Pesa pays out.
  credit: async () => {
    const [creditOf, amount] = [await buildCustomer(db), shillings(5)]
    await buildCredit(db, creditOf, amount)
    return { creditOf, amount }
  },
}

describe('what no machine sends', () => {
  it.each([
    ['card', null, 'card_clearing'],
    ['card', nextReceipt(), 'mpesa_clearing'],
    ['credit', null, 'bank'],
    ['credit', nextReceipt(), 'mpesa_clearing'],
  ] as const)('%s with the receipt %s leaves %s', async (kind, receipt, account) => {
    const refundId = randomUUID()
    const source = await build[kind]()
    const wish = { refundId, ...source, reason: 'as tested', actorId: 'clerk' }
    await inTransaction(db, async (tx) => {
      const by = { actorId: 'manager', note: null, now: NOW }
      const policy = { approvalAbove: LIMIT, now: NOW }
      const plan = await openRefund(tx, { ...wish, askedBy: 'person' }, policy)
      if (plan.outcome === 'ready' && plan.awaitsApproval) await approveRefund(tx, refundId, by)
      await parkRefund(tx, refundId, 'Somebody sends it', NOW)
    })
    expect(await findRefund(db, refundId)).toMatchObject({ method: 'by_hand' })
    const before = await readBalances(db)
    const answer = await say(refundId, 'finance', { receipt })
    if (answer.outcome === 'alone') await settle(refundId, answer.word)
    const after = await readBalances(db)
    expect(after[account] - before[account]).toBe(0 - source.amount)
  })

  it('of a whole payment leaves the bank as a part of it does', async () => {
    const booking = await buildBooking(db)
    const amount = shillings(1_000)
    const { paymentId: refundId } = await buildPaid(db, booking, amount)
    await inTransaction(db, (tx) => endReservation(tx, endOf(booking)))
    const wish = { refundId, paymentId: refundId, reason: 'it ended', actorId: 'gari' }
    await inTransaction(db, async (tx) => {
      await openRefund(tx, { ...wish, askedBy: 'rule' }, { approvalAbove: LIMIT, now: NOW })
      await refuseRefund(tx, refundId, '2040')
      await parkRefund(tx, refundId, 'M-Pesa refused to send it back', NOW)
    })
    expect(await findRefund(db, refundId)).toMatchObject({ method: 'reversal' })
    const before = await readBalances(db)
    const answer = await say(refundId)
    if (answer.outcome === 'alone') await settle(refundId, answer.word)
    const after = await readBalances(db)
    expect(after.bank - before.bank).toBe(0 - amount)
  })
})

describe('above the limit', () => {
  it.each([
    ['payout', true],
    ['reversal', true],
    ['by_hand', true],
    ['cash', true],
    ['credit', false],
    ['account', false],
  ] as const)('by the way %s needs a second person: %s', (method, two) => {
    expect(handNeedsTwo({ large: true, method })).toBe(two)
    expect(handNeedsTwo({ large: false, method })).toBe(false)
  })

  it('by M-Pesa leaves M-Pesa, with the receipt that two people have seen', async () => {
    const id = await buildStuck()
    const receipt = nextReceipt()
    await say(id, 'finance', { receipt })
    await decide(id, 'manager')
    const before = await readBalances(db)
    await settle(id)
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(0 - LARGE)
    expect(await findRefund(db, id)).toMatchObject({ status: 'settled', receipt })
  })

  it('waits, pays nothing, and stays a case', async () => {
    const id = await buildStuck()
    const before = await readBalances(db)
    expect(await say(id)).toEqual({ outcome: 'waits' })
    expect(await say(id)).toEqual({ outcome: 'waits' })
    for (const other of [{ how: 'in cash' }, { reference: 'FT2' }, { receipt: nextReceipt() }])
      await expect(say(id, 'finance', other)).rejects.toMatchObject({ code: 'REFUND_REFUSED' })
    expect(await readBalances(db)).toEqual(before)
    expect(await findRefund(db, id)).toMatchObject({ status: 'refused' })
    expect(await findHandWish(db, id)).toMatchObject({ ...PAID, status: 'waiting' })
    expect(await audited(id, 'refund.by_hand_asked', 'finance')).toBe(1)
    expect(await cases(id, 'refund_stuck')).toBe(1)
    expect(await caseWords(id)).toContain('a second person must agree')
  })

  it('is never agreed to by who wrote it down, nor by who asked for the refund', async () => {
    const id = await buildStuck()
    await say(id)
    for (const who of ['finance', 'clerk'])
      await expect(decide(id, who)).rejects.toMatchObject({ code: 'SECOND_PERSON' })
    expect(await findHandWish(db, id)).toMatchObject({ status: 'waiting' })
  })

  it('cannot be settled by anybody’s word to the story before two people say so', async () => {
    const id = await buildStuck()
    await expect(settle(id)).rejects.toThrow('second person')
    await say(id)
    await expect(settle(id)).rejects.toThrow('second person')
    expect(await findRefund(db, id)).toMatchObject({ status: 'refused' })
  })

  it('is settled once as it was written down, with both people in the audit', async () => {
    const id = await buildStuck()
    await say(id)
    const word = { reason: 'sent from the bank (FT26325ABC)', actorId: 'finance', receipt: null }
    expect(await decide(id, 'manager')).toEqual(word)
    expect(await decide(id, 'manager')).toEqual(word)
    expect(await caseWords(id)).toContain('two people say so')
    const before = await readBalances(db)
    await settle(id, { reason: 'something else', actorId: 'somebody' })
    const after = await readBalances(db)
    expect(after.bank - before.bank).toBe(0 - LARGE)
    await settle(id)
    expect(await readBalances(db)).toEqual(after)
    expect(await findRefund(db, id)).toMatchObject({ status: 'settled' })
    expect(await audited(id, 'refund.by_hand_agreed', 'manager')).toBe(1)
    expect(await audited(id, 'refund.settled', 'finance')).toBe(1)
    expect(
      await count(db, 'audit_entries WHERE entity_id = $1 AND why = $2', [id, word.reason]),
    ).toBe(3)
    await expect(decide(id, 'finance', false)).rejects.toMatchObject({ code: 'REFUND_REFUSED' })
  })

  it('of two who agree at the same moment both are told the same, and one is written down', async () => {
    const id = await buildStuck()
    await say(id)
    const words = await Promise.all([decide(id, 'manager'), decide(id, 'other')])
    expect(words[0]).toEqual(words[1])
    const agreed = "audit_entries WHERE entity_id = $1 AND action = 'refund.by_hand_agreed'"
    expect(await count(db, agreed, [id])).toBe(1)
  })

  it('is not by-passed by many small ones of the same payment', async () => {
    const id = await buildStuck(SMALL)
    await select(db, 'UPDATE refunds SET large = true WHERE id = $1 RETURNING id', [id])
    expect(await say(id)).toEqual({ outcome: 'waits' })
  })

  it('may be taken back or declined, and then written down anew', async () => {
    const id = await buildStuck()
    await say(id)
    await expect(say(id, 'manager')).rejects.toMatchObject({ code: 'REFUND_REFUSED' })
    expect(await decide(id, 'finance', false)).toBeNull()
    expect(await caseWords(id)).toContain('not paid by hand after all')
    expect(await audited(id, 'refund.by_hand_declined', 'finance')).toBe(1)
    expect(await say(id, 'manager')).toEqual({ outcome: 'waits' })
    expect(await decide(id, 'finance', false)).toBeNull()
    expect(await isSaidPaid(db, id)).toBe(false)
    expect(await cases(id, 'refund_stuck')).toBe(1)
  })
})

describe('what cannot be written down', () => {
  it('is a refund that is not stuck, or is back', async () => {
    await expect(say(await buildStuck(LARGE, false))).rejects.toThrow('not stuck')
    const id = await buildStuck()
    await mpesaPays(id)
    await expect(say(id)).rejects.toThrow('back already')
    await expect(say(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const looked = await buildStuck()
    const closing = { what: 'refund_stuck', subject: looked, resolution: 'sent again' }
    await inTransaction(db, (tx) => closeCase(tx, { ...closing, actorId: 'finance', now: NOW }))
    await expect(say(looked)).rejects.toThrow('not stuck')
  })

  it('is one that nobody has approved, although somebody was called', async () => {
    const refundId = randomUUID()
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const wish = { refundId, paymentId, amount: LARGE, reason: 'as tested', actorId: 'clerk' }
    await inTransaction(db, async (tx) => {
      await openRefund(tx, { ...wish, askedBy: 'person' }, { approvalAbove: LIMIT, now: NOW })
      await parkRefund(tx, refundId, 'as tested', NOW)
    })
    await expect(say(refundId)).rejects.toThrow('Nobody has approved')
    const no = { actorId: 'manager', note: null, now: NOW }
    await inTransaction(db, (tx) => declineRefund(tx, refundId, no))
    await inTransaction(db, (tx) => parkRefund(tx, refundId, 'as tested', NOW))
    await expect(say(refundId)).rejects.toThrow('Nobody has approved')
  })

  it('is one whose other phone waits for a second person, and the other way round', async () => {
    const id = await buildStuck()
    const name = (refundId: string) =>
      inTransaction(db, (tx) =>
        nameRefundPhone(tx, refundId, { actorId: 'finance', phone: '+254733000111' }),
      )
    await name(id)
    await expect(say(id)).rejects.toThrow('Another phone')
    const other = await buildStuck()
    await say(other)
    expect(await name(other)).toMatchObject({ outcome: 'blocked' })
  })

  it('is a receipt of another refund', async () => {
    const receipt = nextReceipt()
    await say(await buildStuck(), 'finance', { receipt, reference: receipt })
    const again = say(await buildStuck(SMALL), 'finance', { receipt, reference: receipt })
    await expect(again).rejects.toThrow('Another refund')
  })

  it('is a receipt with which another refund went back, but one that somebody took back is free', async () => {
    const receipt = nextReceipt()
    const small = await buildStuck(SMALL)
    const answer = await say(small, 'finance', { receipt })
    if (answer.outcome === 'alone') await settle(small, answer.word)
    const again = say(await buildStuck(SMALL), 'finance', { receipt })
    await expect(again).rejects.toThrow('Another refund')
    const free = nextReceipt()
    const large = await buildStuck()
    await say(large, 'finance', { receipt: free })
    await decide(large, 'finance', false)
    expect(await say(await buildStuck(SMALL), 'finance', { receipt: free })).toMatchObject({
      outcome: 'alone',
    })
  })
})

describe('M-Pesa, paying it as well', () => {
  it('is a case until somebody says that one of the two is back', async () => {
    const id = await buildStuck()
    await say(id)
    await mpesaPays(id)
    expect(await findHandWish(db, id)).toMatchObject({ status: 'overtaken' })
    expect(await cases(id, 'refund_paid_twice')).toBe(1)
    expect(await audited(id, 'refund.paid_twice', 'gari')).toBe(1)
    await expect(decide(id, 'manager')).rejects.toMatchObject({ code: 'REFUND_REFUSED' })
    await decide(id, 'manager', false)
    expect(await cases(id, 'refund_paid_twice')).toBe(0)
    expect(await audited(id, 'refund.paid_once', 'manager')).toBe(1)
  })

  it('after two people agreed and before the story heard of it is the same', async () => {
    const id = await buildStuck()
    await say(id)
    await decide(id, 'manager')
    await mpesaPays(id)
    await settle(id)
    expect(await cases(id, 'refund_paid_twice')).toBe(1)
  })

  /** M-Pesa's result, when the refund's story has ended. */
  const mpesaReports = async (refundId: string, receipt: string, code = '0') => {
    const file = new URL('../gateways/daraja-bodies/6.3-payout-result.json', import.meta.url)
    const body = JSON.parse((await readFile(file, 'utf8')).replaceAll(/UKL9XYZ34E/g, receipt)) as {
      Result: { ResultCode: unknown }
    }
    body.Result.ResultCode = code
    const report = { kind: 'payout_result' as const, subjectId: refundId }
    const { messageId } = await storeMessage(db, { ...report, body, sourceIp: null })
    await noteOrphan(db, { ...report, messageId })
  }
  const orphans = (refundId: string) =>
    count(db, "security_events WHERE kind = 'result_without_refund' AND detail->>'refundId' = $1", [
      refundId,
    ])

  it.each([
    ['one person alone', SMALL],
    ['two people', LARGE],
  ])(
    'after the books were closed by the word of %s is such a case too, once',
    async (_who, sum) => {
      const id = await buildStuck(sum)
      const answer = await say(id)
      const word = answer.outcome === 'alone' ? answer.word : await decide(id, 'manager')
      if (word) await settle(id, word)
      await mpesaReports(id, nextReceipt(), '2040')
      expect(await cases(id, 'refund_paid_twice')).toBe(0)
      await mpesaReports(id, nextReceipt())
      await mpesaReports(id, nextReceipt())
      expect(await orphans(id)).toBe(3)
      expect(await cases(id, 'refund_paid_twice')).toBe(1)
      expect(await findHandWish(db, id)).toMatchObject({ status: 'overtaken', askedBy: 'finance' })
      await decide(id, 'manager', false)
      expect(await cases(id, 'refund_paid_twice')).toBe(0)
    },
  )

  it('is nothing new when its receipt is the one that the person wrote down', async () => {
    const [id, receipt] = [await buildStuck(SMALL), nextReceipt()]
    const answer = await say(id, 'finance', { receipt, reference: receipt })
    if (answer.outcome === 'alone') await settle(id, answer.word)
    await mpesaReports(id, receipt)
    expect(await orphans(id)).toBe(1)
    expect(await cases(id, 'refund_paid_twice')).toBe(0)
  })
})
