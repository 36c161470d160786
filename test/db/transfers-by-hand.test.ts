/** A transfer that one person says they saw at the bank pays what needs it; it makes nobody rich. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { settleTransfer } from '../../db/bank-transfers.ts'
import { inTransaction } from '../../db/connection.ts'
import { readCredit } from '../../db/credit.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { readBalances } from '../../db/ledger.ts'
import { readPayment } from '../../db/payment-rows.ts'
import { shillings } from '../../domain/money.ts'
import type { TransferFound } from '../../domain/tenders.ts'
import { buildBooking, buildTender, NOW, type Booking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const LIMIT = shillings(1_000)
const announce = async (booking: Booking, amount = booking.held.total) => {
  const tender = { method: 'bank_transfer' as const, reference: `FT${randomUUID()}` }
  const input = buildTender(booking, { amount, tender })
  await inTransaction(db, (tx) => takePayment(tx, input, NOW))
  return input.paymentId
}
const settle = (paymentId: string, found: TransferFound) =>
  inTransaction(db, (tx) => settleTransfer(tx, paymentId, found, NOW, LIMIT))
const byHand = (paymentId: string, actorId = 'finance') =>
  settle(paymentId, { by: 'hand', reference: 'FT26 123456', actorId })

describe('a transfer that one person confirms', () => {
  it('twice announced for one booking does not become credit; the bank’s list makes it that', async () => {
    const booking = await buildBooking(db)
    const [first, second] = [await announce(booking), await announce(booking)]
    expect(await byHand(first)).toMatchObject({ outcome: 'settled', ownerOpen: true })
    const before = await readBalances(db)
    for (const _again of [1, 2])
      expect(await byHand(second)).toMatchObject({ outcome: 'needs_list' })
    expect(await readBalances(db)).toEqual(before)
    expect(await readPayment(db, second)).toMatchObject({ status: 'unknown' })
    await settle(second, { by: 'line', bankLineId: randomUUID() })
    const { customerId } = booking.input
    expect(await readCredit(db, customerId)).toBe(booking.held.total)
  })

  it('for what was paid meanwhile becomes credit up to the limit only', async () => {
    const booking = await buildBooking(db)
    const [much, little] = [shillings(1_001), LIMIT]
    const ids = [await announce(booking, much), await announce(booking, little)]
    await settle(await announce(booking), { by: 'line', bankLineId: randomUUID() })
    expect(await byHand(ids[0] ?? '')).toMatchObject({ outcome: 'needs_list' })
    expect(await byHand(ids[1] ?? '')).toMatchObject({ outcome: 'settled' })
    expect(await readCredit(db, booking.input.customerId)).toBe(LIMIT)
  })

  it('never pays their own booking by that', async () => {
    const booking = await buildBooking(db)
    const paymentId = await announce(booking)
    expect(await byHand(paymentId, booking.input.customerId)).toMatchObject({
      outcome: 'needs_list',
    })
    expect(await byHand(paymentId)).toMatchObject({ outcome: 'settled' })
  })
})
