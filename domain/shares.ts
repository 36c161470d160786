/** Shares of something that several people pay: whose is missing, and what may be done about it. */
import { add, subtract, ZERO, type Cents } from './money.ts'
import { HOUR_MS } from './time.ts'

export type Share = {
  id: string
  share: Cents
  /** Settled money that counts. */
  paid: Cents
  declined: boolean
  /** null = the deadline of the whole. */
  dueAt: Date | null
  /** A request is on a phone for it, or might still be paid. */
  asked: boolean
  /** Who took over what was left of it. */
  coveredBy: string | null
  /** The order went on without it. */
  gone: boolean
}

/** Once somebody has not paid, the others have this long to do something about it. */
export const COVER_MS = 2 * HOUR_MS

export const leftOfShare = ({ share, paid }: Pick<Share, 'share' | 'paid'>): Cents =>
  share > paid ? subtract(share, paid) : ZERO

/** Said no, or let the deadline pass with something left to pay. Nobody has longer than the whole. */
export const isMissed = (one: Share, deadline: Date, now: Date): boolean =>
  leftOfShare(one) > ZERO && (one.declined || deadline <= now || (one.dueAt ?? deadline) <= now)

export const missedShares = (shares: Share[], deadline: Date, now: Date): Share[] =>
  shares.filter((one) => isMissed(one, deadline, now))

export const paidTogether = (shares: Share[]): Cents => add(ZERO, ...shares.map(({ paid }) => paid))

export const ONE_THING = 'This cannot be made smaller: it is one thing, paid whole or not at all.'
