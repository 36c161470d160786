/** Whatever a charge is for and however it is paid: the money lies in the right account, and goes back whole. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { settleTransfer } from '../../db/bank-transfers.ts'
import { endCharge, progressCharge } from '../../db/charges.ts'
import { readCharge } from '../../db/charge-rows.ts'
import { addMember } from '../../db/companies.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { readBalances } from '../../db/ledger.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { CHARGE_TYPES, type ChargeType } from '../../domain/charges.ts'
import { ACCOUNTS, holdingAccount, owedAccount, type Account } from '../../domain/ledger.ts'
import { add, negate, shillings, subtract, toDecimal, vatInside, ZERO } from '../../domain/money.ts'
import type { PaymentMethod } from '../../domain/payments.ts'
import { DEFAULT_APPROVAL_ABOVE } from '../../domain/refunds.ts'
import { TRANSFER_HOLD_MS, type Tender } from '../../domain/tenders.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { buildCompany, buildCredit, buildCustomer, buildTill, NOW } from '../support/builders.ts'
import { buildCharge, chargeTender, payCharge, type BuiltCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'

const TOTAL = shillings(1_160)
const POLICY = { approvalAbove: DEFAULT_APPROVAL_ABOVE, now: NOW }
type Till = Awaited<ReturnType<typeof buildTill>>

let db: TestDatabase
let till: Till
let companyId: string
beforeAll(async () => {
  db = await createTestDatabase()
  till = await buildTill(db)
  companyId = (await buildCompany(db)).id
})
afterAll(() => db.drop())

type Paid = { paymentId: string; method: PaymentMethod }

async function take(charge: BuiltCharge, tender: Tender): Promise<Paid> {
  const input = chargeTender(charge, { tender, actorId: till.clerkId })
  const taken = await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  if (taken.outcome === 'refused') throw new Error(taken.reason.code)
  return { paymentId: input.paymentId, method: tender.method }
}

async function transfer(charge: BuiltCharge): Promise<Paid> {
  const paid = await take(charge, { method: 'bank_transfer', reference: charge.opened.number })
  const found = { by: 'line' as const, bankLineId: randomUUID() }
  await inTransaction(db, (tx) => settleTransfer(tx, paid.paymentId, found, NOW))
  return paid
}

async function byHand({ opened }: BuiltCharge): Promise<Paid> {
  const over = { reference: opened.number, amount: toDecimal(opened.total) }
  const told = await tellOfPaybill(db, over)
  await matchTold(db, told)
  return { paymentId: told.paymentId, method: 'mpesa' }
}

const slip = () => ({ terminal: 'T1', slip: randomUUID().slice(0, 12) })

/** Every way in which a charge can be paid. */
const WAYS: Record<string, (charge: BuiltCharge) => Promise<Paid>> = {
  prompt: async (charge) => {
    const { paymentId } = await payCharge(db, charge, charge.opened.total)
    return { paymentId, method: 'mpesa' }
  },
  paybill: byHand,
  cash: (charge) => take(charge, { method: 'cash', given: shillings(2_000), keepChange: false }),
  'credit card': (charge) => take(charge, { method: 'credit_card', ...slip() }),
  'debit card': (charge) => take(charge, { method: 'debit_card', ...slip() }),
  'bank transfer': transfer,
  'company account': (charge) => take(charge, { method: 'account', companyId }),
  credit: (charge) => take(charge, { method: 'credit' }),
}

const REVENUE: Record<ChargeType, Account | null> = {
  deposit: null,
  additional: 'other_revenue',
  damage: 'other_revenue',
  sale: 'sales_revenue',
  service: 'service_revenue',
  stay: 'stays_revenue',
}

/** A customer who may pay in every way. */
async function buildPayer(): Promise<string> {
  const customerId = await buildCustomer(db)
  const member = { companyId, userId: customerId, actorId: 'finance' }
  await inTransaction(db, (tx) => addMember(tx, member))
  await buildCredit(db, customerId, TOTAL)
  return customerId
}

const standing = async (account: Account, subject: string): Promise<number> => {
  const row = await selectOne<{ sum: string }>(
    db,
    'SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = $1 AND subject = $2',
    [account, subject],
  )
  return Number(row?.sum)
}

/** What moved, account by account. */
async function moved(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await readBalances(db)
  await work()
  const after = await readBalances(db)
  const changes = ACCOUNTS.map((account) => [account, after[account] - before[account]] as const)
  return Object.fromEntries(changes.filter(([, change]) => change !== 0))
}

const progress = (id: string) => inTransaction(db, (tx) => progressCharge(tx, id))

