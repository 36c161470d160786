/** What putting a restored Gari right again needs. */
import type { Client } from '@temporalio/client'
import type { Database } from '../../db/connection.ts'
import type { Cents } from '../../domain/money.ts'
import type { CollectingPolicy } from '../../domain/reservations.ts'
import { passesByItself } from '../../domain/refund-refusals.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import type { Told } from '../../gateways/histories.ts'
import type { Findings } from './findings.ts'

export type Restored = {
  db: Database
  client: Client
  policy: CollectingPolicy
  /** Above this a refund that a person asks for needs a second person. */
  approvalAbove: Cents
  /** By which operations find the prompts of a phone. */
  phoneHash: (phone: string) => string
  now: Date
  /** What the restored books know of it. */
  lastAlive: Date
  /** What changed before is known to everybody. */
  since: Date
  /** What changed after is under way (`settledBefore`). */
  before: Date
  /** Nobody of ours is at work, so whatever is under way was so when the copy was taken. */
  isQuiet: boolean
  /** The comparison with M-Pesa that follows. */
  runId: string
  findings: Findings
}

/** With nobody at work only we change anything, a version for instance, and that must not hide it from our next step. */
export const settledBefore = (now: Date, isQuiet: boolean): Date =>
  new Date(now.getTime() + (isQuiet ? HOUR_MS : -MINUTE_MS))

/** The request that may move money has an answer, which the story is about to write down. */
export const knowsHowItWent = ({ asked, refusal }: Told): boolean =>
  asked === 'sent' || (asked === 'not_sent' && refusal !== null && !passesByItself(refusal))

const AT_ONCE = 16

/** A few at a time, in their order. */
export async function forEach<T>(
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const go = async () => {
    for (let n = next++; n < all.length; n = next++) await work(all[n] as T)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, go))
}
