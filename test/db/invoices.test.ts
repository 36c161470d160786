import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { bill as makeBills, type Bill } from '../../db/billing.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { creditInvoice, listCreditNotes } from '../../db/credit-notes.ts'
import { nextNumber } from '../../db/document-series.ts'
import { cancelDraft } from '../../db/invoice-drafts.ts'
import { recountInvoices } from '../../db/invoice-counting.ts'
import {
  claimReminder,
  issueInvoice,
  openInvoiceCase,
  recordInvoiceSent,
} from '../../db/invoices.ts'
import { lockInvoicesOf, readInvoice, type InvoiceRow } from '../../db/invoice-rows.ts'
import { findReceipt, issueReceipt } from '../../db/receipts.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { add, cents, shillings, subtract, ZERO } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  count,
  eventsOf,
  KSH_1000,
  NOW,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

const bill = (over: Partial<Bill> = {}): Bill => ({
  id: randomUUID(),
  billTo: { name: 'Wanjiku Kamau', pin: null, address: [], email: 'wanjiku@example.com' },
  weight: 1,
  ...over,
})
const draft = (booking: Booking, bills = [bill()]) =>
  inTransaction(db, (tx) => {
    const { reservationId } = booking.input
    return makeBills(tx, {
      purpose: 'reservation',
      ownerId: reservationId,
      bills,
      termsDays: 14,
      issue: false,
      actorId: 'fin',
    })
  })
const issue = (id: string) =>
  inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
const recount = (ownerId: string, now = NOW) =>
  inTransaction(db, (tx) => recountInvoices(tx, ownerId, now))
const read = async (id: string) => (await readInvoice(db, id)) as InvoiceRow
const credit = (invoiceId: string, amount = KSH_1000, id: string = randomUUID()) =>
  inTransaction(db, (tx) => {
    const lines = [
      { description: 'Goodwill', quantity: 1, unitPrice: amount, vatRate: 16 as const },
    ]
    return creditInvoice(tx, { id, invoiceId, reason: 'goodwill', lines, actorId: 'fin' }, NOW)
  })

async function buildIssued(): Promise<{ booking: Booking; invoice: InvoiceRow }> {
  const booking = await buildBooking(db, { customerId })
  const [made] = await draft(booking)
  return { booking, invoice: await issue((made as InvoiceRow).id) }
}
const typesOf = async (id: string) => (await eventsOf(db, id)).map(({ type }) => type)

describe('numbers', () => {
  it('have no gap and no double under fifty issues at once, of which some are rolled back', async () => {
    const year = new Date('2031-06-01T12:00:00+03:00')
    const tries = Array.from({ length: 50 }, (_, index) =>
      inTransaction(db, async (tx) => {
        const number = await nextNumber(tx, 'RCT', year)
        if (index % 5 === 0) throw new Error('rolled back')
        return number
      }).catch(() => null),
    )
    const given = (await Promise.all(tries)).filter((number) => number !== null)
    const wanted = Array.from({ length: 40 }, (_, n) => `RCT-31-${String(n + 1).padStart(6, '0')}`)
    expect(given.toSorted()).toEqual(wanted)
  })

  it('have no gap when whoever took one dies before it is written down', async () => {
    const year = new Date('2033-06-01T12:00:00+03:00')
    const told = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const tries = Array.from({ length: 24 }, (_, index) =>
      inTransaction(db, async (tx) => {
        const number = await nextNumber(tx, 'INV', year)
        // The connection ends under it, as when the process or its network is gone.
        if (index % 3 === 0) await select(tx, 'SELECT pg_terminate_backend(pg_backend_pid())')
        return number
      }).catch(() => null),
    )
    const given = (await Promise.all(tries)).filter((number) => number !== null)
    told.mockRestore()
    expect(given.toSorted()).toEqual(
      Array.from({ length: 16 }, (_, n) => `INV-33-${String(n + 1).padStart(6, '0')}`),
    )
  })

  it('are given to invoices in the same way, one each', async () => {
    const bookings = []
    for (let n = 0; n < 6; n += 1) bookings.push(await buildBooking(db, { customerId }))
    const drafts = (await Promise.all(bookings.map((one) => draft(one)))).flat()
    await Promise.all(drafts.flatMap(({ id }) => [issue(id), issue(id)]))
    const rows = await select<{ number: string }>(
      db,
      'SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY number',
    )
    expect(rows.map(({ number }) => Number(number.slice(-6)))).toEqual(rows.map((_, n) => n + 1))
  })

  it('begin anew in January, by Nairobi’s clock', async () => {
    const last = new Date('2031-12-31T20:59:00Z')
    const first = new Date('2031-12-31T21:01:00Z')
    const numbers = await inTransaction(db, async (tx) => [
      await nextNumber(tx, 'CRN', last),
      await nextNumber(tx, 'CRN', first),
    ])
    expect(numbers).toEqual(['CRN-31-000001', 'CRN-32-000001'])
  })
})

