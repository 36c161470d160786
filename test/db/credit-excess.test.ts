/** Credit notes and invoices that nobody asks for: what is invoiced is what is kept, whoever gets what back. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bill } from '../../db/billing.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { endCharge } from '../../db/charges.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { creditExcess } from '../../db/credit-excess.ts'
import { creditInvoice, listCreditNotes } from '../../db/credit-notes.ts'
import { recountInvoices } from '../../db/invoice-counting.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { completeReservation, endReservation } from '../../db/reservation-ends.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import { cents, shillings, vatInside } from '../../domain/money.ts'
import { buildBooking, buildPaid, count, NOW } from '../support/builders.ts'
import { buildCharge, payCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { giveBack } from '../support/giving-back.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

type Money = Record<'gross' | 'vat' | 'credited' | 'creditedVat' | 'paid', number>
/** Of all the invoices that were issued for it. */
const invoiced = async (ownerId: string): Promise<Money> => {
  const row = await selectOne<Money>(
    db,
    `SELECT sum(gross_cents)::int AS gross, sum(vat_cents)::int AS vat, sum(credited_cents)::int AS credited,
       sum(paid_cents)::int AS paid, coalesce((SELECT sum(n.vat_cents) FROM credit_notes n
         JOIN invoices j ON j.id = n.invoice_id WHERE j.owner_id = $1), 0)::int AS "creditedVat"
     FROM invoices WHERE owner_id = $1 AND number IS NOT NULL`,
    [ownerId],
  )
  return row as Money
}
/** As its story does it: what was drafted is issued. */
const issueAll = async (ownerId: string) => {
  const drafts = await select<{ id: string }>(
    db,
    "SELECT id FROM invoices WHERE owner_id = $1 AND status = 'draft'",
    [ownerId],
  )
  for (const { id } of drafts)
    await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
  await inTransaction(db, (tx) => recountInvoices(tx, ownerId, NOW))
}
const excess = (ownerId: string) =>
  inTransaction(db, (tx) => creditExcess(tx, { ownerId, now: NOW }))
async function buildInvoiced() {
  const booking = await buildBooking(db)
  const { paymentId } = await buildPaid(db, booking, booking.held.total)
  const id = booking.input.reservationId
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', id))
  await issueAll(id)
  return { booking, paymentId, id, total: booking.held.total }
}
const cancel = (id: string) =>
  inTransaction(db, (tx) =>
    endReservation(tx, { reservationId: id, reason: 'desk', actorId: 'desk', note: null }),
  )

