import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findAlternatives, nextFree, searchFree } from '../../db/availability.ts'
import { select } from '../../db/connection.ts'
import {
  findCategory,
  findLocation,
  listCategories,
  listLocations,
  oneWayFee,
} from '../../db/fleet.ts'
import { listVehicles } from '../../db/vehicles.ts'
import { listReservations } from '../../db/reservation-lists.ts'
import { listPayments } from '../../db/payment-lists.ts'
import { listForDesk, listTimeline, searchReservations } from '../../db/reservation-reads.ts'
import { shillings, ZERO } from '../../domain/money.ts'
import { isOpenAt } from '../../domain/fleet.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  at,
  buildBooking,
  buildCustomer,
  buildPaid,
  buildPrompt,
  buildTrip,
  NOW,
  keepCars,
  KSH_1000,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const JKIA = { pickupLocation: 'NBO-JKIA', returnLocation: 'NBO-JKIA' }
const period = (from: Date, to: Date) => ({
  pickupAt: from.toISOString(),
  returnAt: to.toISOString(),
})

const BY_NUMBER = { sort: 'number', descending: false, active: true } as const

describe('the fleet', () => {
  it('is listed page by page, each car once', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listVehicles>> = await listVehicles(db, {
        ...BY_NUMBER,
        limit: 25,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.items.map(({ number }) => number))
      cursor = page.next
    } while (cursor)
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
    const wish = { category: 'SUV', location: 'NBO-CBD' }
    const { items } = await listVehicles(db, { ...BY_NUMBER, ...wish, limit: 50 })
    expect(items.every((one) => one.categoryCode === 'SUV' && one.locationCode === 'NBO-CBD')).toBe(
      true,
    )
  })

  it('knows its places, categories and ways', async () => {
    expect(await listLocations(db)).toHaveLength(3)
    const categories = await listCategories(db)
    expect(categories.every(({ dailyRate }) => Number.isSafeInteger(dailyRate))).toBe(true)
    expect((await findLocation(db, 'NBO-CBD'))?.openingHours).toHaveLength(7)
    expect(await findCategory(db, 'NONE')).toBeNull()
    expect(await oneWayFee(db, 'NBO-CBD', 'NBO-JKIA')).toBe(shillings(1_500))
    expect(await oneWayFee(db, 'NBO-CBD', 'NBO-CBD')).toBe(ZERO)
  })
})

describe('what is free', () => {
  it('names every category, also the sold-out one, and never a car that is held', async () => {
    await keepCars(db, 'VAN', 1)
    const trip = { categoryCode: 'VAN', ...period(at(100), at(102)) }
    const { held } = await buildBooking(db, { trip })
    const during = await searchFree(db, { ...JKIA, from: at(101), to: at(103) })
    expect(during).toHaveLength(6)
    expect(during.find((one) => one.categoryCode === 'VAN')).toEqual({
      categoryCode: 'VAN',
      free: 0,
      cars: [],
    })
    const after = await searchFree(db, { ...JKIA, from: at(102), to: at(103) })
    const vans = after.find((one) => one.categoryCode === 'VAN')
    expect(vans).toMatchObject({ free: 1, cars: [{ id: held.vehicle.id }] })
  })

  it('says when the same length is free again', async () => {
    const wish = { ...JKIA, categoryCode: 'VAN', from: at(101), lengthMs: DAY_MS }
    expect(await nextFree(db, wish)).toEqual(at(102))
    const half = new Date(at(110).getTime() + 10 * 60_000)
    await buildBooking(db, { trip: { categoryCode: 'VAN', ...period(at(108), half) } })
    expect(await nextFree(db, { ...wish, from: at(109) })).toEqual(
      new Date(at(110).getTime() + 30 * 60_000),
    )
    // A gap that is too short for the wish is no answer.
    expect(await nextFree(db, { ...wish, from: at(101), lengthMs: 8 * DAY_MS })).toEqual(
      new Date(at(110).getTime() + 30 * 60_000),
    )
  })

  it('offers at most three categories, nearest in price first, and a later time', async () => {
    const trip = { ...buildTrip(period(at(100), at(102))), categoryCode: 'VAN' }
    const offers = await findAlternatives(db, trip, NOW)
    expect(offers.map(({ kind, categoryCode }) => [kind, categoryCode])).toEqual([
      ['category', 'PICKUP'],
      ['category', 'SUV'],
      ['category', '4X4'],
      ['time', 'VAN'],
    ])
    expect(offers.at(-1)).toMatchObject(period(at(102), at(104)))
  })

  it('offers no time at which the place is closed', async () => {
    await select(
      db,
      "UPDATE vehicles SET active = false WHERE category_code = 'ECONOMY' RETURNING id",
    )
    await select(
      db,
      `UPDATE vehicles SET active = true, location_code = 'NBO-CBD'
       WHERE id = (SELECT id FROM vehicles WHERE category_code = 'ECONOMY' ORDER BY number LIMIT 1) RETURNING id`,
    )
    const place = { pickupLocation: 'NBO-CBD', returnLocation: 'NBO-CBD' }
    const trip = { ...place, categoryCode: 'ECONOMY', ...period(at(14, 9), at(14, 20)) }
    await buildBooking(db, { trip: { ...trip, ...period(at(14, 9), at(14, 18)) } })
    const later = (await findAlternatives(db, { ...buildTrip(), ...trip }, NOW)).find(
      ({ kind }) => kind === 'time',
    )
    const hours = (await findLocation(db, 'NBO-CBD'))!.openingHours
    expect(later && isOpenAt(hours, new Date(later.pickupAt))).not.toBe(false)
    expect(later && isOpenAt(hours, new Date(later.returnAt))).not.toBe(false)
  })
})

