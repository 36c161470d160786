/** The fleet over REST: everybody reads what is for hire, staff see all, and whoever looks after it changes it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { searchFree } from '../../db/availability.ts'
import { inTransaction, select, selectOne, type Tx } from '../../db/connection.ts'
import { holdVehicle } from '../../db/holds.ts'
import { retireVehicle } from '../../db/vehicle-writes.ts'
import { buildDeps, createTestApi, readProblem, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { at, buildBooking, count } from '../support/builders.ts'
import { buildCar } from '../support/cars.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const byNumber = (one: number, other: number) => one - other

type Car = Record<string, unknown> & { id: string; plate: string; number: string }

let db: TestDatabase
let api: TestApi
let manager: Bearer
let desk: Bearer

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  manager = await signInAs(api, 'manager')
  desk = await signInAs(api, 'desk')
})
afterAll(() => db.drop())

const add = (over: Record<string, unknown> = {}): Promise<Car> =>
  manager.read(201, 'POST', '/vehicles', { body: buildCar(over) })

const hold = (tx: Tx, day: number, vehicleId: string) =>
  holdVehicle(tx, {
    vehicleId,
    categoryCode: 'SUV',
    pickupLocation: 'NBO-CBD',
    returnLocation: 'NBO-CBD',
    from: at(day),
    to: at(day + 1),
    owner: `reservation:${randomUUID()}`,
    expiresAt: at(300),
    purpose: 'reservation',
  })
const held = (day: number, vehicleId: string) => inTransaction(db, (tx) => hold(tx, day, vehicleId))

/** Somebody waits for a lock that another has. */
const WAITING = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

it.each(['PUT', 'PATCH', 'DELETE'])(
  'no car is what can be free: %s is not for that',
  async (method) => {
    const body = method === 'DELETE' ? undefined : {}
    const refused = await manager.ask(method, '/vehicles/availability', { body })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET'])
  },
)

