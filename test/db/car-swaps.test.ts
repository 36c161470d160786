import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findStranded, swapCar } from '../../db/car-swaps.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { findReservation } from '../../db/reservation-reads.ts'
import {
  at,
  buildBooking,
  buildCustomer,
  buildPaid,
  count,
  keepCars,
  NOW,
  progress,
  type Booking,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let customerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  customerId = await buildCustomer(db)
})
afterAll(() => db.drop())

type Places = { from?: string; to?: string; wanted?: boolean }

/** A paid booking of this category from one day to the next. */
async function buildTrip(categoryCode: string, day: number, places: Places = {}): Promise<Booking> {
  const { from = 'NBO-JKIA', to = from } = places
  const days = { pickupAt: at(day).toISOString(), returnAt: at(day + 1).toISOString() }
  const trip = { categoryCode, pickupLocation: from, returnLocation: to, ...days }
  const booking = await buildBooking(db, { customerId, trip })
  await buildPaid(db, booking, booking.held.total)
  await progress(db, booking.input.reservationId)
  return booking
}
const end = ({ input }: Booking) =>
  inTransaction(db, (tx) =>
    endReservation(tx, {
      reservationId: input.reservationId,
      reason: 'customer',
      actorId: 'clock',
      note: null,
    }),
  )
const swap = (id: string) => inTransaction(db, (tx) => swapCar(tx, id, NOW))
const carOf = async (id: string) => (await findReservation(db, id))?.vehicle.id

describe('a drive to another place that is called off', () => {
  it('strands who was to pick the car up there; another car of the category helps', async () => {
    await keepCars(db, 'SUV', 2)
    const first = await buildTrip('SUV', 10, { to: 'MBA-NYALI' })
    const spare = await buildTrip('SUV', 10, { to: 'MBA-NYALI' })
    const next = await buildTrip('SUV', 14, { from: 'MBA-NYALI' })
    const id = next.input.reservationId
    const driven = next.held.vehicle.id === first.held.vehicle.id ? first : spare
    expect(await end(driven)).toMatchObject({ status: 'cancelled', stranded: id })
    expect(await swap(id)).toEqual({ outcome: 'swapped', next: null })
    expect(await carOf(id)).not.toBe(next.held.vehicle.id)
    expect(await findReservation(db, id)).toMatchObject({ status: 'confirmed', balance: 0 })
    const live = "holds WHERE owner = $1 AND state = 'confirmed'"
    expect(await count(db, live, [`reservation:${id}`])).toBe(1)
    expect(await swap(id)).toEqual({ outcome: 'stands' })
    const told = "audit_entries WHERE entity_id = $1 AND action = 'reservation.car_swapped'"
    expect(await count(db, told, [id])).toBe(1)
  })

  it('says so when nothing else is free there', async () => {
    await keepCars(db, 'VAN', 1)
    const first = await buildTrip('VAN', 20, { to: 'MBA-NYALI' })
    const next = await buildTrip('VAN', 24, { from: 'MBA-NYALI' })
    const id = next.input.reservationId
    expect(await end(first)).toMatchObject({ stranded: id })
    expect(await swap(id)).toEqual({ outcome: 'none_free', number: next.held.number })
    expect(await carOf(id)).toBe(next.held.vehicle.id)
  })

  it('strands nobody when the car is wanted where it stands', async () => {
    await keepCars(db, 'PICKUP', 1)
    const trip = await buildTrip('PICKUP', 30, { to: 'NBO-CBD' })
    const [car] = await select<{ id: string }>(
      db,
      'SELECT vehicle_id AS id FROM reservations WHERE id = $1',
      [trip.input.reservationId],
    )
    expect(await end(trip)).toMatchObject({ stranded: null })
    await buildTrip('PICKUP', 34)
    const later = inTransaction(db, (tx) => findStranded(tx, car?.id ?? '', at(31)))
    expect(await later).toBeNull()
  })
})
