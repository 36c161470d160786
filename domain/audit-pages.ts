/** What the page of the audit shows. */
import type { ChainHead, AuditCheck } from './audit-chain.ts'

/** As typed, always kept. Days are Nairobi's, `2026-11-22`. */
export type AuditForm = { who: string; about: string; action: string; from: string; to: string }

export type AuditLine = {
  id: string
  at: Date
  actor: string
  /** Null for what no account did: the clock, a worker, somebody with a link. */
  actorName: string | null
  action: string
  entity: string
  entityId: string
  /** What people call it, where it has a number or a name. */
  number: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  why: string | null
  origin: string | null
  /** Its place in the chain; null until it is sealed, which takes seconds. */
  position: number | null
}

export type AuditPage = {
  form: AuditForm
  rows: AuditLine[]
  next: string | null
  head: ChainHead
  lastCheck: (AuditCheck & { finishedAt: Date }) | null
  now: Date
}

/** `refund.by_hand_agreed` is `refund: by hand agreed`. */
export const actionText = (action: string): string => action.replace('.', ': ').replaceAll('_', ' ')

export type Change = { field: string; was: string; is: string }

const shown = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What an entry changed, field by field; what stayed is left out. */
export function changesOf({ before, after }: Pick<AuditLine, 'before' | 'after'>): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return fields
    .map((field) => ({ field, was: shown(before?.[field]), is: shown(after?.[field]) }))
    .filter(({ was, is }) => was !== is)
}
