/** Closing a day: what was taken, way by way, beside what the books say; every difference has a name. */
import type { Cents } from './money.ts'
import { DAY_MS, parseTime, startOfDay, toNairobiIso } from './time.ts'

export const DAY_REASONS = {
  till_count: 'As said when the till was closed',
  till_float: 'As said when the till was opened',
  at_bank: 'The bank’s list does not show it yet',
  over_midnight: 'Booked on the other side of midnight',
  booking_error: 'Booked wrongly; corrected by an entry',
  looked_into: 'Not known yet, being looked into',
} as const
export type DayReason = keyof typeof DAY_REASONS

export type DayFigures = {
  /** What the line is about, for ever: `mpesa_prompt`, `cash:<till>`, `count:<session>`. */
  key: string
  label: string
  /** Payments as they were taken; for a proof, what should be there. */
  taken: Cents
  /** What the ledger says; for a proof, what is there. */
  booked: Cents
  /** Named already: a till's difference, when it was opened or closed. */
  suggested: DayReason | null
  /** What was said then, in words. */
  said: string | null
  /** Who handled this money: a difference of theirs is for somebody else to accept. */
  by?: string[]
  /** Of a terminal's settlement, as its report names it. */
  batch?: string | null
  /** Nobody has read the terminal's own report yet. */
  uncounted?: boolean
}

/** `terminal:T1` and the like are proven by something that no clerk writes: a count, a report, the bank's list. */
const PROOFS = ['float', 'count', 'banked', 'transfers', 'terminal']
export const isProof = (key: string): boolean => PROOFS.includes(key.split(':')[0] ?? '')

/** Floats and counts: what lies in a drawer. */
export const isOfTill = (key: string): boolean => /^(?:float|count):/.test(key)

/** `t1 ` and `T1` are one terminal. */
export const terminalName = (text: string): string => text.trim().toUpperCase()
/** The terminal whose report this line is about; null for every other line. */
export const terminalOf = ({ key }: Pick<DayFigures, 'key'>): string | null =>
  key.startsWith('terminal:') ? key.slice('terminal:'.length) : null
export const terminalField = (terminal: string): string => `terminal-${terminal}`
export const batchField = (terminal: string): string => `batch-${terminal}`

/** A terminal that no payment names, as the form asks for it. */
export const OTHER_TERMINAL = 'other-terminal'
export const OTHER_TOTAL = 'other-total'
export const OTHER_BATCH = 'other-batch'

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
