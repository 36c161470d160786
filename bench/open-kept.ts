/**
 * A data folder full of open bookings. Their stories are real and take half an hour of two cores for 100,000, so the folder
 * is kept in the cache, and each run adds to it for as long as it was told.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadToolPaths } from '../config.ts'
import { DAY_MS } from '../domain/time.ts'
import { connectDatabase } from '../db/connection.ts'
import type { Stack } from '../test/support/stack.ts'
import { FIRST_DAY, insertOpenBookings, today } from './open-bookings.ts'
import { startStories } from './open-stories.ts'

/** Another number for other bookings, other stories, or other tables. */
const KEPT_AS = 'bench-open-1'
const NOTE = 'open.json'
const STORIES_AT_ONCE = 2_000
const MINUTE_MS = 60_000

/** What stands in the folder. */
export type Kept<Measured> = {
  /** What the days of the bookings count from. */
  since: string
  bookings: number
  stories: number
  /** That their making took. */
  seconds: number
  measured: Measured[]
}

export const keptFolder = (): string => join(loadToolPaths().cache, KEPT_AS)

const read = async <M>(): Promise<Kept<M>> =>
  JSON.parse(await readFile(join(keptFolder(), NOTE), 'utf8')) as Kept<M>

/** Bookings whose days have come are no longer open; then all is made anew. */
export async function openKept<M>(): Promise<Kept<M>> {
  const folder = keptFolder()
  if (existsSync(join(folder, NOTE))) {
    const kept = await read<M>()
    if (Date.now() < Date.parse(kept.since) + FIRST_DAY * DAY_MS) return kept
  }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return { since: today().toISOString(), bookings: 0, stories: 0, seconds: 0, measured: [] }
}

export const keep = <M>(kept: Kept<M>): Promise<void> =>
  writeFile(join(keptFolder(), NOTE), JSON.stringify(kept))

type Wish = { bookings: number; minutes: number; say: (line: string) => void }

/** All rows at once; then stories, until there is one for each or the time is over. */
export async function grow<M>(
  stack: Stack,
  kept: Kept<M>,
  { bookings, minutes, say }: Wish,
): Promise<void> {
  const since = new Date(kept.since)
  if (kept.bookings < bookings) {
    say(`writing ${bookings - kept.bookings} bookings`)
    const db = connectDatabase({
      url: stack.databaseUrl,
      vault: stack.vault,
      pool: 1,
      applicationName: 'gari-bench',
    })
    try {
      await insertOpenBookings(db, { from: kept.bookings, to: bookings, since })
    } finally {
      await db.close()
    }
    kept.bookings = bookings
    await keep(kept)
  }
  const until = Date.now() + minutes * MINUTE_MS
  while (kept.stories < kept.bookings && Date.now() < until) {
    const to = Math.min(kept.bookings, kept.stories + STORIES_AT_ONCE)
    kept.seconds += await startStories(stack, { from: kept.stories, to })
    kept.stories = to
    await keep(kept)
    say(`${to} stories of ${kept.bookings} after ${kept.seconds.toFixed(0)} s in all`)
  }
}
