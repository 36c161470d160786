/** The machine itself: a clock that is wrong, a full disk, a database with no connection left or a locked table. */
import { randomUUID } from 'node:crypto'
import { writeFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Environment } from '../../config.ts'
import { findFaketime } from '../../local/faketime.ts'
import { textIn } from '../log.ts'
import { WORKER_NAMES } from '../processes.ts'
import { noEarlyEnd } from './clock-rules.ts'
import type { Fault, Scene } from './fault.ts'
import { inTime } from './in-time.ts'

const atTime = (library: string, shift: string): Environment => ({
  LD_PRELOAD: library,
  FAKETIME: shift,
  // Waits inside Node count on it.
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
})

/** As somebody is told whose trip, or whose session, is said to be over. */
const FOR_ITS_TIME = new Set(['INVALID_PERIOD', 'SIGN_IN_REQUIRED'])

async function wrongClocks(scene: Scene): Promise<void> {
  const { keeper, runApi, runWorker } = scene.house
  const library = await findFaketime()
  const from = Date.now()
  for (const shift of ['+10m', '-10m']) {
    const over = atTime(library, shift)
    for (const name of WORKER_NAMES) await keeper.restart(name, () => runWorker(name, over))
    await keeper.restart('api', () => runApi(over))
    await scene.lasts(20)
  }
  for (const name of [...WORKER_NAMES, 'api']) await keeper.restart(name)
  for (const { what, beganAt, facts } of scene.log.read())
    if (beganAt >= from && FOR_ITS_TIME.has(textIn(facts, 'code')))
      scene.complain(`${what} was refused for its time: ${textIn(facts, 'code')}`)
}

const FULL_SECONDS = 20
const BLOCK = Buffer.alloc(4 * 2 ** 20)
/** Only PostgreSQL's tables lie on the small disk. */
async function fullDisk({ house, lasts, stranger, complain }: Scene): Promise<void> {
  const { smallDisk } = house
  if (!smallDisk) throw new Error('this house has no small disk')
  const ballast = join(smallDisk, 'ballast')
  try {
    await fill(ballast)
    await lasts(FULL_SECONDS)
    const read = await stranger.as.customer('GET', '/vehicle-categories', null).catch(() => null)
    if (read?.status !== 200) complain(`reading answers ${read?.status} while the disk is full`)
  } finally {
    await rm(ballast, { force: true })
  }
}

/** Until there is no room; any other trouble is one of the fault itself. */
async function fill(file: string): Promise<void> {
  try {
    for (;;) await writeFile(file, BLOCK, { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

/** A statement gives up after ten seconds, and a connection, which may be wanted twice, is waited for five. */
const BUSY_MS = 19_000
/** Longer, so that whoever waits for the end of it is too late. */
const LOCKED_SECONDS = 25

const UNEXPECTED = 500
/** One that reads the locked table, one that books, one that does neither. */
async function answersInTime(scene: Scene): Promise<void> {
  const { stranger, complain } = scene
  const ask = stranger.as.customer
  const trip = stranger.trip()
  const wish = { ...trip, parties: [{ name: 'Otieno', phone: `+${stranger.phone()}` }] }
  const asked = [
    ['a search', () => ask('GET', `/vehicles/availability?${new URLSearchParams(trip)}`, null)],
    ['a wish', () => ask('POST', '/reservations', wish, randomUUID())],
    ['the list of bookings', () => ask('GET', '/reservations', null)],
  ] as const
  const look = async ([what, say]: (typeof asked)[number]) => {
    const answer = await inTime(scene, what, say, BUSY_MS)
    if (answer?.status === UNEXPECTED) complain(`${what} is answered ${answer.status}`)
  }
  await Promise.all(asked.map(look))
}

async function lockedTable(scene: Scene): Promise<void> {
  const client = new pg.Client({ connectionString: scene.house.databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('LOCK TABLE vehicles IN ACCESS EXCLUSIVE MODE')
    await Promise.all([answersInTime(scene), scene.lasts(LOCKED_SECONDS)])
  } finally {
    await client.end()
  }
}

const NO_ROOM_SECONDS = 12
const MOST_CONNECTIONS = 250
async function noConnectionLeft(scene: Scene): Promise<void> {
  const { house } = scene
  const taken: pg.Client[] = []
  for (let nth = 0; nth < MOST_CONNECTIONS; nth += 1) {
    const client = new pg.Client({ connectionString: house.databaseUrl })
    client.on('error', () => undefined)
    try {
      await client.connect()
      taken.push(client)
    } catch {
      break
    }
  }
  // Who wants a new connection now has none.
  await house.keeper.kill('relay')
  await Promise.all([answersInTime(scene), scene.lasts(NO_ROOM_SECONDS)])
  await Promise.all(taken.map((client) => client.end()))
}

export const machine: Fault[] = [
  {
    number: 19,
    name: 'The clocks of all our processes are ten minutes ahead, then ten minutes behind',
    promise: 'nothing ends early, nothing is refused for its time',
    happen: wrongClocks,
    rules: [noEarlyEnd],
  },
  {
    number: 20,
    name: 'The disk of PostgreSQL’s tables is full',
    promise:
      'reading works, nothing is half written, and all goes on by itself when there is room again',
    needsSmallDisk: true,
    happen: fullDisk,
  },
  {
    number: 21,
    name: 'A table is locked, then PostgreSQL has no connection left',
    promise: 'who asks meanwhile is answered in time, and never with 500',
    happen: async (scene) => {
      await lockedTable(scene)
      await noConnectionLeft(scene)
    },
  },
]
