/** Parts of payments, gifts to bookings that stand, credit, money nobody knows, and the second person. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { postEntry, readBalances } from '../../db/ledger.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { recordRefundSent, refuseRefund, settleRefund } from '../../db/refund-settling.ts'
import { approveRefund, declineRefund } from '../../db/refund-approvals.ts'
import { findLeftover, isReturnAskedFor } from '../../db/refund-leftovers.ts'
import { openRefund } from '../../db/refunds.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { unexplainedEntry } from '../../domain/ledger.ts'
import { cents, negate, shillings, subtract } from '../../domain/money.ts'
import type { RefundInput } from '../../domain/refunds.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  buildPrompt,
  eventsOf,
  nextReceipt,
  settle as settlePrompt,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const now = new Date()
const ask = (over: Partial<RefundInput>, approvalAbove = shillings(20_000)) =>
  inTransaction(db, (tx) =>
    openRefund(
      tx,
      { refundId: randomUUID(), reason: 'as tested', actorId: 'asker', askedBy: 'person', ...over },
      { approvalAbove, now },
    ),
  )
const say = (actorId: string) => ({ actorId, note: 'as tested', now })
const settle = (refundId: string) =>
  inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: nextReceipt() }))
const bookingOf = async (id: string) => {
  const found = await findReservation(db, id)
  if (!found) throw new Error('no such booking')
  return found
}

/** A booking that is confirmed by one payment. */
async function buildConfirmed() {
  const booking = await buildBooking(db)
  const paid = await buildPaid(db, booking, booking.held.total)
  return { booking, paid, id: booking.input.reservationId, total: booking.held.total }
}

/** A payment of an ended booking, of which everything is owed. */
async function buildOwed() {
  const { booking, paid, id } = await buildConfirmed()
  const end = { reservationId: id, reason: 'desk' as const, actorId: 'desk', note: null }
  await inTransaction(db, (tx) => endReservation(tx, end))
  return { paid, id, booking }
}

describe('a part of a payment', () => {
  it('of a confirmed booking lowers its price, so that it stays paid', async () => {
    const { paid, id, total } = await buildConfirmed()
    const refundId = randomUUID()
    const plan = await ask({ refundId, paymentId: paid.paymentId, amount: shillings(500) })
    expect(plan).toMatchObject({ outcome: 'ready', method: 'payout', phone: paid.phone })
    const lowered = subtract(total, shillings(500))
    const booking = await bookingOf(id)
    expect(booking).toMatchObject({ status: 'confirmed', total: lowered, paid: lowered })
    expect(booking.parties.reduce((sum, { share }) => sum + share, 0)).toBe(lowered)
    await settle(refundId)
    expect(await findPayment(db, paid.paymentId)).toMatchObject({ status: 'settled' })
    expect((await eventsOf(db, refundId)).map(({ type }) => type)).toEqual([
      'refund.approved',
      'refund.settled',
    ])
  })

  it('is followed by the rest when the booking ends, and then all is back', async () => {
    const { paid, id, total } = await buildConfirmed()
    const part = randomUUID()
    await ask({ refundId: part, paymentId: paid.paymentId, amount: shillings(500) })
    await settle(part)
    const end = { reservationId: id, reason: 'desk' as const, actorId: 'desk', note: null }
    const { refunds } = await inTransaction(db, (tx) => endReservation(tx, end))
    expect(refunds).toEqual([{ paymentId: paid.paymentId }])
    const rest = { refundId: paid.paymentId, paymentId: paid.paymentId, askedBy: 'rule' as const }
    expect(await ask(rest)).toMatchObject({
      method: 'payout',
      amount: subtract(total, shillings(500)),
      awaitsApproval: false,
    })
    await settle(paid.paymentId)
    expect(await findPayment(db, paid.paymentId)).toMatchObject({ status: 'refunded' })
  })

  it.each<[string, (total: number) => number]>([
    ['the whole price', (total) => total],
    ['more than came', (total) => total + 100],
    ['nothing', () => 0],
    ['cents', () => 150],
  ])('of a booking that stands is refused for %s', async (_, of) => {
    const { paid, total } = await buildConfirmed()
    const plan = await ask({ paymentId: paid.paymentId, amount: cents(of(total)) })
    expect(plan).toMatchObject({ outcome: 'refused' })
  })

  it('of a booking that still collects is refused', async () => {
    const booking = await buildBooking(db)
    const paid = await buildPaid(db, booking, shillings(1_000))
    const plan = await ask({ paymentId: paid.paymentId, amount: shillings(500) })
    expect(plan).toMatchObject({ outcome: 'refused' })
  })

  it('never sums to more than came, whatever is asked for at the same moment', async () => {
    const { paid } = await buildOwed()
    const half = shillings(Math.ceil(paid.amount / 200))
    const plans = await Promise.all(
      [1, 2, 3].map(() => ask({ paymentId: paid.paymentId, amount: half })),
    )
    expect(plans.filter(({ outcome }) => outcome === 'ready')).toHaveLength(
      half * 2 > paid.amount ? 1 : 2,
    )
    const over = select(
      db,
      `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, requested_by)
       VALUES ($1, $2, $3, 'payout', 'x', 'approved', 'x') RETURNING id`,
      [randomUUID(), paid.paymentId, paid.amount],
    )
    await expect(over).rejects.toThrow('payments_give_back_what_came')
  })
})

