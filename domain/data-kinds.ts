/** What the register of what we hold about people (retention.ts) says of each kind of data. */
import { DAY_MS } from './time.ts'

/** Why we may hold it (section 30 of the Act). */
export const BASES = ['contract', 'law', 'security', 'consent'] as const
export type Basis = (typeof BASES)[number]

/** destroyed: the rows go. overwritten: the row stays and names nobody. kept: until its day, then as it says. */
export type Erasure = 'destroyed' | 'overwritten' | 'kept'

/** How long, counted from `from`. `open`: as long as that goes on. `tax`: see taxKeptUntil (tax-years.ts). */
export type Period =
  { kind: 'open' } | { kind: 'days'; days: number } | { kind: 'tax' } | { kind: 'books' }

export type DataKind = {
  tables: readonly string[]
  basis: Basis
  period: Period
  from: string
  erasure: Erasure
  /** What we have it for, and what an erasure leaves and why, for whoever reads the register. */
  why: string
  erased: string
}

export const days = (ms: number): Period => ({ kind: 'days', days: Math.round(ms / DAY_MS) })
export const OPEN: Period = { kind: 'open' }
export const TAX: Period = { kind: 'tax' }
