/** Closing a day: what was taken, way by way, beside what the books say; every difference has a name. */
import type { Cents } from './money.ts'
import { DAY_MS, parseTime, startOfDay, toNairobiIso } from './time.ts'

export const DAY_REASONS = {
  till_count: 'As said when the till was closed',
  over_midnight: 'Booked on the other side of midnight',
  booking_error: 'Booked wrongly; corrected by an entry',
  looked_into: 'Not known yet, being looked into',
} as const
export type DayReason = keyof typeof DAY_REASONS

export type DayFigures = {
  /** What the line is about, for ever: `mpesa_prompt`, `cash:<till>`, `count:<session>`. */
  key: string
  label: string
  /** Payments as they were taken; for a count, what should be in the till. */
  taken: Cents
  /** What the ledger says; for a count, what was counted. */
  booked: Cents
  /** Named already: a till's difference, when it was closed. */
  suggested: DayReason | null
  /** What was said then, in words. */
  said: string | null
}

export type DayLine = {
  id: string
  kind: 'close' | 'reversal' | 'correction'
  key: string
  label: string
  taken: Cents
  booked: Cents
  difference: Cents
  reason: string | null
  note: string | null
  madeBy: string
  madeAt: Date
  /** A later line has taken this one back. */
  reversed: boolean
}

export type DayClose = {
  id: string
  day: string
  closedBy: string
  closedAt: Date
  lines: DayLine[]
}

/** `2026-11-21`, the day in Nairobi; null when it is none. */
export const readDay = (text: string): { day: string; from: Date; to: Date } | null => {
  const from = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseTime(`${text}T00:00`) : null
  return from && { day: text, from, to: new Date(from.getTime() + DAY_MS) }
}

export const dayOf = (at: Date): string => toNairobiIso(startOfDay(at)).slice(0, 10)

/** Money still moves until midnight. */
export const isOver = (to: Date, now: Date): boolean => now >= to
