/** M-Pesa is away: bookings are taken all the same, requests wait, and holds do not run out meanwhile. */
import { HOUR_MS, MINUTE_MS } from './time.ts'

/** After an outage everybody gets at least this long to pay, as after booking. */
export const AFTER_OUTAGE_MS = 15 * MINUTE_MS
/** A hold is never longer than this because of outages; then a person decides. */
export const LONGEST_OUTAGE_HOLD_MS = 24 * HOUR_MS
/** Requests that waited go out one after the other, at a rate that Safaricom's gateway bears. */
export const PUSH_PACE_MS = 250
/** Turned away once may be a spike; each further time it waits longer, and the last of these from then on. */
export const TURNED_AWAY_MS: readonly number[] = [5_000, 15_000, 30_000, 60_000]
/** How often a waiting request looks whether it may go: at first, and at the seldomest. */
const LOOK_AGAIN_MS = { first: 15_000, last: 3 * MINUTE_MS }
const LOOKS_PER_AGE = 10
/** A request that waited this long is given up: nobody expects their phone to ring any more. */
export const LONGEST_WAIT_MS = 12 * HOUR_MS

export type Outage = { beganAt: Date; endedAt: Date | null }

/**
 * The longer M-Pesa has been away, the less a look helps: a thousand waiting requests that all looked every few seconds
 * would be Temporal's heaviest load, for nothing.
 */
export const lookAgainAfter = (beganAt: Date, now: Date): number =>
  Math.min(
    LOOK_AGAIN_MS.last,
    Math.max(LOOK_AGAIN_MS.first, (now.getTime() - beganAt.getTime()) / LOOKS_PER_AGE),
  )

/** What a request that waits for M-Pesa may do now. */
export type PushTurn =
  | { turn: 'go' }
  | { turn: 'wait'; ms: number }
  /** What it was to pay for has ended, or it was settled otherwise. */
  | { turn: 'over' }