describe('bookings', () => {
  it('are listed newest first, page by page, one’s own only', async () => {
    const customerId = await buildCustomer(db)
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) {
      ids.unshift((await buildBooking(db, { customerId })).input.reservationId)
    }
    await buildBooking(db)
    const first = await listReservations(db, { customerId, limit: 3 })
    const second = await listReservations(db, { customerId, limit: 3, cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
    expect(second.next).toBeNull()
  })

  it('are found as somebody at the desk would type', async () => {
    const { held, input } = await buildBooking(db)
    const finds = async (text: string) =>
      (await searchReservations(db, text)).some(({ id }) => id === input.reservationId)
    for (const text of [
      held.number,
      held.number.toLowerCase(),
      held.vehicle.plate,
      'wanjiku kam',
    ]) {
      expect([text, await finds(text)]).toEqual([text, true])
    }
    const { phone } = (await searchReservations(db, held.number))[0]?.parties[0] ?? { phone: '' }
    for (const text of [phone, phone.replace('+254', '0')])
      expect([text, await finds(text)]).toEqual([text, true])
    for (const part of [phone.slice(-4), phone.slice(-6)]) expect(await finds(part)).toBe(false)
    expect(await searchReservations(db, '%')).toEqual([])
    expect(await searchReservations(db, 'RSV-99-999999')).toEqual([])
  })

  it('meet the desk on their day', async () => {
    const trip = period(at(200, 9), at(201, 9))
    const paid = await buildBooking(db, { trip })
    await buildPaid(db, paid, paid.held.total)
    const unpaid = await buildBooking(db, { trip: period(at(200, 12), at(202, 12)) })
    const ids = (list: { id: string }[]) => list.map(({ id }) => id)
    const day = await listForDesk(db, at(200, 23))
    expect(ids(day.pickups)).toEqual([paid.input.reservationId])
    expect(ids(day.returns)).toEqual([])
    expect(ids(day.unpaid)).toContain(unpaid.input.reservationId)
    const next = await listForDesk(db, at(201, 1))
    expect(ids(next.returns)).toEqual([paid.input.reservationId])
    expect(ids((await listForDesk(db, at(200 + 3))).pickups)).toEqual([])
  })

  it('tell their story in words, newest first', async () => {
    const booking = await buildBooking(db)
    await buildPaid(db, booking, KSH_1000)
    const lines = await listTimeline(db, booking.input.reservationId)
    expect(lines.map(({ what }) => what)).toContain('Payment received')
    expect(lines.at(-1)?.who).toBe('Wanjiku Kamau')
    expect(JSON.stringify(lines)).not.toMatch(/\+?2547\d{8}/)
  })
})

describe('payments', () => {
  it('are listed newest first, page by page, of one booking or of all', async () => {
    const booking = await buildBooking(db)
    const ownerId = booking.input.reservationId
    for (let index = 0; index < 3; index += 1) await buildPrompt(db, booking, { amount: KSH_1000 })
    const first = await listPayments(db, { ownerId, limit: 2 })
    const second = await listPayments(db, { ownerId, limit: 2, cursor: first.next ?? '' })
    const ids = [...first.items, ...second.items].map(({ id }) => id)
    expect([ids.length, new Set(ids).size, second.next]).toEqual([3, 3, null])
    expect((await listPayments(db, { limit: 50 })).items.length).toBeGreaterThanOrEqual(3)
  })

  it('are listed from the beginning by a mark that nobody of us wrote', async () => {
    const first = await listPayments(db, { limit: 1 })
    for (const year of ['-271821', '+275760', '0000', 'soon']) {
      const mark = `${year}-04-20T00:00:00.000Z|${first.items[0]?.id}`
      const cursor = Buffer.from(mark).toString('base64url')
      expect(await listPayments(db, { limit: 1, cursor })).toEqual(first)
    }
  })
})
