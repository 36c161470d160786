/** Steps of copying what we hold about somebody. They carry ids only; each batch is one transaction, safe to repeat. */
import { Context } from '@temporalio/activity'
import { findLetterContact } from '../db/accounts.ts'
import { inTransaction, type Database } from '../db/connection.ts'
import { keepExportFiles } from '../db/export-files.ts'
import { endExport, findExport } from '../db/exports.ts'
import { gatherSome, readGathered } from '../db/gathering.ts'
import { toExportFile, toPaper, type Controller } from '../domain/export-paper.ts'
import type { ExportPlace, ExportStatus, ExportStep } from '../domain/exports.ts'
import type { Papers } from '../gateways/papers.ts'

export type ExportWorld = {
  db: Database
  now: () => Date
  papers: Papers
  controller: Controller
  /** Rows of one batch. */
  batchRows?: number
}

export const createExportBooks = ({ db, batchRows }: ExportWorld) => ({
  gatherSome: (id: string, place: ExportPlace | null): Promise<ExportStep> =>
    inTransaction(db, (tx) => gatherSome(tx, id, place, batchRows)),

  endExport: (id: string): Promise<void> => inTransaction(db, (tx) => endExport(tx, id)),
})
export type ExportBooks = ReturnType<typeof createExportBooks>

export const createExportPapers = ({ db, now, papers, controller }: ExportWorld) => ({
  /** Both files at once, or none. What became of the wish meanwhile is answered, and then nothing is kept. */
  writeExport: async (id: string): Promise<ExportStatus> => {
    const one = await findExport(db, id)
    if (one?.status !== 'gathering') return one?.status ?? 'stopped'
    const madeAt = now()
    const gathered = await readGathered(db, one)
    const language = (await findLetterContact(db, one.userId))?.language ?? 'en'
    const about = { controller, madeAt, language }
    const json = Buffer.from(JSON.stringify(toExportFile(gathered, about), null, 2))
    const beat = () => Context.current().heartbeat()
    const pdf = await papers.print(toPaper(gathered, about), beat)
    return inTransaction(db, (tx) => keepExportFiles(tx, id, { json, pdf }, madeAt))
  },
})
export type ExportPapers = ReturnType<typeof createExportPapers>

export const createExportActivities = (world: ExportWorld) => ({
  ...createExportBooks(world),
  ...createExportPapers(world),
})
