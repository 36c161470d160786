/** The checker's rules of documents, and of what clients may not decide: kept by what Gari writes, broken on purpose. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { billByItself } from '../../db/billing-by-itself.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { creditExcess } from '../../db/credit-excess.ts'
import { recordRegistered } from '../../db/etims-records.ts'
import { recountInvoices } from '../../db/invoice-counting.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { issueReceipt } from '../../db/receipts.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import { findBlind } from '../../faults/checker/blind.ts'
import { findBroken } from '../../faults/checker/index.ts'
import { startWatching } from '../../faults/checker/watch.ts'
import type { Registered, Rule, Sql, World } from '../../faults/checker/world.ts'
import { documents } from '../../faults/lines/documents.ts'
import { trust } from '../../faults/lines/trust.ts'
import type { Action, Facts, Outcome } from '../../faults/log.ts'
import { buildBooking, buildPaid, NOW, type Booking } from '../support/builders.ts'
import { buildCharge, payCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { giveBack } from '../support/giving-back.ts'
import { pretendOn, sqlOn, worldOf } from '../support/inspected.ts'

type Built = { booking: Booking; id: string; paymentId: string; total: Cents }
let db: TestDatabase
let pool: pg.Pool
let standing: Built
const pretend = pretendOn(() => pool)

beforeAll(async () => {
  db = await createTestDatabase()
  pool = new pg.Pool({ connectionString: db.ownerUrl, max: 2 })
  // Whoever drops the database may end a connection that is on its way out.
  pool.on('error', () => undefined)
  await startWatching(sqlOn(pool))
  standing = await buildInvoiced()
  await buildPaidCharge()
  const partly = await buildInvoiced()
  await giveBack(db, partly.paymentId, shillings(70))
  await followUp(partly.id)
  const cancelled = await buildInvoiced()
  await cancel(cancelled.id)
  await giveBack(db, cancelled.paymentId, null)
  await followUp(cancelled.id)
  // Cancelled, and its money is not back yet.
  await cancel((await buildInvoiced()).id)
})
afterAll(async () => {
  await pool?.end()
  await db?.drop()
})

/** As its story does it: number, control number, money. */
async function issueAll(ownerId: string): Promise<void> {
  const drafts = await select<{ id: string }>(
    db,
    "SELECT id FROM invoices WHERE owner_id = $1 AND status = 'draft'",
    [ownerId],
  )
  for (const { id } of drafts) {
    await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: true }))
    await register('invoice', id)
  }
  await inTransaction(db, (tx) => recountInvoices(tx, ownerId, NOW))
}

const register = (kind: 'invoice' | 'credit_note', id: string) => {
  const said = { serial: 'KRACU1', signature: 's', internalData: 'i', url: 'u', at: 'now' }
  const unit = { ...said, invoiceNumber: `KRACU1/${id}` }
  return inTransaction(db, (tx) => recordRegistered(tx, kind, id, unit))
}

async function followUp(ownerId: string): Promise<void> {
  await inTransaction(db, (tx) => creditExcess(tx, { ownerId, now: NOW }))
  for (const { id } of await select<{ id: string }>(db, 'SELECT id FROM credit_notes'))
    await register('credit_note', id)
}

async function buildInvoiced(): Promise<Built> {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const id = booking.input.reservationId
  await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', id))
  await issueAll(id)
  return { booking, id, paymentId, total: booking.held.total }
}

async function buildPaidCharge(): Promise<void> {
  const charge = await buildCharge(db, { type: 'damage' })
  const { paymentId } = await payCharge(db, charge, shillings(4_000))
  const id = charge.input.chargeId
  await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
  await inTransaction(db, (tx) => billByItself(tx, 'charge', id))
  await issueAll(id)
}

const cancel = (id: string) =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId: id, reason: 'desk', actorId: 'desk', note: null }),
  )

const broken = async (world: World, rules: Rule[]): Promise<string[]> =>
  (await findBroken(world, rules)).map(({ rule }) => rule)

/** The authority's book as it would be: numbers of its own, amounts in shillings. */
async function copyBook(sql: Sql): Promise<Registered[]> {
  const rows = await sql<{ number: string; gross: string; vat: string; credits: string | null }>(
    `SELECT number, gross_cents AS gross, vat_cents AS vat, NULL AS credits FROM invoices WHERE number IS NOT NULL
     UNION ALL SELECT n.number, n.gross_cents, n.vat_cents, i.number
       FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id`,
  )
  const nth = (number: string | null) => rows.findIndex((row) => row.number === number) + 1
  return rows.map(({ number, gross, vat, credits }) => ({
    trdInvcNo: number,
    invcNo: nth(number),
    credits: credits ? nth(credits) : null,
    totAmt: Number(gross) / 100,
    totTaxAmt: Number(vat) / 100,
  }))
}

/** An invoice that the books have no more. */
const lostEvent = () => ({
  topic: 'gari.invoices.v1',
  partition: 0,
  offset: 1,
  key: randomUUID(),
  version: 1,
  type: 'gari.invoice.issued.v1',
  eventId: randomUUID(),
  suspect: '',
})