describe('billing a booking', () => {
  it('drafts its lines as the customer saw them, without the deposit', async () => {
    const booking = await buildBooking(db, { customerId })
    const [row] = await draft(booking)
    expect(row).toMatchObject({ status: 'draft', number: null, gross: booking.held.total })
    expect(row?.deposit).toBeGreaterThan(0)
    const lines = await select<{ description: string }>(
      db,
      'SELECT description FROM invoice_lines WHERE invoice_id = $1',
      [row?.id],
    )
    expect(lines.map(({ description }) => description).join()).not.toMatch(/deposit/i)
  })

  it('by shares sums to the whole, and leaves nothing for another', async () => {
    const booking = await buildBooking(db, { customerId })
    const rows = await draft(booking, [
      bill({ weight: 1 }),
      bill({ weight: 1 }),
      bill({ weight: 5 }),
    ])
    expect(add(ZERO, ...rows.map(({ gross }) => gross))).toBe(booking.held.total)
    for (const row of rows) expect(row.net + row.vat).toBe(row.gross)
    await expect(draft(booking)).rejects.toMatchObject({ code: 'NOTHING_TO_INVOICE' })
  })

  it('twice with the same ids makes the drafts once', async () => {
    const booking = await buildBooking(db, { customerId })
    const bills = [bill(), bill()]
    const [first, second] = [await draft(booking, bills), await draft(booking, bills)]
    expect(second.map(({ id }) => id).toSorted()).toEqual(first.map(({ id }) => id).toSorted())
  })

  it('when it is confirmed bills the rest once, and has waiting drafts issued', async () => {
    const booking = await buildBooking(db, { customerId })
    const { reservationId } = booking.input
    for (let n = 0; n < 2; n += 1)
      await inTransaction(db, (tx) => billByItself(tx, 'reservation', reservationId))
    expect(await count(db, 'invoices WHERE owner_id = $1 AND issue_wanted', [reservationId])).toBe(
      1,
    )
  })

  it('may be done anew after a draft was thrown away', async () => {
    const booking = await buildBooking(db, { customerId })
    const [row] = await draft(booking)
    await inTransaction(db, (tx) => cancelDraft(tx, (row as InvoiceRow).id, 'fin'))
    const [again] = await draft(booking)
    expect(again?.gross).toBe(booking.held.total)
    expect(await issue((row as InvoiceRow).id)).toMatchObject({ status: 'cancelled', number: null })
  })
})

describe('bills of one booking', () => {
  it('are issued at once without waiting in a circle', async () => {
    const booking = await buildBooking(db, { customerId })
    const drafts = await draft(booking, [bill(), bill(), bill(), bill()])
    const deadlocks = async () =>
      (
        await select<{ n: string }>(
          db,
          'SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()',
        )
      )[0]?.n
    const before = await deadlocks()
    const issued = await Promise.all(drafts.map(({ id }) => issue(id)))
    expect(new Set(issued.map(({ number }) => number)).size).toBe(4)
    expect(await deadlocks()).toBe(before)
  })

  it('are not made by late news of a booking that has ended since', async () => {
    const booking = await buildBooking(db, { customerId })
    const { reservationId } = booking.input
    await inTransaction(db, (tx) =>
      endReservation(tx, { reservationId, reason: 'customer', actorId: 'c', note: null }),
    )
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', reservationId))
    expect(await count(db, 'invoices WHERE owner_id = $1', [reservationId])).toBe(0)
  })
})

