/** The booking form: several people who share, each with a time of their own where all must pay. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import { HOUR_MS, toFormTime } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildWorkflows, steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { at } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const NOW = steadyClock()
const TRIP = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: toFormTime(at(7)),
  return_at: toFormTime(at(9)),
}
const SHARED = {
  'parties[0][name]': 'Wanjiku Kamau',
  'parties[0][phone]': '0712 345 678',
  'parties[1][name]': 'Otieno Ouma',
  'parties[1][phone]': '0722 000 111',
  split: 'equal',
}

async function setUp() {
  const asked: ReservationInput[] = []
  const reserve = (input: ReservationInput) => {
    asked.push(input)
    return Promise.resolve('pending' as const)
  }
  const workflows = buildWorkflows({ reserve })
  const visitor = createVisitor(createApp(buildDeps(db, { workflows, now: () => NOW })))
  await visitor.token()
  await visitor.post('/sign-in', { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD })
  await visitor.token('/')
  const book = (over: Record<string, string>) =>
    visitor.post('/book', { ...TRIP, ...SHARED, booking_id: randomUUID(), ...over })
  return { asked, book }
}
const dueOf = (input: ReservationInput | undefined) =>
  input?.parties.map(({ dueAt }) => (dueAt ? Date.parse(dueAt) - NOW.getTime() : null))

describe('people who share a booking that stands when all have paid', () => {
  it('have each the time that was chosen beside them', async () => {
    const { asked, book } = await setUp()
    const wish = { mode: 'all_or_nobody', 'parties[0][due_in]': '', 'parties[1][due_in]': '2' }
    expect((await book(wish)).status).toBe(303)
    expect(asked[0]?.mode).toBe('all_or_nobody')
    expect(dueOf(asked[0])).toEqual([null, 2 * HOUR_MS])
  })

  it('keep what was typed when something is wrong, also without a script', async () => {
    const { asked, book } = await setUp()
    const wish = { mode: 'all_or_nobody', 'parties[1][due_in]': '4', 'parties[1][phone]': '020' }
    const answer = await book(wish)
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain('name="parties[1][due_in]"')
    expect(html).toMatch(/<option value="4" selected="">4 hours/)
    const more = await book({ ...wish, action: 'add_party' })
    expect(await more.text()).toContain('name="parties[2][due_in]"')
    expect(asked).toEqual([])
  })

  it.each(['3', '-1', 'x'])('are given no time that was not offered: %s', async (typed) => {
    const { asked, book } = await setUp()
    const answer = await book({ mode: 'all_or_nobody', 'parties[0][due_in]': typed })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('Choose a time from the list.')
    expect(asked).toEqual([])
  })
})

it('where anybody may pay any part, no time is anybody’s own', async () => {
  const { asked, book } = await setUp()
  expect((await book({ mode: 'anybody', 'parties[1][due_in]': '2' })).status).toBe(303)
  expect(dueOf(asked[0])).toEqual([null, null])
})