describe('documents', () => {
  it('have rules that what Gari writes keeps, and that see what breaks them', async () => {
    const world = worldOf(sqlOn(pool), { registered: await copyBook(sqlOn(pool)) })
    expect(await findBroken(world, documents.rules)).toEqual([])
    expect(await findBlind({ look: async () => world, pretend }, documents.rules)).toEqual([])
  })

  it('are asked about with the authority while their story runs', async () => {
    await pretend(async (sql) => {
      await sql(`ALTER TABLE credit_notes DISABLE TRIGGER USER`)
      await sql(`UPDATE credit_notes SET etims_status = 'pending', etims = NULL`)
      const rows = await sql<{ id: string }>('SELECT id FROM credit_notes')
      const storyOf = (status: string) =>
        new Map(
          rows.map(({ id }) => {
            const story = { id: `credit-note:${id}`, type: 'creditNote', status, runId: id }
            return [story.id, story]
          }),
        )
      const registered = await copyBook(sql)
      const look = (status: string) =>
        broken(worldOf(sql, { registered, stories: storyOf(status) }), documents.rules)
      expect(await look('RUNNING')).toEqual([])
      expect(await look('COMPLETED')).toEqual(['each document is registered, or being registered'])
    })
  })

  it('may have one hole in their numbers where Kafka tells of what the books have no more', async () => {
    const lost = lostEvent()
    const GAP = ['the numbers of documents have no gap']
    const registered = await copyBook(sqlOn(pool))
    await pretend(async (sql) => {
      await sql("UPDATE document_series SET last = last + 2 WHERE series = 'INV'")
      expect(await broken(worldOf(sql, { registered }), documents.rules)).toEqual(GAP)
      expect(await broken(worldOf(sql, { registered, events: [lost] }), documents.rules)).toEqual(
        [],
      )
      await sql(
        `INSERT INTO checker.events SELECT 1000000, $1::uuid, 'gari.invoices.v1', 'k', 1, 'x'`,
        [lost.eventId],
      )
      expect(await broken(worldOf(sql, { registered, events: [lost] }), documents.rules)).toEqual(
        GAP,
      )
    })
    await pretend(async (sql) => {
      await sql(`ALTER TABLE invoices DISABLE TRIGGER USER`)
      await sql("UPDATE document_series SET last = last + 2 WHERE series = 'INV'")
      await sql(
        `UPDATE invoices SET number = left(number, 7) || lpad(
           (SELECT last FROM document_series WHERE series = 'INV')::text, 6, '0')
         WHERE number = (SELECT min(number) FROM invoices)`,
      )
      const book = await copyBook(sql)
      const look = (events: World['events']) =>
        broken(worldOf(sql, { registered: book, events }), documents.rules)
      expect(await look([lost])).toEqual(GAP)
    })
  })

  it('may be in the authority’s book alone where Kafka tells of what the books have no more', async () => {
    const forgotten = {
      trdInvcNo: 'INV-26-999999',
      invcNo: 9,
      credits: null,
      totAmt: 1,
      totTaxAmt: 0,
    }
    const registered = [...(await copyBook(sqlOn(pool))), forgotten]
    const look = (events: World['events']) =>
      broken(worldOf(sqlOn(pool), { registered, events }), documents.rules)
    expect(await look([])).toEqual(['the authority knows no document that we did not make'])
    expect(await look([lostEvent()])).toEqual([])
  })
})

const did = (what: string, facts: Facts, outcome: Outcome = 'ok'): Action => {
  const when = { tries: 1, beganAt: 0, endedAt: 1 }
  return { id: randomUUID(), line: 'trust', what, facts, outcome, ...when }
}
const REACH = 'reach for another’s booking'
const reach = (status: number, outcome: Outcome): Action =>
  did(REACH, { id: randomUUID(), how: 'read', status }, outcome)

describe('what clients may not decide', () => {
  const total = () => String(standing.total / 100)
  const booked = (more: Facts = {}): Action =>
    did('book', { id: standing.id, number: 'RSV', total: `${total()}.00`, ...more })
  const paid = (amount: string): Action =>
    did('ask for payment', { id: standing.paymentId, owner: standing.id, phone: '', amount })
  const look = (sql: Sql, ...actions: Action[]) => broken(worldOf(sql, { actions }), trust.rules)

  it('has rules that what Gari writes keeps, and that see what breaks them', async () => {
    const own = { customer: standing.booking.input.customerId, quoted: total() }
    const actions = [booked(own), paid(total()), reach(404, 'refused'), reach(0, 'unknown')]
    const world = worldOf(sqlOn(pool), { actions })
    expect(await findBroken(world, trust.rules)).toEqual([])
    expect(await findBlind({ look: async () => world, pretend }, trust.rules)).toEqual([])
  })

  it('is no other price, owner or status', async () => {
    const sql = sqlOn(pool)
    expect(await look(sql, booked({ quoted: '1.00' }))).toEqual(['a booking costs what was quoted'])
    expect(await look(sql, booked({ customer: randomUUID() }))).toEqual([
      'a booking is whose it was',
    ])
    expect(await look(sql, booked({ claims: true }))).toEqual([
      'nobody says themselves how their booking stands',
    ])
  })

  it('is no other payment, and nobody’s booking but their own', async () => {
    const sql = sqlOn(pool)
    expect(await look(sql, paid('1'))).toEqual(['a payment is of what was asked, and whose it was'])
    for (const seen of [reach(200, 'ok'), reach(409, 'refused')])
      expect(await look(sql, seen)).toEqual(['nobody reaches another’s booking'])
    const rung = did(REACH, { id: standing.id, how: 'pay', status: 404 }, 'refused')
    expect(await look(sql, rung)).toEqual(['nobody reaches another’s booking'])
  })
})
