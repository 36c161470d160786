import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { endCharge, openCharge, progressCharge } from '../../db/charges.ts'
import { readCharge } from '../../db/charge-rows.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { reclaimOwner } from '../../db/late-charges.ts'
import { readBalances } from '../../db/ledger.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { openPayment } from '../../db/payments.ts'
import { settleRefund } from '../../db/refund-settling.ts'
import { openRefund } from '../../db/refunds.ts'
import { DEFAULT_APPROVAL_ABOVE } from '../../domain/refunds.ts'
import { CHARGE_TYPES, type ChargeEndReason } from '../../domain/charges.ts'
import { negate, shillings, vatInside, ZERO } from '../../domain/money.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { buildParty, count, eventsOf, nextReceipt, NOW, settle } from '../support/builders.ts'
import {
  buildCharge,
  buildChargeInput,
  chargePayment,
  payCharge,
  promptCharge,
} from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const POLICY = { approvalAbove: DEFAULT_APPROVAL_ABOVE, now: NOW }

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const progress = (id: string) => inTransaction(db, (tx) => progressCharge(tx, id))
const end = (chargeId: string, reason: ChargeEndReason = 'desk') =>
  inTransaction(db, (tx) => endCharge(tx, { chargeId, reason, actorId: 'desk', note: null }))
const typesOf = async (id: string) => (await eventsOf(db, id)).map(({ type }) => type)
const subjectBalance = async (account: string, subject: string) => {
  const rows = await select<{ sum: string }>(
    db,
    'SELECT coalesce(sum(amount_cents), 0) AS sum FROM ledger_postings WHERE account = $1 AND subject = $2',
    [account, subject],
  )
  return Number(rows[0]?.sum)
}

describe('opening a charge', () => {
  it('numbers it and writes it once, however often it is said', async () => {
    const { input, opened } = await buildCharge(db)
    expect(opened.number).toMatch(/^CHG-\d\d-\d{6}$/)
    const again = await inTransaction(db, (tx) => openCharge(tx, input, NOW))
    expect(again).toEqual(opened)
    expect(await typesOf(input.chargeId)).toEqual(['charge.created'])
  })

  it('refuses shares that do not add up', async () => {
    const { input } = await buildCharge(db)
    const parties = [buildParty({ share: shillings(1) }), buildParty({ share: shillings(2) })]
    const wrong = { ...buildChargeInput(input.customerId), parties }
    const answer = await inTransaction(db, (tx) => openCharge(tx, wrong, NOW))
    expect(answer).toMatchObject({ outcome: 'refused', code: 'SHARES_DO_NOT_ADD_UP' })
  })

  it('tells of ids, amounts and times only', async () => {
    const { input } = await buildCharge(db, { description: 'Left door of Wanjiku' })
    expect(JSON.stringify(await eventsOf(db, input.chargeId))).not.toContain('Wanjiku')
  })
})

