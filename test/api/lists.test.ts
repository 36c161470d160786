/** Every list in one shape: pages that stay right while rows come, orders, filters, and what is no list of ours. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { buildBooking, buildCustomer, buildPaid, KSH_1000 } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

type Row = Record<string, string> & { id: string }
type List = { items: Row[]; next: string | null }

let db: TestDatabase
let api: TestApi
let manager: Bearer
let customer: Bearer

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  manager = await signInAs(api, 'manager')
  customer = await signInAs(api, 'customer')
  for (let nth = 0; nth < 5; nth += 1) await buildPaid(db, await buildBooking(db), KSH_1000)
  // All in the same moment: only the id tells them apart.
  await select(
    db,
    "UPDATE reservations SET created_at = '2026-01-01T00:00:00.000123Z' RETURNING id",
  )
})
afterAll(() => db.drop())

const list = (path: string): Promise<List> => manager.read<List>(200, 'GET', path)
const first = (path: string) => list(`${path}${path.includes('?') ? '&' : '?'}limit=2`)

/** All pages of two, with something done between the first and the rest. */
async function walk(path: string, between: () => Promise<unknown> = () => Promise.resolve()) {
  let page = await first(path)
  const seen = [...page.items]
  await between()
  while (page.next) {
    page = await first(`${path}${path.includes('?') ? '&' : '?'}cursor=${page.next}`)
    seen.push(...page.items)
  }
  return seen
}

describe('pages', () => {
  it.each([
    ['/reservations', 'created_at'],
    ['/reservations?sort=created_at', 'created_at'],
    ['/reservations?sort=pickup_at', 'pickup_at'],
    ['/reservations?sort=-return_at', 'return_at'],
    ['/payments', 'requested_at'],
    ['/payments?sort=requested_at', 'requested_at'],
    ['/customers?sort=last_name', 'last_name'],
    ['/customers?sort=-created_at', 'created_at'],
    ['/vehicles?sort=plate', 'plate'],
    ['/vehicles?sort=-year', 'year'],
    ['/vehicles?sort=-number', 'number'],
    ['/vehicles?sort=created_at', 'created_at'],
  ])('of %s show each row once, in order', async (path, key) => {
    const seen = await walk(path)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(5)
    const keys = seen.map((row) => row[key] ?? '')
    const up = path.includes('sort=') && !path.includes('sort=-')
    const ordered = keys.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0))
    expect(keys).toEqual(up ? ordered : ordered.toReversed())
  })

  it('lose and repeat nothing while others come and go', async () => {
    const before = new Set((await walk('/reservations')).map(({ id }) => id))
    const seen = await walk('/reservations', () => buildBooking(db))
    expect(new Set(seen.map(({ id }) => id))).toEqual(before)
    expect(seen).toHaveLength(before.size)
  })

  it.each([
    'nonsense',
    'bm90IGpzb24',
    Buffer.from('["-created_at","x","y"]').toString('base64url'),
  ])('do not begin again at a cursor that is none: %s', async (cursor) => {
    const { fields } = await manager.refused(400, 'GET', `/reservations?cursor=${cursor}`)
    expect(fields).toMatchObject([{ path: 'cursor' }])
  })

  it('do not go on in another order than they began', async () => {
    const { next } = await first('/reservations?sort=pickup_at')
    const { fields } = await manager.refused(400, 'GET', `/reservations?cursor=${next}`)
    expect(fields).toMatchObject([{ path: 'cursor' }])
  })

  it.each(['/vehicles', '/reservations', '/payments', '/invoices', '/customers'])(
    'of %s refuse an order, a filter and a length that they do not have',
    async (path) => {
      const sorted = await manager.refused(400, 'GET', `${path}?sort=colour_of_shoes`)
      expect(sorted.fields).toMatchObject([{ path: 'sort' }])
      expect(sorted.detail).toContain('Sort by one of')
      expect((await manager.refused(400, 'GET', `${path}?statuss=paid`)).detail).toContain(
        'statuss',
      )
      for (const limit of ['0', '101', 'x'])
        expect((await manager.refused(400, 'GET', `${path}?limit=${limit}`)).fields).toMatchObject([
          { path: 'limit' },
        ])
    },
  )
})

describe('filters', () => {
  it('find bookings by state, day of pick-up, customer, car and number', async () => {
    const booking = await buildBooking(db)
    const { reservationId, customerId, trip } = booking.input
    const one = async (query: string) => (await list(`/reservations?${query}`)).items
    const pickup = new Date(trip.pickupAt)
    const later = new Date(pickup.getTime() + 1)
    const day = `pickup_from=${pickup.toISOString()}&pickup_before=${later.toISOString()}`
    for (const query of [
      `number=${booking.held.number.toLowerCase()}`,
      `customer_id=${customerId}`,
      day,
    ])
      expect((await one(query)).map(({ id }) => id)).toEqual([reservationId])
    const ofCar = await one(`vehicle_id=${booking.held.vehicle.id}`)
    expect(ofCar.map(({ id }) => id)).toContain(reservationId)
    expect(await one('status=completed')).toEqual([])
    expect((await one('status=pending')).length).toBeGreaterThan(0)
    expect(await one(`pickup_before=${pickup.toISOString()}&customer_id=${customerId}`)).toEqual([])
  })

  it('show what ran out of time among the cancelled ones, as people see it', async () => {
    const { input } = await buildBooking(db)
    await select(db, "UPDATE reservations SET status = 'expired' WHERE id = $1 RETURNING id", [
      input.reservationId,
    ])
    const { items } = await list('/reservations?status=cancelled')
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      [input.reservationId, 'cancelled'],
    ])
  })

  it('find payments by state and method', async () => {
    const { items } = await list('/payments?status=completed&method=mpesa')
    expect(items).toHaveLength(5)
    expect((await list('/payments?status=failed')).items).toEqual([])
    expect((await list('/payments?method=cash')).items).toEqual([])
  })

  it.each(['/reservations', '/payments', '/invoices'])(
    'let nobody who sees only their own look for somebody else in %s',
    async (path) => {
      const other = await buildCustomer(db)
      expect((await customer.refused(403, 'GET', `${path}?customer_id=${other}`)).code).toBe(
        'FORBIDDEN',
      )
      const me = await customer.read<{ id: string }>(200, 'GET', '/auth/profile')
      expect(await customer.read(200, 'GET', `${path}?customer_id=${me.id}`)).toEqual({
        items: [],
        next: null,
      })
    },
  )
})
