/** Processes are replaced while people work: rolling restarts, other settings, new keys, nobody at work for a while. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import type { Environment } from '../../config.ts'
import { bookOrThrow, payByPrompt, waitFor, type Booked } from '../lines/booking.ts'
import { keyIdsIn } from '../payload-keys.ts'
import { WORKER_NAMES } from '../processes.ts'
import type { Fault, Scene } from './fault.ts'
import { inTime } from './in-time.ts'

/** As a release does it: the new one first, then the old one goes. */
const replaceAll = async ({ house }: Scene, over: Environment): Promise<void> => {
  for (const name of WORKER_NAMES)
    await house.keeper.replace(name, () => house.runWorker(name, over))
  await house.replaceApi(over)
}

/** The workers of the stories live with other settings for a while. */
async function workWith({ house, lasts }: Scene, over: Environment, seconds: number) {
  await house.keeper.restart('stories', () => house.runWorker('stories', over))
  await lasts(seconds)
  await house.keeper.restart('stories')
}

const withoutCache: Fault = {
  number: 28,
  name: 'Workers remember nothing: each step begins with the whole history',
  promise: 'the same results, which shows that every story is deterministic',
  happen: (scene) => workWith(scene, { WORKFLOW_CACHE: '0' }, 40),
}

const AWAY_SECONDS = 90
const WISHES = 3
const [HELD, PENDING, TAKEN] = [201, 202, 409]
const nobodyAtWork: Fault = {
  number: 32,
  name: 'No workers for a minute and a half, while people go on asking',
  promise:
    'a wish is answered "under way" in time, and pages are served; afterwards each wish has its answer',
  happen: async (scene) => {
    const { house, stranger, complain } = scene
    await house.keeper.takeDown('stories')
    for (let nth = 0; nth < WISHES; nth += 1) {
      const parties = [{ name: 'Otieno', phone: `+${stranger.phone()}` }]
      const [wish, key] = [{ ...stranger.trip(), parties }, randomUUID()]
      const ask = () => stranger.as.customer('POST', '/reservations', wish, key)
      const answer = await inTime(scene, 'a wish', ask)
      if (answer && ![PENDING, TAKEN].includes(answer.status))
        complain(`a wish is answered ${answer.status}`)
      const page = await inTime(scene, 'the first page', () => fetch(house.baseUrl))
      if (page && page.status !== OK) complain(`the first page is answered ${page.status}`)
      scene.afterwards(() =>
        scene.until('a wish of that time has its answer', async () =>
          [HELD, TAKEN].includes((await ask()).status),
        ),
      )
      await scene.lasts(AWAY_SECONDS / WISHES)
    }
  },
}

const ROUNDS = 20
const MOST_TRIES = 2
const OK = 200
const AGAIN_MS = 400
const READ_MS = 12_000
/** One page after the other; whoever hears nothing asks once again, and is answered then. */
async function readOn({ house, complain }: Scene, isOver: () => boolean): Promise<void> {
  const isRead = async (path: string): Promise<boolean> => {
    try {
      const signal = AbortSignal.timeout(READ_MS)
      const answer = await fetch(`${house.baseUrl}${path}`, { signal })
      await answer.arrayBuffer()
      return answer.status === OK
    } catch {
      return false
    }
  }
  while (!isOver())
    for (const path of ['/', '/api/v1/vehicle-categories']) {
      if (!(await isRead(path))) {
        await rest(AGAIN_MS)
        if (!(await isRead(path))) complain(`${path} was asked for twice in vain`)
      }
      await rest(AGAIN_MS)
    }
}

const rolling: Fault = {
  number: 33,
  name: `Everything of ours is replaced ${ROUNDS} times (in the short form once), one process after the other`,
  promise: 'nobody has to ask more than once again, who acts and who reads',
  isShort: true,
  happen: async (scene) => {
    const from = Date.now()
    const most = scene.isShort ? 1 : ROUNDS
    let isOver = false
    const replaceOften = async () => {
      try {
        for (let rounds = 0; rounds < most; rounds += 1) await replaceAll(scene, {})
      } finally {
        isOver = true
      }
    }
    await Promise.all([replaceOften(), readOn(scene, () => isOver)])
    const to = Date.now()
    for (const { what, tries, beganAt } of scene.log.read())
      if (beganAt > from && beganAt < to && tries > MOST_TRIES)
        scene.complain(`${what} was asked ${tries} times`)
  },
}

const NAMESPACE = 'default'
/** Of this booking, as Temporal keeps it. */
async function keysOf({ house }: Scene, { id }: Booked): Promise<Set<string>> {
  const connection = await Connection.connect({ address: house.temporal })
  try {
    const { workflow } = new Client({ connection, namespace: NAMESPACE })
    return keyIdsIn(await workflow.getHandle(`reservation:${id}`).fetchHistory())
  } finally {
    await connection.close()
  }
}

async function paysFor({ stranger, complain }: Scene, what: string, one: Booked): Promise<void> {
  await payByPrompt(stranger, one, one.phones[0] ?? '', one.total)
  if (!(await waitFor(stranger, one, 'confirmed'))) complain(`${what} cannot be paid any more`)
}

const newKey: Fault = {
  number: 40,
  name: 'The key that histories are encrypted with is replaced, one process after the other',
  promise: 'what was written with the old one is read, what is new is written with the new one',
  happen: async (scene) => {
    const { house, stranger, complain } = scene
    const { payloadKeys } = house
    const before = await bookOrThrow(stranger)
    const fresh = payloadKeys.add()
    // Everybody can read the new one before anybody writes with it. The next faults read what this one wrote: it stays.
    house.remember(payloadKeys.settings())
    await replaceAll(scene, {})
    payloadKeys.useNewest()
    house.remember(payloadKeys.settings())
    await replaceAll(scene, {})
    const after = await bookOrThrow(stranger)
    await paysFor(scene, 'a booking from before the new key', before)
    await paysFor(scene, 'a booking from after the new key', after)
    const keys = await keysOf(scene, after)
    if (keys.size !== 1 || !keys.has(fresh))
      complain(`a new story is written with ${[...keys].join(' and ') || 'no key'}, not ${fresh}`)
  },
}

const LEAK = new URL('../leak.mjs', import.meta.url).href
const SMALL_HEAP = `--max-old-space-size=200 --import=${LEAK}`
/** Node's own last words. */
const NOTHING_LEFT = /heap out of memory/g
const smallHeap: Fault = {
  number: 34,
  name: 'Workers have 200 MB and keep more and more, beside the stories of this house',
  promise: 'a worker that runs out of memory ends and is started again; no queue stands still',
  happen: async (scene) => {
    const { house, complain } = scene
    const read = () => readFile(join(house.folder, 'logs', 'stories.log'), 'utf8')
    const deaths = async () => (await read()).match(NOTHING_LEFT)?.length ?? 0
    const before = { deaths: await deaths(), restarts: house.keeper.restarts() }
    await workWith(scene, { NODE_OPTIONS: SMALL_HEAP }, 60)
    if ((await deaths()) === before.deaths) complain('no worker ran out of memory')
    if (house.keeper.restarts() === before.restarts) complain('no worker was started again')
  },
}

export const turnover: Fault[] = [withoutCache, nobodyAtWork, rolling, smallHeap, newKey]