describe('credit notes by themselves', () => {
  it('follow parts of a refund: invoices less notes are what is kept, and its VAT to the cent', async () => {
    const parts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(parts, async (amounts) => {
        const { id, paymentId, total } = await buildInvoiced()
        let kept = total as number
        for (const amount of amounts) {
          await giveBack(db, paymentId, shillings(amount))
          await excess(id)
          kept -= amount * 100
          const now = await invoiced(id)
          expect(now.gross - now.credited).toBe(kept)
          expect(now.vat - now.creditedVat).toBe(vatInside(cents(kept)).vat)
          expect(now.paid).toBe(kept)
        }
      }),
      { numRuns: 12 },
    )
  })

  it('follow the end of a booking, once its money is back, however often they are looked at', async () => {
    const { id, paymentId, total } = await buildInvoiced()
    await cancel(id)
    await excess(id)
    expect((await invoiced(id)).credited).toBe(0)
    await giveBack(db, paymentId, null)
    for (let n = 0; n < 3; n += 1) await excess(id)
    expect(await invoiced(id)).toMatchObject({ credited: total })
    expect(await count(db, "invoices WHERE owner_id = $1 AND status = 'cancelled'", [id])).toBe(1)
    expect(
      await count(db, 'credit_notes n JOIN invoices i ON i.id = n.invoice_id WHERE owner_id = $1', [
        id,
      ]),
    ).toBe(1)
  })

  it('take back what was invoiced and never paid, and drafts with it', async () => {
    const booking = await buildBooking(db)
    const id = booking.input.reservationId
    const to = { name: 'Acme', pin: null, address: [], email: null }
    await inTransaction(db, (tx) =>
      bill(tx, {
        purpose: 'reservation',
        ownerId: id,
        bills: [1, 2].map(() => ({ id: randomUUID(), billTo: to, weight: 1 })),
        termsDays: 14,
        issue: false,
        actorId: 'fin',
      }),
    )
    const [draft] = await select<{ id: string }>(
      db,
      'SELECT id FROM invoices WHERE owner_id = $1 LIMIT 1',
      [id],
    )
    await inTransaction(db, (tx) => issueInvoice(tx, draft?.id ?? '', { now: NOW, etims: false }))
    await cancel(id)
    await excess(id)
    expect(await count(db, "invoices WHERE owner_id = $1 AND status = 'cancelled'", [id])).toBe(2)
  })

  it('follow money that was earned and went back all the same', async () => {
    const { id, paymentId, total } = await buildInvoiced()
    await inTransaction(db, (tx) => completeReservation(tx, id))
    await giveBack(db, paymentId, shillings(700))
    await excess(id)
    const now = await invoiced(id)
    expect(now.gross - now.credited).toBe(total - 70_000)
  })

  it('leave alone what finance has credited for this already', async () => {
    const { id, paymentId } = await buildInvoiced()
    const [row] = await select<{ id: string }>(db, 'SELECT id FROM invoices WHERE owner_id = $1', [
      id,
    ])
    const line = { description: 'x', quantity: 1, unitPrice: shillings(500), vatRate: 16 as const }
    const wish = { id: randomUUID(), invoiceId: row?.id ?? '', reason: 'x', lines: [line] }
    await inTransaction(db, (tx) => creditInvoice(tx, { ...wish, actorId: 'fin' }, NOW))
    await giveBack(db, paymentId, shillings(500))
    await excess(id)
    expect(await listCreditNotes(db, [row?.id ?? ''])).toHaveLength(1)
  })

  it('do nothing while a booking stands and nothing went back', async () => {
    const { id } = await buildInvoiced()
    await excess(id)
    expect((await invoiced(id)).credited).toBe(0)
    expect((await readReservation(db, id))?.status).toBe('confirmed')
  })
})

describe('a charge that is paid', () => {
  it.each(['sale', 'service', 'damage', 'additional', 'stay'] as const)(
    'as %s is invoiced once, and paid',
    async (type) => {
      const charge = await buildCharge(db, { type })
      const { chargeId, total } = charge.input
      await payCharge(db, charge, total)
      for (let n = 0; n < 2; n += 1)
        await inTransaction(db, (tx) => billByItself(tx, 'charge', chargeId))
      await issueAll(chargeId)
      expect(await invoiced(chargeId)).toMatchObject({ gross: total, paid: total })
      expect(await count(db, 'invoices WHERE owner_id = $1', [chargeId])).toBe(1)
    },
  )

  it('as a deposit is never invoiced: it is the customer’s', async () => {
    const charge = await buildCharge(db, { type: 'deposit' })
    const { chargeId, total } = charge.input
    await payCharge(db, charge, total)
    await inTransaction(db, (tx) => billByItself(tx, 'charge', chargeId))
    const byHand = inTransaction(db, (tx) =>
      bill(tx, {
        purpose: 'charge',
        ownerId: chargeId,
        bills: [
          {
            id: randomUUID(),
            billTo: { name: 'Acme', pin: null, address: [], email: null },
            weight: 1,
          },
        ],
        termsDays: 0,
        issue: true,
        actorId: 'fin',
      }),
    )
    await expect(byHand).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await count(db, 'invoices WHERE owner_id = $1', [chargeId])).toBe(0)
  })

  it('and cancelled afterwards is credited when its money is back', async () => {
    const charge = await buildCharge(db, { type: 'sale' })
    const { chargeId, total } = charge.input
    const { paymentId } = await payCharge(db, charge, total)
    await inTransaction(db, (tx) => billByItself(tx, 'charge', chargeId))
    await issueAll(chargeId)
    const end = { chargeId, reason: 'desk' as const, actorId: 'desk', note: null }
    await inTransaction(db, (tx) => endCharge(tx, end))
    await giveBack(db, paymentId, null)
    await excess(chargeId)
    const now = await invoiced(chargeId)
    expect(now).toMatchObject({ credited: total, creditedVat: now.vat })
  })
})
