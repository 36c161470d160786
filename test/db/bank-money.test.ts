/** Bank money that nobody announced: suggested, given to somebody once, or named a reason; never counted twice. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createReconciliationActivities } from '../../activities/reconciliation.ts'
import { allocateBankLine, previewBankLine } from '../../db/bank-allocation.ts'
import {
  findBankMoney,
  findBankWish,
  listBankMoney,
  searchCompanyInvoices,
  suggestForBank,
} from '../../db/bank-lines.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { recordCompanyPayment } from '../../db/invoice-payments.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { addMember } from '../../db/companies.ts'
import { readBalances } from '../../db/ledger.ts'
import { explainFinding, findFinding } from '../../db/reconciliation-findings.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { readPayment } from '../../db/payment-rows.ts'
import type { BankPurpose } from '../../domain/bank-money.ts'
import { cents, shillings } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import { importBankLine, type OnWorklist } from '../support/bank.ts'
import {
  buildBooking,
  buildCompany,
  buildPaid,
  buildTender,
  count,
  eventsOf,
  NOW,
  progress,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

type Wish = { purpose?: BankPurpose; ownerId: string; actorId?: string }
const give = ({ lineId }: OnWorklist, { purpose = 'reservation', ownerId, actorId }: Wish) =>
  inTransaction(db, (tx) =>
    allocateBankLine(
      tx,
      {
        lineId,
        target: { purpose, ownerId },
        actorId: actorId ?? 'finance',
        why: 'she sent the slip',
      },
      { now: NOW, creditAlone: shillings(1_000) },
    ),
  )
const idOf = (booking: Booking) => booking.input.reservationId
const customerOf = (booking: Booking) => booking.input.customerId
/** All of what one booking costs, at the bank. */
const importFor = (booking: Booking, more = 0, words = {}) =>
  importBankLine(db, { amount: cents(booking.held.total + more), ...words })

/** What the bank told was compared with the books so many days from now. */
async function compareLater(days: number) {
  const later = new Date(NOW.getTime() + days * DAY_MS)
  const books = createReconciliationActivities({ db, now: () => later })
  const runId = randomUUID()
  await books.openReconciliation({ runId, kind: 'bank', actorId: 'amina' })
  await books.matchBankLines(runId)
  await books.finishReconciliation(runId, true)
}

/** A company owes all of a booking on its account, and its invoice is out. */
async function buildOnAccount() {
  const { id: companyId, name } = await buildCompany(db, { name: `Safari ${randomUUID()}` })
  const booking = await buildBooking(db)
  await inTransaction(db, (tx) =>
    addMember(tx, { companyId, userId: customerOf(booking), actorId: 'finance' }),
  )
  const input = buildTender(booking, {
    amount: booking.held.total,
    tender: { method: 'account', companyId },
  })
  await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  await progress(db, idOf(booking))
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', idOf(booking)))
  const [invoice] = await select<{ id: string }>(
    db,
    'SELECT id FROM invoices WHERE owner_id = $1',
    [idOf(booking)],
  )
  const id = invoice?.id ?? ''
  await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
  return { booking, id, name }
}

