/** What invoices hear from Kafka, and write down once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { shillings, subtract } from '../../domain/money.ts'
import { hearForInvoices } from '../../workers/invoice-events.ts'
import {
  buildBooking,
  buildCompany,
  buildPaid,
  count,
  KSH_1000,
  nextReceipt,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { buildCharge, payCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Answers which invoices were woken. */
async function hear(type: string, subject: string, data: object = {}, id: string = randomUUID()) {
  const woken: string[] = []
  const event = JSON.stringify({ id, type: `gari.${type}.v1`, subject, data })
  await hearForInvoices({ db }, event, async (invoiceId) => {
    woken.push(invoiceId)
  })
  return woken
}
const draftsOf = (ownerId: string) =>
  select<{ id: string; companyId: string | null; gross: number }>(
    db,
    `SELECT id, company_id AS "companyId", gross_cents::int AS gross FROM invoices
     WHERE owner_id = $1 AND issue_wanted ORDER BY gross_cents`,
    [ownerId],
  )
const issue = (id: string) =>
  inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))

async function buildInvoiced(): Promise<{ booking: Booking; id: string; paymentId: string }> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const id = booking.input.reservationId
  await hear('reservation.confirmed', id)
  for (const draft of await draftsOf(id)) await issue(draft.id)
  return { booking, id, paymentId }
}

it('a refund that settled is credited once, and its invoice looks again each time', async () => {
  const { id, paymentId } = await buildInvoiced()
  const refundId = randomUUID()
  const wish = { refundId, paymentId, amount: KSH_1000, reason: 'gift', actorId: 'fin' }
  const policy = { approvalAbove: shillings(20_000), now: NOW }
  await inTransaction(db, (tx) => openRefund(tx, { ...wish, askedBy: 'person' }, policy))
  await inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: nextReceipt() }))
  const event = randomUUID()
  for (let n = 0; n < 2; n += 1) {
    const woken = await hear('refund.settled', refundId, { payment_id: paymentId }, event)
    expect(woken).toHaveLength(1)
  }
  expect(await count(db, 'invoices WHERE owner_id = $1 AND credited_cents = 100000', [id])).toBe(1)
})

it('a charge that was paid is invoiced and receipted', async () => {
  const charge = await buildCharge(db, { type: 'damage' })
  const { chargeId, total } = charge.input
  const { paymentId } = await payCharge(db, charge, total)
  await hear('payment.succeeded', paymentId, { owner_id: chargeId })
  await hear('charge.paid', chargeId)
  expect(await draftsOf(chargeId)).toMatchObject([{ gross: total }])
  expect(await count(db, 'receipts WHERE payment_id = $1', [paymentId])).toBe(1)
})

it('a deposit has a receipt and no invoice', async () => {
  const charge = await buildCharge(db, { type: 'deposit' })
  const { chargeId, total } = charge.input
  const { paymentId } = await payCharge(db, charge, total)
  await hear('payment.succeeded', paymentId, { owner_id: chargeId })
  await hear('charge.paid', chargeId)
  expect(await count(db, 'invoices WHERE owner_id = $1', [chargeId])).toBe(0)
  expect(await count(db, 'receipts WHERE payment_id = $1', [paymentId])).toBe(1)
})

it('what a company has on its account is billed to it, the rest to the customer', async () => {
  const company = await buildCompany(db)
  const booking = await buildBooking(db)
  const { reservationId } = booking.input
  const { paymentId } = await buildPaid(db, booking, KSH_1000)
  await select(
    db,
    "UPDATE payments SET method = 'account', holding_subject = $2 WHERE id = $1 RETURNING id",
    [paymentId, company.id],
  )
  await hear('reservation.confirmed', reservationId)
  expect(await draftsOf(reservationId)).toMatchObject([
    { companyId: company.id, gross: KSH_1000 },
    { companyId: null, gross: booking.held.total - KSH_1000 },
  ])
})

it('money that goes back off a company’s account is credited on the company’s own invoice', async () => {
  const company = await buildCompany(db)
  const booking = await buildBooking(db)
  const ownerId = booking.input.reservationId
  const onAccount = await buildPaid(db, booking, KSH_1000)
  await select(
    db,
    "UPDATE payments SET method = 'account', holding_subject = $2 WHERE id = $1 RETURNING id",
    [onAccount.paymentId, company.id],
  )
  await buildPaid(db, booking, subtract(booking.held.total, KSH_1000))
  await hear('reservation.confirmed', ownerId)
  for (const draft of await draftsOf(ownerId)) await issue(draft.id)
  await select(
    db,
    'UPDATE reservations SET total_cents = total_cents - 50000, paid_cents = paid_cents - 50000 WHERE id = $1 RETURNING id',
    [ownerId],
  )
  await hear('refund.settled', randomUUID(), { payment_id: onAccount.paymentId })
  const credited = await select<{ companyId: string | null }>(
    db,
    'SELECT company_id AS "companyId" FROM invoices WHERE owner_id = $1 AND credited_cents = 50000',
    [ownerId],
  )
  expect(credited).toEqual([{ companyId: company.id }])
})

it('what is no event of ours is poison, what is not for invoices is passed by', async () => {
  await expect(hearForInvoices({ db }, 'nonsense', async () => undefined)).rejects.toThrow()
  expect(await hear('vehicle.held', randomUUID())).toEqual([])
})
