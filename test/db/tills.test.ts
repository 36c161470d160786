import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../db/connection.ts'
import { readBalances } from '../../db/ledger.ts'
import { listMovements, listTills, tillBalance } from '../../db/till-reads.ts'
import { closeSession, createTill, depositToBank, openSession } from '../../db/tills.ts'
import { shillings, subtract, type Cents } from '../../domain/money.ts'
import type { Counts, Difference } from '../../domain/tills.ts'
import { buildCustomer, buildTill, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const NONE: Difference = { reason: null, note: null }
const open = (tillId: string, clerkId: string, float: Cents, why: Difference = NONE) =>
  inTransaction(db, (tx) =>
    openSession(tx, { sessionId: randomUUID(), tillId, clerkId, float, at: new Date(), ...why }),
  )
const close = (sessionId: string, actorId: string, counts: Counts, why: Difference = NONE) =>
  inTransaction(db, (tx) =>
    closeSession(tx, { sessionId, actorId, counts, at: new Date(), ...why }),
  )
const deposit = (sessionId: string, amount: Cents, reference: string, id: string = randomUUID()) =>
  inTransaction(db, (tx) =>
    depositToBank(tx, { id, sessionId, amount, reference, actorId: 'clerk' }),
  )

describe('opening a till', () => {
  it('happens once, however many clerks try at the same moment', async () => {
    const tillId = randomUUID()
    const till = { id: tillId, place: 'NBO-JKIA', name: 'Crowded', actorId: 'manager' }
    await inTransaction(db, (tx) => createTill(tx, till))
    const clerks = await Promise.all(Array.from({ length: 6 }, () => buildCustomer(db)))
    const tries = await Promise.allSettled(clerks.map((one) => open(tillId, one, shillings(0))))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused.every(({ code }) => code === 'TILL_REFUSED')).toBe(true)
  })

  it('is refused to a clerk who has another one open', async () => {
    const first = await buildTill(db)
    const second = await buildTill(db)
    await close(second.sessionId, second.clerkId, {})
    await expect(open(second.tillId, first.clerkId, shillings(0))).rejects.toMatchObject({
      code: 'TILL_REFUSED',
      message: 'You have another till open. Close that one first.',
    })
  })

  it('repeated with the same key is the same session', async () => {
    const { sessionId, tillId, clerkId } = await buildTill(db)
    const opening = { sessionId, tillId, clerkId, float: shillings(0), at: NOW, ...NONE }
    expect((await inTransaction(db, (tx) => openSession(tx, opening))).id).toBe(sessionId)
  })

  it('takes over what the last session left, and a difference needs its reason', async () => {
    const before = await readBalances(db)
    const { tillId, clerkId, sessionId } = await buildTill(db, shillings(5_000))
    await close(sessionId, clerkId, { 1000: 5 })
    await expect(open(tillId, clerkId, shillings(4_900))).rejects.toMatchObject({
      fields: [{ path: 'reason' }],
    })
    const next = await open(tillId, clerkId, shillings(4_900), { reason: 'missing', note: 'night' })
    expect(next).toMatchObject({ left: shillings(5_000), float: shillings(4_900) })
    expect(await tillBalance(db, next.id)).toBe(shillings(4_900))
    expect(await tillBalance(db, sessionId)).toBe(0)
    const after = await readBalances(db)
    expect(subtract(after.cash_differences, before.cash_differences)).toBe(shillings(100))
    expect(subtract(after.bank, before.bank)).toBe(shillings(-5_000))
  })
})

describe('closing a till', () => {
  it('needs a reason when the count is not what the books say', async () => {
    const { clerkId, sessionId } = await buildTill(db, shillings(2_000))
    await expect(close(sessionId, clerkId, { 1000: 1, 500: 1 })).rejects.toMatchObject({
      fields: [
        { path: 'reason', message: 'There is less in the till than the books say. Say why.' },
      ],
    })
    const why = { reason: 'wrong_change' as const, note: null }
    const closed = await close(sessionId, clerkId, { 1000: 1, 500: 1 }, why)
    expect(closed).toMatchObject({ difference: shillings(-500), expected: shillings(2_000) })
    expect(await tillBalance(db, sessionId)).toBe(shillings(1_500))
  })

  it('twice is once; with another count it is refused', async () => {
    const { clerkId, sessionId } = await buildTill(db, shillings(1_000))
    await close(sessionId, clerkId, { 500: 2 })
    expect((await close(sessionId, clerkId, { 1000: 1 })).difference).toBe(0)
    await expect(close(sessionId, clerkId, { 1000: 2 })).rejects.toMatchObject({
      code: 'TILL_REFUSED',
    })
  })

  it('cannot be explained by a trip to the bank', async () => {
    const { clerkId, sessionId } = await buildTill(db)
    const why = { reason: 'from_bank' as const, note: null }
    await expect(close(sessionId, clerkId, { 100: 1 }, why)).rejects.toMatchObject({
      fields: [{ path: 'reason' }],
    })
  })
})

describe('paying in to the bank', () => {
  it('moves cash to the bank once, never more than there is, never after closing', async () => {
    const { clerkId, sessionId } = await buildTill(db, shillings(3_000))
    const id = randomUUID()
    await deposit(sessionId, shillings(2_000), 'SLIP-1', id)
    await deposit(sessionId, shillings(2_000), 'SLIP-1', id)
    expect(await tillBalance(db, sessionId)).toBe(shillings(1_000))
    await expect(deposit(sessionId, shillings(1_001), 'SLIP-2')).rejects.toMatchObject({
      fields: [{ path: 'amount' }],
    })
    await expect(deposit(sessionId, shillings(10), 'SLIP-1')).rejects.toMatchObject({
      fields: [{ path: 'reference' }],
    })
    expect((await listMovements(db, sessionId, 10)).map(({ amount }) => amount)).toEqual([
      shillings(-2_000),
      shillings(3_000),
    ])
    await close(sessionId, clerkId, { 1000: 1 })
    await expect(deposit(sessionId, shillings(1), 'SLIP-3')).rejects.toMatchObject({
      code: 'TILL_REFUSED',
    })
    const till = (await listTills(db)).find((one) => one.inside === shillings(1_000))
    expect(till?.openSession).toBeNull()
  })
})
