import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { closeDay, correctDay, findDayClose, type Reasons } from '../../db/day-closes.ts'
import { readDayFigures } from '../../db/day-figures.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { postEntry } from '../../db/ledger.ts'
import { recordTerminalTotal } from '../../db/terminal-totals.ts'
import { closeSession } from '../../db/tills.ts'
import { dayOf, readDay, type DayReason } from '../../domain/day-close.ts'
import { shillings } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  buildTender,
  buildTill,
  count,
  KSH_1000,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let actorId: string
const day = dayOf(NOW)
const TOMORROW = new Date(NOW.getTime() + DAY_MS)

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const close = (reasons: Reasons = {}, over: { id?: string; day?: string; now?: Date } = {}) =>
  inTransaction(db, (tx) =>
    closeDay(tx, { id: randomUUID(), day, reasons, actorId, now: TOMORROW, ...over }),
  )
const figures = async () => {
  const { from, to } = readDay(day) as { from: Date; to: Date }
  return readDayFigures(db, from, to)
}
const explained = (key: string, reason: DayReason): Reasons => ({ [key]: { reason, note: null } })

describe('a day', () => {
  it('shows what came in by each way, beside what the books say of it', async () => {
    const booking = await buildBooking(db)
    const till = await buildTill(db)
    const clerkId = till.clerkId
    actorId = await buildCustomer(db)
    await buildPaid(db, booking, KSH_1000)
    const cash = { method: 'cash' as const, given: shillings(2_000), keepChange: false }
    const card = { method: 'credit_card' as const, terminal: 'T1', slip: '1' }
    for (const tender of [cash, card]) {
      const input = buildTender(booking, { actorId: clerkId, amount: shillings(2_000), tender })
      await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    }
    const seen = Object.fromEntries((await figures()).map((one) => [one.key, one]))
    expect(seen['mpesa_prompt']).toMatchObject({ taken: KSH_1000, booked: KSH_1000 })
    expect(seen['card']).toMatchObject({ taken: shillings(2_000), booked: shillings(2_000) })
    expect(seen[`cash:${till.tillId}`]).toMatchObject({
      taken: shillings(2_000),
      booked: shillings(2_000),
    })
    expect(seen['credit']).toMatchObject({ taken: 0, booked: 0 })
    await expect(close()).rejects.toMatchObject({ code: 'DAY_REFUSED' })
    const counts = { 1000: 1, 500: 1 }
    const why = { reason: 'wrong_change' as const, note: null }
    await inTransaction(db, (tx) =>
      closeSession(tx, { sessionId: till.sessionId, actorId: clerkId, counts, at: NOW, ...why }),
    )
    const counted = (await figures()).find(({ key }) => key === `count:${till.sessionId}`)
    expect(counted).toMatchObject({
      taken: shillings(2_000),
      booked: shillings(1_500),
      suggested: 'till_count',
    })
    const read = { day, terminal: 't1', total: shillings(2_000), actorId }
    await inTransaction(db, (tx) => recordTerminalTotal(tx, read))
  })

  it('is not closed before it is over, nor with a difference that nobody named', async () => {
    await expect(close({}, { now: NOW })).rejects.toMatchObject({ code: 'DAY_REFUSED' })
    await expect(close()).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: expect.stringMatching(/^count:/) }],
    })
    expect(await findDayClose(db, day)).toBeNull()
  })

  it('finds what was planted in the books, and is closed once with its name', async () => {
    await inTransaction(db, (tx) =>
      postEntry(tx, {
        kind: 'payment',
        reference: randomUUID(),
        postings: [
          { account: 'bank', amount: shillings(77) },
          { account: 'unexplained', amount: shillings(-77), subject: 'nobody' },
        ],
      }),
    )
    const key = (await figures()).find((one) => one.key.startsWith('count:'))?.key ?? ''
    const counted = explained(key, 'till_count')
    await expect(close(counted)).rejects.toMatchObject({ fields: [{ path: 'other' }] })
    const reasons = { ...counted, ...explained('other', 'looked_into') }
    const tries = await Promise.allSettled([close(reasons), close(reasons), close(reasons)])
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const closed = await findDayClose(db, day)
    expect(closed?.lines.find((one) => one.key === 'other')).toMatchObject({
      difference: shillings(77),
      reason: 'looked_into',
    })
    expect(await count(db, "audit_entries WHERE action = 'day.closed'")).toBe(1)
  })

  it('is corrected by a reversing line and a new one, never by a change', async () => {
    const before = await findDayClose(db, day)
    const lineId = before?.lines.find((one) => one.key === 'other')?.id ?? ''
    const why = { reason: 'booking_error' as const, note: 'meant for November' }
    const correct = () => inTransaction(db, (tx) => correctDay(tx, { day, lineId, why, actorId }))
    const after = await correct()
    const lines = after.lines.filter(({ key }) => key === 'other')
    expect(lines.map(({ kind, difference }) => [kind, difference])).toEqual([
      ['close', shillings(77)],
      ['reversal', shillings(-77)],
      ['correction', shillings(77)],
    ])
    await expect(correct()).rejects.toMatchObject({ code: 'DAY_REFUSED' })
    await expect(
      select(db.owner, 'UPDATE day_close_lines SET booked_cents = 0 WHERE id = $1 RETURNING id', [
        lineId,
      ]),
    ).rejects.toThrow('append-only')
  })
})
