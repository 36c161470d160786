/** How often somebody may try, counted in the database so that every process counts together. */
import { countHits, forgiveHits } from '../db/rate-limits.ts'
import { BusinessError } from '../domain/errors.ts'
import { seenIn, waitSeconds, type Window } from '../domain/sliding-window.ts'
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'

const SECOND_MS = 1_000

const LIMITS = {
  signIn: { hits: 10, windowMs: 15 * MINUTE_MS },
  signInFrom: { hits: 100, windowMs: 15 * MINUTE_MS },
  signInTo: { hits: 20, windowMs: HOUR_MS },
  signInToKnown: { hits: 20, windowMs: HOUR_MS },
  resetsFrom: { hits: 30, windowMs: 15 * MINUTE_MS },
  resetsTo: { hits: 3, windowMs: HOUR_MS },
  linkTries: { hits: 30, windowMs: 15 * MINUTE_MS },
  passwordChecks: { hits: 10, windowMs: 15 * MINUTE_MS },
  register: { hits: 60, windowMs: HOUR_MS },
  registersToFrom: { hits: 3, windowMs: HOUR_MS },
  registersTo: { hits: 12, windowMs: HOUR_MS },
  codes: { hits: 3, windowMs: 15 * MINUTE_MS },
  codesToPhoneFrom: { hits: 5, windowMs: HOUR_MS },
  codesToPhone: { hits: 12, windowMs: HOUR_MS },
  codeChecksFrom: { hits: 60, windowMs: 15 * MINUTE_MS },
  forgedPaths: { hits: 20, windowMs: HOUR_MS },
  paybillMisses: { hits: 300, windowMs: HOUR_MS },
  unknownSources: { hits: 20, windowMs: HOUR_MS },
  passkeyChecks: { hits: 60, windowMs: 15 * MINUTE_MS },
  secondFactor: { hits: 10, windowMs: 15 * MINUTE_MS },
  secondFactorKnown: { hits: 10, windowMs: 15 * MINUTE_MS },
  wrongCodes: { hits: 4, windowMs: HOUR_MS },
  decodes: { hits: 3000, windowMs: 15 * MINUTE_MS },
  reveals: { hits: 60, windowMs: HOUR_MS },
  pictures: { hits: 40, windowMs: HOUR_MS },
  picturesByStaff: { hits: 300, windowMs: HOUR_MS },
  codesBy: { hits: 6, windowMs: HOUR_MS },
  newEmailsBy: { hits: 5, windowMs: HOUR_MS },
  codesFrom: { hits: 30, windowMs: 15 * MINUTE_MS },
} as const

/** Counted by address or by booking, where many honest people may stand behind one; a try-out widens these. */
const SHARED = new Set([
  'signInFrom',
  'register',
  'resetsFrom',
  'linkTries',
  'codesFrom',
  'passkeyChecks',
  'codeChecksFrom',
  'bookingsFrom',
  'prompts: booking',
])

const mostOf = (deps: ApiDeps, { name, hits }: Count): number =>
  SHARED.has(name) ? hits * deps.limits.sharedFactor : hits

/** `who` may do what `name` says this often; `words` tell them what to do instead. */
export type Count = { name: string; who: string; hits: number; windowMs: number; words?: string }

/** Keyed, because a phone could be found again from its plain hash. */
const hitsOf = (deps: ApiDeps, counts: readonly Count[]) =>
  counts.map(({ name, who, windowMs }) => ({
    key: deps.keyedHash(`limit\n${name}\n${who.toLowerCase()}`),
    windowMs,
  }))

export const countOf = (name: keyof typeof LIMITS, who: string): Count => ({
  name,
  who,
  ...LIMITS[name],
})

/** Says how long the window truly needs until one more is within it. */
function refuse({ words }: Count, window: Window, most: number): never {
  const seconds = waitSeconds(window, most)
  const minutes = Math.ceil((seconds * SECOND_MS) / MINUTE_MS)
  const wait =
    minutes > 1 ? `Wait ${minutes} minutes and try again.` : 'Wait a minute and try again.'
  throw new BusinessError('TOO_MANY_REQUESTS', words ?? `Too many tries. ${wait}`, {
    details: { retry_after: seconds },
  })
}

async function countOne(deps: ApiDeps, count: Count): Promise<Window | null> {
  const [window] = await countHits(deps.db, hitsOf(deps, [count]), deps.now())
  return window && seenIn(window) > mostOf(deps, count) ? window : null
}

/** Counts a try; false once the limit is passed. Tries beyond it count as well. */
export const isWithin = async (deps: ApiDeps, count: Count): Promise<boolean> =>
  (await countOne(deps, count)) === null

/** The same; throws TOO_MANY_REQUESTS once the limit is passed. */
export async function limit(deps: ApiDeps, name: keyof typeof LIMITS, who: string): Promise<void> {
  const count = countOf(name, who)
  const passed = await countOne(deps, count)
  if (passed) refuse(count, passed, mostOf(deps, count))
}

/**
 * Counts under all of them at once, or throws for the first that is passed and counts under none: what one is
 * refused for must not use up what others share with them.
 */
export async function limitAll(deps: ApiDeps, counts: readonly Count[]): Promise<void> {
  const windows = await countHits(deps.db, hitsOf(deps, counts), deps.now())
  for (const [index, count] of counts.entries()) {
    const window = windows[index]
    if (!window || seenIn(window) <= mostOf(deps, count)) continue
    await forgiveAll(deps, counts)
    refuse(count, { ...window, hits: window.hits - 1 }, mostOf(deps, count))
  }
}

export const forgiveAll = (deps: ApiDeps, counts: readonly Count[]): Promise<void> =>
  forgiveHits(deps.db, hitsOf(deps, counts), deps.now())

/** Takes back a try that was counted before anybody knew that it was a right one. */
export const forgive = (deps: ApiDeps, name: keyof typeof LIMITS, who: string): Promise<void> =>
  forgiveAll(deps, [countOf(name, who)])