describe('an issued invoice', () => {
  it.each([
    'UPDATE invoices SET gross_cents = 1, net_cents = 1, vat_cents = 0 WHERE id = $1',
    "UPDATE invoices SET number = 'INV-26-999999' WHERE id = $1",
    "UPDATE invoices SET bill_to = '{}' WHERE id = $1",
    "UPDATE invoices SET status = 'draft' WHERE id = $1",
    'DELETE FROM invoice_lines WHERE invoice_id = $1',
    'UPDATE invoice_lines SET quantity = 2 WHERE invoice_id = $1',
  ])('refuses %s', async (sql) => {
    const { invoice } = await buildIssued()
    await expect(select(db.owner, sql, [invoice.id])).rejects.toThrow()
  })

  it('cannot be cancelled as a draft is', async () => {
    const { invoice } = await buildIssued()
    const cancel = inTransaction(db, (tx) => cancelDraft(tx, invoice.id, 'fin'))
    await expect(cancel).rejects.toMatchObject({ code: 'INVOICE_ISSUED' })
  })

  it('is paid by its booking’s money, and says so once', async () => {
    const { booking, invoice } = await buildIssued()
    await buildPaid(db, booking, booking.held.total)
    await recount(booking.input.reservationId)
    await recount(booking.input.reservationId)
    expect(await read(invoice.id)).toMatchObject({ status: 'paid', paid: invoice.gross })
    expect(await typesOf(invoice.id)).toEqual(['invoice.issued', 'invoice.paid'])
  })

  it('of a part is paid by that party’s own money first, and by what others paid beyond theirs', async () => {
    const booking = await buildBooking(db, { customerId })
    const partyId = booking.held.parties[0]?.id ?? null
    const rows = await draft(booking, [bill({ partyId }), bill({ partyId: randomUUID() })])
    for (const { id } of rows) await issue(id)
    const share = rows.find((row) => row.partyId === partyId)?.gross ?? ZERO
    await buildPaid(db, booking, share)
    await recount(booking.input.reservationId)
    const look = () => Promise.all(rows.map(({ id }) => read(id)))
    const [own, other] = (await look()).toSorted((a) => (a.partyId === partyId ? -1 : 1))
    expect(own?.status).toBe('paid')
    expect(other?.paid).toBe(0)
    await buildPaid(db, booking, subtract(booking.held.total, share))
    await recount(booking.input.reservationId)
    expect((await look()).map(({ status }) => status)).toEqual(['paid', 'paid'])
  })

  it('is sent once in the eyes of others, however often it leaves', async () => {
    const { invoice } = await buildIssued()
    for (let n = 0; n < 2; n += 1)
      await inTransaction(db, (tx) => recordInvoiceSent(tx, invoice.id, NOW))
    expect(await typesOf(invoice.id)).toEqual(['invoice.issued', 'invoice.sent'])
  })

  it('is overdue after its last day, and reminded once of each step', async () => {
    const { booking, invoice } = await buildIssued()
    await recount(booking.input.reservationId, new Date(NOW.getTime() + 16 * DAY_MS))
    expect((await read(invoice.id)).status).toBe('overdue')
    const claim = () => inTransaction(db, (tx) => claimReminder(tx, invoice.id, 'overdue_7'))
    expect([await claim(), await claim()]).toEqual([true, false])
  })
})

