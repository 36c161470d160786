/** Rentals over REST and on the desk's pages: who may, what is kept of what was typed, and what a customer may say. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createApp } from '../../api/app.ts'
import { select } from '../../db/connection.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildDeps, buildWorkflows, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  buildReady,
  CHECK,
  dueAt,
  pickUpAt,
  rentalsAtOnce,
  type Ready,
} from '../support/rentals.ts'

let db: TestDatabase
let api: TestApi
let desk: Bearer
let manager: Bearer
let now = new Date()

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, {
    workflows: buildWorkflows({ rentals: rentalsAtOnce(db, () => now) }),
  })
  api = createTestApi(deps, createApp(deps))
  desk = await signInAs(api, 'desk')
  manager = await signInAs(api, 'manager')
})
afterAll(() => db.drop())
beforeEach(async () => {
  await select(
    db.owner,
    "UPDATE rentals SET status = 'returned', returned_at = due_at, returned_to = return_location WHERE status = 'on_the_road'",
  )
  await select(db, "UPDATE vehicles SET status = 'available', mileage_km = 0 WHERE mileage_km >= 0")
})

const LOOK = {
  odometer_km: CHECK.odometerKm,
  fuel_eighths: CHECK.fuelEighths,
  cleanliness: CHECK.cleanliness,
  marks: CHECK.marks,
}
const DENT = { place: 'boot', kind: 'dent' }
type Shown = {
  id: string
  status: string
  charges: { id: string; amount: string }[]
  kept: string | null
}

const out = async (): Promise<{ ready: Ready; path: string; rental: Shown }> => {
  const ready = await buildReady(db)
  now = pickUpAt(ready)
  const path = `/reservations/${ready.booking.input.reservationId}`
  const body = { ...LOOK, id_seen: true }
  const rental = await desk.read<Shown>(200, 'POST', `${path}/checkout`, { body })
  return { ready, path, rental }
}
const back = (path: string, over: object = {}) =>
  desk.read<Shown>(200, 'POST', `${path}/checkin`, {
    body: { ...LOOK, odometer_km: CHECK.odometerKm + 10, location: 'NBO-JKIA', ...over },
  })

describe('a rental over REST', () => {
  it('goes out once and comes back once, and its booking tells of it', async () => {
    const { ready, path, rental } = await out()
    const again = { body: { ...LOOK, id_seen: true } }
    expect(await desk.read(200, 'POST', `${path}/checkout`, again)).toEqual(rental)
    now = dueAt(ready)
    const returned = await back(path)
    expect(returned).toMatchObject({ id: rental.id, status: 'returned', charges: [] })
    expect(await desk.read(200, 'GET', `${path}/agreement`)).toEqual(returned)
    expect(
      await desk.read<{ items: object[] }>(200, 'GET', '/rentals?status=returned'),
    ).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: rental.id })]),
    })
  })

  it('says all that is missing, in words', async () => {
    const ready = await buildReady(db)
    now = new Date(pickUpAt(ready).getTime() - DAY_MS)
    const path = `/reservations/${ready.booking.input.reservationId}/checkout`
    const problem = await desk.read<{ code: string; detail: string }>(409, 'POST', path, {
      body: { ...LOOK, id_seen: false },
    })
    expect(problem.code).toBe('RENTAL_REFUSED')
    expect(problem.detail).toContain('two hours earlier')
    expect(problem.detail).toContain('id card')
  })

  it.each([
    ['fuel above full', { fuel_eighths: 9 }],
    ['half a kilometre', { odometer_km: 1.5 }],
    ['a mark nowhere', { marks: [{ place: 'wings', kind: 'dent' }] }],
    ['a field of nobody’s', { price: '1' }],
  ])('refuses %s', async (_what, over) => {
    const { path } = await out()
    const body = { ...LOOK, location: 'NBO-JKIA', ...over }
    expect((await desk.ask('POST', `${path}/checkin`, { body })).status).toBe(400)
  })

  it('claims once under one key, and lets a manager say what stands', async () => {
    const { ready, path, rental } = await out()
    now = dueAt(ready)
    await back(path, { marks: [...LOOK.marks, DENT], damage: [{ ...DENT, amount: '3000' }] })
    const headers = { 'idempotency-key': randomUUID() }
    const claim = { body: { place: 'roof', kind: 'dent', amount: '500' }, headers }
    const claimed = await desk.read<Shown>(200, 'POST', `/rentals/${rental.id}/claims`, claim)
    expect(await desk.read(200, 'POST', `/rentals/${rental.id}/claims`, claim)).toEqual(claimed)
    expect(claimed.charges).toHaveLength(2)
    const decision = `/rentals/${rental.id}/decision`
    const stranger = { body: { lines: [{ id: randomUUID(), amount: '0' }] } }
    expect((await manager.ask('POST', decision, stranger)).status).toBe(400)
    expect((await desk.ask('POST', decision, { body: { lines: [] } })).status).toBe(403)
    const lines = [{ id: claimed.charges[0]?.id, amount: '0' }]
    expect(await manager.read(200, 'POST', decision, { body: { lines } })).toMatchObject({
      status: 'settled',
      kept: '500.00',
    })
  })

  it('is seen to by somebody else where a colleague drove', async () => {
    const { id } = await desk.read<{ id: string }>(200, 'GET', '/auth/profile')
    const { ready, path, rental } = await out()
    now = dueAt(ready)
    await select(db.owner, 'UPDATE rentals SET customer_id = $2 WHERE id = $1', [rental.id, id])
    const body = { ...LOOK, location: 'NBO-JKIA' }
    const refused = await desk.refused(409, 'POST', `${path}/checkin`, { body })
    expect(refused.code).toBe('SECOND_PERSON')
    expect(await manager.read(200, 'POST', `${path}/checkin`, { body })).toMatchObject({
      status: 'returned',
    })
  })

  it('is nobody’s of the house to agree to', async () => {
    const { ready, path, rental } = await out()
    now = dueAt(ready)
    await back(path)
    expect((await desk.ask('POST', `/rentals/${rental.id}/agree`)).status).toBe(403)
    expect((await manager.ask('POST', `/rentals/${rental.id}/agree`)).status).toBe(403)
  })
})