describe('the second person', () => {
  it('is needed above the limit, is not the first, and only then the money is set aside', async () => {
    const { paid } = await buildOwed()
    const refundId = randomUUID()
    const wish = { refundId, paymentId: paid.paymentId, amount: shillings(600) }
    expect(await ask(wish, shillings(500))).toMatchObject({ awaitsApproval: true })
    const before = await readBalances(db)
    const approve = (who: string) =>
      inTransaction(db, (tx) => approveRefund(tx, refundId, say(who)))
    expect(await approve('asker')).toMatchObject({ outcome: 'blocked' })
    await expect(settle(refundId)).rejects.toThrow('awaiting_approval')
    expect(await approve('other')).toEqual({ outcome: 'approved' })
    expect(await approve('other')).toEqual({ outcome: 'approved' })
    const after = await readBalances(db)
    expect(after.refunds_due - before.refunds_due).toBe(negate(shillings(600)))
  })

  it('who is the asker is refused by the database, too', async () => {
    const { paid } = await buildOwed()
    const refundId = randomUUID()
    await ask({ refundId, paymentId: paid.paymentId, amount: shillings(600) }, shillings(500))
    const own = select(
      db,
      'UPDATE refunds SET decided_by = requested_by WHERE id = $1 RETURNING id',
      [refundId],
    )
    await expect(own).rejects.toThrow('refunds_second_person')
  })

  it('who declines leaves nothing behind of a booking that ended meanwhile', async () => {
    const { paid, id, total } = await buildConfirmed()
    const part = randomUUID()
    const amount = subtract(total, shillings(100))
    await ask({ refundId: part, paymentId: paid.paymentId, amount }, shillings(100))
    const end = { reservationId: id, reason: 'customer' as const, actorId: 'c', note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const rule = { paymentId: paid.paymentId, askedBy: 'rule' as const }
    await ask({ ...rule, refundId: paid.paymentId })
    await settle(paid.paymentId)
    const leftover = () => inTransaction(db, (tx) => findLeftover(tx, part))
    expect(await leftover()).toBeNull()
    await inTransaction(db, (tx) => declineRefund(tx, part, say('other')))
    expect(await leftover()).toMatchObject({ paymentId: paid.paymentId })
    const rest = randomUUID()
    expect(await ask({ ...rule, refundId: rest })).toMatchObject({ outcome: 'ready', amount })
    expect(await leftover()).toBeNull()
    await settle(rest)
    expect(await findPayment(db, paid.paymentId)).toMatchObject({ status: 'refunded' })
  })

  it('who declines leaves a booking that stands its money', async () => {
    const { paid } = await buildConfirmed()
    const part = randomUUID()
    const wish = { refundId: part, paymentId: paid.paymentId, amount: shillings(600) }
    await ask(wish, shillings(500))
    await inTransaction(db, (tx) => declineRefund(tx, part, say('other')))
    expect(await inTransaction(db, (tx) => findLeftover(tx, part))).toBeNull()
  })

  it('who declines all of late money does not keep it', async () => {
    const booking = await buildBooking(db)
    const prompt = await buildPrompt(db, booking)
    const { reservationId } = booking.input
    const end = { reservationId, reason: 'deadline' as const, actorId: 'clock', note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    await settlePrompt(db, prompt)
    const { paymentId } = prompt
    const refundId = randomUUID()
    await ask({ refundId, paymentId }, shillings(1))
    expect(await ask({ refundId: paymentId, paymentId, askedBy: 'rule' })).toEqual({
      outcome: 'done',
    })
    await inTransaction(db, (tx) => declineRefund(tx, refundId, say('other')))
    expect(await inTransaction(db, (tx) => findLeftover(tx, refundId))).toMatchObject({ paymentId })
  })

  it('who declines makes room for another wish', async () => {
    const { paid } = await buildOwed()
    const refundId = randomUUID()
    const wish = { paymentId: paid.paymentId, amount: paid.amount }
    await ask({ ...wish, refundId }, shillings(500))
    expect(await ask(wish)).toMatchObject({ outcome: 'refused' })
    expect(await inTransaction(db, (tx) => declineRefund(tx, refundId, say('other')))).toBe(true)
    expect(await ask(wish)).toMatchObject({ outcome: 'ready', whole: true })
  })
})

describe('money without a payment', () => {
  it('of a receipt that nobody knows goes back whole, once', async () => {
    const receipt = nextReceipt()
    const amount = shillings(700)
    await select(
      db,
      `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status)
       VALUES ($1, $2, 'confirmation', 'unmatched') RETURNING receipt`,
      [receipt, amount],
    )
    await inTransaction(db, (tx) => postEntry(tx, unexplainedEntry(receipt, amount)))
    const refundId = randomUUID()
    expect(await ask({ refundId, receipt })).toMatchObject({ method: 'reversal', receipt, amount })
    expect(await ask({ receipt })).toEqual({ outcome: 'done' })
    await settle(refundId)
    const left = await selectOne<{ sum: string }>(
      db,
      "SELECT sum(amount_cents) AS sum FROM ledger_postings WHERE account = 'unexplained' AND subject = $1",
      [receipt],
    )
    expect(Number(left?.sum)).toBe(0)
  })

  it('of a receipt is asked for once at a time, and again after a no', async () => {
    const receipt = nextReceipt()
    await select(
      db,
      `INSERT INTO mpesa_receipts (receipt, amount_cents, heard_from, status)
       VALUES ($1, $2, 'confirmation', 'unmatched') RETURNING receipt`,
      [receipt, shillings(700)],
    )
    const refundId = randomUUID()
    expect(await ask({ refundId, receipt }, shillings(500))).toMatchObject({ awaitsApproval: true })
    expect(await inTransaction(db, (tx) => isReturnAskedFor(tx, receipt))).toBe(true)
    expect(await ask({ receipt }, shillings(500))).toMatchObject({ outcome: 'refused' })
    await inTransaction(db, (tx) => declineRefund(tx, refundId, say('other')))
    expect(await inTransaction(db, (tx) => isReturnAskedFor(tx, receipt))).toBe(false)
    expect(await ask({ receipt }, shillings(500))).toMatchObject({ awaitsApproval: true })
  })

  it('of a customer’s credit goes to their own phone and never below zero', async () => {
    const customerId = await buildCustomer(db)
    await inTransaction(db, (tx) =>
      postEntry(tx, {
        kind: 'test',
        reference: randomUUID(),
        postings: [
          { account: 'bank', amount: shillings(900) },
          { account: 'customer_credit', amount: shillings(-900), subject: customerId },
        ],
      }),
    )
    const wish = { creditOf: customerId, amount: shillings(900), actorId: customerId }
    const plans = await Promise.all([ask(wish), ask(wish)])
    expect(plans.map(({ outcome }) => outcome).toSorted()).toEqual(['ready', 'refused'])
    expect(plans.find(({ outcome }) => outcome === 'ready')).toMatchObject({
      method: 'payout',
      // Nobody has proven that this number is theirs.
      awaitsApproval: true,
    })
    expect(await readCredit(db, customerId)).toBe(shillings(900))
  })
})

type Step = { part: number; end: 'settle' | 'refuse' | 'decline' | 'wait' }
const steps = fc.array(
  fc.record<Step>({
    part: fc.integer({ min: 1, max: 100 }),
    end: fc.constantFrom('settle', 'refuse', 'decline', 'wait'),
  }),
  { minLength: 1, maxLength: 6 },
)

async function carryOut(paymentId: string, total: number, { part, end }: Step): Promise<void> {
  const refundId = randomUUID()
  const amount = shillings(Math.max(1, Math.floor((total * part) / 10_000)))
  const plan = await ask({ refundId, paymentId, amount }, end === 'decline' ? cents(0) : undefined)
  if (plan.outcome !== 'ready') return
  await inTransaction(db, async (tx) => {
    if (end === 'decline') await declineRefund(tx, refundId, say('other'))
    else await recordRefundSent(tx, refundId, null)
    if (end === 'refuse') await refuseRefund(tx, refundId, '2040')
  })
  if (end === 'settle') await settle(refundId)
}

describe('any sequence of wishes and results', () => {
  it('gives back no more than came, and the books stay in balance', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { paid } = await buildOwed()
        for (const step of all) await carryOut(paid.paymentId, paid.amount, step)
        const row = await selectOne<{ returning: string; back: string; owed: string }>(
          db,
          `SELECT p.returning_cents AS returning, p.refunded_cents AS back,
             (SELECT -sum(amount_cents) FROM ledger_postings WHERE account = 'customer_deposits'
                AND subject = p.owner_id::text) AS owed FROM payments p WHERE id = $1`,
          [paid.paymentId],
        )
        const [going, back, owed] = [row?.returning, row?.back, row?.owed].map(Number)
        expect(going).toBeLessThanOrEqual(paid.amount)
        expect(back).toBeLessThanOrEqual(going ?? 0)
        expect(owed).toBe(paid.amount - (going ?? 0))
        const sum = Object.values(await readBalances(db)).reduce((all, one) => all + one, 0)
        expect(sum).toBe(0)
      }),
      { numRuns: 12 },
    )
  })
})
