/**
 * Hands stored reports to their workflows after the door has answered. The door stays quick when many come at once:
 * only a few are on their way together, and what was delivered is noted together. Whatever does not get through
 * here, or is not noted because this process ends, the worker's drain delivers (once more): a repeat changes nothing.
 */
import { bulkhead, BulkheadRejectedError } from 'cockatiel'
import type { ApiDeps, ApiLog } from './deps.ts'

type Report = Parameters<ApiDeps['deliverReport']>[0]

const AT_ONCE = 8
/** A few seconds of the busiest hour; what comes beyond them the drain finds in the table. */
const WAITING = 1_000
const NOTED_EVERY_MS = 100

export function createReportQueue({
  deliver,
  noteDelivered,
  log,
}: {
  deliver: (report: Report) => Promise<void>
  noteDelivered: (messageIds: string[]) => Promise<void>
  log: ApiLog
}): ApiDeps['deliverReport'] {
  const places = bulkhead(AT_ONCE, WAITING)
  const warn = (words: string, error: unknown) => log.warn({ error: String(error) }, words)
  let delivered: string[] = []

  const note = () => {
    const messageIds = delivered
    delivered = []
    noteDelivered(messageIds).catch((error: unknown) =>
      warn(`${messageIds.length} delivered reports could not be noted`, error),
    )
  }

  return async (report) => {
    try {
      await places.execute(() => deliver(report))
      if (delivered.push(report.messageId) === 1) setTimeout(note, NOTED_EVERY_MS)
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) warn('a report waits for delivery', error)
    }
  }
}
