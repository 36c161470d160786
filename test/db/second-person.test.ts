/** Who alone may send money where, and when somebody else must agree or hand it over. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createRefundActivities } from '../../activities/refunds.ts'
import { inTransaction } from '../../db/connection.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { approveRefund } from '../../db/refund-approvals.ts'
import { findRefund } from '../../db/refund-rows.ts'
import { openRefund } from '../../db/refunds.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { shillings, toDecimal } from '../../domain/money.ts'
import type { RefundInput } from '../../domain/refunds.ts'
import {
  buildBooking,
  buildPaid,
  buildTender,
  buildTill,
  NOW,
  progress,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const LIMIT = shillings(2_000)
const ask = (over: Partial<RefundInput>) =>
  inTransaction(db, (tx) =>
    openRefund(
      tx,
      { refundId: randomUUID(), reason: 'as tested', actorId: 'clerk', askedBy: 'person', ...over },
      { approvalAbove: LIMIT, now: NOW },
    ),
  )

/** Paid by paybill: M-Pesa does not tell us the phone. */
async function buildByPaybill(): Promise<string> {
  const { held, input } = await buildBooking(db)
  const told = await tellOfPaybill(db, { amount: toDecimal(held.total), reference: held.number })
  await matchTold(db, told)
  await progress(db, input.reservationId)
  return told.paymentId
}

/** Paid in cash, at once or by so many shillings each time, and cancelled, so that all of it is owed. */
async function buildPaidInCash(parts: number[] = []): Promise<string[]> {
  const booking = await buildBooking(db)
  const { clerkId } = await buildTill(db, shillings(50_000))
  const amounts = parts.length > 0 ? parts.map(shillings) : [booking.held.total]
  const tenders = amounts.map((amount) => {
    const tender = { method: 'cash' as const, given: amount, keepChange: false }
    return buildTender(booking, { actorId: clerkId, amount, tender })
  })
  for (const tender of tenders) await inTransaction(db, (tx) => takePayment(tx, tender, NOW))
  const { reservationId } = booking.input
  await progress(db, reservationId)
  const end = { reservationId, reason: 'desk' as const, actorId: 'desk', note: null }
  await inTransaction(db, (tx) => endReservation(tx, end))
  return tenders.map(({ paymentId }) => paymentId)
}
const buildInCash = async () => (await buildPaidInCash())[0] ?? ''

describe('a phone that the asker typed', () => {
  it('is paid only after another person has agreed, however small the amount', async () => {
    const paymentId = await buildByPaybill()
    const refundId = randomUUID()
    const phone = '+254799999999'
    const wish = { refundId, paymentId, amount: shillings(100), phone }
    expect(await ask(wish)).toMatchObject({ outcome: 'ready', phone, awaitsApproval: true })
    expect(await findRefund(db, refundId)).toMatchObject({ waitsBecause: 'typed_phone' })
    const by = (actorId: string) => ({ actorId, note: null, now: NOW })
    const approve = (who: string) => inTransaction(db, (tx) => approveRefund(tx, refundId, by(who)))
    expect(await approve('clerk')).toMatchObject({ outcome: 'blocked' })
    expect(await approve('finance')).toEqual({ outcome: 'approved' })
  })

  it('never replaces the phone that M-Pesa told us', async () => {
    const booking = await buildBooking(db)
    const { paymentId, phone } = await buildPaid(db, booking, booking.held.total)
    const wish = { paymentId, amount: shillings(100), phone: '+254799999999' }
    expect(await ask(wish)).toMatchObject({ phone, awaitsApproval: false })
  })
})

