/** What the pages about one's own data show. */
import type { ErasureStatus, Need } from './erasures.ts'
import type { FieldProblem } from './errors.ts'
import type { Basis, Erasure, KindOfData, Period } from './retention.ts'

export type ErasureState = { status: ErasureStatus; needs: Need[]; dueAt: Date }

export type OwnDataPage = {
  /** The last wish; null where there never was one. */
  erasure: ErasureState | null
  /** What would stand in its way now. */
  needs: Need[]
  /** They signed in just now; otherwise they sign in again first. */
  fresh: boolean
  worksHere: boolean
  coolingDays: number
  contact: string
  form: Record<string, string>
  problems: FieldProblem[]
  now: Date
}

export type PrivacyRow = { kind: KindOfData; basis: Basis; period: Period; erasure: Erasure }
export type PrivacyPage = { controller: string; contact: string; rows: PrivacyRow[] }

/** For whoever looks after people's rights. */
export type PersonDataPage = {
  person: { id: string; name: string }
  erasure: ErasureState | null
  needs: Need[]
  hold: { why: string; setAt: Date } | null
  mayErase: boolean
  mayHold: boolean
  form: Record<string, string>
  problems: FieldProblem[]
  now: Date
}

export type RetentionRow = PrivacyRow & {
  from: string
  why: string
  erased: string
  /** The last night; null where nothing of it goes by nights. */
  run: { finishedAt: Date; held: number; oldest: Date | null; gone: number; soon: number } | null
}
export type RetentionPage = { rows: RetentionRow[]; now: Date }