async function giveBack(chargeId: string, { paymentId, method }: Paid): Promise<void> {
  const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
  const { refunds } = await inTransaction(db, (tx) => endCharge(tx, end))
  expect(refunds).toEqual([{ paymentId }])
  const refund = { refundId: paymentId, paymentId, reason: 'a test', actorId: 'desk' }
  await inTransaction(db, (tx) => openRefund(tx, refund, POLICY))
  const fromTill = { to: { account: 'cash_tills', subject: till.sessionId } } as const
  const settled = { refundId: paymentId, receipt: null, ...(method === 'cash' ? fromTill : {}) }
  await inTransaction(db, (tx) => settleRefund(tx, settled))
}

const CASES = CHARGE_TYPES.flatMap((type) => Object.keys(WAYS).map((way) => [type, way] as const))

describe('a charge, for each purpose and each way to pay', () => {
  it.each(CASES)('%s by %s is counted once, and goes back whole', async (type, way) => {
    const customerId = await buildPayer()
    const charge = await buildCharge(db, { customerId, type, total: TOTAL })
    const id = charge.input.chargeId
    const pay = WAYS[way] ?? byHand
    let paid: Paid = { paymentId: '', method: 'mpesa' }
    const came = await moved(async () => {
      paid = await pay(charge)
      expect(await progress(id)).toMatchObject({ status: 'paid', paid: TOTAL })
      expect(await progress(id)).toMatchObject({ status: 'paid', paid: TOTAL })
    })
    const { method, paymentId } = paid
    const { net, vat } = vatInside(TOTAL)
    const revenue = REVENUE[type]
    const counted = revenue
      ? { [revenue]: negate(net), vat_output: negate(vat) }
      : { security_deposits: negate(TOTAL) }
    expect(came).toEqual({ [holdingAccount(method)]: TOTAL, ...counted })
    expect(await standing(owedAccount(type), id)).toBe(revenue ? 0 : negate(TOTAL))
    expect(await readPayment(db, paymentId)).toMatchObject({ type, method, applied: TOTAL })
    const wentBack = await moved(() => giveBack(id, { method, paymentId }))
    const undone = Object.entries(came).map(([account, sum]) => [account, -sum])
    expect(wentBack).toEqual(Object.fromEntries(undone))
    expect(await readPayment(db, paymentId)).toMatchObject({ status: 'refunded' })
    expect(await readCredit(db, customerId)).toBe(TOTAL)
    expect(await standing('receivables', companyId)).toBe(0)
  })
})

describe('a charge at the desk', () => {
  it('leaves its change as credit when the customer wants that', async () => {
    const charge = await buildCharge(db, { total: TOTAL })
    const given = add(TOTAL, shillings(40))
    await take(charge, { method: 'cash', given, keepChange: true })
    expect(await progress(charge.input.chargeId)).toMatchObject({ status: 'paid' })
    expect(await readCredit(db, charge.input.customerId)).toBe(subtract(given, TOTAL))
  })

  it('stays open while a bank transfer is on its way, longer only once', async () => {
    const dueAt = new Date(NOW.getTime() + HOUR_MS)
    const charge = await buildCharge(db, { total: TOTAL, dueAt: dueAt.toISOString() })
    const id = charge.input.chargeId
    await take(charge, { method: 'bank_transfer', reference: 'FT26 001' })
    const later = new Date(NOW.getTime() + TRANSFER_HOLD_MS)
    expect(await readCharge(db, id)).toMatchObject({ dueAt: later })
    const second = chargeTender(charge, {
      amount: shillings(100),
      tender: { method: 'bank_transfer', reference: 'FT26 002' },
    })
    const hours = new Date(NOW.getTime() + 5 * HOUR_MS)
    await inTransaction(db, (tx) => takePayment(tx, second, hours))
    expect(await readCharge(db, id)).toMatchObject({ dueAt: later })
  })

  it('takes nothing above the balance, and nothing once it has ended', async () => {
    const charge = await buildCharge(db, { total: TOTAL })
    const tender = { method: 'debit_card' as const, ...slip() }
    const above = chargeTender(charge, { amount: add(TOTAL, shillings(1)), tender })
    const refused = (code: string) => ({ outcome: 'refused', reason: { code } })
    const tryIt = (input: typeof above) => inTransaction(db, (tx) => takePayment(tx, input, NOW))
    expect(await tryIt(above)).toMatchObject(refused('AMOUNT_ABOVE_BALANCE'))
    const { chargeId } = charge.input
    const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    expect(await tryIt(chargeTender(charge, { tender }))).toMatchObject(
      refused('RESERVATION_CLOSED'),
    )
    expect((await readCharge(db, chargeId))?.paid).toBe(ZERO)
  })
})
