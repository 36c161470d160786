/**
 * Registers a document with the revenue authority. An unknown outcome is asked again with the same number, which the
 * authority takes once only, so no document ever has two control numbers. What a person must settle parks.
 */
import { condition, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { EtimsActivities, InvoiceBooks } from '../activities/invoices.ts'
import { HOUR_MS } from '../domain/time.ts'
import type { Parking } from './parking.ts'

export const invoiceBooks = proxyLocalActivities<InvoiceBooks>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '12 hours',
  localRetryThreshold: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
})

const etims = proxyActivities<EtimsActivities>({
  startToCloseTimeout: '40 seconds',
  retry: { maximumAttempts: 1 },
})

const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = HOUR_MS
const ASK_FOR_MS = 48 * HOUR_MS

export async function registerWithEtims(
  parking: Parking,
  kind: 'invoice' | 'credit_note',
  id: string,
): Promise<void> {
  const done = await parking.attempt('register the document with eTIMS', () => ask(kind, id))
  if (done.by === 'step') return
  await parking.insist('record why it is not registered', () =>
    invoiceBooks.recordUnregistered(kind, id, done.resolution.reason),
  )
}

/** Throws when a person must look. */
async function ask(kind: 'invoice' | 'credit_note', id: string): Promise<void> {
  const until = Date.now() + ASK_FOR_MS
  let pause = FIRST_PAUSE_MS
  for (;;) {
    const answer = await etims
      .registerDocument(kind, id)
      .catch(() => ({ outcome: 'unknown' as const, why: 'the step was lost' }))
    if (!answer) return
    if (answer.outcome === 'registered') return invoiceBooks.recordRegistered(kind, id, answer.unit)
    if (answer.outcome === 'refused') throw new Error(`eTIMS refused it: ${answer.code}`)
    if (answer.outcome === 'duplicate')
      throw new Error('eTIMS has it already, but does not repeat its control number')
    if (Date.now() >= until) throw new Error(`eTIMS has not answered in two days: ${answer.why}`)
    await condition(() => false, pause)
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  }
}
