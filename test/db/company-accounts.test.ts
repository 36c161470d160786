/** What a company has on its account is what it owes, what it is billed, and what a cancellation takes off again. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { billByItself } from '../../db/billing-by-itself.ts'
import { bill } from '../../db/billing.ts'
import { addMember, findCompany } from '../../db/companies.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { creditExcess } from '../../db/credit-excess.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { recordCompanyPayment } from '../../db/invoice-payments.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { readBalances } from '../../db/ledger.ts'
import { openRefund } from '../../db/refunds.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { shillings, subtract, type Cents } from '../../domain/money.ts'
import {
  buildBooking,
  buildCompany,
  buildCustomer,
  buildPaid,
  buildTender,
  NOW,
  progress,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let companyId: string
let booking: Booking
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  companyId = (await buildCompany(db)).id
  booking = await buildBooking(db)
  const member = { companyId, userId: booking.input.customerId, actorId: 'finance' }
  await inTransaction(db, (tx) => addMember(tx, member))
})

const owed = async () => (await findCompany(db, companyId))?.owed
const id = () => booking.input.reservationId
const onAccount = async (amount: Cents = booking.held.total) => {
  const input = buildTender(booking, { amount, tender: { method: 'account', companyId } })
  await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  await progress(db, id())
  return input.paymentId
}
type Shown = { id: string; companyId: string | null; gross: string; credited: string }
const invoices = () =>
  select<Shown>(
    db,
    `SELECT id, company_id AS "companyId", gross_cents AS gross, credited_cents AS credited FROM invoices
     WHERE owner_id = $1 ORDER BY company_id NULLS LAST`,
    [id()],
  )
const issue = async () => {
  for (const one of await invoices())
    await inTransaction(db, (tx) => issueInvoice(tx, one.id, { now: NOW, etims: false }))
}
const giveBack = async (paymentId: string) => {
  const wish = { refundId: paymentId, paymentId, reason: 'ended', actorId: 'clock' }
  const policy = { approvalAbove: shillings(20_000), now: NOW }
  const plan = await inTransaction(db, (tx) => openRefund(tx, wish, policy))
  const settled = { refundId: paymentId, receipt: null, actorId: 'gari', why: 'taken off' }
  await inTransaction(db, (tx) => settleRefund(tx, settled))
  return plan
}
const pay = (invoiceId: string, amount: Cents) => {
  const paid = { id: randomUUID(), invoiceId, amount, reference: randomUUID(), actorId: 'finance' }
  return inTransaction(db, (tx) => recordCompanyPayment(tx, paid, NOW))
}

describe('a booking on account', () => {
  it('is billed to the company as far as its account, and to the customer the rest', async () => {
    const part = shillings(3_000)
    await buildPaid(db, booking, subtract(booking.held.total, part))
    await onAccount(part)
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', id()))
    expect(await invoices()).toMatchObject([
      { companyId, gross: String(part) },
      { companyId: null, gross: String(subtract(booking.held.total, part)) },
    ])
  })

  it('that ends is owed no longer, nobody pays anything out, and its invoice is credited', async () => {
    const before = await readBalances(db)
    const paymentId = await onAccount()
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', id()))
    await issue()
    expect(await owed()).toBe(booking.held.total)
    const wish = { reservationId: id(), reason: 'customer' as const, actorId: 'c', note: null }
    await inTransaction(db, (tx) => endReservation(tx, wish))
    expect(await giveBack(paymentId)).toMatchObject({ outcome: 'ready', method: 'account' })
    await inTransaction(db, (tx) => creditExcess(tx, { ownerId: id(), now: NOW }))
    expect(await owed()).toBe(0)
    expect(await readBalances(db)).toEqual(before)
    const total = String(booking.held.total)
    expect(await invoices()).toMatchObject([{ companyId, gross: total, credited: total }])
  })
})

describe('a part of what is on account', () => {
  it('that is given back lowers what the company owes, and its own invoice', async () => {
    const part = shillings(4_000)
    await buildPaid(db, booking, subtract(booking.held.total, part))
    const paymentId = await onAccount(part)
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', id()))
    await issue()
    const refundId = randomUUID()
    const wish = { refundId, paymentId, amount: shillings(1_000), reason: 'gift', actorId: 'desk' }
    const policy = { approvalAbove: shillings(20_000), now: NOW }
    await inTransaction(db, (tx) => openRefund(tx, { ...wish, askedBy: 'person' }, policy))
    await inTransaction(db, (tx) => settleRefund(tx, { refundId, receipt: null }))
    await inTransaction(db, (tx) =>
      creditExcess(tx, { ownerId: id(), payer: { partyId: null, companyId }, now: NOW }),
    )
    expect(await owed()).toBe(shillings(3_000))
    expect(await invoices()).toMatchObject([
      { companyId, credited: String(shillings(1_000)) },
      { companyId: null, credited: '0' },
    ])
  })
})

describe('a company', () => {
  it('is booked for by nobody who let themselves in', async () => {
    const { id: other } = await buildCompany(db)
    const userId = await buildCustomer(db)
    const add = (actorId: string) =>
      inTransaction(db, (tx) => addMember(tx, { companyId: other, userId, actorId }))
    await expect(add(userId)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await add('finance')
    expect((await findCompany(db, other))?.members).toMatchObject([{ userId }])
  })

  it('in whose name others’ money is invoiced owes nothing, and pays nothing', async () => {
    await buildPaid(db, booking, booking.held.total)
    const bills = [{ id: randomUUID(), companyId, weight: 1, billTo: billTo() }]
    const wish = { purpose: 'reservation' as const, ownerId: id(), bills, termsDays: 30 }
    await inTransaction(db, (tx) => bill(tx, { ...wish, issue: false, actorId: 'finance' }))
    await issue()
    const [invoice] = await invoices()
    await expect(pay(invoice?.id ?? '', booking.held.total)).rejects.toMatchObject({
      code: 'INVOICE_CLOSED',
    })
    expect(await owed()).toBe(0)
  })

  it('pays what it owes, once, and no more for it', async () => {
    const part = shillings(4_000)
    await onAccount(part)
    const bills = [{ id: randomUUID(), companyId, weight: 1, billTo: billTo() }]
    const wish = { purpose: 'reservation' as const, ownerId: id(), bills, termsDays: 30 }
    await inTransaction(db, (tx) => bill(tx, { ...wish, issue: false, actorId: 'finance' }))
    await issue()
    const [invoice] = await invoices()
    const tries = await Promise.allSettled([1, 2].map(() => pay(invoice?.id ?? '', part)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await owed()).toBe(0)
  })

  it('never pays more than it owes', async () => {
    const paymentId = await onAccount()
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', id()))
    await issue()
    const [invoice] = await invoices()
    const wish = { reservationId: id(), reason: 'customer' as const, actorId: 'c', note: null }
    await inTransaction(db, (tx) => endReservation(tx, wish))
    await giveBack(paymentId)
    await expect(pay(invoice?.id ?? '', shillings(100))).rejects.toMatchObject({
      code: 'INVOICE_CLOSED',
    })
    expect(await owed()).toBe(0)
  })
})

const billTo = () => ({ name: 'Simba', pin: null, address: [], email: null })