describe('a car that is added', () => {
  it('gets a number of ours and can be booked at once', async () => {
    const car = await add({ plate: 'kdz001a', bought_for: '2450000', mileage_km: 12 })
    expect(car).toMatchObject({ plate: 'KDZ 001A', status: 'available', active: true })
    expect(car).toMatchObject({ bought_for: '2450000.00', condition: 5, gps_device: null })
    expect(car.number).toMatch(/^VEH-\d{4,}$/)
    expect(await held(20, car.id)).not.toBeNull()
    const trail = "audit_entries WHERE entity_id = $1 AND action = 'vehicle.created'"
    expect(await count(db, trail, [car.id])).toBe(1)
  })

  it('is one car, however often the same request comes', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = buildCar()
    const first = await manager.read<Car>(201, 'POST', '/vehicles', { body, headers })
    const again = await manager.read<Car>(201, 'POST', '/vehicles', { body, headers })
    expect(again).toEqual(first)
    const other = await manager.refused(422, 'POST', '/vehicles', { body: buildCar(), headers })
    expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it.each([
    ['plate', { plate: '!' }, 'KDA 137A'],
    ['vin', { vin: 'TOO-SHORT' }, '17'],
    ['category', { category: 'NOTHING' }, 'no such category'],
    ['location', { location: 'NOWHERE' }, 'no such place'],
    ['year', { year: 2999 }, 'not come yet'],
    ['colour', { colour: 'purple' }, 'white'],
    ['condition', { condition: 6 }, '1 to 5'],
    ['bought_on', { bought_on: '2026-02-30' }, 'day'],
    ['mileage_km', { mileage_km: -1 }, ''],
  ])('is refused with a word about its %s', async (path, over, word) => {
    const { fields } = await manager.refused(400, 'POST', '/vehicles', { body: buildCar(over) })
    expect(fields).toMatchObject([{ path }])
    expect(fields?.[0]?.message).toContain(word)
  })

  it.each([
    ['status', 'sold'],
    ['number', 'VEH-1'],
    ['id', randomUUID()],
    ['active', false],
  ])('never says its own %s', async (name, value) => {
    const body = buildCar({ [name]: value })
    const problem = await manager.refused(400, 'POST', '/vehicles', { body })
    expect(problem.detail).toContain(name)
  })

  it.each(['plate', 'vin'])('has a %s that no other car has', async (name) => {
    const { [name]: taken } = await add()
    const body = buildCar({ [name]: taken })
    const { fields } = await manager.refused(400, 'POST', '/vehicles', { body })
    expect(fields).toMatchObject([{ path: name }])
  })
})

describe('a car that is changed', () => {
  it('is replaced by whoever has seen how it stands, and by nobody else', async () => {
    const car = await add({ gps_device: 'TRK-1' })
    const path = `/vehicles/${car.id}`
    const tag = (await desk.ask('GET', path)).headers.get('etag') ?? ''
    const body = buildCar({ plate: car.plate, vin: car['vin'], colour: 'red' })
    expect((await manager.refused(428, 'PUT', path, { body })).code).toBe('VERSION_REQUIRED')
    const headers = { 'if-match': tag }
    const changed = await manager.ask('PUT', path, { body, headers })
    expect(await changed.json()).toMatchObject({ colour: 'red', gps_device: null })
    expect(changed.headers.get('etag')).not.toBe(tag)
    expect((await manager.refused(412, 'PUT', path, { body, headers })).code).toBe(
      'CHANGED_MEANWHILE',
    )
  })

  it('is known by a tag that compression has marked as weak', async () => {
    const path = `/vehicles/${(await add()).id}`
    const packed = await desk.ask('GET', path, { headers: { 'accept-encoding': 'gzip' } })
    const tag = `W/${packed.headers.get('etag')?.replace('W/', '')}`
    const same = await desk.ask('GET', path, { headers: { 'if-none-match': tag } })
    expect(same.status).toBe(304)
    expect(await same.text()).toBe('')
    const patch = { body: { colour: 'grey' }, headers: { 'if-match': tag } }
    await manager.read(200, 'PATCH', path, patch)
    expect((await desk.ask('GET', path, { headers: { 'if-none-match': tag } })).status).toBe(200)
    expect((await manager.refused(412, 'PATCH', path, patch)).code).toBe('CHANGED_MEANWHILE')
  })

  it('keeps what is not named, and the audit names what was', async () => {
    const car = await add({ gps_device: 'TRK-9', mileage_km: 100 })
    const path = `/vehicles/${car.id}`
    const body = { mileage_km: 250, gps_device: null }
    const changed = await manager.read<Car>(200, 'PATCH', path, { body })
    expect(changed).toEqual({ ...car, ...body, updated_at: changed['updated_at'] })
    const entry = await selectOne<{ before: object; after: object }>(
      db,
      "SELECT before, after FROM audit_entries WHERE entity_id = $1 AND action = 'vehicle.changed'",
      [car.id],
    )
    expect(entry).toEqual({
      before: { mileageKm: 100, gpsDevice: 'TRK-9' },
      after: { mileageKm: 250, gpsDevice: null },
    })
    expect((await manager.refused(400, 'PATCH', path, { body: {} })).detail).toContain('change')
  })

  it('of two at once, one sees what the other has done', async () => {
    const { id } = await add()
    const path = `/vehicles/${id}`
    const tag = (await desk.ask('GET', path)).headers.get('etag') ?? ''
    const headers = { 'if-match': tag }
    const patch = (colour: string) => manager.ask('PATCH', path, { body: { colour }, headers })
    const answers = await Promise.all(['red', 'green', 'black'].map(patch))
    expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([200, 412, 412])
  })

  it('keeps its category and its place while it is booked', async () => {
    const { id } = await add()
    await held(30, id)
    const path = `/vehicles/${id}`
    for (const body of [{ category: 'SEDAN' }, { location: 'NBO-JKIA' }])
      expect((await manager.refused(409, 'PATCH', path, { body })).code).toBe('VEHICLE_BOOKED')
    expect((await manager.refused(409, 'DELETE', path)).code).toBe('VEHICLE_BOOKED')
    await manager.read(200, 'PATCH', path, { body: { colour: 'white' } })
  })

  it('is found at its new place, and no longer at the old one', async () => {
    const { id } = await add()
    await manager.read(200, 'PATCH', `/vehicles/${id}`, { body: { location: 'MBA-NYALI' } })
    const free = async (place: string) => {
      const wish = { pickupLocation: place, returnLocation: place, from: at(60), to: at(61) }
      const all = await searchFree(db, wish)
      return all.flatMap(({ cars }) => cars.map((car) => car.id)).includes(id)
    }
    expect([await free('MBA-NYALI'), await free('NBO-CBD')]).toEqual([true, false])
  })
})

describe('a car that leaves the fleet', () => {
  it('is there for staff, and for nobody who wants to hire', async () => {
    const car = await add()
    const path = `/vehicles/${car.id}`
    for (const status of [204, 204]) expect((await manager.ask('DELETE', path)).status).toBe(status)
    expect((await api.get(path)).status).toBe(404)
    expect(await desk.read(200, 'GET', path)).toMatchObject({ status: 'retired', active: false })
    expect(await held(40, car.id)).toBeNull()
    const find = async (query: string) =>
      (await desk.read<{ items: Car[] }>(200, 'GET', `/vehicles?q=${car.number}${query}`)).items
    expect(await find('')).toEqual([])
    expect(await find('&active=false')).toHaveLength(1)
    expect(await find('&active=any&status=retired')).toHaveLength(1)
    expect((await manager.refused(404, 'PATCH', path, { body: { colour: 'red' } })).code).toBe(
      'NOT_FOUND',
    )
  })

  it('stays when somebody is booking it in that moment', async () => {
    const { id } = await add()
    const leaving = await inTransaction(db, async (tx) => {
      expect(await hold(tx, 50, id)).not.toBeNull()
      const asked = manager.ask('DELETE', `/vehicles/${id}`)
      while ((await count(db, WAITING)) === 0) await new Promise((next) => setImmediate(next))
      return { asked }
    })
    const answer = await leaving.asked
    expect([answer.status, (await readProblem(answer))['code']]).toEqual([409, 'VEHICLE_BOOKED'])
  })

  it('is not booked by somebody who chose it in that moment', async () => {
    const { id } = await add()
    const retirement = { version: null, actorId: 'test' }
    const booking = await inTransaction(db, async (tx) => {
      await retireVehicle(tx, id, retirement)
      const asked = held(50, id)
      while ((await count(db, WAITING)) === 0) await new Promise((next) => setImmediate(next))
      return { asked }
    })
    expect(await booking.asked).toBeNull()
  })
})

describe('what is seen', () => {
  it('says all to staff and hides what is not for everybody', async () => {
    const { id } = await add({ insurance_policy: 'POL-77' })
    const shown = await api.get(`/vehicles/${id}`)
    expect(shown.headers.get('vary')).toContain('Authorization')
    expect(Object.keys((await shown.json()) as object)).toEqual([
      'id',
      'number',
      'plate',
      'make',
      'model',
      'year',
      'colour',
      'category',
      'location',
      'picture',
    ])
    const customer = await signInAs(api, 'customer')
    expect(await customer.read(200, 'GET', `/vehicles/${id}`)).not.toHaveProperty('vin')
    expect(await desk.read(200, 'GET', `/vehicles/${id}`)).toMatchObject({
      insurance_policy: 'POL-77',
    })
  })

  it('is refused to a token that is none, rather than shown in part', async () => {
    const answer = await api.get('/vehicles', { authorization: 'Bearer nonsense' })
    expect(answer.status).toBe(401)
  })

  it('is found by plate, make and model', async () => {
    await add({ plate: 'KYA 321B', make: 'Peugeot', model: '3008' })
    for (const q of ['kya321', 'YA 321', 'geot 30']) {
      const answer = await api.get(`/vehicles?q=${encodeURIComponent(q)}`)
      const { items } = (await answer.json()) as { items: Car[] }
      expect(items.map(({ plate }) => plate)).toEqual(['KYA 321B'])
    }
  })

  it('is filtered by what is known, and by status for staff only', async () => {
    const list = async (query: string) =>
      (await desk.read<{ items: Car[] }>(200, 'GET', `/vehicles?limit=100${query}`)).items
    const vans = await list('&category=van&year_from=2021&year_to=2023&sort=-year')
    expect(vans.length).toBeGreaterThan(0)
    const years = vans.map(({ year }) => Number(year))
    expect(years).toEqual(years.toSorted((one, other) => other - one))
    expect(vans.every(({ category }) => category === 'VAN')).toBe(true)
    expect(years.every((year) => year >= 2021 && year <= 2023)).toBe(true)
    const answer = await api.get('/vehicles?status=retired')
    expect([answer.status, (await readProblem(answer))['code']]).toEqual([403, 'FORBIDDEN'])
  })
})

it('a booking still names a car that has left the fleet since', async () => {
  const { id } = await add()
  const booking = await buildBooking(db, {
    trip: {
      categoryCode: 'SUV',
      vehicleId: id,
      pickupLocation: 'NBO-CBD',
      returnLocation: 'NBO-CBD',
    },
  })
  await select(db, "UPDATE holds SET state = 'ended' WHERE resource_id = $1 RETURNING id", [id])
  await select(
    db,
    "UPDATE holds SET period = tstzrange(now() - interval '2 days', now() - interval '1 day') WHERE resource_id = $1 RETURNING id",
    [id],
  )
  expect((await manager.ask('DELETE', `/vehicles/${id}`)).status).toBe(204)
  const shown = await desk.read<{ vehicle: Car }>(
    200,
    'GET',
    `/reservations/${booking.input.reservationId}`,
  )
  expect(shown.vehicle.id).toBe(id)
})
