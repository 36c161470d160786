/** Processes die at the worst moment: kill -9, nothing is said to anybody. */
import { closeGate } from '../gate.ts'
import { book, bookOrThrow, payByPrompt } from '../lines/booking.ts'
import type { Provider } from '../checker/world.ts'
import type { Person } from '../person.ts'
import type { Fault, Scene } from './fault.ts'
import { inTime } from './in-time.ts'

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
    await scene.outlasts(paying)
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

const kafka: Fault = {
  number: 8,
  name: 'Kafka dies and is away for a minute (in the short form ten seconds)',
  promise: 'events wait, bookings do not; afterwards each event is there, in order',
  isShort: true,
  happen: async (scene) => {
    await scene.house.keeper.takeDown('kafka')
    await scene.lasts(scene.isShort ? 5 : 20)
    await inTime(scene, 'a booking', () => bookOrThrow(scene.stranger))
    await scene.lasts(scene.isShort ? 5 : 40)
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

const DEATHS = 6
const SHORT_DEATHS = 2
const BETWEEN_SECONDS = 3
const handlers: Fault = {
  number: 24,
  name: `The notifier, and who hands on M-Pesa's reports, die ${DEATHS} times each (in the short form ${SHORT_DEATHS}), whatever they are doing`,
  promise: 'every message goes out, every report is handed on; each has its effect once',
  isShort: true,
  happen: async ({ house, lasts, isShort }) => {
    const most = isShort ? SHORT_DEATHS : DEATHS
    for (let times = 0; times < most; times += 1)
      for (const name of ['notifier', 'schedules']) {
        await house.keeper.kill(name)
        await lasts(BETWEEN_SECONDS)
      }
  },
}

export const kills: Fault[] = [
  betweenEffectAndCompletion,
  insideLocalActivity,
  afterCommit,
  beforeTheStory,
  postgres,
  kafka,
  relay,
  handlers,
]
