/** Each order of each list is one of an index: no page reads a table whole, however far the list goes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectExplaining, unboundScans, type Explaining } from '../../bench/explaining.ts'
import { insertOpenBookings, today } from '../../bench/open-bookings.ts'
import { select } from '../../db/connection.ts'
import { CUSTOMER_SORTS, listCustomers } from '../../db/customers.ts'
import { INVOICE_SORTS, listInvoices } from '../../db/invoice-reads.ts'
import { listPayments, PAYMENT_SORTS } from '../../db/payment-lists.ts'
import { listReservations, RESERVATION_SORTS } from '../../db/reservation-lists.ts'
import { listVehicles, VEHICLE_SORTS } from '../../db/vehicles.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

const BOOKINGS = 4_000

let db: TestDatabase
let explaining: Explaining
let customerId = ''

beforeAll(async () => {
  db = await createTestDatabase()
  await insertOpenBookings(db.owner, { from: 0, to: BOOKINGS, since: today() })
  const [row] = await select<{ id: string }>(
    db.owner,
    'SELECT customer_id AS id FROM reservations LIMIT 1',
  )
  customerId = row?.id ?? ''
  await select(
    db.owner,
    `INSERT INTO users (kind, first_name, last_name, created_at) SELECT 'customer', 'Some', 'Body ' || nth,
       now() - nth * interval '1 minute' FROM generate_series(1, 3000) AS nth RETURNING id`,
  )
  await select(
    db.owner,
    `INSERT INTO customers (user_id) SELECT id FROM users WHERE last_name LIKE 'Body %' RETURNING user_id`,
  )
  for (const table of ['users', 'customers', 'reservations', 'payments', 'vehicles'])
    await select(db.owner, `ANALYZE ${table}`)
  explaining = connectExplaining(
    db.ownerUrl,
    ['SET enable_seqscan = off', 'SET enable_sort = off'],
    testVault,
  )
})
afterAll(async () => {
  await explaining.db.close()
  await db.drop()
})

type Wish = { sort: never; descending: boolean; limit: number; cursor?: string }
type List = (wish: Wish) => Promise<{ next: string | null }>

const LISTS: Record<string, { sorts: object; table: string; list: List }> = {
  vehicles: {
    sorts: VEHICLE_SORTS,
    table: 'vehicles',
    list: (wish) => listVehicles(explaining.db, { ...wish, active: true }),
  },
  customers: {
    sorts: CUSTOMER_SORTS,
    table: 'users',
    list: (wish) => listCustomers(explaining.db, { ...wish, byContact: true }),
  },
  reservations: {
    sorts: RESERVATION_SORTS,
    table: 'reservations',
    list: (wish) => listReservations(explaining.db, wish),
  },
  'reservations of one customer': {
    sorts: { created_at: true },
    table: 'reservations',
    list: (wish) => listReservations(explaining.db, { ...wish, customerId }),
  },
  'reservations in one state': {
    sorts: { created_at: true },
    table: 'reservations',
    list: (wish) => listReservations(explaining.db, { ...wish, statuses: ['no_show'] }),
  },
  payments: {
    sorts: PAYMENT_SORTS,
    table: 'payments',
    list: (wish) => listPayments(explaining.db, wish),
  },
  'payments of one customer': {
    sorts: PAYMENT_SORTS,
    table: 'payments',
    list: (wish) => listPayments(explaining.db, { ...wish, customerId }),
  },
  invoices: {
    sorts: INVOICE_SORTS,
    table: 'invoices',
    list: (wish) => listInvoices(explaining.db, wish),
  },
}

const CASES = Object.entries(LISTS).flatMap(([name, { sorts }]) =>
  Object.keys(sorts).flatMap((sort) =>
    [true, false].map((descending) => ({ name, sort, descending })),
  ),
)

/** The plan of a second page. */
async function planOf(name: string, sort: string, descending: boolean): Promise<string[]> {
  const { list } = LISTS[name] as (typeof LISTS)[string]
  const wish = { sort: sort as never, descending, limit: 10 }
  const { next } = await list(wish)
  const plans = await explaining.explain(() => list({ ...wish, ...(next ? { cursor: next } : {}) }))
  return plans.find(({ statement }) => statement.includes('pageKey'))?.lines ?? []
}

/** Rows that were all read and then put in order; what an index has put in order by its first key is not. */
const sortedBy = (lines: string[], sort: string): string[] =>
  lines.filter(
    (line, nth) =>
      new RegExp(`Sort Key: (?:\\w+\\.)?${sort}\\b`).test(line) &&
      !lines[nth + 1]?.includes('Presorted Key'),
  )
const readWhole = (lines: string[], table: string): string[] =>
  lines.filter((line) => new RegExp(`Seq Scan on ${table}\\b`).test(line))

describe('a page', () => {
  it.each(CASES)(
    'of $name by $sort, descending $descending',
    async ({ name, sort, descending }) => {
      const lines = await planOf(name, sort, descending)
      expect(lines.length).toBeGreaterThan(0)
      expect(sortedBy(lines, sort)).toEqual([])
      expect(readWhole(lines, LISTS[name]?.table ?? '')).toEqual([])
    },
  )

  it('far behind reads no more than the first', async () => {
    const wish = { sort: 'created_at', descending: true, limit: 10 } as const
    let cursor: string | undefined
    for (let pages = 0; pages < 20; pages += 1)
      cursor = (await listReservations(explaining.db, { ...wish, cursor })).next ?? undefined
    const plans = await explaining.explain(() =>
      listReservations(explaining.db, { ...wish, cursor }),
    )
    const plan = plans.find(({ statement }) => statement.includes('pageKey'))
    expect(plan && unboundScans(plan, ['reservations'])).toEqual([])
    const read = plan?.lines.find((line) => line.includes('using reservations_newest'))
    expect(read).toMatch(/rows=11(?:\.0+)? /)
  })

  it.each([
    ['customers', 'last_name', 'users_last_name'],
    ['vehicles', 'year', 'vehicles_year'],
    ['payments', 'requested_at', 'payments_requested'],
  ])('of %s by %s would put all in order without %s', async (name, sort, index) => {
    expect((await planOf(name, sort, true)).join()).toContain(index)
    await select(db.owner, `DROP INDEX ${index}`)
    expect(sortedBy(await planOf(name, sort, true), sort)).not.toEqual([])
  })
})
