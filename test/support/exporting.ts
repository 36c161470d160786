/** Copies of what we hold, made as the story makes them. */
import { inTransaction, type Database } from '../../db/connection.ts'
import { askForExport, findExport, type Export } from '../../db/exports.ts'
import { gatherSome, readGathered } from '../../db/gathering.ts'
import { toExportFile, type ExportFile } from '../../domain/export-paper.ts'
import type { ExportPlace, ExportStep } from '../../domain/exports.ts'

export const CONTROLLER = { name: 'Gari Car Rental Ltd', contact: 'privacy@gari.test' }

export const askForCopy = (db: Database, userId: string, now = new Date()): Promise<Export> =>
  inTransaction(db, (tx) => askForExport(tx, { userId, actorId: userId, now }))

export const gather = (db: Database, id: string, place: ExportPlace | null, most?: number) =>
  inTransaction(db, (tx) => gatherSome(tx, id, place, most))

/** Answers every step there was. */
export async function gatherAll(db: Database, id: string, most?: number): Promise<ExportStep[]> {
  const steps: ExportStep[] = []
  for (let place: ExportPlace | null = null; ;) {
    const step: ExportStep = await gather(db, id, place, most)
    steps.push(step)
    if (step.place === null) return steps
    place = step.place
  }
}

export const gatheredOf = async (db: Database, id: string) =>
  readGathered(db, (await findExport(db, id)) as Export)

/** The file for programs, as it is written. */
export async function fileOf(db: Database, id: string): Promise<ExportFile> {
  const about = { controller: CONTROLLER, madeAt: new Date(), language: 'en' as const }
  const file = toExportFile(await gatheredOf(db, id), about)
  return JSON.parse(JSON.stringify(file)) as ExportFile
}

/** Of the role matrix: staff ask and see how far it is, and only its owner has the files. */
export const exportRules = <W>(id: string, mayAsk: W) => {
  const file = { hidden: true as const, may: ['theirs'] as const, id }
  return {
    'POST /customers/{id}/exports': { may: mayAsk, id, body: { why: 'x' } },
    'GET /customers/{id}/exports/{exportId}': { may: mayAsk, id },
    'GET /customers/{id}/exports/{exportId}/json': file,
    'GET /customers/{id}/exports/{exportId}/pdf': file,
  }
}
