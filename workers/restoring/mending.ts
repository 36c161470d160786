/** All differences between the books, the stories, Kafka and M-Pesa, one kind after the other, in the order that is safe. */
import { reconciliationWorkflowId } from '../../domain/ids.ts'
import type { ReconciliationInput } from '../../domain/reconciliation.ts'
import type { EventLog } from '../../gateways/kafka.ts'
import { mendEvents } from './events.ts'
import { mendOwners } from './owners.ts'
import { mendPayments } from './payments.ts'
import { mendRefunds } from './refunds.ts'
import { deliverUnheard } from './reports.ts'
import { begin } from './starting.ts'
import type { Restored } from './world.ts'

/**
 * Kafka first, because whatever is told afterwards must be newer than what it has; then what may move money, so that no
 * story that begins meanwhile sends anything. With others at work only rows without a story are looked for: what else
 * differs is under way.
 */
export async function mend(world: Restored, kafka: EventLog | null): Promise<void> {
  if (world.isQuiet && kafka) await mendEvents(world, kafka)
  await mendPayments(world)
  await mendRefunds(world)
  await mendOwners(world)
  if (world.isQuiet) await deliverUnheard(world)
}

/** What M-Pesa took in the time that is lost comes with its list, as money without an owner where its row is gone. */
export async function askForTheList({ client, runId }: Restored): Promise<void> {
  const input: ReconciliationInput = { runId, kind: 'full', actorId: 'after-restore' }
  const workflowId = reconciliationWorkflowId(runId)
  await begin(client, { type: 'reconciliation', workflowId, queue: 'payments', input })
}
