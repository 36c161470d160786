/** Wishes for a copy of all that we hold about somebody: asking, how far each is, and its end. */
import { BusinessError } from '../domain/errors.ts'
import { EXPORT_DAY_MS, EXPORTS_A_DAY, type ExportStatus } from '../domain/exports.ts'
import { appendAudit } from './audit.ts'
import { inTransaction, select, selectOne, type Database, type Tx } from './connection.ts'

export type Export = {
  id: string
  userId: string
  status: ExportStatus
  sectionsDone: number
  askedAt: Date
  readyAt: Date | null
  expiresAt: Date | null
}

const COLUMNS = `id, user_id AS "userId", status, sections_done AS "sectionsDone", asked_at AS "askedAt", ready_at AS "readyAt",
  expires_at AS "expiresAt"`

/** The newest of this account. */
export const findLastExport = (on: Database | Tx, userId: string): Promise<Export | null> =>
  selectOne(
    on,
    `SELECT ${COLUMNS} FROM exports WHERE user_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1`,
    [userId],
  )

export const findExport = (on: Database | Tx, id: string): Promise<Export | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM exports WHERE id = $1`, [id])

/** Null for one of another account as for none. */
export const findExportOf = (
  on: Database | Tx,
  userId: string,
  id: string,
): Promise<Export | null> =>
  selectOne(on, `SELECT ${COLUMNS} FROM exports WHERE id = $1 AND user_id = $2`, [id, userId])

export const lockExport = async (tx: Tx, id: string): Promise<Export> => {
  const row = await selectOne<Export>(
    tx,
    `SELECT ${COLUMNS} FROM exports WHERE id = $1 FOR UPDATE`,
    [id],
  )
  if (!row) throw new Error(`there is no export ${id}`)
  return row
}

type Noted = { one: Pick<Export, 'id' | 'userId'>; actor: string; more?: object; why?: string }

export const noteExport = (tx: Tx, action: string, { one, actor, more, why }: Noted) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'user',
    entityId: one.userId,
    after: { export: one.id, ...more },
    ...(why ? { why } : {}),
  })

/** The account, locked; NOT_FOUND also for whoever is just being forgotten. */
async function lockOwner(tx: Tx, userId: string): Promise<void> {
  const owner = await selectOne(
    tx,
    `SELECT id FROM users u WHERE id = $1 AND kind = 'customer' AND erased_at IS NULL AND NOT EXISTS (
       SELECT FROM erasures WHERE user_id = u.id AND status IN ('erasing', 'done')) FOR NO KEY UPDATE`,
    [userId],
  )
  if (!owner) throw new BusinessError('NOT_FOUND', 'There is no such account.')
}

type Recent = { asked: number; again: Date | null }
const SECOND_MS = 1_000

async function assertNotTooOften(tx: Tx, userId: string, now: Date): Promise<void> {
  const since = new Date(now.getTime() - EXPORT_DAY_MS)
  const recent = await selectOne<Recent>(
    tx,
    'SELECT count(*)::int AS asked, min(asked_at) AS again FROM exports WHERE user_id = $1 AND asked_at > $2',
    [userId, since],
  )
  if (!recent?.again || recent.asked < EXPORTS_A_DAY) return
  const waitMs = recent.again.getTime() - since.getTime()
  throw new BusinessError(
    'TOO_MANY_REQUESTS',
    'You have asked for several copies today. Take the last one, or ask again tomorrow.',
    { details: { retry_after: Math.max(1, Math.ceil(waitMs / SECOND_MS)) } },
  )
}

type Wish = { userId: string; actorId: string; why?: string; now: Date }

/** One under way at a time: asked again, it is the same. Throws NOT_FOUND, and TOO_MANY_REQUESTS. */
export async function askForExport(tx: Tx, { userId, actorId, why, now }: Wish): Promise<Export> {
  await lockOwner(tx, userId)
  const known = await findLastExport(tx, userId)
  if (known?.status === 'waiting' || known?.status === 'gathering') return known
  await assertNotTooOften(tx, userId, now)
  const one = (await selectOne<Export>(
    tx,
    `INSERT INTO exports (user_id, status, asked_by, asked_at) VALUES ($1, 'waiting', $2, $3) RETURNING ${COLUMNS}`,
    [userId, actorId, now],
  )) as Export
  await noteExport(tx, 'export.asked', { one, actor: actorId, ...(why ? { why } : {}) })
  return one
}

export const listExportsToStart = (db: Database, limit: number): Promise<{ id: string }[]> =>
  select(
    db,
    `SELECT id FROM exports WHERE started_at IS NULL AND status = 'waiting' ORDER BY asked_at LIMIT $1`,
    [limit],
  )

export async function markExportStarted(db: Database, id: string): Promise<void> {
  await select(db, 'UPDATE exports SET started_at = now() WHERE id = $1', [id])
}

/** Files and pieces go whatever becomes of their wish. */
export async function dropExportFiles(tx: Tx, exportIds: readonly string[]): Promise<void> {
  for (const table of ['export_pieces', 'export_files'])
    await select(tx, `DELETE FROM ${table} WHERE export_id = ANY ($1::uuid[])`, [exportIds])
}

type Ending = { userId: string; from: readonly ExportStatus[]; to: 'expired' | 'stopped' }

/** Of one person, but for one of them; the rows first, so that whoever gathers just now is waited for. */
async function endExports(tx: Tx, { userId, from, to }: Ending, but: string | null): Promise<void> {
  const ended = await select<{ id: string }>(
    tx,
    `UPDATE exports SET status = $2, ended_at = now()
     WHERE user_id = $1 AND status = ANY ($3) AND id IS DISTINCT FROM $4::uuid RETURNING id`,
    [userId, to, from, but],
  )
  for (const { id } of ended)
    await noteExport(tx, `export.${to}`, { one: { id, userId }, actor: 'gari' })
  const ids = ended.map(({ id }) => id)
  if (ids.length > 0) await dropExportFiles(tx, ids)
}

/** Whoever is forgotten has no copy lying here, and none is made any more. */
export const stopExports = (tx: Tx, userId: string): Promise<void> =>
  endExports(tx, { userId, from: ['waiting', 'gathering', 'ready'], to: 'stopped' }, null)

/** One copy lies here at a time: the newest. */
export const endFormerExports = (tx: Tx, { id, userId }: Export): Promise<void> =>
  endExports(tx, { userId, from: ['ready'], to: 'expired' }, id)

const LOST_AT_ONCE = 200

/** A story takes minutes: one that is not done within a day is lost, and its person may ask again. One batch; true when there may be more. */
export const stopLostExports = (db: Database, now: Date): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const lost = await select<Pick<Export, 'id' | 'userId'>>(
      tx,
      `UPDATE exports SET status = 'stopped', ended_at = now() WHERE id IN (
         SELECT id FROM exports WHERE status IN ('waiting', 'gathering') AND started_at <= $1
         LIMIT ${LOST_AT_ONCE} FOR UPDATE SKIP LOCKED)
       RETURNING id, user_id AS "userId"`,
      [new Date(now.getTime() - EXPORT_DAY_MS)],
    )
    for (const one of lost) await noteExport(tx, 'export.stopped', { one, actor: 'gari' })
    if (lost.length > 0)
      await dropExportFiles(
        tx,
        lost.map(({ id }) => id),
      )
    return lost.length === LOST_AT_ONCE
  })

/** Its time is over. Safe to repeat. */
export async function endExport(tx: Tx, id: string): Promise<void> {
  const one = await lockExport(tx, id)
  if (one.status !== 'ready') return
  await select(tx, "UPDATE exports SET status = 'expired', ended_at = now() WHERE id = $1", [id])
  await noteExport(tx, 'export.expired', { one, actor: 'gari' })
  await dropExportFiles(tx, [id])
}

export type ExportToTell = { id: string; userId: string; expiresAt: Date }

/** Nobody else takes it for a minute; what could not be sent comes again, ever later, until the copy itself is gone. */
export const takeExportsToTell = (db: Database, most: number): Promise<ExportToTell[]> =>
  select(
    db,
    `UPDATE exports SET tell_tries = tell_tries + 1, tell_at = now() + least(tell_tries + 1, 30) * interval '1 minute'
     WHERE id IN (SELECT id FROM exports WHERE status = 'ready' AND told_at IS NULL AND tell_at <= now()
       ORDER BY tell_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, user_id AS "userId", expires_at AS "expiresAt"`,
    [most],
  )

export async function markExportTold(db: Database, id: string): Promise<void> {
  await select(db, 'UPDATE exports SET told_at = now() WHERE id = $1', [id])
}
