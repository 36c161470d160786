/** Processes die at the worst moment: kill -9, nothing is said to anybody. */
import { closeGate } from '../gate.ts'
import { book, bookOrThrow, payByPrompt, type Booked } from '../lines/booking.ts'
import type { Provider } from '../checker/world.ts'
import type { Person } from '../person.ts'
import type { Fault, Scene } from './fault.ts'

const ledgerOf = async ({ house }: Scene): Promise<Provider> =>
  (await (await fetch(`${house.simulator}/_control/ledger`)).json()) as Provider

const mood = (person: Person, phone: string, how: object) =>
  person.hand('PUT', `/moods/phones/${phone}`, how)

const betweenEffectAndCompletion: Fault = {
  number: 1,
  name: 'The workers die after M-Pesa took the request, before they heard so',
  promise: 'one request on the phone, one payment',
  isShort: true,
  happen: async (scene) => {
    const { stranger, house } = scene
    const one = await bookOrThrow(stranger)
    const [phone = ''] = one.phones
    await mood(stranger, phone, { on: ['stk-push'], answerDelayMs: 4_000, times: 1 })
    const paying = payByPrompt(stranger, one, phone, one.total)
    await scene.until('M-Pesa has it', async () =>
      (await ledgerOf(scene)).transactions.some((sent) => sent.phone === phone),
    )
    await house.keeper.kill('stories')
    await paying
  },
}

const insideLocalActivity: Fault = {
  number: 2,
  name: 'The workers die in the middle of holding a car',
  promise: 'the step is done again; one booking, one hold',
  happen: async ({ house, stranger, until }) => {
    const gate = await closeGate(house.databaseUrl, 'holds', 'INSERT')
    const booking = book(stranger)
    try {
      await until('a hold is being written', gate.isReached)
      await house.keeper.kill('stories')
    } finally {
      await gate.open()
    }
    await booking
  },
}

const SLOW_MS = 3_000
const SECOND_MS = 1_000
const afterCommit: Fault = {
  number: 3,
  name: 'The web server dies after the car was held, before it said so',
  promise: 'the same key gets the same booking',
  isShort: true,
  happen: async ({ house, stranger, sql, until, lasts }) => {
    const { 'api-temporal': link } = house.links
    await link.spoil({ type: 'latency', attributes: { latency: SLOW_MS } })
    const counted = async () =>
      Number((await sql<{ n: string }>('SELECT count(*) AS n FROM reservations'))[0]?.n)
    const before = await counted()
    const bookings = Promise.all([book(stranger), book(stranger), book(stranger)])
    await until('a booking is written', async () => (await counted()) > before)
    await house.keeper.kill('api')
    // What was on its way to the dead one arrives, and is nobody's.
    await lasts((2 * SLOW_MS) / SECOND_MS)
    await link.heal()
    await bookings
  },
}

const beforeTheStory: Fault = {
  number: 4,
  name: 'The web server dies before Temporal got the booking it was asked for',
  promise: 'no hold without a story; the same key still gets its booking',
  happen: async ({ house, stranger, lasts }) => {
    const { 'api-temporal': link } = house.links
    await link.spoil({ type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } })
    const bookings = Promise.all([book(stranger), book(stranger)])
    await lasts(2)
    await house.keeper.kill('api')
    await link.heal()
    await bookings
  },
}

const postgres: Fault = {
  number: 5,
  name: 'PostgreSQL dies three times within twenty seconds',
  promise: 'what was answered is there; everybody finds it again without being started anew',
  isShort: true,
  happen: async ({ house, lasts, complain }) => {
    const before = house.keeper.restarts()
    const KILLS = 3
    for (let times = 0; times < KILLS; times += 1) {
      await house.keeper.kill('postgres')
      await lasts(7)
    }
    const others = house.keeper.restarts() - before - KILLS
    if (others > 0) complain(`${others} processes of ours did not outlive PostgreSQL`)
  },
}

/** An answer, whichever, comes soon: a page that hangs is worse than one that says "try again". */
const ANSWER_MS = 12_000
async function inTime<T>(scene: Scene, what: string, ask: () => Promise<T>): Promise<T | null> {
  const began = performance.now()
  const answer = await ask().catch(() => null)
  const tookMs = Math.round(performance.now() - began)
  if (answer === null || tookMs > ANSWER_MS) scene.complain(`${what}: nothing within ${tookMs} ms`)
  return answer
}

