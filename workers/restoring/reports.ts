/**
 * A report that the books call handed on may have reached a story after the copy of Temporal was taken: then that story
 * has never heard it. It is handed on again, which changes nothing where it was heard.
 */
import { deliverAgain, listDelivered, type DeliveredReport } from '../../db/restored-reports.ts'
import { hearerOf, type Hearer } from '../../domain/callbacks.ts'
import { paymentWorkflowId, refundWorkflowId } from '../../domain/ids.ts'
import { lookAt, readStory } from '../../gateways/histories.ts'
import { forEach, type Restored } from './world.ts'

const STORY: Partial<Record<Hearer, (subjectId: string) => string>> = {
  payment: paymentWorkflowId,
  paybill: paymentWorkflowId,
  refund: refundWorkflowId,
}

/** After the stories have begun anew, because those have heard nothing. */
export async function deliverUnheard(world: Restored): Promise<void> {
  const { db, since, findings } = world
  const byStory = new Map<string, DeliveredReport[]>()
  for (const report of await listDelivered(db, since)) {
    const id = STORY[hearerOf(report.kind)]?.(report.subjectId)
    if (id) byStory.set(id, [...(byStory.get(id) ?? []), report])
  }
  await forEach([...byStory], async ([workflowId, reports]) => {
    const unheard = await unheardOf(world, workflowId, reports)
    findings.unheardReports.push(...unheard)
    if (unheard.length > 0) await deliverAgain(db, unheard)
  })
}

/** Of a story that has ended only what nobody has read: whatever was read is in the books. */
async function unheardOf({ client }: Restored, workflowId: string, reports: DeliveredReport[]) {
  const story = await lookAt(client, workflowId)
  if (story?.isRunning) {
    const heard = new Set((await readStory(client, workflowId, story.runId)).reports)
    return reports.filter(({ id }) => !heard.has(id)).map(({ id }) => id)
  }
  // A refund's last word is read before its end; one that comes after it was noted for operations already.
  return reports
    .filter(({ kind, outcome }) => outcome === null && hearerOf(kind) !== 'refund')
    .map(({ id }) => id)
}
