/**
 * Somebody wants all that we hold about them.
 *
 * waiting -> gathering -> ready -> expired; waiting, gathering, ready -> stopped.
 * - the person, or staff for them, writes the wish down: the row says so, also while Temporal is away.
 * - gathered batch by batch, each sealed in the row of its own: a worker that is killed repeats one batch.
 * - both files are written at once, then it is ready, and whoever sends letters finds that in the row.
 * - after seven days the files go. Whoever is forgotten meanwhile has stopped it; then this story finds nothing to do and ends.
 * It carries ids and places only, and nothing of what it gathers.
 *
 * - `exportProgress` (query): how far it is.
 */
import { setCurrentDetails, setHandler, sleep } from '@temporalio/workflow'
import type {
  ExportInput,
  ExportPlace,
  ExportProgress,
  ExportStatus,
  ExportStep,
} from '../domain/exports.ts'
import { KEPT } from '../domain/kept.ts'
import { exportProgress } from './data-export-messages.ts'
import { createParking, type Parking } from './parking.ts'
import { exportBooks, exportPapers } from './proxies.ts'

type Work = { exportId: string; parking: Parking; show: ExportProgress }

export async function dataExport({ exportId }: ExportInput): Promise<{ status: ExportStatus }> {
  const show: ExportProgress = { status: 'waiting', done: 0, sections: 0 }
  setHandler(exportProgress, () => show)
  const parking = createParking()
  const work = { exportId, parking, show }
  if ((await gatherAll(work)) !== 'gathering') return { status: show.status }
  show.status = await parking.insist('write the files', () => exportPapers.writeExport(exportId))
  if (show.status !== 'ready') return { status: show.status }
  setCurrentDetails('ready to be fetched')
  await sleep(KEPT.exportMs)
  await parking.insist('take the files away', () => exportBooks.endExport(exportId))
  show.status = 'expired'
  setCurrentDetails('')
  return { status: 'expired' }
}

async function gatherAll({ exportId, parking, show }: Work): Promise<ExportStatus> {
  let place: ExportPlace | null = null
  do {
    const from: ExportPlace | null = place
    const step: ExportStep = await parking.insist('gather', () =>
      exportBooks.gatherSome(exportId, from),
    )
    const { status, done, sections } = step
    Object.assign(show, { status, done, sections })
    setCurrentDetails(`${done} of ${sections} kinds are gathered`)
    place = step.place
  } while (place !== null)
  return show.status
}
