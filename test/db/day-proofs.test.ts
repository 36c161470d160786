/** What a clerk could hide: cash between two sessions, made-up slips of the bank, cash written down as a card. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../db/connection.ts'
import { closeDay, findDayClose, type Reasons } from '../../db/day-closes.ts'
import { readDayProofs } from '../../db/day-proofs.ts'
import { takePayment } from '../../db/desk-payments.ts'
import { recordTerminalTotal } from '../../db/terminal-totals.ts'
import { closeSession, depositToBank, openSession } from '../../db/tills.ts'
import { dayOf, readDay, type DayFigures } from '../../domain/day-close.ts'
import { shillings, type Cents } from '../../domain/money.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCustomer,
  buildTender,
  buildTill,
  count,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let clerkId: string
let finance: string
const day = dayOf(NOW)
const stretch = readDay(day) as { day: string; from: Date; to: Date }
const TOMORROW = new Date(NOW.getTime() + DAY_MS)
const NONE = { reason: null, note: null }

beforeAll(async () => {
  db = await createTestDatabase()
  finance = await buildCustomer(db)
})
afterAll(() => db.drop())

const proof = async (key: string): Promise<DayFigures | undefined> =>
  (await readDayProofs(db, stretch)).find((one) => one.key === key)
const close = (actorId: string, reasons: Reasons) =>
  inTransaction(db, (tx) =>
    closeDay(tx, { id: randomUUID(), day, reasons, actorId, now: TOMORROW }),
  )
const readTotal = (terminal: string, total: Cents, actorId: string) =>
  inTransaction(db, (tx) => recordTerminalTotal(tx, { day, terminal, total, actorId }))

describe('cash that is gone between two sessions', () => {
  let next: string
  let tillId: string
  it('stands on a line of the day, with the reason that the clerk gave', async () => {
    const till = await buildTill(db, shillings(50_000))
    clerkId = till.clerkId
    tillId = till.tillId
    next = randomUUID()
    const { sessionId } = till
    await inTransaction(db, async (tx) => {
      const counts = { 1000: 50 }
      await closeSession(tx, { sessionId, actorId: clerkId, counts, at: NOW, ...NONE })
      const float = shillings(10_000)
      const why = { reason: 'miscounted' as const, note: null }
      await openSession(tx, { sessionId: next, tillId, clerkId, float, at: NOW, ...why })
    })
    expect(await proof(`float:${next}`)).toMatchObject({
      taken: shillings(50_000),
      booked: shillings(10_000),
      suggested: 'till_float',
    })
  })

  it('and so does a slip that the bank’s list does not show', async () => {
    await inTransaction(db, async (tx) => {
      const slip = { id: randomUUID(), amount: shillings(9_000), reference: 'MADEUP1' }
      await depositToBank(tx, { ...slip, sessionId: next, actorId: clerkId })
      const counts = { 1000: 1 }
      await closeSession(tx, { sessionId: next, actorId: clerkId, counts, at: NOW, ...NONE })
    })
    expect(await proof(`banked:${tillId}`)).toMatchObject({
      taken: shillings(9_000),
      booked: shillings(0),
      suggested: 'at_bank',
    })
  })
})

describe('a card terminal', () => {
  it('is asked for its own total, by somebody who took no card on it', async () => {
    const booking = await buildBooking(db)
    const tender = { method: 'credit_card' as const, terminal: 'T1', slip: 'MADEUP' }
    const input = buildTender(booking, { actorId: clerkId, amount: shillings(3_000), tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    expect(await proof('terminal:T1')).toMatchObject({ uncounted: true, taken: shillings(3_000) })
    await expect(close(finance, {})).rejects.toMatchObject({ fields: [{ path: 'terminal-T1' }] })
    await expect(readTotal('t1', shillings(3_000), clerkId)).rejects.toMatchObject({
      code: 'DAY_REFUSED',
    })
    for (const _time of [1, 2]) await readTotal('t1', shillings(0), finance)
    expect(await proof('terminal:T1')).toMatchObject({ uncounted: false, booked: 0 })
    expect(await count(db, "audit_entries WHERE action = 'day.terminal_read'")).toBe(1)
  })

  it('has a total and a batch of its own, whose number proves one day only', async () => {
    const booking = await buildBooking(db)
    const tender = { method: 'debit_card' as const, terminal: 'T2', slip: 'MADEUP' }
    const input = buildTender(booking, { actorId: clerkId, amount: shillings(2_000), tender })
    await inTransaction(db, (tx) => takePayment(tx, input, NOW))
    const settlement = { terminal: 'T2', total: shillings(1_500), batch: '000123' }
    const read = (on: string, over = {}) =>
      inTransaction(db, (tx) =>
        recordTerminalTotal(tx, { day: on, ...settlement, ...over, actorId: finance }),
      )
    await read(day)
    expect(await proof('terminal:T2')).toMatchObject({
      label: 'Card terminal T2, its own report, batch 000123',
      taken: shillings(2_000),
      booked: shillings(1_500),
      batch: '000123',
    })
    expect(await proof('terminal:T1')).toMatchObject({ taken: shillings(3_000), batch: null })
    const next = dayOf(TOMORROW)
    await expect(read(next)).rejects.toMatchObject({ code: 'DAY_REFUSED' })
    await read(next, { terminal: 'T3' })
    await read(day, { total: shillings(2_000) })
    expect(await proof('terminal:T2')).toMatchObject({ booked: shillings(2_000) })
  })

  it('is read anew when only its batch, or only its total, was wrong', async () => {
    const read = (total: number, batch: string | null) =>
      inTransaction(db, (tx) =>
        recordTerminalTotal(tx, {
          day: dayOf(TOMORROW),
          terminal: 'T4',
          total: shillings(total),
          batch,
          actorId: finance,
        }),
      )
    const next = readDay(dayOf(TOMORROW)) as typeof stretch
    const told = async () =>
      (await readDayProofs(db, next)).find(({ key }) => key === 'terminal:T4')
    await read(700, null)
    await read(700, '9')
    expect(await told()).toMatchObject({ booked: shillings(700), batch: '9', taken: 0 })
    await read(800, '9')
    expect(await told()).toMatchObject({ booked: shillings(800), batch: '9' })
    expect(await count(db, "audit_entries WHERE entity_id = 'T4' AND actor = $1", [finance])).toBe(
      3,
    )
  })

  it('proves one day only, also when two people write its batch down for two at once', async () => {
    const days = [1, 2, 3, 4].map((ahead) => dayOf(new Date(NOW.getTime() + ahead * DAY_MS)))
    const terminals = ['T5', 'T6', 'T7', 'T8']
    const wishes = terminals.flatMap((terminal) => days.map((on) => ({ terminal, day: on })))
    const settlement = { total: shillings(100), batch: '1', actorId: finance }
    await Promise.allSettled(
      wishes.map((wish) =>
        inTransaction(db, (tx) => recordTerminalTotal(tx, { ...wish, ...settlement })),
      ),
    )
    for (const terminal of terminals)
      expect(await count(db, 'terminal_totals WHERE terminal = $1', [terminal])).toBe(1)
  })
})

describe('the day', () => {
  const every = async (): Promise<Reasons> =>
    Object.fromEntries(
      (await readDayProofs(db, stretch)).map(({ key }) => [
        key,
        { reason: 'looked_into' as const, note: null },
      ]),
    )

  it('is not closed by whoever handled the money that differs', async () => {
    await expect(close(clerkId, await every())).rejects.toMatchObject({
      code: 'DAY_REFUSED',
      message: expect.stringContaining('somebody else closes the day'),
    })
    expect(await findDayClose(db, day)).toBeNull()
  })

  it('is closed by another with a name for each difference', async () => {
    await expect(close(finance, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const closed = await close(finance, await every())
    const differences = closed.lines.filter(({ difference }) => difference !== 0)
    expect(differences.map(({ key }) => key.split(':')[0])).toEqual([
      'float',
      'float',
      'terminal',
      'banked',
    ])
  })
})