describe('the limit', () => {
  it('counts everything that people asked for of the same payment', async () => {
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const waits = []
    for (const amount of [900, 900, 900, 100]) {
      const plan = await ask({ paymentId, amount: shillings(amount) })
      waits.push(plan.outcome === 'ready' && plan.awaitsApproval)
    }
    expect(waits).toEqual([false, false, true, true])
  })

  it('is nothing for whoever asks for their own money, who never agrees to it either', async () => {
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const own = booking.input.customerId
    const say = (refundId: string, actorId: string) =>
      inTransaction(db, (tx) => approveRefund(tx, refundId, { actorId, note: null, now: NOW }))
    const refundId = randomUUID()
    const wish = { refundId, paymentId, amount: shillings(100) }
    expect(await ask({ ...wish, actorId: own })).toMatchObject({ awaitsApproval: true })
    expect(await findRefund(db, refundId)).toMatchObject({ waitsBecause: 'own' })
    expect(await say(refundId, 'finance')).toEqual({ outcome: 'approved' })
    const large = { ...wish, refundId: randomUUID(), amount: shillings(2_100) }
    expect(await ask(large)).toMatchObject({ awaitsApproval: true })
    expect(await say(large.refundId, own)).toMatchObject({ outcome: 'blocked' })
  })

  it('says nothing about what the rules of a booking ask for', async () => {
    const booking = await buildBooking(db)
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const end = {
      reservationId: booking.input.reservationId,
      reason: 'desk' as const,
      actorId: 'desk',
      note: null,
    }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const rule = { refundId: paymentId, paymentId, askedBy: 'rule' as const }
    expect(await ask(rule)).toMatchObject({ outcome: 'ready', awaitsApproval: false })
  })
})

describe('cash', () => {
  const handOver = async (refundId: string, clerk: { clerkId: string; sessionId: string }) =>
    createRefundActivities({ db, now: () => NOW }).settleRefundInCash(refundId, {
      actorId: clerk.clerkId,
      tillSessionId: clerk.sessionId,
    })

  it('below the limit is handed over by whoever asked for it', async () => {
    const paymentId = await buildInCash()
    const clerk = await buildTill(db, shillings(50_000))
    const refundId = randomUUID()
    await ask({ refundId, paymentId, amount: shillings(500), actorId: clerk.clerkId })
    expect(await handOver(refundId, clerk)).toBe(true)
  })

  it('above the limit, also in parts, is handed over by somebody else', async () => {
    const paymentId = await buildInCash()
    const clerk = await buildTill(db, shillings(50_000))
    const wish = { paymentId, amount: shillings(1_500), actorId: clerk.clerkId }
    await ask(wish)
    const refundId = randomUUID()
    expect(await ask({ ...wish, refundId })).toMatchObject({ awaitsApproval: true })
    await inTransaction(db, (tx) =>
      approveRefund(tx, refundId, { actorId: 'finance', note: null, now: NOW }),
    )
    expect(await handOver(refundId, clerk)).toBe(false)
    expect(await handOver(refundId, await buildTill(db, shillings(50_000)))).toBe(true)
  })

  it('of several payments for one booking is one sum, whoever asked for it', async () => {
    const [first = '', second = '', third = ''] = await buildPaidInCash([1_500, 400, 1_600])
    const clerk = await buildTill(db, shillings(50_000))
    const actorId = clerk.clerkId
    for (const paymentId of [first, second])
      await ask({ refundId: paymentId, paymentId, actorId, askedBy: 'rule' })
    await ask({ refundId: third, paymentId: third, actorId, askedBy: 'rule' })
    expect(await handOver(first, clerk)).toBe(true)
    expect(await handOver(second, clerk)).toBe(true)
    expect(await findRefund(db, third)).toMatchObject({ status: 'approved', large: true })
    expect(await handOver(third, clerk)).toBe(false)
    expect(await handOver(third, await buildTill(db, shillings(50_000)))).toBe(true)
  })

  it('of a cancelled booking above the limit is not handed over by who cancelled it', async () => {
    const paymentId = await buildInCash()
    const clerk = await buildTill(db, shillings(50_000))
    const rule = { refundId: paymentId, paymentId, actorId: clerk.clerkId }
    await ask({ ...rule, askedBy: 'rule' })
    expect(await findRefund(db, paymentId)).toMatchObject({ method: 'cash', large: true })
    expect(await handOver(paymentId, clerk)).toBe(false)
  })
})
