/** Places, categories, cars and what is free, for anybody who asks. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, toNairobiIso } from '../../domain/time.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { at } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
})
afterAll(() => db.drop())

type Page = { items: Record<string, unknown>[]; next: string | null }
const read = async (path: string): Promise<Page> => {
  const response = await api.get(path)
  expect(response.status).toBe(200)
  return (await response.json()) as Page
}

const search = (over: Record<string, string> = {}): string =>
  `/vehicles/availability?${new URLSearchParams({
    pickup_at: toNairobiIso(at(7)),
    return_at: toNairobiIso(at(10)),
    pickup_location: 'NBO-JKIA',
    ...over,
  }).toString()}`

describe('lists', () => {
  it('show places with their hours', async () => {
    const { items, next } = await read('/locations')
    expect(next).toBeNull()
    const downtown = items.find(({ code }) => code === 'NBO-CBD')
    expect(downtown?.['opening_hours']).toHaveLength(7)
    expect(downtown).toHaveProperty('opening_hours.0', { opens: '07:00', closes: '20:00' })
  })

  it('show categories with decimal amounts beside their currency', async () => {
    const { items } = await read('/vehicle-categories')
    expect(items).toHaveLength(6)
    for (const one of items) {
      expect(one['currency']).toBe('KES')
      expect(one['daily_rate']).toMatch(/^\d+\.\d{2}$/)
    }
  })

  it('page through all cars without losing or repeating one', async () => {
    const seen: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Page = await read(`/vehicles?limit=25${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    }
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
  })

  it('never show a VIN', async () => {
    const response = await api.get('/vehicles?limit=100')
    expect((await response.text()).toLowerCase()).not.toContain('vin')
  })

  it.each([['0'], ['101'], ['-1'], ['many']])('refuse a page of %s', async (limit) => {
    const response = await api.get(`/vehicles?limit=${limit}`)
    expect(response.status).toBe(400)
    expect(await readProblem(response)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'limit' }],
    })
  })

  it('show one car, and nothing for an id that is none', async () => {
    const [first] = (await read('/vehicles?limit=1')).items
    const found = await api.get(`/vehicles/${String(first?.['id'])}`)
    expect(await found.json()).toEqual(first)
    for (const id of [randomUUID(), 'nonsense', '%01']) {
      const response = await api.get(`/vehicles/${id}`)
      expect(response.status).toBe(404)
      expect((await readProblem(response))['code']).toBe('NOT_FOUND')
    }
  })
})

describe('what is free', () => {
  it('carries the whole price, whose parts add up', async () => {
    const { items, next } = await read(search({ return_location: 'MBA-NYALI' }))
    expect(next).toBeNull()
    expect(items).toHaveLength(6)
    for (const item of items) {
      const price = item['price'] as Record<string, string> & { lines: { amount: string }[] }
      const cents = (text: string | undefined) => Math.round(Number(text) * 100)
      expect(price['currency']).toBe('KES')
      expect(cents(price['net']) + cents(price['vat'])).toBe(cents(price['total']))
      const sum = price.lines.reduce((total, { amount }) => total + cents(amount), 0)
      expect(sum).toBe(cents(price['total']))
      expect(price.lines).toContainEqual(
        expect.objectContaining({ kind: 'one_way', amount: '12000.00' }),
      )
    }
  })

  it('reads and says times with their offset: the same instant, the same answer', async () => {
    const utc = { pickup_at: at(7).toISOString(), return_at: at(10).toISOString() }
    expect(await read(search(utc))).toEqual(await read(search()))
  })

  it('can be asked for one category, in any letters', async () => {
    const { items } = await read(search({ category: 'suv' }))
    expect(items.map(({ category }) => (category as { code: string }).code)).toEqual(['SUV'])
  })

  it('leaves out a car with an overlapping hold, and only then', async () => {
    const before = await read(search({ category: 'SUV' }))
    const [first] = (before.items[0]?.['vehicles'] ?? []) as { id: string }[]
    await select(
      db,
      `INSERT INTO holds (resource_id, period, purpose, owner, state, from_location, to_location)
       VALUES ($1, tstzrange($2, $3), 'maintenance', 'test', 'confirmed', 'NBO-JKIA', 'NBO-JKIA')`,
      [first?.id, at(9), at(12)],
    )
    const free = async (from: Date, to: Date) => {
      const times = { pickup_at: toNairobiIso(from), return_at: toNairobiIso(to) }
      const { items } = await read(search({ category: 'SUV', ...times }))
      return items[0]?.['free'] as number
    }
    const all = before.items[0]?.['free'] as number
    expect(await free(at(7), at(10))).toBe(all - 1)
    expect(await free(at(7), at(9))).toBe(all)
    expect(await free(at(12), at(14))).toBe(all)
  })
})

describe('what cannot be searched', () => {
  const soon = (ms: number) => toNairobiIso(new Date(Date.now() + ms))
  it.each<[string, Record<string, string>, string, string, string]>([
    ['the past', { pickup_at: soon(-HOUR_MS) }, 'INVALID_PERIOD', 'pickup_at', 'in the past'],
    ['too soon', { pickup_at: soon(10 * MINUTE_MS) }, 'INVALID_PERIOD', 'pickup_at', '30 minutes'],
    [
      'beyond a year',
      { pickup_at: soon(366 * DAY_MS), return_at: soon(367 * DAY_MS) },
      'INVALID_PERIOD',
      'pickup_at',
      'one year ahead',
    ],
    [
      'reversed times',
      { return_at: toNairobiIso(at(6)) },
      'INVALID_PERIOD',
      'return_at',
      'after the pick-up time',
    ],
    [
      'one hour',
      { return_at: toNairobiIso(at(7, 11)) },
      'INVALID_PERIOD',
      'return_at',
      'shortest rental is 2 hours',
    ],
    [
      '91 days',
      { return_at: toNairobiIso(at(98)) },
      'INVALID_PERIOD',
      'return_at',
      'longest rental is 90 days',
    ],
    [
      'a place of ours? no',
      { pickup_location: 'NOWHERE' },
      'UNKNOWN_LOCATION',
      'pickup_location',
      'no such place',
    ],
    [
      'no return there',
      { return_location: 'NOWHERE' },
      'UNKNOWN_LOCATION',
      'return_location',
      'no such place',
    ],
    ['no such category', { category: 'YACHT' }, 'UNKNOWN_CATEGORY', 'category', 'no such category'],
    ['no time at all', { pickup_at: 'soon' }, 'INVALID_INPUT', 'pickup_at', 'date and time'],
    [
      '31 February',
      { pickup_at: '2027-02-31T10:00' },
      'INVALID_INPUT',
      'pickup_at',
      'date and time',
    ],
    ['no code', { pickup_location: "'; DROP" }, 'INVALID_INPUT', 'pickup_location', 'not a code'],
  ])('%s', async (_, over, code, path, words) => {
    const response = await api.get(search(over))
    expect(response.status).toBe(400)
    const problem = await readProblem(response)
    expect(problem['code']).toBe(code)
    expect(problem['fields']).toContainEqual({ path, message: expect.stringContaining(words) })
  })

  it('a closed hour, with the hours of that day', async () => {
    const night = { pickup_location: 'NBO-CBD', pickup_at: toNairobiIso(at(7, 3)) }
    const response = await api.get(search(night))
    expect(response.status).toBe(400)
    const problem = await readProblem(response)
    expect(problem['code']).toBe('LOCATION_CLOSED')
    expect(problem['detail']).toMatch(/^Nairobi Downtown is closed on .+\. That day: 0[78]:00 to /)
    expect(problem['fields']).toMatchObject([{ path: 'pickup_at' }])
  })

  it('nothing said: every missing thing is named', async () => {
    const problem = await readProblem(await api.get('/vehicles/availability'))
    const paths = (problem['fields'] as { path: string }[]).map(({ path }) => path)
    expect(paths).toEqual(['pickup_location', 'pickup_at', 'return_at'])
  })
})
