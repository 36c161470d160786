/**
 * A hundred thousand bookings that wait for their day: how soon a worker works again after it was killed, what the search of
 * Temporal's UI takes, and what the desk's pages and the search for cars take.
 */
import { stat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { connectDatabase, select, type Database } from '../db/connection.ts'
import { searchFree } from '../db/availability.ts'
import { findReservation, listForDesk } from '../db/reservation-reads.ts'
import { DAY_MS, toNairobiIso } from '../domain/time.ts'
import { enterOffice, type Office } from '../test/support/office.ts'
import { eventually, startStack, type Stack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { startGari } from './gari.ts'
import { measure, percentile, type Runner } from './measure.ts'
import { FIRST_DAY, readOpenBookings, type OpenBooking } from './open-bookings.ts'
import { grow, keep, keptFolder, openKept, type Kept } from './open-kept.ts'
import type { Options } from './options.ts'
import { CALLERS, count, table, type Measured, type Times, type Worker } from './open-table.ts'
import { assertQuiet, isQuiet, watchCores } from './processes.ts'

const WARM = { callers: 4, seconds: 4 }
const ASKED = 30
const WARM_ASKED = 5
/** As many as the UI shows. */
const UI_PAGE = 100
const ANSWERED_MS = 120_000
const MIB = 1_024 ** 2
/** A day on which as many bookings begin and end as on any other. */
const SOME_DAY = FIRST_DAY + 3

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** One after the other, as one person asks; not for longer than so many seconds. */
async function time(ask: () => Promise<unknown>, seconds: number): Promise<Times> {
  const times: number[] = []
  const until = performance.now() + seconds * 1_000
  for (let nth = 0; nth < WARM_ASKED + ASKED && performance.now() < until; nth += 1) {
    const began = performance.now()
    await ask()
    if (nth >= WARM_ASKED) times.push(performance.now() - began)
  }
  times.sort((one, other) => one - other)
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

type Questions = Record<string, () => Promise<unknown>>

async function timeAll(questions: Questions, seconds: number): Promise<Record<string, Times>> {
  const found: Record<string, Times> = {}
  for (const [name, ask] of Object.entries(questions)) found[name] = await time(ask, seconds)
  return found
}

/** By the addresses that the UI's own pages ask. */
function uiQuestions({ temporalUi }: Stack, some: OpenBooking | undefined): Questions {
  const ask = async (what: string, query: string) => {
    const params = new URLSearchParams({ query, pageSize: String(UI_PAGE) })
    const url = `${temporalUi}/temporal/api/v1/namespaces/default/${what}?${params.toString()}`
    const answer = await fetch(url)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`)
  }
  const plate = some?.plate ?? 'KDA 000A'
  return {
    [`the newest ${UI_PAGE}`]: () => ask('workflows', ''),
    'counts by status': () => ask('workflow-count', 'GROUP BY ExecutionStatus'),
    'one booking by its number': () =>
      ask('workflows', `BookingNumber = '${some?.number ?? 'RSV-26-000001'}'`),
    "a car's bookings by its plate": () => ask('workflows', `VehiclePlate = '${plate}'`),
    'bookings that are not paid': () => ask('workflows', "BusinessStatus = 'pending'"),
    'how many need attention': () => ask('workflow-count', 'NeedsAttention = true'),
  }
}

/** As a clerk and a customer see it: whole pages, and beneath them the statement. */
function pageQuestions(
  db: Database,
  office: Office,
  some: OpenBooking | undefined,
  since: Date,
): Questions {
  const day = new Date(since.getTime() + SOME_DAY * DAY_MS)
  const back = new Date(day.getTime() + 2 * DAY_MS)
  const get = async (path: string) => {
    const answer = await office.visitor.get(path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  }
  const desk = (query: string) =>
    get(
      `/desk?${new URLSearchParams({ day: toNairobiIso(day).slice(0, 10), q: query }).toString()}`,
    )
  const wish = { pickupLocation: 'NBO-JKIA', returnLocation: 'NBO-JKIA', from: day, to: back }
  const params = new URLSearchParams({
    pickup_location: wish.pickupLocation,
    pickup_at: day.toISOString(),
    return_at: back.toISOString(),
    return_location: wish.returnLocation,
  })
  return {
    'the day sheet': () => desk(''),
    'its three statements': () => listForDesk(db, day),
    "the desk's search: a number": () => desk(some?.number ?? 'RSV-26-000001'),
    "the desk's search: a name": () => desk(some?.name ?? 'Wanjiku Kamau'),
    "the desk's search: a phone": () => desk(some?.phone ?? '0712345678'),
    'free cars, over the API': () => get(`/api/v1/vehicles/availability?${params.toString()}`),
    'its statement': () => searchFree(db, wish),
  }
}

/** From the kill: until the worker says that it works, an old story has answered, and a new booking is confirmed. */
async function restartWorker(
  stack: Stack,
  db: Database,
  office: Office,
  gari: Runner,
  old: OpenBooking | undefined,
): Promise<Omit<Worker, 'before' | 'after'>> {
  // Without a worker, a booking that has ended already answers at once.
  if (old) await assertStatus(db, old, 'pending')
  const pid = await stack.pidOf('workers')
  const began = performance.now()
  const since = () => performance.now() - began
  await stack.kill('workers')
  const [workingMs, answeredMs] = await Promise.all([
    works(stack, pid).then(since),
    old ? cancel(db, office, old).then(since) : Number.NaN,
  ])
  await gari.once()
  return { workingMs, answeredMs, confirmedMs: since() }
}

/** Who repeats it may hear that it is closed already: the worker did at last what was asked for first. */
async function cancel(db: Database, office: Office, booking: OpenBooking): Promise<void> {
  const { status } = await office.send(`/reservations/${booking.id}/cancel`, {})
  await assertStatus(db, booking, 'cancelled', `after a cancellation: ${status}`)
}

async function assertStatus(
  db: Database,
  { id, number }: OpenBooking,
  wanted: string,
  when = 'before the worker is killed',
): Promise<void> {
  const found = await findReservation(db, id)
  if (found?.status !== wanted)
    throw new Error(`${number} is ${found?.status ?? 'gone'}, not ${wanted}, ${when}`)
}

/** Another process than before has said so. */
const works = ({ home }: Stack, former: number) =>
  eventually(
    'the worker works again',
    async () => {
      const lines = (await readFile(join(home, 'logs/workers.log'), 'utf8')).split('\n')
      const last = lines.findLast((line) => line.includes('"msg":"working"')) ?? ''
      return last !== '' && !last.includes(`"pid":${former},`)
    },
    ANSWERED_MS,
  )

const fileMib = async ({ home }: Stack): Promise<number> =>
  (await stat(join(home, 'temporal/temporal.db'))).size / MIB

/** By the front door, in this run and those before. */
const countBooked = async (db: Database): Promise<number> => {
  const [row] = await select<{ n: number }>(
    db,
    "SELECT count(*)::int AS n FROM reservations WHERE created_by <> 'bench'",
  )
  return row?.n ?? 0
}

async function measureAll(stack: Stack, kept: Kept<Measured>, seconds: number): Promise<Measured> {
  const db = connectDatabase({
    url: stack.databaseUrl,
    vault: stack.vault,
    pool: 4,
    applicationName: 'gari-bench',
  })
  const office = await enterOffice(stack, 'desk')
  const gari = await startGari(stack, await countBooked(db))
  try {
    const open = await readOpenBookings(db, { from: 0, to: kept.stories })
    // Each run ends one of them, also one that is not kept.
    const old = open.find(({ status }) => status === 'pending')
    if (kept.stories > 0 && !old) throw new Error('no story is left that waits for its money')
    await measure(gari, WARM.callers, WARM.seconds)
    const cores = watchCores()
    const before = await measure(gari, CALLERS, seconds)
    const ui = await timeAll(uiQuestions(stack, open.at(kept.stories / 2)), seconds)
    const some = (await readOpenBookings(db, { from: 0, to: kept.bookings })).at(kept.bookings / 2)
    const pages = await timeAll(pageQuestions(db, office, some, new Date(kept.since)), seconds)
    const restarted = await restartWorker(stack, db, office, gari, old)
    const after = await measure(gari, CALLERS, seconds)
    const worker = { ...restarted, before: before.perSecond, after: after.perSecond }
    const { stories, bookings } = kept
    const { others } = cores()
    return { stories, bookings, others, fileMib: await fileMib(stack), worker, ui, pages }
  } finally {
    await gari.stop()
    await db.close()
  }
}

export async function benchOpen({ bookings, minutes, seconds: each }: Options): Promise<void> {
  const kept = await openKept<Measured>()
  // A worker says at this level that it works.
  const stack = await startStack({ LOG_LEVEL: 'info' }, 'bench-open', keptFolder())
  const note = async (): Promise<number> => {
    const now = await measureAll(stack, kept, each)
    say(table([now]).join('\n'))
    if (isQuiet(now.others))
      kept.measured = [...kept.measured.filter(({ stories }) => stories !== now.stories), now]
    await keep(kept)
    return now.others
  }
  try {
    if (kept.stories === 0) await note()
    await grow(stack, kept, { bookings, minutes, say })
    await rest(WARM.seconds * 1_000)
    assertQuiet(await note())
    await keepFigures(
      'Open bookings',
      `\`npm run bench -- open --bookings ${bookings} --minutes ${minutes} --seconds ${each}\`, as often as it takes: rows of open bookings and a real story for each,
which waits for its day; nine of ten are paid. ${count(kept.stories)} stories took ${kept.seconds.toFixed(0)} s to start and are kept in the cache.
"Killed" is kill -9 of the one worker process; the supervisor starts it again.`,
      table(kept.measured),
    )
  } finally {
    await stack.stop()
  }
}
