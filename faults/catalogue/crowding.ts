/** Too many at once: the same wish, the same car, the same booking. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { book, bookOrThrow, cancel, countCars, payByPrompt } from '../lines/booking.ts'
import { isOfCrowd } from '../crowd.ts'
import { textIn } from '../log.ts'
import type { Answer, Person, Trip } from '../person.ts'
import { AT_THE_TABLE, ringsOnce } from './crowding-rules.ts'
import type { Fault, Scene } from './fault.ts'

const times = <T>(n: number, each: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, nth) => each(nth)))

const PENDING = 202
const HELD = 201
const TAKEN = 409
const LOOK_AGAIN = 40
const AGAIN_MS = 500

/** The same request with the same key, until it is answered for good. */
async function insist(person: Person, wish: object, key: string): Promise<Answer | null> {
  for (let tries = 0; tries < LOOK_AGAIN; tries += 1) {
    const answer = await person.as.customer('POST', '/reservations', wish, key).catch(() => null)
    if (answer && answer.status !== PENDING && answer.status < 500) return answer
    await rest(AGAIN_MS)
  }
  return null
}

const ON_ONE_ID = 100
const sameKey: Fault = {
  number: 29,
  name: `${ON_ONE_ID} times the same request with the same key, at once`,
  promise: 'one booking, and everybody is answered with it',
  happen: async ({ stranger, complain }) => {
    const wish = {
      ...stranger.trip(),
      parties: [{ name: 'Otieno', phone: `+${stranger.phone()}` }],
    }
    const key = randomUUID()
    const answers = await times(ON_ONE_ID, () => insist(stranger, wish, key))
    const ids = new Set(answers.map((answer) => textIn(answer?.body ?? {}, 'id')))
    if (answers.some((answer) => answer?.status !== HELD)) complain('not everybody was answered')
    if (ids.size !== 1) complain(`${ids.size} bookings for one key`)
  },
}

const RACES = 300
const racing: Fault = {
  number: 30,
  name: `Payment and cancellation meet, ${RACES} times`,
  promise: 'each is counted; what came too late goes back',
  happen: async ({ stranger }) => {
    const race = async () => {
      const one = await book(stranger)
      if (!one) return
      const paying = payByPrompt(stranger, one, one.phones[0] ?? '', one.total)
      await rest(AGAIN_MS * stranger.random.share())
      await Promise.all([paying, cancel(stranger, one)])
    }
    for (let done = 0; done < RACES; done += 6) await times(6, race)
  },
  rest: {
    seconds: 300,
    because: 'money goes back to hundreds of phones, one request of M-Pesa after the other',
  },
}

const manyUpdates: Fault = {
  number: 31,
  name: 'Ten people of one booking press "pay" twice in the same moment',
  promise: 'each phone rings once; none is told that it worked when it did not',
  happen: async ({ stranger }) => {
    for (let rounds = 0; rounds < 3; rounds += 1) {
      const one = await bookOrThrow(stranger, AT_THE_TABLE)
      const pay = (nth: number) =>
        payByPrompt(
          stranger,
          one,
          one.phones[nth % AT_THE_TABLE] ?? '',
          one.shares[nth % AT_THE_TABLE] ?? 0,
        )
      await times(AT_THE_TABLE * 2, pay)
    }
  },
  rules: [ringsOnce],
}

const CLIENTS = 200
const OFTEN = 3
const HOURS = [9, 10, 11, 12, 13]
async function wantOneCar({ stranger, sql, complain }: Scene, trip: Trip): Promise<void> {
  const cars = await countCars(sql, trip)
  const wish = (nth: number) => {
    const day = trip.pickup_at.slice(0, 10)
    const from = HOURS[nth % HOURS.length] ?? 12
    const at = (hour: number) => `${day}T${String(hour).padStart(2, '0')}:00:00+03:00`
    return { ...trip, pickup_at: at(from), return_at: at(from + 6) }
  }
  const got = await times(CLIENTS, (nth) => book(stranger, 1, wish(nth)))
  const held = got.filter((one) => one !== null)
  if (held.length > cars) complain(`${held.length} bookings on ${cars} cars`)
  await Promise.all(held.map((one) => cancel(stranger, one)))
}

const oneCar: Fault = {
  number: 35,
  name: `${CLIENTS} people want the same cars for overlapping times, ${OFTEN} times (in the short form once)`,
  promise: 'no car is held twice; who loses is told so',
  isShort: true,
  happen: async (scene) => {
    const from = Date.now()
    const trip = scene.stranger.trip()
    const most = scene.isShort ? 1 : OFTEN
    for (let rounds = 0; rounds < most; rounds += 1) await wantOneCar(scene, trip)
    const untold = scene.log
      .read()
      .filter(
        ({ what, outcome, beganAt }) => what === 'book' && outcome === 'unknown' && beganAt >= from,
      )
      .filter((one) => !isOfCrowd(one))
    if (untold.length > 0)
      scene.complain(`${untold.length} were never told whether they have a car`)
  },
}

const keyReused: Fault = {
  number: 37,
  name: 'A key is used for something else, and again while the first request is under way',
  promise: 'the second wish is refused; the first is one booking',
  happen: async ({ stranger, complain }) => {
    let held = 0
    for (let rounds = 0; rounds < 10; rounds += 1) {
      const key = randomUUID()
      const wish = (name: string) => ({
        ...stranger.trip(),
        parties: [{ name, phone: `+${stranger.phone()}` }],
      })
      const [first, second] = [wish('Otieno'), wish('Achieng')]
      const [one, again] = await Promise.all([
        insist(stranger, first, key),
        insist(stranger, first, key),
      ])
      const other = await insist(stranger, second, key)
      if (one?.status === HELD) held += 1
      // In one moment others may want all cars of a kind; then both are told so.
      const isSame = one?.status === again?.status && [HELD, TAKEN].includes(one?.status ?? 0)
      if (!isSame || textIn(one?.body ?? {}, 'id') !== textIn(again?.body ?? {}, 'id'))
        complain(`one key, two answers: ${one?.status} and ${again?.status}`)
      if (other?.status !== 422) complain(`another wish with the same key: ${other?.status}`)
    }
    if (held === 0) complain('no car for the fault itself')
  },
}

export const crowding: Fault[] = [sameKey, racing, manyUpdates, oneCar, keyReused]
