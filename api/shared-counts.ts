/**
 * Counts of callers that all processes share, at next to no cost: each counts in its own memory and tells the database in portions of
 * what a caller may do. Who asks little is never told of; who comes near the limit meets one and the same limit at every process, but
 * for a portion or two of each. Where the database does not answer, each process goes on by itself.
 */
import type { Database } from '../db/connection.ts'
import { addHits } from '../db/rate-limits.ts'
import type { Window } from '../domain/sliding-window.ts'

/** Callers of two windows. Beyond so many they are too many for one to matter, and none is turned away for another. */
const MOST_CALLERS = 50_000
const PORTIONS = 50
const MOST_TOLD_AT_ONCE = 1_000
/** As a multiple of what one may do: counting on makes no difference beyond it, and a flood would cost statements. */
const TOLD_UP_TO = 2

/** `own` were counted here, `told` of them stand in the database beside those of `others`; `before` is the last window's sum. */
type Counter = { key: string; own: number; told: number; others: number; before: number }

type Deps = { db: Database; keyedHash: (text: string) => Buffer }

/** Counts one more for whoever `key` is, who may do `most` in `windowMs`; null once too many others are counted. */
export function createSharedCounts({ db, keyedHash }: Deps, windowMs: number) {
  let start = 0
  let now = new Map<string, Counter>()
  let last = new Map<string, Counter>()
  let due = new Set<Counter>()
  let telling = false

  async function tell(counters: readonly Counter[], at: Date): Promise<void> {
    const hits = counters.map(({ key, own, told }) => ({
      key: keyedHash(`traffic\n${key}`),
      windowMs,
      times: own - told,
    }))
    // What is counted while this is under way is told the next time.
    for (const counter of counters) counter.told = counter.own
    const windows = await addHits(db, hits, at)
    for (const [nth, counter] of counters.entries()) {
      const seen = windows[nth]
      if (!seen) continue
      counter.others = Math.max(0, seen.hits - counter.told)
      counter.before = Math.max(counter.before, seen.before)
    }
  }

  async function tellAll(): Promise<void> {
    if (telling) return
    telling = true
    try {
      while (due.size > 0) {
        const counters = [...due].slice(0, MOST_TOLD_AT_ONCE)
        for (const counter of counters) due.delete(counter)
        await tell(counters, new Date(start))
      }
    } catch {
      // A guard against floods must not add to what a database that is down already says elsewhere; nobody waits for this.
      due.clear()
    } finally {
      telling = false
    }
  }

  function turn(current: number): void {
    last = current - windowMs === start ? now : new Map<string, Counter>()
    now = new Map()
    due = new Set()
    start = current
  }

  function counterOf(key: string): Counter | null {
    const known = now.get(key)
    if (known) return known
    if (now.size >= MOST_CALLERS) return null
    const then = last.get(key)
    const counter = { key, own: 0, told: 0, others: 0, before: then ? then.own + then.others : 0 }
    now.set(key, counter)
    return counter
  }

  return (key: string, most: number, at: Date): Window | null => {
    const current = Math.floor(at.getTime() / windowMs) * windowMs
    if (current !== start) turn(current)
    const counter = counterOf(key)
    if (!counter) return null
    counter.own += 1
    const { own, told, others, before } = counter
    if (own - told >= Math.max(1, most / PORTIONS) && told + others < TOLD_UP_TO * most) {
      due.add(counter)
      void tellAll()
    }
    return { hits: own + others, before, elapsedMs: at.getTime() - current, windowMs }
  }
}
