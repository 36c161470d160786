import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { settleTransfer, withdrawTransfer, listAwaitedTransfers } from '../../db/bank-transfers.ts'
import { addMember } from '../../db/companies.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { readBalances } from '../../db/ledger.ts'
import { findPayment } from '../../db/payment-reads.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import { tillBalance } from '../../db/till-reads.ts'
import { add, shillings, subtract } from '../../domain/money.ts'
import { TRANSFER_HOLD_MS, type TenderInput } from '../../domain/tenders.ts'
import {
  buildBooking,
  buildCompany,
  buildCredit,
  buildTender,
  buildTill,
  count,
  eventsOf,
  KSH_1000,
  NOW,
  progress,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const take = (input: TenderInput) => inTransaction(db, (tx) => takePayment(tx, input, NOW))
const refusal = (code: string) => ({ outcome: 'refused', reason: { code } })
const refusedBy = (code: string) => ({
  outcome: 'refused',
  reason: expect.objectContaining({ code }),
})
const paidOf = async (id: string) => (await progress(db, id)).paid

describe('cash', () => {
  it('goes into the clerk’s open till, net of the change, once', async () => {
    const booking = await buildBooking(db)
    const till = await buildTill(db)
    const given = add(booking.held.total, KSH_1000)
    const input = buildTender(booking, {
      actorId: till.clerkId,
      tender: { method: 'cash', given, keepChange: false },
    })
    // A worker that died after the step does it again.
    expect([await take(input), await take(input)]).toMatchObject([
      { outcome: 'taken', decision: { outcome: 'settled', ownerOpen: true } },
      { outcome: 'taken', decision: { outcome: 'settled', ownerOpen: true } },
    ])
    expect(await tillBalance(db, till.sessionId)).toBe(booking.held.total)
    expect((await progress(db, booking.input.reservationId)).status).toBe('confirmed')
    const events = await eventsOf(db, input.paymentId)
    expect(events.map(({ type }) => type)).toEqual(['payment.requested', 'payment.succeeded'])
    expect(events[1]?.data).toMatchObject({ channel: 'desk', method: 'cash' })
    expect(
      await count(db, 'desk_tenders WHERE payment_id = $1 AND change_cents = $2', [
        input.paymentId,
        KSH_1000,
      ]),
    ).toBe(1)
  })

  it('needs an open till, and enough of it', async () => {
    const booking = await buildBooking(db)
    expect(await take(buildTender(booking))).toMatchObject(refusal('NO_TILL'))
    const { clerkId: actorId } = await buildTill(db)
    const tender = { method: 'cash' as const, given: KSH_1000, keepChange: false }
    expect(await take(buildTender(booking, { actorId, tender }))).toMatchObject(
      refusal('CASH_SHORT'),
    )
    expect(await paidOf(booking.input.reservationId)).toBe(0)
  })

  it('leaves its change as credit when the customer wants that', async () => {
    const booking = await buildBooking(db)
    const { clerkId: actorId, sessionId } = await buildTill(db)
    const given = add(booking.held.total, shillings(300))
    const tender = { method: 'cash' as const, given, keepChange: true }
    await take(buildTender(booking, { actorId, tender }))
    expect(await readCredit(db, booking.input.customerId)).toBe(shillings(300))
    expect(await tillBalance(db, sessionId)).toBe(given)
  })

  it('is not taken above the balance, nor for a booking that has ended', async () => {
    const booking = await buildBooking(db)
    const { clerkId: actorId } = await buildTill(db)
    const amount = add(booking.held.total, KSH_1000)
    const tender = { method: 'cash' as const, given: amount, keepChange: false }
    expect(await take(buildTender(booking, { actorId, amount, tender }))).toMatchObject(
      refusal('AMOUNT_ABOVE_BALANCE'),
    )
    const { reservationId } = booking.input
    const end = { reservationId, reason: 'desk' as const, actorId, note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    expect(await take(buildTender(booking, { actorId }))).toMatchObject(
      refusal('RESERVATION_CLOSED'),
    )
  })
})

describe('a card', () => {
  it('is taken once for each slip of a terminal', async () => {
    const [one, other] = [await buildBooking(db), await buildBooking(db)]
    const tender = { method: 'debit_card' as const, terminal: 'T1', slip: '000123' }
    expect(await take(buildTender(one, { tender }))).toMatchObject({ outcome: 'taken' })
    expect(await take(buildTender(other, { tender }))).toMatchObject(refusal('SLIP_USED'))
    const elsewhere = { ...tender, terminal: 'T2' }
    expect(await take(buildTender(other, { tender: elsewhere }))).toMatchObject({
      outcome: 'taken',
    })
  })
})

describe('a company’s account', () => {
  it('takes its people’s bookings up to its limit, even when two come at once', async () => {
    const one = await buildBooking(db)
    const other = await buildBooking(db, { customerId: one.input.customerId })
    const company = await buildCompany(db, { creditLimit: one.held.total })
    const tender = { method: 'account' as const, companyId: company.id }
    expect(await take(buildTender(one, { tender }))).toMatchObject(refusal('COMPANY_REFUSED'))
    const member = { companyId: company.id, userId: one.input.customerId, actorId: 'finance' }
    await inTransaction(db, (tx) => addMember(tx, member))
    const wishes = [buildTender(one, { tender }), buildTender(other, { tender })]
    const taken = await Promise.all(wishes.map(take))
    expect(taken.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'taken'])
    expect(taken).toContainEqual(refusedBy('COMPANY_LIMIT'))
    const owed = await selectOne<{ owed: string }>(
      db,
      "SELECT sum(amount_cents) AS owed FROM ledger_postings WHERE account = 'receivables' AND subject = $1",
      [company.id],
    )
    expect(Number(owed?.owed)).toBe(one.held.total)
  })

  it('takes nothing once the company is not active', async () => {
    const booking = await buildBooking(db)
    const company = await buildCompany(db, { active: false })
    const member = { companyId: company.id, userId: booking.input.customerId, actorId: 'finance' }
    await inTransaction(db, (tx) => addMember(tx, member))
    const tender = { method: 'account' as const, companyId: company.id }
    expect(await take(buildTender(booking, { tender }))).toMatchObject(refusal('COMPANY_REFUSED'))
  })
})

describe('credit', () => {
  it('is spent once, however many spend it at the same moment', async () => {
    const one = await buildBooking(db)
    const { customerId } = one.input
    const others = [await buildBooking(db, { customerId }), await buildBooking(db, { customerId })]
    await buildCredit(db, customerId, shillings(2_500))
    const tender = { method: 'credit' as const }
    const wishes = [one, ...others].map((booking) =>
      buildTender(booking, { amount: KSH_1000, tender }),
    )
    const taken = await Promise.all(wishes.map(take))
    expect(taken.filter(({ outcome }) => outcome === 'taken')).toHaveLength(2)
    expect(taken).toContainEqual(refusedBy('NO_CREDIT'))
    expect(await readCredit(db, customerId)).toBe(shillings(500))
    const written = await Promise.all(wishes.map(({ paymentId }) => findPayment(db, paymentId)))
    expect(
      written.filter((one) => one?.channel === 'credit' && one.applied === KSH_1000),
    ).toHaveLength(2)
  })
})

describe('a bank transfer', () => {
  const tender = { method: 'bank_transfer' as const, reference: 'FT26 001' }

  it('is announced, keeps the car a while, and counts once the bank shows it', async () => {
    const booking = await buildBooking(db)
    const { reservationId } = booking.input
    const input = buildTender(booking, { tender })
    expect([await take(input), await take(input)]).toEqual([
      { outcome: 'announced' },
      { outcome: 'announced' },
    ])
    expect(await paidOf(reservationId)).toBe(0)
    const kept = (await readReservation(db, reservationId))?.holdExpiresAt.getTime() ?? 0
    expect(kept - NOW.getTime()).toBe(TRANSFER_HOLD_MS)
    expect((await listAwaitedTransfers(db, 10)).map(({ paymentId }) => paymentId)).toContain(
      input.paymentId,
    )
    const bankBefore = (await readBalances(db)).bank
    const found = { by: 'line' as const, bankLineId: randomUUID() }
    const settle = () => inTransaction(db, (tx) => settleTransfer(tx, input.paymentId, found, NOW))
    expect(await settle()).toMatchObject({ outcome: 'settled', ownerOpen: true })
    expect(await settle()).toMatchObject({ outcome: 'settled', ownerOpen: true })
    expect(subtract((await readBalances(db)).bank, bankBefore)).toBe(booking.held.total)
    expect((await progress(db, reservationId)).status).toBe('confirmed')
  })

  it('that was withdrawn is refused, and a paid one cannot be withdrawn', async () => {
    const why = { reason: 'never sent', actorId: 'finance' }
    const [gone, came] = [await buildBooking(db), await buildBooking(db)]
    const [first, second] = [buildTender(gone, { tender }), buildTender(came, { tender })]
    await take(first)
    await take(second)
    const withdraw = (id: string) => inTransaction(db, (tx) => withdrawTransfer(tx, id, why))
    expect(await withdraw(first.paymentId)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'TRANSFER_WITHDRAWN' },
    })
    const seen = { by: 'hand' as const, reference: 'FT26 002', actorId: 'finance' }
    await inTransaction(db, (tx) => settleTransfer(tx, second.paymentId, seen, NOW))
    expect((await findPayment(db, second.paymentId))?.deskReference).toBe('FT26 002')
    expect(await withdraw(second.paymentId)).toMatchObject({ outcome: 'settled' })
  })

  it('that comes although it was withdrawn is late money by the bank’s line, once, and by nobody’s word', async () => {
    const booking = await buildBooking(db)
    const input = buildTender(booking, { tender })
    await take(input)
    const why = { reason: 'never sent', actorId: 'finance' }
    await inTransaction(db, (tx) => withdrawTransfer(tx, input.paymentId, why))
    const hand = { by: 'hand' as const, reference: 'FT26 003', actorId: 'finance' }
    const line = { by: 'line' as const, bankLineId: randomUUID() }
    const settle = (found: typeof hand | typeof line) =>
      inTransaction(db, (tx) => settleTransfer(tx, input.paymentId, found, NOW))
    expect(await settle(hand)).toMatchObject({ outcome: 'refused' })
    expect(await settle(line)).toMatchObject({ outcome: 'settled', ownerOpen: false })
    await settle(line)
    const booked = "ledger_entries WHERE kind = 'payment' AND reference = $1"
    expect(await count(db, booked, [input.paymentId])).toBe(1)
  })

  it('that comes after the booking’s end is late money, and more than is owed becomes credit', async () => {
    const [ended, paid] = [await buildBooking(db), await buildBooking(db)]
    const { clerkId: actorId } = await buildTill(db)
    const [first, second] = [buildTender(ended, { tender }), buildTender(paid, { tender })]
    await take(first)
    await take(second)
    const { reservationId } = ended.input
    const end = { reservationId, reason: 'desk' as const, actorId, note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const cash = { method: 'cash' as const, given: KSH_1000, keepChange: false }
    await take(buildTender(paid, { actorId, amount: KSH_1000, tender: cash }))
    const arrive = (id: string) =>
      inTransaction(db, (tx) =>
        settleTransfer(tx, id, { by: 'line', bankLineId: randomUUID() }, NOW),
      )
    expect(await arrive(first.paymentId)).toMatchObject({ outcome: 'settled', ownerOpen: false })
    expect(await arrive(second.paymentId)).toMatchObject({ outcome: 'settled', ownerOpen: true })
    expect(await readCredit(db, paid.input.customerId)).toBe(KSH_1000)
  })
})