describe('an invoice that nobody pays', () => {
  const late = new Date(NOW.getTime() + 40 * DAY_MS)
  const openCases = (id: string) =>
    count(db, "finance_cases WHERE what = 'invoice_overdue' AND subject = $1 AND status = 'open'", [
      id,
    ])
  const buildCase = async () => {
    const { booking, invoice } = await buildIssued()
    await recount(booking.input.reservationId, late)
    for (let n = 0; n < 2; n += 1)
      await inTransaction(db, (tx) => openInvoiceCase(tx, invoice.id, late))
    return { booking, invoice }
  }

  it('becomes one case for finance, which ends when it is paid, and no reminder follows', async () => {
    const { booking, invoice } = await buildCase()
    expect(await openCases(invoice.id)).toBe(1)
    await buildPaid(db, booking, booking.held.total)
    await recount(booking.input.reservationId, late)
    expect((await read(invoice.id)).status).toBe('paid')
    expect(await openCases(invoice.id)).toBe(0)
    const claim = inTransaction(db, (tx) => claimReminder(tx, invoice.id, 'overdue_14'))
    expect(await claim).toBe(false)
  })

  it('and is credited in part and paid for the rest is paid; in full it is cancelled', async () => {
    const { booking, invoice } = await buildCase()
    await credit(invoice.id, KSH_1000)
    expect(await read(invoice.id)).toMatchObject({ status: 'overdue', caseAt: late })
    await buildPaid(db, booking, subtract(booking.held.total, KSH_1000))
    await recount(booking.input.reservationId, late)
    expect((await read(invoice.id)).status).toBe('paid')
    const other = await buildCase()
    await credit(other.invoice.id, other.invoice.gross)
    expect((await read(other.invoice.id)).status).toBe('cancelled')
    expect(await openCases(other.invoice.id)).toBe(0)
  })
})

describe('credit notes', () => {
  it('never exceed the invoice, also when two are written at once', async () => {
    const { invoice } = await buildIssued()
    const part = cents(Math.floor(invoice.gross * 0.6))
    const both = await Promise.allSettled([credit(invoice.id, part), credit(invoice.id, part)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await read(invoice.id)).credited).toBe(part)
  })

  it('of the same id are one', async () => {
    const { invoice } = await buildIssued()
    const id = randomUUID()
    expect(await credit(invoice.id, KSH_1000, id)).toEqual(await credit(invoice.id, KSH_1000, id))
    expect(await listCreditNotes(db, [invoice.id])).toHaveLength(1)
  })

  it('that take all of it back cancel it, and it can be invoiced anew', async () => {
    const { booking, invoice } = await buildIssued()
    await credit(invoice.id, invoice.gross)
    expect((await read(invoice.id)).status).toBe('cancelled')
    expect(await typesOf(invoice.id)).toEqual([
      'invoice.issued',
      'credit_note.issued',
      'invoice.cancelled',
    ])
    expect((await draft(booking))[0]?.gross).toBe(booking.held.total)
  })

  it('stand for ever', async () => {
    const { invoice } = await buildIssued()
    const { id } = await credit(invoice.id)
    await expect(select(db.owner, 'DELETE FROM credit_notes WHERE id = $1', [id])).rejects.toThrow(
      'stands',
    )
  })
})

describe('receipts', () => {
  it('are one for each payment, also when asked for at once', async () => {
    const { paymentId } = await buildPaid(db, await buildBooking(db, { customerId }), KSH_1000)
    await Promise.all(
      [1, 2, 3, 4].map(() => inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))),
    )
    const found = await findReceipt(db, paymentId)
    expect(found).toMatchObject({ amount: shillings(1_000), method: 'mpesa' })
    expect(found?.reference).toMatch(/^UKL/)
    expect(await count(db, 'receipts WHERE payment_id = $1', [paymentId])).toBe(1)
  })
})

it('leaves every booking’s invoices unlocked and in balance', async () => {
  const wrong = `invoices i WHERE gross_cents <> (SELECT sum(gross_cents) FROM invoice_lines WHERE invoice_id = i.id)
    OR credited_cents <> (SELECT coalesce(sum(gross_cents), 0) FROM credit_notes WHERE invoice_id = i.id)`
  expect(await count(db, wrong)).toBe(0)
  const rows = await inTransaction(db, (tx) => lockInvoicesOf(tx, randomUUID()))
  expect(rows).toEqual([])
})
