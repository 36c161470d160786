/** Processes are replaced while people work: rolling restarts, other settings, new keys, nobody at work for a while. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { Environment } from '../../config.ts'
import { bookOrThrow, payByPrompt, waitFor, type Booked } from '../lines/booking.ts'
import { keyIdsIn } from '../payload-keys.ts'
import { WORKER_NAMES } from '../processes.ts'
import type { Fault, Scene } from './fault.ts'

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

const nobodyAtWork: Fault = {
  number: 32,
  name: 'No workers for a minute and a half, while people go on asking',
  promise:
    'web pages say "we are on it" in time; afterwards everything asked for is done, in order',
  happen: async ({ house, lasts }) => {
    await house.keeper.takeDown('stories')
    await lasts(90)
  },
}

const ROUNDS = 6
const MOST_TRIES = 2
const rolling: Fault = {
  number: 33,
  name: `Everything of ours is replaced ${ROUNDS} times (in the short form once), one process after the other`,
  promise: 'nobody has to ask more than once again',
  isShort: true,
  happen: async (scene) => {
    const from = Date.now()
    const most = scene.isShort ? 1 : ROUNDS
    for (let rounds = 0; rounds < most; rounds += 1) await replaceAll(scene, {})
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
  name: 'Workers have 200 MB, every story of the day open, and keep more and more',
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
