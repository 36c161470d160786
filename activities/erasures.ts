/** Steps of forgetting somebody: one transaction each, safe to repeat. They carry ids only. */
import { inTransaction, type Database } from '../db/connection.ts'
import { lookAtErasure } from '../db/erasures.ts'
import { endErasure, eraseSome } from '../db/erasing-steps.ts'
import type { ErasedSome, ErasureLook, ErasurePart } from '../domain/erasures.ts'

type World = { db: Database; now: () => Date }

export const createErasureActivities = ({ db, now }: World) => ({
  /** Begins it when its time has come and nothing stands in its way. */
  lookAtErasure: (id: string): Promise<ErasureLook> =>
    inTransaction(db, (tx) => lookAtErasure(tx, id, now())),

  eraseSome: (id: string, part: ErasurePart): Promise<ErasedSome> =>
    inTransaction(db, (tx) => eraseSome(tx, id, part)),

  endErasure: (id: string): Promise<void> => inTransaction(db, (tx) => endErasure(tx, id, now())),
})
export type ErasureBooks = ReturnType<typeof createErasureActivities>
