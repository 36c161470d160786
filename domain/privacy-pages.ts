/** What the pages about one's own data show. */
import type { ErasureStatus, Need } from './erasures.ts'
import type { ExportStatus } from './exports.ts'
import type { FieldProblem } from './errors.ts'
import type { Basis, Erasure, Period } from './data-kinds.ts'
import type { KindOfData } from './retention.ts'

export type ErasureState = { status: ErasureStatus; needs: Need[]; dueAt: Date }

/** The last copy of all that we hold; null where there never was one. */
export type CopyState = {
  id: string
  status: ExportStatus
  done: number
  of: number
  expiresAt: Date | null
} | null

/** The part that changes by itself. */
export type CopyPage = {
  copy: CopyState
  /** They signed in just now; otherwise they sign in again first. */
  fresh: boolean
  worksHere: boolean
  now: Date
}

export type OwnDataPage = CopyPage & {
  /** The last wish; null where there never was one. */
  erasure: ErasureState | null
  /** What would stand in its way now. */
  needs: Need[]
  coolingDays: number
  contact: string
  form: Record<string, string>
  problems: FieldProblem[]
}

export type PrivacyRow = { kind: KindOfData; basis: Basis; period: Period; erasure: Erasure }
export type PrivacyPage = { controller: string; contact: string; rows: PrivacyRow[] }

/** For whoever looks after people's rights. */
export type PersonDataPage = {
  person: { id: string; name: string }
  erasure: ErasureState | null
  needs: Need[]
  hold: { why: string; setAt: Date } | null
  copy: CopyState
  mayErase: boolean
  mayCopy: boolean
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
