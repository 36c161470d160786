/** Changing what is wished for a booking, and giving up one that is not paid. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { buildDeps, buildWorkflows, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import { buildBooking, buildPaid, KSH_1000 } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

type Booking = Record<string, unknown> & { id: string }

let db: TestDatabase
let api: TestApi
let customer: Bearer
let desk: Bearer
let finance: Bearer
let customerId = ''
const cancelled: string[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  const workflows = buildWorkflows({
    cancelReservation: (id) => {
      cancelled.push(id)
      return Promise.resolve({ status: 'cancelled', refunds: [] })
    },
  })
  api = createTestApi(buildDeps(db, { workflows }))
  customer = await signInAs(api, 'customer')
  desk = await signInAs(api, 'desk')
  finance = await signInAs(api, 'finance')
  customerId = (await customer.read<{ id: string }>(200, 'GET', '/auth/profile')).id
})
afterAll(() => db.drop())

describe('wishes', () => {
  it('are changed by whose booking it is and by the desk, and taken back', async () => {
    const { input } = await buildBooking(db, { customerId })
    const path = `/reservations/${input.reservationId}`
    const change = (who: Bearer, text: string | null) =>
      who.read<Booking>(200, 'PATCH', path, { body: { special_requests: text } })
    expect(await change(customer, ' A child seat ')).toMatchObject({
      special_requests: 'A child seat',
    })
    expect(await change(desk, 'Two child seats')).toMatchObject({
      special_requests: 'Two child seats',
    })
    expect(await change(customer, null)).toMatchObject({ special_requests: null })
    const said = await select<{ actor: string; after: object | null }>(
      db,
      "SELECT actor, after FROM audit_entries WHERE entity_id = $1 AND action = 'reservation.wishes_changed'",
      [input.reservationId],
    )
    expect(said).toHaveLength(3)
    expect(JSON.stringify(said)).not.toContain('seat')
  })

  it('are no way to change anything else', async () => {
    const { input } = await buildBooking(db, { customerId })
    const path = `/reservations/${input.reservationId}`
    for (const body of [
      { special_requests: 'x', total: '1' },
      { status: 'confirmed' },
      { special_requests: 'x', pickup_at: new Date().toISOString() },
      { special_requests: 'x'.repeat(5_000) },
      {},
    ])
      expect((await customer.refused(400, 'PATCH', path, { body })).code).toBe('INVALID_INPUT')
  })

  it('are nobody else’s to change', async () => {
    const { input } = await buildBooking(db)
    const path = `/reservations/${input.reservationId}`
    const body = { special_requests: 'mine now' }
    expect((await customer.refused(404, 'PATCH', path, { body })).code).toBe('NOT_FOUND')
    expect((await finance.refused(403, 'PATCH', path, { body })).code).toBe('FORBIDDEN')
    await desk.refused(404, 'PATCH', `/reservations/${randomUUID()}`, { body })
  })

  it('are as they were when the booking has ended', async () => {
    const { input } = await buildBooking(db, { customerId })
    const { reservationId } = input
    const end = { reservationId, reason: 'customer' as const, actorId: customerId, note: null }
    await inTransaction(db, (tx) => endReservation(tx, end))
    const body = { special_requests: 'too late' }
    const path = `/reservations/${input.reservationId}`
    expect((await customer.refused(409, 'PATCH', path, { body })).code).toBe('RESERVATION_CLOSED')
  })
})

describe('giving a booking up', () => {
  it('cancels what is not paid', async () => {
    const { input } = await buildBooking(db, { customerId })
    const answer = await customer.ask('DELETE', `/reservations/${input.reservationId}`)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(cancelled).toContain(input.reservationId)
  })

  it('is refused where something is paid: cancelling sends it back', async () => {
    const booking = await buildBooking(db, { customerId })
    const { reservationId } = booking.input
    await buildPaid(db, booking, KSH_1000)
    const problem = await customer.refused(409, 'DELETE', `/reservations/${reservationId}`)
    expect(problem.code).toBe('RESERVATION_PAID')
    expect(cancelled).not.toContain(reservationId)
  })

  it('is for whose booking it is, and for the desk', async () => {
    const { input } = await buildBooking(db)
    const path = `/reservations/${input.reservationId}`
    expect((await customer.refused(404, 'DELETE', path)).code).toBe('NOT_FOUND')
    expect((await finance.refused(403, 'DELETE', path)).code).toBe('FORBIDDEN')
    expect(cancelled).not.toContain(input.reservationId)
    expect((await desk.ask('DELETE', path)).status).toBe(204)
  })
})

it('a booking that has not changed is not sent again', async () => {
  const { input } = await buildBooking(db, { customerId })
  const path = `/reservations/${input.reservationId}`
  const read = async (tag?: string) =>
    customer.ask('GET', path, tag ? { headers: { 'if-none-match': tag } } : {})
  const tag = (await read()).headers.get('etag') ?? ''
  expect((await read(tag)).status).toBe(304)
  // What others pay counts for a share, which is a row of its own.
  await select(
    db,
    "UPDATE reservation_parties SET name = 'Somebody else' WHERE reservation_id = $1 RETURNING id",
    [input.reservationId],
  )
  expect((await read(tag)).status).toBe(200)
  expect(
    await selectOne(db, 'SELECT id FROM reservations WHERE id = $1', [input.reservationId]),
  ).not.toBeNull()
})
