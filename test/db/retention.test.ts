/** The register of what we hold about people names every table that leads to one; the database knows more than we remember. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import { ABOUT_NOBODY } from '../../domain/about-nobody.ts'
import { REGISTER } from '../../domain/retention.ts'
import { taxKeptUntil } from '../../domain/tax-years.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const kinds = Object.values(REGISTER)
const registered: string[] = kinds.flatMap(({ tables }) => [...tables])

/** How columns are called that lead to somebody, name them or reach them. */
const TELLING =
  /^(?:user|customer|account|subject|owner|party|actor)_id$|phone|e_?mail|first_name|last_name|payer|bill_to|birth|secret|address$|device|^why$|note$|notes$|_requests$/
/** Called so, and about no person: what is held or collected, our own places, sums and cars. */
const HARMLESS = [
  'day_close_lines.note',
  'locations.address',
  'locations.phone',
  'reconciliations.notes',
  'vehicles.gps_device',
]

describe('the register', () => {
  it('names every table of the database once, or says why it is about nobody', async () => {
    const rows = await select<{ name: string }>(
      db,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    )
    const told = [...registered, ...Object.keys(ABOUT_NOBODY)]
    expect(told.toSorted()).toEqual(rows.map(({ name }) => name))
  })

  it('holds no table for nobody’s in which a column leads to somebody', async () => {
    const columns = await select<{ table: string; column: string }>(
      db.owner,
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns WHERE table_schema = 'public'`,
    )
    const found = columns
      .filter(({ table, column }) => table in ABOUT_NOBODY && TELLING.test(column))
      .map(({ table, column }) => `${table}.${column}`)
    expect(found.filter((name) => !HARMLESS.includes(name))).toEqual([])
  })

  it('holds no table for nobody’s that refers to people', async () => {
    const rows = await select<{ name: string }>(
      db.owner,
      `SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
       WHERE contype = 'f' AND confrelid IN ('users'::regclass, 'customers'::regclass)`,
    )
    const names = rows.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => name in ABOUT_NOBODY)).toEqual([])
  })

  it('says of each kind what for, until when, and what an erasure does', () => {
    for (const { why, from, erased, period } of kinds) {
      expect(why).toMatch(/^[A-Z].*\.$/)
      expect(erased).toMatch(/^[A-Z].*\.$/)
      expect(from).not.toBe('')
      if (period.kind === 'days') expect(period.days).toBeGreaterThan(0)
    }
  })
})

describe('five years for the tax', () => {
  it.each([
    ['2026-01-01T00:00:00+03:00', '2032-01-01T00:00:00+03:00'],
    ['2026-12-31T23:59:59+03:00', '2032-01-01T00:00:00+03:00'],
    // Already the new year in Nairobi.
    ['2026-12-31T21:00:00Z', '2033-01-01T00:00:00+03:00'],
  ])('from %s last until %s, as the database reckons, too', async (issued, until) => {
    expect(taxKeptUntil(new Date(issued))).toEqual(new Date(until))
    const [row] = await select<{ at: Date }>(db, 'SELECT tax_kept_until($1::timestamptz) AS at', [
      issued,
    ])
    expect(row?.at).toEqual(new Date(until))
  })
})
