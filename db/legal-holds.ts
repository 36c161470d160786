/** Holds of the law: while there is one, nothing that is known of somebody is erased. */
import { BusinessError } from '../domain/errors.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { destroyReplacedPictures } from './identity-pictures.ts'

export type LegalHold = { id: string; why: string; setBy: string; setAt: Date }

export const findLegalHold = (on: Database | Tx, userId: string): Promise<LegalHold | null> =>
  selectOne(
    on,
    `SELECT id, why, set_by AS "setBy", set_at AS "setAt" FROM legal_holds
     WHERE user_id = $1 AND lifted_at IS NULL`,
    [userId],
  )

type Say = { userId: string; why: string; actorId: string }

/** One that stands keeps its reason. Throws NOT_FOUND where the customer was erased, or just is. */
export async function setLegalHold(tx: Tx, { userId, why, actorId }: Say): Promise<void> {
  const user = await selectOne(
    tx,
    `SELECT id FROM users u WHERE id = $1 AND NOT EXISTS (
       SELECT FROM erasures WHERE user_id = u.id AND status IN ('erasing', 'done')) FOR NO KEY UPDATE`,
    [userId],
  )
  if (!user) throw new BusinessError('NOT_FOUND', 'There is no such customer any more.')
  const made = await select(
    tx,
    `INSERT INTO legal_holds (user_id, why, set_by) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) WHERE lifted_at IS NULL DO NOTHING RETURNING id`,
    [userId, why, actorId],
  )
  if (made.length > 0) await note(tx, 'legal_hold.set', { userId, why, actorId })
}

/** False where there is none. */
export async function liftLegalHold(tx: Tx, { userId, why, actorId }: Say): Promise<boolean> {
  const lifted = await select(
    tx,
    `UPDATE legal_holds SET lifted_at = now(), lifted_by = $2
     WHERE user_id = $1 AND lifted_at IS NULL RETURNING id`,
    [userId, actorId],
  )
  if (lifted.length === 0) return false
  await destroyReplacedPictures(tx, userId)
  await note(tx, 'legal_hold.lifted', { userId, why, actorId })
  return true
}

const note = (tx: Tx, action: string, { userId, why, actorId }: Say) =>
  appendAudit(tx, { actor: actorId, action, entity: 'user', entityId: userId, why })
