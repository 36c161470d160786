/**
 * The audit's chain: link n seals entry n and link n-1 by a keyed hash. Who changes, takes away, adds or swaps entries breaks it
 * there; who cuts its end off is found by the heads that were published before.
 */

import type { DomainEvent } from './events.ts'

/** 32 bytes as hex. */
export type Seal = (text: string) => string

/** `entry` is what was written down, to the letter; null where it is gone. */
export type ChainLink = { position: number; entryId: string; hash: string; entry: string | null }
/** The last link of the chain at some moment. */
export type ChainHead = { position: number; hash: string }

export type ChainFlaw = {
  kind:
    | 'changed'
    | 'entry_missing'
    | 'link_missing'
    | 'cut_off'
    | 'other_than_published'
    | 'not_published'
    | 'not_sealed'
  position: number | null
  entryId: string | null
}

export type AuditCheck = {
  /** How many entries are sealed. */
  links: number
  /** How many heads Kafka knows; null where it was not asked. */
  published: number | null
  /** Heads of a time that a restore has lost: true once, and no flaw. */
  lostHeads: number
  /** The first thousand. */
  flaws: ChainFlaw[]
}

/** Before the first link. */
export const GENESIS: ChainHead = { position: 0, hash: '0'.repeat(64) }

export const sealEntry = (
  seal: Seal,
  before: ChainHead,
  { position, entryId, entry }: Pick<ChainLink, 'position' | 'entryId' | 'entry'>,
): string => seal(`${position}\n${before.hash}\n${entryId}\n${entry}`)

/** One key for all: a head is the next of the one before. */
export const auditSealed = (version: number, { position, hash }: ChainHead): DomainEvent => ({
  type: 'audit.sealed',
  key: 'audit',
  version,
  data: { position, hash },
})

/**
 * Goes along the chain, in order, from its beginning. A gap is told once, by its first place. A flaw is told once and the way goes on from what is written, so that one
 * change far back does not hide another.
 */
export function checkLinks(
  seal: Seal,
  from: ChainHead,
  links: readonly ChainLink[],
): { head: ChainHead; flaws: ChainFlaw[] } {
  const flaws: ChainFlaw[] = []
  let head = from
  for (const link of links) {
    const { position, entryId, hash, entry } = link
    const told = { position, entryId }
    if (position > head.position + 1)
      flaws.push({ kind: 'link_missing', position: head.position + 1, entryId: null })
    if (entry === null) flaws.push({ kind: 'entry_missing', ...told })
    // Behind a gap nobody knows what the link before was.
    else if (position === head.position + 1 && sealEntry(seal, head, link) !== hash)
      flaws.push({ kind: 'changed', ...told })
    head = { position, hash }
  }
  return { head, flaws }
}

/** What was published must still be in the chain: `known` are the links at those places. */
export const checkHeads = (
  published: readonly ChainHead[],
  known: ReadonlyMap<number, string>,
  last: number,
): ChainFlaw[] =>
  published.flatMap(({ position, hash }): ChainFlaw[] => {
    if (position > last) return [{ kind: 'cut_off', position, entryId: null }]
    return known.get(position) === hash
      ? []
      : [{ kind: 'other_than_published', position, entryId: null }]
  })

/** For people. */
export const FLAW_WORDS: Record<ChainFlaw['kind'], string> = {
  changed: 'was changed, or put in another place',
  entry_missing: 'is sealed, and gone',
  link_missing: 'has lost its seal',
  cut_off: 'was published, and the chain ends before it',
  other_than_published: 'was published with another seal',
  not_published: 'was told to Kafka, and Kafka does not know it',
  not_sealed: 'has not been sealed for a long time',
}

/** Entries that wait for their seal too long say that no worker seals, not that anybody has changed anything. */
export const wasChanged = ({ flaws }: Pick<AuditCheck, 'flaws'>): boolean =>
  flaws.some(({ kind }) => kind !== 'not_sealed')
