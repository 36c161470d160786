import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../db/connection.ts'
import { assignCase, closeCase, listCases, openCase } from '../../db/finance-cases.ts'
import { isOverdue } from '../../domain/finance-cases.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildCustomer, KSH_1000, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const open = (subject: string, detail = 'as tested', at = NOW) =>
  inTransaction(db, (tx) =>
    openCase(
      tx,
      { what: 'refund_stuck', subject, place: '/finance', detail, amount: KSH_1000 },
      at,
    ),
  )
const close = (subject: string) =>
  inTransaction(db, (tx) =>
    closeCase(tx, {
      what: 'refund_stuck',
      subject,
      resolution: 'paid by hand',
      actorId: 'ops',
      now: NOW,
    }),
  )
const listed = async (status: 'open' | 'closed', subject: string) =>
  (await listCases(db, { status, limit: 100 })).items.find((one) => one.subject === subject)

describe('a case', () => {
  it('is one for its subject, however often and by how many it is opened', async () => {
    const subject = randomUUID()
    const ids = await Promise.all([1, 2, 3, 4].map((nth) => open(subject, `try ${nth}`)))
    expect(new Set(ids).size).toBe(1)
    expect(await listed('open', subject)).toMatchObject({ amount: KSH_1000, status: 'open' })
  })

  it('is overdue after two days, and no more once it is closed', async () => {
    const subject = randomUUID()
    await open(subject)
    const later = new Date(NOW.getTime() + 3 * DAY_MS)
    const found = await listed('open', subject)
    expect(found && isOverdue(found, NOW)).toBe(false)
    expect(found && isOverdue(found, later)).toBe(true)
    expect([await close(subject), await close(subject)]).toEqual([true, false])
    const ended = await listed('closed', subject)
    expect(ended).toMatchObject({ resolution: 'paid by hand' })
    expect(ended && isOverdue(ended, later)).toBe(false)
  })

  it('may be opened anew after it was closed', async () => {
    const subject = randomUUID()
    const first = await open(subject)
    await close(subject)
    expect(await open(subject)).not.toBe(first)
  })

  it('is somebody’s, while it is open', async () => {
    const [subject, userId] = [randomUUID(), await buildCustomer(db)]
    const id = await open(subject)
    const take = () => inTransaction(db, (tx) => assignCase(tx, id, userId))
    expect(await take()).toBe(true)
    expect(await listed('open', subject)).toMatchObject({ assigneeName: 'Wanjiku Kamau' })
    await close(subject)
    expect(await take()).toBe(false)
  })

  it('stands in the list behind older ones, page by page', async () => {
    const early = Array.from({ length: 3 }, () => randomUUID())
    for (const [nth, subject] of early.entries())
      await open(subject, 'old', new Date(NOW.getTime() - (30 - nth) * DAY_MS))
    const first = await listCases(db, { status: 'open', limit: 2 })
    const next = await listCases(db, { status: 'open', limit: 1, cursor: first.next ?? '' })
    expect([...first.items, ...next.items].map((one) => one.subject)).toEqual(early)
  })
})