/** What needs Temporal says so at once; everything else is served. */
async function servesWithoutTemporal(scene: Scene, standing: Booked): Promise<void> {
  const { stranger, complain, house } = scene
  const trip = stranger.trip()
  const parties = [{ name: 'Otieno', phone: `+${stranger.phone()}` }]
  const ask = stranger.as.customer
  const refused = await inTime(scene, 'a wish', () =>
    ask('POST', '/reservations', { ...trip, parties }, `without-temporal-${parties[0]?.phone}`),
  )
  const retry = Number(refused?.headers.get('retry-after') ?? Number.NaN)
  if (refused && (refused.status !== 503 || Number.isNaN(retry)))
    complain(`a wish is answered ${refused.status}, again after ${retry}`)
  const search = new URLSearchParams(trip).toString()
  for (const path of [`/vehicles/availability?${search}`, `/reservations/${standing.id}`]) {
    const read = await inTime(scene, path, () => ask('GET', path, null))
    if (read && read.status !== 200) complain(`${path} is answered ${read.status}`)
  }
  const page = await inTime(scene, 'the first page', () => fetch(house.baseUrl))
  if (page && page.status !== 200) complain(`the first page is answered ${page.status}`)
}

const temporal: Fault = {
  number: 6,
  name: 'Temporal stands still, then dies and is away: half a minute in all',
  promise:
    'timers ring late, not never; reading goes on, and what cannot be done now says so at once',
  isShort: true,
  happen: async (scene) => {
    const { keeper } = scene.house
    const standing = await bookOrThrow(scene.stranger)
    const thaw = keeper.freeze('temporal')
    await servesWithoutTemporal(scene, standing)
    thaw()
    await keeper.takeDown('temporal')
    await scene.lasts(20)
  },
}

const callbackWithoutTemporal: Fault = {
  number: 7,
  name: 'Reports of M-Pesa come while Temporal is away',
  promise: 'each is stored, answered 200, and delivered later',
  happen: async (scene) => {
    const { stranger, house } = scene
    const all = await Promise.all([1, 2, 3].map(() => bookOrThrow(stranger)))
    for (const { phones } of all)
      await mood(stranger, phones[0] ?? '', { on: ['stk-push'], callbackDelayMs: 3_000, times: 1 })
    await Promise.all(all.map((one) => payByPrompt(stranger, one, one.phones[0] ?? '', one.total)))
    await house.keeper.takeDown('temporal')
    await scene.lasts(10)
  },
}

const kafka: Fault = {
  number: 8,
  name: 'Kafka dies and is away for a minute (in the short form twenty seconds)',
  promise: 'events wait, bookings do not; afterwards each event is there, in order',
  isShort: true,
  happen: async (scene) => {
    await scene.house.keeper.takeDown('kafka')
    await scene.lasts(scene.isShort ? 10 : 20)
    await inTime(scene, 'a booking', () => bookOrThrow(scene.stranger))
    await scene.lasts(scene.isShort ? 10 : 40)
  },
}

const relay: Fault = {
  number: 9,
  name: 'The relay dies after Kafka took the events, before it deleted them',
  promise: 'events may come twice; nobody is told anything twice',
  isShort: true,
  happen: async ({ house, stranger, until }) => {
    const gate = await closeGate(house.databaseUrl, 'outbox', 'DELETE')
    try {
      await book(stranger)
      await until('the relay deletes what it published', gate.isReached)
      await house.keeper.kill('relay')
    } finally {
      await gate.open()
    }
  },
}

const notifier: Fault = {
  number: 24,
  name: 'The notifier dies again and again in the middle of its batches',
  promise: 'every message goes out; each event has its effect once',
  isShort: true,
  happen: async ({ house, lasts, isShort }) => {
    for (let times = 0; times < (isShort ? 2 : 6); times += 1) {
      await house.keeper.kill('notifier')
      await lasts(6)
    }
  },
}

export const kills: Fault[] = [
  betweenEffectAndCompletion,
  insideLocalActivity,
  afterCommit,
  beforeTheStory,
  postgres,
  temporal,
  callbackWithoutTemporal,
  kafka,
  relay,
  notifier,
]
