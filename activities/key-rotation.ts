/** Steps of replacing the master key. Each is safe to repeat: what is moved already is not found again. */
import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { inTransaction, vaultOf, type Database } from '../db/connection.ts'
import {
  beginRotation,
  endRotation,
  findOutcome,
  REPLACED,
  rewrapSome,
} from '../db/key-rotations.ts'
import type {
  KeyRotationInput,
  RotationBegin,
  RotationPlace,
  RotationStep,
  RotationSummary,
} from '../domain/key-rotation.ts'

type World = {
  db: Database
  /** After this a step begins no other batch. */
  stepMs?: number
}

/** Short enough that a worker which is told to stop has ended its step long before it is stopped. */
const STEP_MS = 5_000

/** A worker with another configuration leaves the step to one that was restarted already. */
function refuseOther(db: Database, { keyId, mark }: KeyRotationInput): void {
  const { master } = vaultOf(db)
  if (master.keyId === keyId && master.mark === mark) return
  const has = master.keyId === keyId ? `another key named ${keyId}` : master.keyId
  throw ApplicationFailure.retryable(
    `This worker's MASTER_KEY is ${has}, not the ${keyId} of whoever began. Restart the workers with one configuration.`,
    'OTHER_MASTER_KEY',
  )
}

export const createKeyRotationActivities = ({ db, stepMs = STEP_MS }: World) => ({
  beginKeyRotation: async (input: KeyRotationInput): Promise<RotationBegin> => {
    refuseOther(db, input)
    return inTransaction(db, (tx) => beginRotation(tx, input))
  },

  rewrapKeys: async (
    input: KeyRotationInput,
    from: RotationPlace | null,
  ): Promise<RotationStep> => {
    if (await findOutcome(db, input.rotationId)) return REPLACED
    refuseOther(db, input)
    const until = performance.now() + stepMs
    let [place, moved] = [from, 0]
    for (;;) {
      const step = await inTransaction(db, (tx) => rewrapSome(tx, input, place))
      moved += step.moved
      place = step.place
      if (place === null || performance.now() >= until) return { ...step, moved }
      Context.current().heartbeat({ moved })
    }
  },

  endKeyRotation: async (input: KeyRotationInput, why: string | null): Promise<RotationSummary> => {
    const known = await findOutcome(db, input.rotationId)
    if (known) return known
    refuseOther(db, input)
    return inTransaction(db, (tx) => endRotation(tx, input.rotationId, why))
  },
})
export type KeyRotationActivities = ReturnType<typeof createKeyRotationActivities>
