/** How often somebody may try, counted in the database so that every process counts together. */
import { createHash } from 'node:crypto'
import { inTransaction } from '../db/connection.ts'
import { countHit, forgiveHit } from '../db/rate-limits.ts'
import { BusinessError } from '../domain/errors.ts'
import { MINUTE_MS } from '../domain/time.ts'
import type { ApiDeps } from './deps.ts'

export const LIMITS = {
  signIn: { hits: 10, windowMs: 15 * MINUTE_MS },
  signInFrom: { hits: 100, windowMs: 15 * MINUTE_MS },
  register: { hits: 60, windowMs: 60 * MINUTE_MS },
  codes: { hits: 3, windowMs: 15 * MINUTE_MS },
  codesFrom: { hits: 30, windowMs: 15 * MINUTE_MS },
} as const

const keyOf = (name: keyof typeof LIMITS, who: string): Buffer =>
  createHash('sha256').update(`${name}\n${who.toLowerCase()}`).digest()

/** Throws TOO_MANY_REQUESTS once the limit is passed. */
export async function limit(deps: ApiDeps, name: keyof typeof LIMITS, who: string): Promise<void> {
  const { hits, windowMs } = LIMITS[name]
  const key = keyOf(name, who)
  const seen = await inTransaction(deps.db, (tx) =>
    countHit(tx, { key, windowMs, now: deps.now() }),
  )
  if (seen > hits) {
    const minutes = Math.ceil(windowMs / MINUTE_MS)
    throw new BusinessError(
      'TOO_MANY_REQUESTS',
      `Too many tries. Wait ${minutes} minutes and try again.`,
      { details: { retry_after: Math.ceil(windowMs / 1000) } },
    )
  }
}

/** Takes back a try that was counted before anybody knew that it was a right one. */
export async function forgive(
  deps: ApiDeps,
  name: keyof typeof LIMITS,
  who: string,
): Promise<void> {
  const { windowMs } = LIMITS[name]
  await inTransaction(deps.db, (tx) =>
    forgiveHit(tx, { key: keyOf(name, who), windowMs, now: deps.now() }),
  )
}