describe('paying a charge', () => {
  it('adds up parts: open, processing, paid; told once', async () => {
    const charge = await buildCharge(db, { total: shillings(3_000) })
    const id = charge.input.chargeId
    await payCharge(db, charge, shillings(1_000))
    expect(await progress(id)).toMatchObject({ status: 'processing', paid: shillings(1_000) })
    await payCharge(db, charge, shillings(2_000))
    expect(await progress(id)).toMatchObject({ status: 'paid', paid: shillings(3_000) })
    expect(await progress(id)).toMatchObject({ status: 'paid' })
    expect(await typesOf(id)).toEqual(['charge.created', 'charge.paid'])
  })

  it('takes no more than is owed', async () => {
    const charge = await buildCharge(db, { total: shillings(1_000) })
    const input = chargePayment(charge, shillings(1_001))
    const opened = await inTransaction(db, (tx) => openPayment(tx, input, NOW))
    expect(opened).toMatchObject({ reason: { code: 'AMOUNT_ABOVE_BALANCE' } })
  })

  it.each(CHARGE_TYPES)('%s lies in its own accounts, and VAT with it', async (type) => {
    const total = shillings(1_160)
    const before = await readBalances(db)
    const charge = await buildCharge(db, { type, total })
    await payCharge(db, charge, total)
    await progress(charge.input.chargeId)
    const after = await readBalances(db)
    const id = charge.input.chargeId
    const { net, vat } = vatInside(total)
    const revenue = {
      deposit: null,
      additional: 'other_revenue',
      damage: 'other_revenue',
      sale: 'sales_revenue',
      service: 'service_revenue',
      stay: 'stays_revenue',
    } as const
    const account = revenue[type]
    if (account === null) {
      expect(await subjectBalance('security_deposits', id)).toBe(negate(total))
      expect(after.vat_output).toBe(before.vat_output)
      return
    }
    expect(await subjectBalance('customer_deposits', id)).toBe(0)
    expect(after[account] - before[account]).toBe(negate(net))
    expect(after.vat_output - before.vat_output).toBe(negate(vat))
  })
})

describe('ending a charge', () => {
  it('gives back what was paid, once', async () => {
    const charge = await buildCharge(db, { total: shillings(3_000) })
    const { paymentId } = await payCharge(db, charge, shillings(1_000))
    await progress(charge.input.chargeId)
    const ended = await end(charge.input.chargeId, 'deadline')
    expect(ended).toEqual({ status: 'expired', refunds: [{ paymentId }] })
    expect(await end(charge.input.chargeId)).toEqual(ended)
    expect(await typesOf(charge.input.chargeId)).toEqual(['charge.created', 'charge.expired'])
  })

  it('of a paid one takes back what was earned, so that the refund leaves nothing behind', async () => {
    const before = await readBalances(db)
    const charge = await buildCharge(db, { type: 'damage', total: shillings(2_000) })
    const { paymentId } = await payCharge(db, charge, shillings(2_000))
    await progress(charge.input.chargeId)
    expect(await end(charge.input.chargeId)).toMatchObject({ status: 'cancelled' })
    const refund = { refundId: paymentId, paymentId, reason: 'a test', actorId: 'desk' }
    await inTransaction(db, (tx) => openRefund(tx, refund, POLICY))
    await inTransaction(db, (tx) => settleRefund(tx, { refundId: paymentId, receipt: null }))
    expect(await readBalances(db)).toEqual(before)
  })

  it('leaves a paid one alone when only its deadline passes', async () => {
    const charge = await buildCharge(db, { total: shillings(100) })
    await payCharge(db, charge, shillings(100))
    await progress(charge.input.chargeId)
    expect(await end(charge.input.chargeId, 'deadline')).toMatchObject({ status: 'paid' })
  })

  it('sends money that comes afterwards back to whoever paid', async () => {
    const charge = await buildCharge(db, { total: shillings(100) })
    const prompt = await promptCharge(db, charge, shillings(100))
    await end(charge.input.chargeId, 'deadline')
    expect(await settle(db, prompt, nextReceipt())).toMatchObject({ ownerOpen: false })
    const claim = { paymentId: prompt.paymentId, policy: DEFAULT_POLICY, now: NOW }
    const found = await inTransaction(db, (tx) => reclaimOwner(tx, claim))
    expect(found).toEqual({ outcome: 'refund', ownerNumber: charge.opened.number })
    expect(await findPayment(db, prompt.paymentId)).toMatchObject({ applied: ZERO })
  })

  it('is refused by the database for a paid charge that is not paid', async () => {
    const charge = await buildCharge(db)
    const id = charge.input.chargeId
    const cheat = select(db, "UPDATE charges SET status = 'paid' WHERE id = $1", [id])
    await expect(cheat).rejects.toThrow()
    expect(await readCharge(db, id)).toMatchObject({ status: 'open' })
    expect(await count(db, 'charges WHERE id = $1', [id])).toBe(1)
  })
})
