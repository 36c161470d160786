/** Asking for a copy of all that we hold about somebody, and fetching it: for the pages and the API alike. */
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { exportFileName, type ExportFormat } from '../domain/exports.ts'
import { toNairobiIso } from '../domain/time.ts'
import { inTransaction } from '../db/connection.ts'
import { fetchExportFile } from '../db/export-files.ts'
import { EXPORT_SECTIONS } from '../db/export-sections.ts'
import { askForExport, findExportOf, type Export } from '../db/exports.ts'
import type { Context } from 'hono'
import type { ApiDeps, Session } from './deps.ts'
import { assertFresh } from './second-factor.ts'

export const SIGN_IN_FOR_COPY = 'Sign in again first, then ask for your data.'

/** As pages show it. */
export const toCopyState = (one: Export, now: Date) => ({
  id: one.id,
  status: statusNow(one, now),
  done: one.sectionsDone,
  of: EXPORT_SECTIONS.length,
  expiresAt: one.expiresAt,
})

type Wish = { userId: string; actorId: string; why?: string }

/** Throws NOT_FOUND for whoever is no customer, and TOO_MANY_REQUESTS. */
export const requestExport = (deps: ApiDeps, wish: Wish): Promise<Export> =>
  inTransaction(deps.db, (tx) => askForExport(tx, { ...wish, now: deps.now() }))

const none = () =>
  new BusinessError('NOT_FOUND', 'There is no such copy any more. Ask for another.')

/** What is over is told as over, also in the moments before it is taken away. */
export const statusNow = ({ status, expiresAt }: Export, now: Date): Export['status'] =>
  status === 'ready' && expiresAt !== null && expiresAt <= now ? 'expired' : status

/** Throws NOT_FOUND for one of another account as for none. */
export async function findOwnExport(deps: ApiDeps, userId: string, id: string): Promise<Export> {
  const found = await findExportOf(deps.db, userId, id)
  if (!found) throw none()
  return { ...found, status: statusNow(found, deps.now()) }
}

const TYPES: Record<ExportFormat, string> = {
  json: 'application/json',
  pdf: 'application/pdf',
}

type Fetching = {
  actor: Actor
  session: Pick<Session, 'isFresh'>
  id: string
  format: ExportFormat
}

/** For its owner and nobody else, after a fresh sign-in. Throws NOT_FOUND, SIGN_IN_AGAIN, and EXPORT_NOT_READY while it is made. */
export async function sendExportFile(c: Context, deps: ApiDeps, wish: Fetching): Promise<Response> {
  const { actor, session, id, format } = wish
  const one = await findOwnExport(deps, actor.userId, id)
  assertFresh(session, SIGN_IN_FOR_COPY)
  if (one.status === 'waiting' || one.status === 'gathering')
    throw new BusinessError('EXPORT_NOT_READY', 'It is not ready yet. We write to you when it is.')
  const now = deps.now()
  const bytes = await inTransaction(deps.db, (tx) => fetchExportFile(tx, one, format, now))
  if (!bytes || !one.readyAt) throw none()
  const name = exportFileName(toNairobiIso(one.readyAt), format)
  c.header('Content-Type', TYPES[format])
  c.header('Content-Disposition', `attachment; filename="${name}"`)
  c.header('Cache-Control', 'private, no-store')
  return c.body(new Uint8Array(bytes))
}
