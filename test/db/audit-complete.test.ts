/** Each change of a business row has an entry in the audit in its own transaction: seen by triggers that know nothing of our code. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { appendAudit } from '../../db/audit.ts'
import { BUSINESS_TABLES, OTHER_COLUMNS, OTHER_TABLES } from '../../db/audit-scope.ts'
import { beginWitness, countWitnessed, endWitness, listUnwritten } from '../../db/audit-witness.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { endPlan, goOnWithPlan, openPlan } from '../../db/payment-plans.ts'
import { restPlanPhone } from '../../db/plan-phones.ts'
import { recordUnknown, refusePayment } from '../../db/payments.ts'
import { issueReceipt } from '../../db/receipts.ts'
import { finishRun, openRun } from '../../db/reconciliation-runs.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { shillings } from '../../domain/money.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { DAY_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildRegistration, createTestApi, type TestApi } from '../support/api.ts'
import { importBankLine } from '../support/bank.ts'
import {
  buildBooking,
  buildPaid,
  buildPrompt,
  KSH_1000,
  nextPhone,
  NOW,
  progress,
  settle,
} from '../support/builders.ts'
import { buildCharge, payCharge, promptCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { giveBack } from '../support/giving-back.ts'
import { matchTold, tellOfPaybill } from '../support/paybill.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  await beginWitness(db.owner)
})
afterAll(() => db.drop())
beforeEach(() => select(db.owner, 'TRUNCATE audit_witness.changes'))

describe('the tables', () => {
  it('are each of the business or not, never both', async () => {
    const rows = await select<{ name: string }>(
      db,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    )
    const told = [...BUSINESS_TABLES, ...Object.keys(OTHER_TABLES)]
    expect(told.toSorted()).toEqual(rows.map(({ name }) => name))
  })

  it('have the columns that do not count', async () => {
    for (const [table, columns] of Object.entries(OTHER_COLUMNS)) {
      const rows = await select<{ name: string }>(
        db,
        'SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1',
        [table],
      )
      expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining([...columns]))
    }
  })
})

describe('the witness', () => {
  const park =
    "UPDATE vehicles SET status = 'maintenance' WHERE plate = (SELECT min(plate) FROM vehicles)"
  const back = park.replace('maintenance', 'available')
  const entry = { actor: 'test', action: 'vehicle.parked', entity: 'vehicle', entityId: 'x' }

  it('sees a change that nobody wrote down', async () => {
    await select(db, park)
    expect(await listUnwritten(db.owner)).toEqual([
      { what: 'vehicles', how: 'UPDATE', statement: park, times: 1 },
    ])
  })

  it('is content with an entry in the same transaction, not with one in the next', async () => {
    await inTransaction(db, async (tx) => {
      await select(tx, back)
      await appendAudit(tx, entry)
    })
    expect(await countWitnessed(db.owner)).toBe(1)
    expect(await listUnwritten(db.owner)).toEqual([])
    await select(db, park)
    await inTransaction(db, (tx) => appendAudit(tx, entry))
    expect(await listUnwritten(db.owner)).toHaveLength(1)
  })

  it('does not mind what changes nothing, nor what is undone', async () => {
    await select(db, park)
    await select(db.owner, 'TRUNCATE audit_witness.changes')
    await select(db, park)
    await select(db, 'UPDATE vehicles SET event_version = event_version + 1')
    const undone = inTransaction(db, async (tx) => {
      await select(tx, back)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await countWitnessed(db.owner)).toBe(0)
  })

  it('leaves nothing behind', async () => {
    await endWitness(db.owner)
    await select(db, back)
    const left = await select(db, "SELECT FROM pg_trigger WHERE tgname = 'audit_witness'")
    expect(left).toEqual([])
    await beginWitness(db.owner)
  })
})

const expectAllWritten = async () => {
  expect(await countWitnessed(db.owner)).toBeGreaterThan(0)
  expect(await listUnwritten(db.owner)).toEqual([])
}

describe('everything is written down', () => {
  it('of a booking from its hold to its end, and of money that comes too late', async () => {
    const booking = await buildBooking(db)
    const first = await buildPaid(db, booking, KSH_1000)
    await inTransaction(db, (tx) => issueReceipt(tx, first.paymentId, NOW))
    const open = await buildPrompt(db, booking, { amount: KSH_1000 })
    await inTransaction(db, (tx) => recordUnknown(tx, open.paymentId, 'no answer'))
    const refused = await buildPrompt(db, booking, { amount: shillings(500) })
    await inTransaction(db, (tx) => refusePayment(tx, refused.paymentId, reasonFor('1032')))
    const end = { reservationId: booking.input.reservationId, actorId: 'amina', note: 'as tested' }
    await inTransaction(db, (tx) => endReservation(tx, { ...end, reason: 'desk' }))
    await settle(db, open)
    await progress(db, booking.input.reservationId)
    await giveBack(db, first.paymentId, null)
    await expectAllWritten()
  })

  it('of a receipt that comes after the money', async () => {
    const booking = await buildBooking(db)
    const prompt = await buildPrompt(db, booking, { amount: KSH_1000 })
    await settle(db, prompt, null)
    await settle(db, prompt)
    await expectAllWritten()
  })

  it('of a charge, its payers and a plan for it', async () => {
    const charge = await buildCharge(db)
    await payCharge(db, charge, KSH_1000)
    await promptCharge(db, charge, shillings(500))
    const partyId = charge.input.parties[0]?.id ?? ''
    const plan = {
      planId: randomUUID(),
      purpose: 'charge' as const,
      ownerId: charge.input.chargeId,
      partyId,
      actorId: charge.input.customerId,
      amount: KSH_1000,
      phones: [{ phone: nextPhone(), phoneHash: 'of a phone' }],
      deadline: new Date(NOW.getTime() + DAY_MS).toISOString(),
    }
    await inTransaction(db, (tx) => openPlan(tx, plan, NOW))
    const rest = { planId: plan.planId, position: 0, code: '1', until: NOW.getTime() + DAY_MS }
    await restPlanPhone(db, rest)
    const goOn = { planId: plan.planId, actorId: 'amina', endedCodes: ['1'] }
    await inTransaction(db, (tx) => goOnWithPlan(tx, goOn, NOW))
    await inTransaction(db, (tx) => endPlan(tx, plan.planId, 'stopped', 'amina'))
    await expectAllWritten()
  })

  it('of money that comes by itself, and of what is compared', async () => {
    const told = await tellOfPaybill(db, { reference: 'nobody' })
    await matchTold(db, told)
    await matchTold(db, told)
    const booking = await buildBooking(db)
    const ours = await tellOfPaybill(db, { reference: booking.held.number })
    await matchTold(db, ours)
    await importBankLine(db)
    const runId = randomUUID()
    const run = { runId, kind: 'bank' as const, from: NOW, to: NOW, actorId: 'amina' }
    await inTransaction(db, (tx) => openRun(tx, run))
    await inTransaction(db, (tx) => finishRun(tx, runId, true))
    await expectAllWritten()
  })

  it('of what people do over the API', async () => {
    const send = async (path: string, body: object, token?: string) => {
      const headers: Record<string, string> = { 'idempotency-key': randomUUID() }
      if (token) headers['authorization'] = `Bearer ${token}`
      const answer = await api.post(path, body, headers)
      const said = (await answer.json()) as Record<string, unknown>
      expect([path, answer.status < 300 ? 'done' : said]).toEqual([path, 'done'])
      return said
    }
    const enter = async (email: string, password = SAMPLE_PASSWORD) =>
      String((await send('/auth/login', { email, password }))['access_token'])
    const opened = await openAccount(db, api, buildRegistration())
    const customer = (await opened.json()) as { id: string }
    const [admin, finance, desk] = await Promise.all(
      ['admin', 'finance', 'desk'].map((who) => enter(`${who}@example.com`)),
    )
    await send(
      '/roles',
      { name: 'washers', description: 'Wash', permissions: ['desk:read'] },
      admin,
    )
    const company = {
      name: 'Simba Ltd',
      kra_pin: 'P051234567A',
      billing: { line1: 'Moi Avenue 1', city: 'Nairobi' },
      contact: { name: 'Otieno', email: 'otieno@example.com', phone: nextPhone() },
      credit_limit: '1000',
    }
    await send('/companies', company, finance)
    const charge = await buildCharge(db, { customerId: customer.id })
    const invoice = await send(
      '/invoices',
      { charge_id: charge.input.chargeId, bill_to: [{ name: 'Achieng' }], issue: true },
      finance,
    )
    const made = invoice['items'] as { id: string }[] | undefined
    const invoiceId = made?.[0]?.id ?? String(invoice['id'])
    await inTransaction(db, (tx) => issueInvoice(tx, invoiceId, { now: NOW, etims: false }))
    const credit = { invoice_id: invoiceId, reason: 'too much', amount: '100' }
    await send('/credit-notes', credit, finance)
    const till = await send('/tills', { name: 'Front', place: 'NBO-JKIA' }, finance)
    await send(`/tills/${String(till['id'])}/sessions`, { float: '0' }, desk)
    await expectAllWritten()
  })

  it('of every entry, from where and who', async () => {
    const row = await selectOne<{ n: number }>(
      db,
      "SELECT count(*)::int AS n FROM audit_entries WHERE actor = '' OR action NOT LIKE '%.%'",
    )
    expect(row?.n).toBe(0)
  })
})
