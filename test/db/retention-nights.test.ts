/** What is over its time names nobody after the night; what is not, or is not over, stays as it is. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { beginWitness, listUnwritten } from '../../db/audit-witness.ts'
import { select, selectOne } from '../../db/connection.ts'
import { keepNoLonger, lastRetention, type Night } from '../../db/retention.ts'
import { RETENTION_RULES } from '../../db/retention-rules.ts'
import { REGISTER } from '../../domain/retention.ts'
import { taxCutoff, taxKeptUntil } from '../../domain/tax-years.ts'
import { DAY_MS } from '../../domain/time.ts'
import { retentionNight } from '../../workers/nightly-retention.ts'
import { buildBooking, count, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildKnown, PLANTED, searchDump } from '../support/forgetting.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await buildKnown(db)
  await beginWitness(db.owner)
})
afterAll(() => db.drop())

async function night(at: Partial<Night> & { day: string }): Promise<number> {
  let gone = 0
  for (const rule of RETENTION_RULES)
    gone += (await keepNoLonger(db, rule, { ...retentionNight(at.day, NOW), ...at })) ?? 0
  return gone
}
/** As if all that there is had been so many years ago; the books' own triggers do not let a test turn back the clock. */
async function age(years: number): Promise<void> {
  const old: Record<string, string[]> = {
    reservations: ['ended_at', 'pickup_at', 'return_at'],
    charges: ['ended_at', 'paid_at', 'due_at'],
    payments: ['requested_at'],
    payment_plans: ['ended_at'],
    refunds: ['requested_at'],
    invoices: ['issued_at', 'due_at'],
    mpesa_receipts: ['paid_at', 'created_at'],
    provider_messages: ['received_at'],
    provider_lines: ['at'],
    notifications: ['created_at'],
  }
  for (const [table, columns] of Object.entries(old)) {
    await select(db.owner, `ALTER TABLE ${table} DISABLE TRIGGER USER`)
    const set = columns.map((one) => `${one} = ${one} - make_interval(years => $1)`).join(', ')
    await select(db.owner, `UPDATE ${table} SET ${set}`, [years])
    await select(db.owner, `ALTER TABLE ${table} ENABLE TRIGGER USER`)
  }
}

describe('the cut of the tax years', () => {
  it('is the other side of how long a document is kept', () => {
    for (const text of [
      '2026-01-01T00:00:00+03:00',
      '2026-06-15T12:00:00Z',
      '2031-12-31T20:59:59Z',
    ]) {
      const now = new Date(text)
      const cut = taxCutoff(now)
      expect(taxKeptUntil(new Date(cut.getTime() - 1)).getTime()).toBeLessThanOrEqual(now.getTime())
      expect(taxKeptUntil(cut).getTime()).toBeGreaterThan(now.getTime())
    }
  })
})

describe('a night of retention', () => {
  it('touches nothing that is younger, and writes down how much there is', async () => {
    expect(await night({ day: '2026-11-01' })).toBe(0)
    const runs = await lastRetention(db)
    const payments = runs.find(({ kind }) => kind === 'payments')
    expect(payments?.held).toBeGreaterThan(2)
    expect(payments).toMatchObject({ gone: 0, soon: 0, oldest: expect.any(Date) })
    const swept = new Set<string>(RETENTION_RULES.map(({ kind }) => kind))
    expect(runs.map(({ kind }) => kind).toSorted()).toEqual([...swept].toSorted())
  })

  it('is done once, by one process', async () => {
    const [rule] = RETENTION_RULES
    if (!rule) throw new Error('there is a rule')
    expect(await keepNoLonger(db, rule, retentionNight('2026-11-01', NOW))).toBeNull()
  })

  it('says what will be over within thirty days', async () => {
    await night({ day: '2026-11-02', soon: new Date(NOW.getTime() + DAY_MS) })
    const runs = await lastRetention(db)
    const documents = runs.find(({ kind }) => kind === 'documents')
    expect(documents).toMatchObject({ held: 1, soon: 1, gone: 0 })
  })

  it('overwrites what is older, with an entry, and once only', async () => {
    await age(7)
    await select(db, "UPDATE provider_lines SET state = 'explained', decided_at = now()")
    await select(db, "UPDATE notifications SET status = 'sent'")
    const young = await buildBooking(db)
    expect(await night({ day: '2026-11-03' })).toBeGreaterThan(8)
    const found = await searchDump(db, PLANTED)
    const left = new Set(found.map((one) => one.split(':')[0]))
    // The account is open, so what belongs to it stays.
    for (const { table } of RETENTION_RULES) expect([...left]).not.toContain(table)
    expect(await listUnwritten(db.owner)).toEqual([])
    const entry = await selectOne<object>(
      db,
      "SELECT after FROM audit_entries WHERE action = 'retention.overwritten' AND entity_id = 'invoices'",
    )
    expect(entry).toMatchObject({ after: { rows: 1 } })
    expect(await count(db, "reservation_parties WHERE name = 'Wanjiku Kamau'")).toBeGreaterThan(0)
    expect(young.held.number).not.toBe('')
    expect(await night({ day: '2026-11-04' })).toBe(0)
  })

  it('has a rule for every kind that is kept for the tax and names somebody', () => {
    const swept = new Set<string>(RETENTION_RULES.map(({ kind }) => kind))
    const taxed = Object.entries(REGISTER).filter(([, { period }]) => period.kind === 'tax')
    const without = taxed.map(([kind]) => kind).filter((kind) => !swept.has(kind))
    expect(without).toEqual([])
  })
})
