/** Money must not become a stranger's, whatever somebody types, makes up or does at the same moment. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, selectOne, type Tx } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { readBalances } from '../../db/ledger.ts'
import { reclaimOwner } from '../../db/late-charges.ts'
import { allocateMoney } from '../../db/paybill-allocation.ts'
import { paymentIdOfReceipt } from '../../db/paybill-ids.ts'
import { settleFromMessage } from '../../db/payment-reports.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { openPayment, refusePayment } from '../../db/payments.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { add, shillings, toDecimal } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import {
  buildBooking,
  buildCallback,
  buildCustomer,
  buildMessage,
  buildPaid,
  buildPaymentInput,
  buildPrompt,
  buildTender,
  count,
  eventsOf,
  KSH_1000,
  nextReceipt,
  NOW,
  progress,
  settle,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchAgain, matchTold, tellOfPaybill } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const askBack = (paymentId: string, amount = shillings(1_000)) => {
  const refundId = randomUUID()
  const wish = { refundId, paymentId, amount, reason: 'A kindness', actorId: 'amina' }
  const policy = { approvalAbove: shillings(20_000), now: NOW }
  return inTransaction(db, (tx: Tx) => openRefund(tx, { ...wish, askedBy: 'person' }, policy)).then(
    (plan) => ({ plan, refundId }),
  )
}

/** Asks again until it is so; the test's own time-out is the limit. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

describe('a payment that somebody prepared under the id of money by hand', () => {
  it('is not settled by it: ten shillings are not the price', async () => {
    const booking = await buildBooking(db)
    const receipt = nextReceipt()
    const paymentId = paymentIdOfReceipt(receipt)
    await inTransaction(db, (tx) =>
      openPayment(tx, buildPaymentInput(booking, { paymentId, amount: booking.held.total }), NOW),
    )
    await inTransaction(db, (tx) => refusePayment(tx, paymentId, reasonFor('1032')))
    const before = await readBalances(db)
    const told = await tellOfPaybill(db, {
      receipt,
      amount: '10.00',
      reference: booking.held.number,
    })
    await expect(matchTold(db, told)).rejects.toThrow('is not the money of receipt')
    expect(await readBalances(db)).toEqual(before)
    expect(await readPayment(db, paymentId)).toMatchObject({ status: 'refused', applied: 0 })
  })
})

describe('money by hand for a booking that is paid', () => {
  it('of a number that nobody in it has waits for a person; of its own people it is credit', async () => {
    const booking = await buildBooking(db)
    await buildPaid(db, booking, booking.held.total)
    await progress(db, booking.input.reservationId)
    const reference = booking.held.number
    const [party] = booking.held.parties
    const phone = booking.input.parties[0]?.phone.slice(1) ?? ''
    expect(party).toBeDefined()
    const strange = await tellOfPaybill(db, { reference, phone: '2547 ***** 999' })
    expect(await matchTold(db, strange)).toMatchObject({ standing: 'unmatched' })
    const nameless = await tellOfPaybill(db, { reference, phone: '' })
    expect(await matchTold(db, nameless)).toMatchObject({ standing: 'unmatched' })
    expect(await readCredit(db, booking.input.customerId)).toBe(0)
    await matchTold(db, await tellOfPaybill(db, { reference, phone }))
    expect(await readCredit(db, booking.input.customerId)).toBe(KSH_1000)
  })
})

describe('credit in two hands at once', () => {
  it('is spent or given back, never both', async () => {
    const customerId = await buildCustomer(db)
    const first = await buildBooking(db, { customerId })
    const phone = first.input.parties[0]?.phone.slice(1) ?? ''
    const told = await tellOfPaybill(db, {
      amount: toDecimal(add(first.held.total, KSH_1000)),
      reference: first.held.number,
      phone,
    })
    await matchTold(db, told)
    await progress(db, first.input.reservationId)
    const second = await buildBooking(db, { customerId })
    const tender = buildTender(second, { amount: KSH_1000, tender: { method: 'credit' } })
    let spent = () => undefined as void
    let letGo = () => undefined as void
    const isSpent = new Promise<void>((resolve) => (spent = resolve))
    const gate = new Promise<void>((resolve) => (letGo = resolve))
    const spending = inTransaction(db, async (tx) => {
      const taken = await takePayment(tx, tender, NOW)
      spent()
      await gate
      return taken
    })
    await isSpent
    let answered = false
    const asking = askBack(told.paymentId).finally(() => (answered = true))
    // It has decided without looking, or it waits for the one that spends.
    await waitUntil(async () => answered || (await count(db, 'pg_locks WHERE NOT granted')) > 0)
    letGo()
    expect(await spending).toMatchObject({ outcome: 'taken' })
    // The kindness comes out of the price then, because no credit is left.
    expect((await asking).plan).toMatchObject({ outcome: 'ready' })
    expect(await readCredit(db, customerId)).toBe(0)
  })
})

describe('money that came with another amount than we asked for', () => {
  it('is in the queue with a story of its own, and finance can give it an owner', async () => {
    const booking = await buildBooking(db)
    const prompt = await buildPrompt(db, booking)
    const receipt = nextReceipt()
    const doubtful = buildCallback(prompt, { amount: 77, receipt })
    const { messageId } = await buildMessage(db, prompt.paymentId, doubtful)
    await inTransaction(db, (tx) => settleFromMessage(tx, prompt.paymentId, messageId, NOW))
    const status = await storeMessage(db, {
      kind: 'status_result',
      subjectId: prompt.paymentId,
      sourceIp: null,
      body: {
        Result: {
          ResultType: 0,
          ResultCode: 0,
          ResultDesc: 'ok',
          OriginatorConversationID: 'o',
          ConversationID: 'c',
          TransactionID: 'T',
          ResultParameters: {
            ResultParameter: [
              { Key: 'TransactionStatus', Value: 'Completed' },
              { Key: 'Amount', Value: '77.00' },
              { Key: 'ReceiptNo', Value: receipt },
            ],
          },
        },
      },
    })
    await inTransaction(db, (tx) => settleFromMessage(tx, prompt.paymentId, status.messageId, NOW))
    const paymentId = paymentIdOfReceipt(receipt)
    expect(await eventsOf(db, paymentId)).toMatchObject([{ type: 'money.unexplained' }])
    const told = { paymentId, messageId: '', receipt }
    expect(await matchAgain(db, told)).toMatchObject({ standing: 'unmatched' })
    const target = { purpose: 'reservation', ownerId: booking.input.reservationId } as const
    const allocation = { target, actorId: 'amina', why: 'his own booking' }
    expect(
      await inTransaction(db, (tx) => allocateMoney(tx, paymentId, allocation, NOW)),
    ).toMatchObject({ outcome: 'allocated', applied: shillings(77) })
  })
})

describe('late money of which a person gave a part back', () => {
  it('does not count whole for the booking: the rest goes back too', async () => {
    const booking = await buildBooking(db)
    const { reservationId } = booking.input
    const prompt = await buildPrompt(db, booking)
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'deadline', actorId: 'clock', note: null }),
    )
    await settle(db, prompt)
    const { refundId } = await askBack(prompt.paymentId)
    await inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: nextReceipt() }))
    const claim = { paymentId: prompt.paymentId, policy: DEFAULT_POLICY, now: NOW }
    expect(await inTransaction(db, (tx) => reclaimOwner(tx, claim))).toMatchObject({
      outcome: 'refund',
    })
    expect(await count(db, 'payments WHERE id = $1 AND counted', [prompt.paymentId])).toBe(0)
    const row = await selectOne<{ status: string }>(
      db,
      'SELECT status FROM reservations WHERE id = $1',
      [reservationId],
    )
    expect(row?.status).toBe('expired')
  })
})
