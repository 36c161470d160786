/** Wishes to be forgotten: asking, taking back, and what the story of each writes down. */
import { BusinessError } from '../domain/errors.ts'
import {
  LONGEST_DELAY_MS,
  LOOK_AGAIN_MS,
  needText,
  type ErasureLook,
  type ErasureStatus,
  type Need,
} from '../domain/erasures.ts'
import { whatForbidsErasing } from './account-needs.ts'
import { appendAudit } from './audit.ts'
import { closeForErasure } from './erasing-account.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { queueLetter } from './erasure-letters.ts'

export type Erasure = {
  id: string
  userId: string
  status: ErasureStatus
  needs: Need[]
  askedAt: Date
  dueAt: Date
  endedAt: Date | null
}

const COLUMNS = `id, user_id AS "userId", status, needs, asked_at AS "askedAt", due_at AS "dueAt", ended_at AS "endedAt"`

/** The newest wish about this account. */
export const findErasure = (on: Database | Tx, userId: string): Promise<Erasure | null> =>
  selectOne(
    on,
    `SELECT ${COLUMNS} FROM erasures WHERE user_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1`,
    [userId],
  )

type Noted = { erasure: Pick<Erasure, 'id' | 'userId'>; actor: string; more?: object; why?: string }

export const noteErasure = (tx: Tx, action: string, { erasure, actor, more, why }: Noted) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'user',
    entityId: erasure.userId,
    after: { erasure: erasure.id, ...more },
    ...(why ? { why } : {}),
  })

type Wish = { userId: string; actorId: string; why?: string; now: Date; coolingMs: number }

/**
 * One at a time: asked again, it is the same. Where something stands in the way it is refused at once, with all the reasons, and
 * that stands in the books, because whoever asks has a right to hear why not.
 */
export async function askForErasure(tx: Tx, wish: Wish): Promise<Erasure> {
  const { userId, actorId, why, now, coolingMs } = wish
  const user = await selectOne<{ erasedAt: Date | null }>(
    tx,
    'SELECT erased_at AS "erasedAt" FROM users WHERE id = $1 FOR NO KEY UPDATE',
    [userId],
  )
  if (!user || user.erasedAt) throw new BusinessError('NOT_FOUND', 'There is no such account.')
  const known = await findErasure(tx, userId)
  if (known?.status === 'waiting' || known?.status === 'erasing') return known
  const needs = await whatForbidsErasing(tx, userId)
  const status = needs.length > 0 ? 'refused' : 'waiting'
  const made = (await selectOne<Erasure>(
    tx,
    `INSERT INTO erasures (user_id, status, needs, asked_by, asked_at, due_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $2 = 'refused' THEN $5::timestamptz END) RETURNING ${COLUMNS}`,
    [userId, status, needs, actorId, now, new Date(now.getTime() + coolingMs)],
  )) as Erasure
  const action = status === 'refused' ? 'erasure.refused' : 'erasure.asked'
  const more = needs.length > 0 ? { needs } : {}
  await noteErasure(tx, action, { erasure: made, actor: actorId, more, ...(why ? { why } : {}) })
  await queueLetter(tx, made, status === 'refused' ? 'refused' : 'asked')
  return made
}

/** Answers as an error what `askForErasure` has refused; the refusal itself must be committed before. */
export const refusedErasure = ({ needs }: Pick<Erasure, 'needs'>): BusinessError =>
  new BusinessError('ACCOUNT_NEEDED', `There is ${needText(needs)}. End that first.`, {
    details: { needs },
  })

/** False where nothing waits any more: it may have begun. */
export async function takeErasureBack(tx: Tx, userId: string, actorId: string): Promise<boolean> {
  const erasure = await selectOne<Erasure>(
    tx,
    `UPDATE erasures SET status = 'taken_back', ended_at = now() WHERE user_id = $1 AND status = 'waiting'
     RETURNING ${COLUMNS}`,
    [userId],
  )
  if (!erasure) return false
  await noteErasure(tx, 'erasure.taken_back', { erasure, actor: actorId })
  await queueLetter(tx, erasure, 'taken_back')
  return true
}

export const listErasuresToStart = (db: Database, limit: number): Promise<{ id: string }[]> =>
  select(
    db,
    `SELECT id FROM erasures WHERE started_at IS NULL AND status = 'waiting' ORDER BY asked_at LIMIT $1`,
    [limit],
  )

export async function markErasureStarted(db: Database, id: string): Promise<void> {
  await select(db, 'UPDATE erasures SET started_at = now() WHERE id = $1', [id])
}

export const lockErasure = async (tx: Tx, id: string): Promise<Erasure> => {
  const row = await selectOne<Erasure>(
    tx,
    `SELECT ${COLUMNS} FROM erasures WHERE id = $1 FOR UPDATE`,
    [id],
  )
  if (!row) throw new Error(`there is no erasure ${id}`)
  return row
}

/**
 * Begins it when its time has come and nothing stands in its way; from then on it is not taken back. What has come into the way
 * meanwhile delays it, and the person hears of that once for each reason.
 */
export async function lookAtErasure(tx: Tx, id: string, now: Date): Promise<ErasureLook> {
  // The account first, as everywhere: a booking or a payment of theirs waits for it.
  await select(
    tx,
    'SELECT id FROM users WHERE id = (SELECT user_id FROM erasures WHERE id = $1) FOR UPDATE',
    [id],
  )
  const erasure = await lockErasure(tx, id)
  if (erasure.status !== 'waiting') return { status: erasure.status, waitMs: 0 }
  const waitMs = erasure.dueAt.getTime() - now.getTime()
  if (waitMs > 0) return { status: 'waiting', waitMs: Math.min(waitMs, LOOK_AGAIN_MS) }
  const needs = await whatForbidsErasing(tx, erasure.userId)
  if (needs.length === 0) return begin(tx, erasure)
  if (-waitMs > LONGEST_DELAY_MS) return giveUp(tx, erasure, needs, now)
  if (needs.join() !== erasure.needs.join()) {
    await select(tx, 'UPDATE erasures SET needs = $2 WHERE id = $1', [id, needs])
    await noteErasure(tx, 'erasure.delayed', { erasure, actor: 'gari', more: { needs } })
    await queueLetter(tx, { ...erasure, needs }, 'delayed')
  }
  return { status: 'waiting', waitMs: LOOK_AGAIN_MS }
}

async function begin(tx: Tx, erasure: Erasure): Promise<ErasureLook> {
  await select(tx, "UPDATE erasures SET status = 'erasing', needs = '{}' WHERE id = $1", [
    erasure.id,
  ])
  await noteErasure(tx, 'erasure.begun', { erasure, actor: 'gari' })
  await closeForErasure(tx, erasure.userId)
  return { status: 'erasing', waitMs: 0 }
}

async function giveUp(tx: Tx, erasure: Erasure, needs: Need[], now: Date): Promise<ErasureLook> {
  await select(
    tx,
    "UPDATE erasures SET status = 'refused', needs = $2, ended_at = $3 WHERE id = $1",
    [erasure.id, needs, now],
  )
  await noteErasure(tx, 'erasure.refused', { erasure, actor: 'gari', more: { needs } })
  await queueLetter(tx, { ...erasure, needs }, 'refused')
  return { status: 'refused', waitMs: 0 }
}
