/** The files of an export, sealed by the key of their person until their time is over. */
import type { ExportFormat, ExportStatus } from '../domain/exports.ts'
import { KEPT } from '../domain/kept.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { endFormerExports, lockExport, noteExport, type Export } from './exports.ts'
import { protectAll, revealAll, type Value } from './subject-keys.ts'

const placeOf = (one: Pick<Export, 'id' | 'userId'>, format: ExportFormat): Value => ({
  subjectId: one.userId,
  table: 'export_files',
  column: 'content_sealed',
  row: `${one.id} ${format}`,
})

/** A PDF is no text, and what is sealed is. */
const FORMAT_ENCODING = { json: 'utf8', pdf: 'base64' } as const

export type ExportFiles = Record<ExportFormat, Buffer>

/** Ready with this; not where it was stopped meanwhile, nor twice. */
export async function keepExportFiles(
  tx: Tx,
  id: string,
  files: ExportFiles,
  now: Date,
): Promise<ExportStatus> {
  const one = await lockExport(tx, id)
  if (one.status !== 'gathering') return one.status
  const expiresAt = new Date(now.getTime() + KEPT.exportMs)
  const formats = Object.keys(files) as ExportFormat[]
  const texts = formats.map((format) => ({
    place: placeOf(one, format),
    text: files[format].toString(FORMAT_ENCODING[format]),
  }))
  const sealed = await protectAll(tx, texts)
  for (const [index, format] of formats.entries())
    await select(
      tx,
      `INSERT INTO export_files (export_id, format, user_id, content_sealed, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [id, format, one.userId, sealed[index], expiresAt],
    )
  await select(tx, 'DELETE FROM export_pieces WHERE export_id = $1', [id])
  await select(
    tx,
    "UPDATE exports SET status = 'ready', ready_at = $2, expires_at = $3, tell_at = now() WHERE id = $1",
    [id, now, expiresAt],
  )
  await noteExport(tx, 'export.ready', { one, actor: 'gari' })
  await endFormerExports(tx, one)
  return 'ready'
}

/** Null where its time is over; that it was fetched is written down before anybody has it. */
export async function fetchExportFile(
  tx: Tx,
  one: Export,
  format: ExportFormat,
  now: Date,
): Promise<Buffer | null> {
  const row = await selectOne<{ sealed: Buffer }>(
    tx,
    `SELECT content_sealed AS sealed FROM export_files f JOIN exports x ON x.id = f.export_id
     WHERE f.export_id = $1 AND f.format = $2 AND x.status = 'ready' AND f.expires_at > $3`,
    [one.id, format, now],
  )
  if (!row) return null
  const [text] = await revealAll(tx, [{ place: placeOf(one, format), sealed: row.sealed }])
  if (text === null || text === undefined) return null
  await noteExport(tx, 'export.fetched', { one, actor: one.userId, more: { format } })
  return Buffer.from(text, FORMAT_ENCODING[format])
}
