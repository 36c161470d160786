/** Taking a provider's file in: all of its lines with their run in one transaction, or nothing. */
import { inTransaction } from '../db/connection.ts'
import { importLines } from '../db/provider-lines.ts'
import { noteRun, openRun } from '../db/reconciliation-runs.ts'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ReadFile } from '../domain/schemas/statements.ts'
import { wrongFile } from '../domain/schemas/csv-table.ts'
import type { ApiDeps } from './deps.ts'

const CHUNK = 1_000

/** The file's text; throws when there is none. Bytes that are no UTF-8 are read as a spreadsheet of Windows wrote them. */
export async function textOf(file: unknown): Promise<string> {
  if (!(file instanceof File) || file.size === 0) throw wrongFile('Choose a CSV file.')
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

type Wish = { runId: string; kind: 'statement' | 'bank'; actor: Actor; file: ReadFile }

/** A repeat with the same id changes nothing and starts nothing twice. */
export async function importFile(
  deps: ApiDeps,
  { runId, kind, actor, file }: Wish,
): Promise<{ read: number; added: number }> {
  const actorId = actor.userId
  const counted = await inTransaction(deps.db, async (tx) => {
    await openRun(tx, { runId, kind, from: file.from, to: file.to, actorId })
    for (const note of file.notes) await noteRun(tx, runId, note)
    const sum = { read: 0, added: 0 }
    for (let at = 0; at < file.lines.length; at += CHUNK) {
      const part = await importLines(tx, runId, file.lines.slice(at, at + CHUNK))
      sum.read += part.read
      sum.added += part.added
    }
    return sum
  })
  await startComparing(deps, { runId, kind, actorId })
  return counted
}

/** The lines are safe: should nobody take the comparison now, the next hourly one looks at them. */
export async function startComparing(
  deps: ApiDeps,
  input: Parameters<ApiDeps['workflows']['reconcile']>[0],
): Promise<void> {
  try {
    await deps.workflows.reconcile(input)
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error
    deps.log.warn({ runId: input.runId, code: error.code }, 'a comparison could not be started')
    throw error
  }
}
