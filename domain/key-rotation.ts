/** Replacing the master key: each person's key is wrapped anew, and what they wrote stays as it is. */

export type RotationStatus = 'running' | 'finished' | 'stopped'

/** How many keys of people a master key wraps. */
export type KeyCount = { keyId: string; rows: number }

/** Where a round over all keys has come to. */
export type RotationPlace = { keyId: string; subjectId: string }

export type KeyRotationInput = {
  rotationId: string
  /** The master key to move to, and its mark: a worker that has another one as its newest must not touch anything. */
  keyId: string
  mark: string
  actorId: string
  /** Of a rotation that goes on under a history of its own. */
  goesOn?: RotationState
}

export type RotationState = {
  /** From 1. */
  round: number
  place: RotationPlace | null
  /** In this round, and in all. */
  moved: number
  rewrapped: number
}

export type RotationBegin = { toMove: number; refused: string | null }

export type RotationStep = {
  /** Null at the end of a round. */
  place: RotationPlace | null
  moved: number
  /** Another rotation was begun since, so this one ends. */
  isReplaced: boolean
}

export type RotationSummary = {
  rotationId: string
  keyId: string
  status: RotationStatus
  rewrapped: number
  /** What other master keys still wrap. */
  left: KeyCount[]
  /** Master keys that are set and that no row needs any more. */
  unneeded: string[]
  /** Why it stopped, in sentences. */
  why: string | null
}

export type RotationProgress = {
  status: RotationStatus
  keyId: string
  round: number
  rewrapped: number
  toMove: number
}

const counted = ({ keyId, rows }: KeyCount): string =>
  `${rows} ${rows === 1 ? 'key of a person is' : 'keys of people are'} still wrapped by ${keyId}`

/** A sentence for each master key that still wraps something; null where none does. */
export function whyLeft(left: readonly KeyCount[], known: readonly string[]): string | null {
  const sentences = left.map((one) =>
    known.includes(one.keyId)
      ? `${counted(one)}: they cannot be opened by the key of that name, or some process still wraps by it.`
      : `${counted(one)}, which is not set: add it to MASTER_OLD_KEYS and begin again.`,
  )
  return sentences.length === 0 ? null : sentences.join(' ')
}
