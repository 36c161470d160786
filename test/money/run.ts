/** Tells many stories at once while workers die, waits until all is quiet, and looks at every shilling. */
import { setTimeout } from 'node:timers/promises'
import { connectDatabase, selectOne, type Database } from '../../db/connection.ts'
import { watchBooks } from '../support/checked.ts'
import { control, createCustomer, inDays } from '../support/customer.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { buyCars } from './cars.ts'
import { drawStories } from './stories.ts'
import { createFinance, tell, type Teller } from './telling.ts'

const CATEGORIES = ['ECONOMY', 'SEDAN', 'SUV', '4X4', 'VAN', 'PICKUP']
const PLACES = ['NBO-JKIA', 'NBO-CBD', 'MBA-NYALI']
const LONGEST_DAYS = 4
/** As many slots as fit into the days that may be booked ahead. */
const ROUNDS = 85

/** A slot of its own for every story, so that no car is missing. */
const wish = (n: number, days: number) => {
  const at = PLACES[n % PLACES.length]
  const category = CATEGORIES[Math.floor(n / PLACES.length) % CATEGORIES.length]
  const round = Math.floor(n / (PLACES.length * CATEGORIES.length))
  const from = 2 + (round % ROUNDS) * LONGEST_DAYS
  const noon = (day: number) => `${inDays(day).slice(0, 10)}T12:00:00+03:00`
  return {
    category,
    pickup_location: at,
    return_location: at,
    pickup_at: noon(from),
    return_at: noon(from + days),
  }
}

export type MoneyRun = {
  seed: number
  stories: number
  /** At once. */
  tellers: number
  /** Between two deaths of the workers. */
  killEveryMs: number
  quietWithinMs: number
  say?: (line: string) => void
}

/** Answers every broken promise; none when money was conserved. */
export async function runMoneyStories(run: MoneyRun): Promise<string[]> {
  const stack = await startStack({}, 'money')
  const db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
  const books = await watchBooks(stack)
  const [stopKilling, stopAsking] = [new AbortController(), new AbortController()]
  try {
    await control(stack, 'PATCH', '/settings', { autopilot: { answer: 'pay', afterMs: 0 } })
    const [customer, finance] = [await createCustomer(stack), await createFinance(stack)]
    await buyCars(db, run.stories, { categories: CATEGORIES, places: PLACES, rounds: ROUNDS })
    const teller: Teller = { stack, customer, finance, wish }
    const killing = killNowAndThen(stack, db, run, stopKilling.signal)
    await tellAll(teller, run)
    stopKilling.abort()
    await killing
    void askForTheList(finance, stopAsking.signal)
    return await books.findBroken(run.quietWithinMs)
  } finally {
    stopKilling.abort()
    stopAsking.abort()
    await books.close()
    await db.close()
    await stack.stop()
  }
}

/**
 * A payment whose worker died while it asked, and whose report was lost, comes home with M-Pesa's list only. The clock asks
 * for that every hour; finance may at any time, and a line counts once it is some minutes old.
 */
async function askForTheList(finance: Teller['finance'], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await finance('POST', '/reconciliations', { kind: 'pull' }).catch(() => undefined)
    await setTimeout(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
}
const ASK_AGAIN_MS = 60_000

async function tellAll(teller: Teller, { seed, stories, tellers, say }: MoneyRun): Promise<void> {
  const all = drawStories(seed, stories)
  let next = 0
  const one = async () => {
    for (let n = next++; n < all.length; n = next++) {
      const story = all[n]
      if (story) await tell(teller, n, story)
      if (say && n % 100 === 99) say(`${n + 1} of ${all.length} stories`)
    }
  }
  await Promise.all(Array.from({ length: tellers }, one))
}

/**
 * Workers that have lived for so long die; the supervisor starts them again, which takes a while on a busy machine. Their
 * life counts from their first sign of it, so that between two deaths there is always work.
 */
async function killNowAndThen(
  stack: Stack,
  db: Database,
  { killEveryMs }: MoneyRun,
  signal: AbortSignal,
) {
  try {
    for (let deaths = 0; ; deaths += 1) {
      while ((await livesOf(db)) <= deaths) await setTimeout(LOOK_MS, undefined, { signal })
      await setTimeout(killEveryMs, undefined, { signal })
      // One that has died by itself is dead as well.
      await stack.kill('workers').catch(() => undefined)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const LOOK_MS = 500
const livesOf = async (db: Database): Promise<number> =>
  (await selectOne<{ n: number }>(db, 'SELECT count(DISTINCT instance)::int AS n FROM heartbeats'))
    ?.n ?? 0