describe('a line of the bank that nobody announced', () => {
  it('stands on the worklist, with what is open for its amount, its number and its name', async () => {
    const booking = await buildBooking(db)
    const line = await importBankLine(db, {
      amount: shillings(77),
      details: `EFT ${booking.held.number.replaceAll('-', ' ')} THANKS`,
    })
    const money = await findBankMoney(db, line.findingId)
    expect(money).toMatchObject({ lineId: line.lineId, amount: shillings(77) })
    const found = money ? await suggestForBank(db, money, 5) : []
    expect(found[0]).toMatchObject({ ownerId: idOf(booking), likeness: { nearlyTyped: true } })
    const same = await importFor(booking)
    const other = await findBankMoney(db, same.findingId)
    const alike = other ? await suggestForBank(db, other, 20) : []
    expect(alike.map(({ ownerId }) => ownerId)).toContain(idOf(booking))
    const { items } = await listBankMoney(db, { limit: 100 })
    expect(items.map(({ lineId }) => lineId)).toContain(line.lineId)
  })

  it.each([{ direction: 'out' }, { nature: 'charge' }] as const)(
    'is money that came: %j is none, and nobody’s',
    async (over) => {
      const booking = await buildBooking(db)
      const line = await importFor(booking, 0, over)
      expect(await findBankMoney(db, line.findingId)).toBeNull()
      expect(await give(line, { ownerId: idOf(booking) })).toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it('given to a booking pays it, once, and is matched, audited and off the worklist', async () => {
    const booking = await buildBooking(db)
    const line = await importFor(booking, 0, { reference: 'FT26325AAA' })
    const before = await readBalances(db)
    const answer = await give(line, { ownerId: idOf(booking) })
    expect(answer).toMatchObject({
      outcome: 'allocated',
      paymentId: line.lineId,
      applied: booking.held.total,
      credited: 0,
      told: { purpose: 'reservation', ownerId: idOf(booking), number: booking.held.number },
    })
    expect(await give(line, { ownerId: idOf(booking) })).toEqual(answer)
    const after = await readBalances(db)
    expect(after.bank - before.bank).toBe(booking.held.total)
    expect(after.customer_deposits - before.customer_deposits).toBe(0 - booking.held.total)
    expect(await readPayment(db, line.lineId)).toMatchObject({
      method: 'bank_transfer',
      status: 'settled',
      customerId: customerOf(booking),
      deskReference: 'FT26325AAA',
    })
    const allocated = "audit_entries WHERE entity_id = $1 AND action = 'payment.allocated'"
    expect(await count(db, allocated, [line.lineId])).toBe(1)
    const tender = 'desk_tenders WHERE payment_id = $1::uuid AND bank_line_id = $1::text'
    expect(await count(db, tender, [line.lineId])).toBe(1)
    expect(await progress(db, idOf(booking))).toMatchObject({ status: 'confirmed' })
    expect((await eventsOf(db, line.lineId)).map(({ type }) => type)).toEqual(['payment.succeeded'])
    const matched = 'provider_lines WHERE id = $1::uuid AND matched_to = $2'
    expect(await count(db, matched, [line.lineId, `payment:${line.lineId}`])).toBe(1)
    const audited =
      "audit_entries WHERE entity_id = $1 AND actor = 'finance' AND action = 'reconciliation.allocated'"
    expect(await count(db, audited, [line.lineId])).toBe(1)
    expect(await findBankMoney(db, line.findingId)).toBeNull()
    expect(await findFinding(db, line.findingId)).toMatchObject({
      status: 'closed',
      closedBy: 'finance',
    })
  })

  it('is somebody’s once, when two people give it to two bookings at the same moment', async () => {
    const [one, two] = [await buildBooking(db), await buildBooking(db)]
    const line = await importFor(one)
    const answers = await Promise.all([
      give(line, { ownerId: idOf(one) }),
      give(line, { ownerId: idOf(two), actorId: 'manager' }),
    ])
    const outcomes = answers.map(({ outcome }) => outcome).toSorted()
    expect(outcomes).toEqual(['allocated', 'refused'])
    expect(answers.find(({ outcome }) => outcome === 'refused')).toMatchObject({
      code: 'MONEY_TAKEN',
    })
    expect(await count(db, 'payments WHERE id = $1', [line.lineId])).toBe(1)
  })

  it('that has its owner is nobody else’s, and nobody gives it once more', async () => {
    const [one, two] = [await buildBooking(db), await buildBooking(db)]
    const line = await importFor(one)
    expect(await give(line, { ownerId: idOf(one) })).toMatchObject({ outcome: 'allocated' })
    expect(await give(line, { ownerId: idOf(two) })).toMatchObject({ code: 'MONEY_TAKEN' })
    const again = { ownerId: idOf(one), actorId: 'manager' }
    expect(await give(line, again)).toMatchObject({ code: 'MONEY_TAKEN' })
    const { id } = await buildOnAccount()
    const invoice = { purpose: 'invoice' as const, ownerId: id }
    expect(await give(line, invoice)).toMatchObject({ code: 'MONEY_TAKEN' })
  })

  it('that was given a reason is nobody’s any more', async () => {
    const booking = await buildBooking(db)
    const line = await importFor(booking)
    const { findingId } = line
    const explained = { findingId, reason: 'interest', actorId: 'finance' }
    await inTransaction(db, (tx) => explainFinding(tx, { ...explained, account: 'other_revenue' }))
    expect(await give(line, { ownerId: idOf(booking) })).toMatchObject({ code: 'MONEY_TAKEN' })
    expect(await findBankMoney(db, line.findingId)).toBeNull()
  })

  it('that names an announced transfer waits for that one', async () => {
    const booking = await buildBooking(db)
    const line = await importBankLine(db, {
      amount: shillings(3_000),
      details: 'FT26326ZZZ OTIENO',
    })
    const tender = { method: 'bank_transfer' as const, reference: 'FT26326ZZZ' }
    const input = buildTender(booking, { amount: shillings(3_000), tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    const other = await buildBooking(db)
    expect(await give(line, { ownerId: idOf(other) })).toMatchObject({ code: 'MONEY_WAITING' })
  })

  it('that came for an announced transfer is not on the worklist of money of nobody', async () => {
    const booking = await buildBooking(db)
    const tender = { method: 'bank_transfer' as const, reference: 'FT26326YYY' }
    const input = buildTender(booking, { amount: shillings(3_100), tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    const line = await importBankLine(db, { amount: shillings(3_100), details: 'FT26326YYY' })
    expect(await findBankMoney(db, line.findingId)).toBeNull()
    const { items } = await listBankMoney(db, { limit: 100 })
    expect(items.map(({ lineId }) => lineId)).not.toContain(line.lineId)
  })

  it('is never found missing at the bank, nor matched anew by the next comparison', async () => {
    const booking = await buildBooking(db)
    const line = await importFor(booking)
    await give(line, { ownerId: idOf(booking) })
    await compareLater(5)
    const found = "reconciliation_findings WHERE payment_id = $1 AND status = 'open'"
    expect(await count(db, found, [line.lineId])).toBe(0)
  })
})

describe('what is above the balance', () => {
  it('becomes credit, up to the limit by one person', async () => {
    const booking = await buildBooking(db)
    const line = await importFor(booking, shillings(1_000))
    const target = { purpose: 'reservation' as const, ownerId: idOf(booking) }
    const preview = await previewBankLine(db, target, cents(booking.held.total + shillings(1_000)))
    expect(preview).toMatchObject({ applied: booking.held.total, credited: shillings(1_000) })
    const before = await inTransaction(db, (tx) => readCredit(tx, customerOf(booking)))
    expect(await give(line, target)).toMatchObject({ credited: shillings(1_000) })
    const after = await inTransaction(db, (tx) => readCredit(tx, customerOf(booking)))
    expect(after - before).toBe(shillings(1_000))
  })

  it.each<BankPurpose>(['reservation', 'credit'])(
    'above it takes two people, for %s',
    async (purpose) => {
      const booking = await buildBooking(db)
      const line = await importFor(booking, shillings(1_001))
      const ownerId = purpose === 'credit' ? customerOf(booking) : idOf(booking)
      const wish = { purpose, ownerId }
      expect(await give(line, wish)).toMatchObject({ outcome: 'refused', code: 'SECOND_PERSON' })
      expect(await give(line, wish)).toMatchObject({ outcome: 'refused', code: 'SECOND_PERSON' })
      expect(await findBankWish(db, line.lineId)).toMatchObject({
        target: wish,
        askedBy: 'finance',
      })
      expect(await readPayment(db, line.lineId)).toBeNull()
      expect(await give(line, { ...wish, actorId: 'manager' })).toMatchObject({
        outcome: 'allocated',
      })
      const asked =
        "audit_entries WHERE entity_id = $1 AND action = 'reconciliation.allocation_asked'"
      expect(await count(db, asked, [line.lineId])).toBe(1)
    },
  )

  it('and what its booking needs takes two people, however little, when it is one’s own', async () => {
    const booking = await buildBooking(db)
    const line = await importFor(booking)
    const own = { ownerId: idOf(booking), actorId: customerOf(booking) }
    for (const _again of [1, 2])
      expect(await give(line, own)).toMatchObject({ outcome: 'refused', code: 'SECOND_PERSON' })
    expect(await readPayment(db, line.lineId)).toBeNull()
    expect(await give(line, { ...own, actorId: 'manager' })).toMatchObject({ outcome: 'allocated' })
  })

  it('named for somebody else by the second person begins anew', async () => {
    const [one, two] = [await buildBooking(db), await buildBooking(db)]
    const line = await importFor(one, shillings(9_000))
    await give(line, { ownerId: idOf(one) })
    const other = { ownerId: idOf(two), actorId: 'manager' }
    expect(await give(line, other)).toMatchObject({ code: 'SECOND_PERSON' })
    expect(await findBankWish(db, line.lineId)).toMatchObject({
      target: { purpose: 'reservation', ownerId: idOf(two) },
      askedBy: 'manager',
    })
    expect(await give(line, other)).toMatchObject({ code: 'SECOND_PERSON' })
    expect(await give(line, { ownerId: idOf(two) })).toMatchObject({ outcome: 'allocated' })
  })

  it('of a booking that is paid is its customer’s credit, of one that ended is refused', async () => {
    const paid = await buildBooking(db)
    await buildPaid(db, paid, paid.held.total)
    const little = await importBankLine(db, { amount: shillings(500) })
    expect(await give(little, { ownerId: idOf(paid) })).toMatchObject({ credited: shillings(500) })
    const ended = await buildBooking(db)
    const end = { reservationId: idOf(ended), reason: 'desk' as const, actorId: 'd', note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const line = await importFor(ended)
    expect(await give(line, { ownerId: idOf(ended) })).toMatchObject({ code: 'RESERVATION_CLOSED' })
    expect(await give(line, { ownerId: randomUUID() })).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an invoice on account of a company', () => {
  it('is suggested by its amount, paid by the line once, and never twice', async () => {
    const { booking, id } = await buildOnAccount()
    const line = await importFor(booking, 0, { reference: 'FT26327CCC' })
    const money = await findBankMoney(db, line.findingId)
    const found = money ? await suggestForBank(db, money, 10) : []
    expect(found).toContainEqual(expect.objectContaining({ purpose: 'invoice', ownerId: id }))
    const before = await readBalances(db)
    const wish = { purpose: 'invoice' as const, ownerId: id }
    const answer = await give(line, wish)
    expect(answer).toMatchObject({ outcome: 'allocated', paymentId: null, told: null })
    expect(await give(line, wish)).toEqual(answer)
    const after = await readBalances(db)
    expect(after.bank - before.bank).toBe(booking.held.total)
    expect(after.receivables - before.receivables).toBe(0 - booking.held.total)
    const status = await selectOne<{ status: string }>(
      db,
      'SELECT status FROM invoices WHERE id = $1',
      [id],
    )
    expect(status).toEqual({ status: 'paid' })
    const again = await importFor(booking)
    const fresh = await findBankMoney(db, again.findingId)
    const suggested = fresh ? await suggestForBank(db, fresh, 20) : []
    expect(suggested.map(({ ownerId }) => ownerId)).not.toContain(id)
    expect(await give(again, wish)).toMatchObject({ code: 'INVOICE_CLOSED' })
    expect(await findBankMoney(db, again.findingId)).not.toBeNull()
  })

  const byHand = (invoiceId: string, { held }: Booking, reference: string) => {
    const payment = { id: randomUUID(), invoiceId, amount: held.total, reference, actorId: 'amina' }
    return inTransaction(db, (tx) => recordCompanyPayment(tx, payment, NOW)).then(() => payment.id)
  }

  it('written down by hand keeps its line from everybody else, and the next comparison matches it', async () => {
    const { booking, id } = await buildOnAccount()
    const line = await importFor(booking, 0, { reference: 'FT26327DDD' })
    const paymentId = await byHand(id, booking, 'FT26327DDD')
    const other = await buildBooking(db)
    expect(await give(line, { ownerId: idOf(other) })).toMatchObject({ code: 'MONEY_WAITING' })
    await compareLater(0)
    const matched = 'provider_lines WHERE id = $1::uuid AND matched_to = $2'
    expect(await count(db, matched, [line.lineId, `invoice_payment:${paymentId}`])).toBe(1)
    expect(await give(line, { ownerId: idOf(other) })).toMatchObject({ code: 'MONEY_TAKEN' })
  })

  it('written down by hand is a finding until the bank’s list shows it', async () => {
    const { booking, id } = await buildOnAccount()
    const paymentId = await byHand(id, booking, 'MADEUP77')
    const open = "reconciliation_findings WHERE key = $1 AND status = 'open'"
    const findings = () => count(db, open, [`unseen:invoice_payment:${paymentId}`])
    await compareLater(1)
    expect(await findings()).toBe(0)
    await compareLater(5)
    expect(await findings()).toBe(1)
    const told = { amount: booking.held.total, reference: 'MADEUP77' }
    await expect(importBankLine(db, told)).rejects.toThrow('matched')
    await compareLater(6)
    expect(await findings()).toBe(0)
  })

  it('written down by hand and known to be missing hides no other one', async () => {
    const { id } = await buildOnAccount()
    await select(
      db,
      `INSERT INTO invoice_payments (id, invoice_id, amount_cents, reference, recorded_by, recorded_at)
       SELECT gen_random_uuid(), $1::uuid, 100, 'MANY' || n, 'amina', $2::timestamptz - n * interval '1 second'
       FROM generate_series(1, 201) n RETURNING id`,
      [id, NOW],
    )
    for (const days of [5, 6]) await compareLater(days)
    const known = "reconciliation_findings WHERE kind = 'transfer_missing' AND subject LIKE 'MANY%'"
    expect(await count(db, known)).toBe(201)
  })

  it('is paid by a line whose words or reference another line of the bank had as well', async () => {
    for (const words of [
      { key: `20261121||RTGS${randomUUID()}`, reference: null },
      { key: `20261121||RTGS${randomUUID()}`, reference: null },
      { reference: 'RTGS' },
      { reference: 'RTGS' },
    ]) {
      const { booking, id } = await buildOnAccount()
      const line = await importFor(booking, 0, words)
      expect(await give(line, { purpose: 'invoice', ownerId: id })).toMatchObject({
        outcome: 'allocated',
      })
    }
  })

  it('is not written down by hand with a line that was given to somebody else', async () => {
    const { booking, id } = await buildOnAccount()
    const other = await buildBooking(db)
    const line = await importFor(other, 0, { reference: 'FT26327EEE' })
    await give(line, { ownerId: idOf(other) })
    await expect(byHand(id, booking, 'FT26327EEE')).rejects.toMatchObject({
      code: 'REFERENCE_USED',
    })
  })

  it('takes no more than is open on it, and says so before the click', async () => {
    const { booking, id } = await buildOnAccount()
    const wish = { purpose: 'invoice' as const, ownerId: id }
    const { total } = booking.held
    expect(await previewBankLine(db, wish, total)).toMatchObject({ refused: null, applied: total })
    const refused = expect.stringContaining('Not so much is open')
    const much = cents(total + 100)
    expect(await previewBankLine(db, wish, much)).toMatchObject({ refused })
    expect(await previewBankLine(db, { ...wish, ownerId: randomUUID() }, total)).toBeNull()
    const line = await importFor(booking, 100)
    expect(await give(line, wish)).toMatchObject({ code: 'INVOICE_CLOSED' })
    const nothing = { ...wish, ownerId: randomUUID() }
    expect(await give(line, nothing)).toMatchObject({ code: 'NOT_FOUND' })
    await give(await importFor(booking), wish)
    expect(await previewBankLine(db, wish, total)).toMatchObject({ refused })
  })

  it('is the first of the suggestions when the line names it, and one of them by its name', async () => {
    await buildOnAccount()
    const { booking, id, name } = await buildOnAccount()
    const [found] = await searchCompanyInvoices(db, name)
    const suggested = async (details: string, more = 0) => {
      const line = await importFor(booking, more, { details })
      const money = await findBankMoney(db, line.findingId)
      return money ? suggestForBank(db, money, 10) : []
    }
    const [first] = await suggested(`EFT ${found?.number.replaceAll('-', ' ')}`)
    expect(first).toMatchObject({ ownerId: id, likeness: { nearlyTyped: true, sameAmount: true } })
    const alike = (await suggested(`RTGS ${name.toUpperCase()}`, 100)).find(
      ({ ownerId }) => ownerId === id,
    )
    expect(alike).toMatchObject({ likeness: { name, sameAmount: false } })
  })

  it('of a person is suggested once, as the booking that it bills', async () => {
    const booking = await buildBooking(db)
    await inTransaction(db, (tx) => billByItself(tx, 'reservation', idOf(booking)))
    const [draft] = await select<{ id: string }>(
      db,
      'SELECT id FROM invoices WHERE owner_id = $1',
      [idOf(booking)],
    )
    const issue = { now: NOW, etims: false }
    await inTransaction(db, (tx) => issueInvoice(tx, draft?.id ?? '', issue))
    const line = await importFor(booking, 0, { details: booking.held.number })
    const money = await findBankMoney(db, line.findingId)
    const all = money ? await suggestForBank(db, money, 20) : []
    const ours = all.filter(({ ownerId }) => ownerId === idOf(booking))
    expect(ours).toMatchObject([{ purpose: 'reservation', number: booking.held.number }])
  })

  it('is found by its number, its company or its booking, as long as it is open', async () => {
    const { booking, id, name } = await buildOnAccount()
    const other = await buildOnAccount()
    const sought = async (text: string) =>
      (await searchCompanyInvoices(db, text)).map(({ ownerId }) => ownerId)
    const [found] = await searchCompanyInvoices(db, name.toUpperCase())
    expect(found).toMatchObject({
      purpose: 'invoice',
      ownerId: id,
      customerName: name,
      balance: booking.held.total,
    })
    expect(await sought(booking.held.number)).toEqual([id])
    expect(await sought(found?.number ?? '')).toEqual([id])
    expect(await sought('Safari')).toEqual(expect.arrayContaining([id, other.id]))
    expect(await sought('%')).toEqual([])
    const line = await importFor(booking)
    await give(line, { purpose: 'invoice', ownerId: id })
    expect(await sought(name)).toEqual([])
  })
})
