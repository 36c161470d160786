/** Corrections that wait for a second person: asked for once for each entry, agreed or declined by somebody else. */
import { correctionCase, type WaitingCorrection } from '../domain/corrections.ts'
import { BusinessError } from '../domain/errors.ts'
import type { Posting } from '../domain/ledger.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { closeCase, openCase } from './finance-cases.ts'
import { isOnePerson } from './one-person.ts'

export type CorrectionWish = {
  entryId: string
  reason: string
  actorId: string
  /** What should have been posted; null when nothing should. */
  right: Posting[] | null
}

const WAITING = `SELECT w.id, w.entry_id AS "entryId", w.reason, w.right_postings AS right, w.asked_by AS "askedBy",
    coalesce(trim(u.first_name || ' ' || u.last_name), w.asked_by) AS "askedByName", w.asked_at AS "askedAt"
  FROM correction_wishes w LEFT JOIN users u ON u.id::text = w.asked_by
  WHERE w.entry_id = $1 AND w.status = 'waiting'`

export const findWaitingCorrection = (
  on: Database | Tx,
  entryId: string,
): Promise<WaitingCorrection | null> => selectOne<WaitingCorrection>(on, WAITING, [entryId])

/** True when this person's wish stands already: a second click changes nothing. Nobody gets past another's wish. */
export async function isAsked(tx: Tx, { entryId, actorId }: CorrectionWish): Promise<boolean> {
  const standing = await findWaitingCorrection(tx, entryId)
  if (!standing || standing.askedBy === actorId) return standing !== null
  throw new BusinessError(
    'SECOND_PERSON',
    'Somebody has asked for a correction of this entry. Agree to it or decline it first.',
  )
}

/** The caller holds the entry's lock. */
export async function writeWish(tx: Tx, wish: CorrectionWish): Promise<void> {
  const { entryId, reason, actorId, right } = wish
  await select(
    tx,
    `INSERT INTO correction_wishes (entry_id, reason, right_postings, asked_by)
     VALUES ($1, $2, $3::jsonb, $4) RETURNING id`,
    [entryId, reason, right && JSON.stringify(right), actorId],
  )
  const place = `/finance/ledger/entries/${entryId}`
  const detail = 'a correction of the ledger waits for a second person'
  const wanted = { what: correctionCase, subject: entryId, place, detail, amount: null }
  await openCase(tx, wanted, new Date())
  await audit(tx, wish, 'ledger.correction_asked', actorId)
}

type Decision = { entryId: string; actorId: string; agreed: boolean }

/** Null when none waits. Whoever asked may take it back, never agree to it. */
export async function decideWish(
  tx: Tx,
  { entryId, actorId, agreed }: Decision,
): Promise<WaitingCorrection | null> {
  const wish = await findWaitingCorrection(tx, entryId)
  if (!wish) return null
  if (agreed && (await isOnePerson(tx, wish.askedBy, actorId)))
    throw new BusinessError('SECOND_PERSON', 'You asked for this, so somebody else agrees to it.')
  await select(
    tx,
    `UPDATE correction_wishes SET status = $2, decided_by = $3, decided_at = now()
     WHERE id = $1 AND status = 'waiting' RETURNING id`,
    [wish.id, agreed ? 'agreed' : 'declined', actorId],
  )
  const resolution = agreed ? 'a second person agreed' : 'it was declined'
  const what = { what: correctionCase, subject: entryId, resolution, actorId }
  await closeCase(tx, { ...what, now: new Date() })
  const action = agreed ? 'ledger.correction_agreed' : 'ledger.correction_declined'
  await audit(tx, wish, action, actorId)
  return wish
}

const audit = (
  tx: Tx,
  { entryId, right, reason }: Pick<CorrectionWish, 'entryId' | 'right' | 'reason'>,
  action: string,
  actor: string,
) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'ledger_entry',
    entityId: entryId,
    after: { right },
    why: reason,
  })
