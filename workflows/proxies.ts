/**
 * Every time-out and retry policy, in one place.
 *
 * Books (database steps) are local activities: one transaction each, idempotent, so they may repeat as often
 * as they like. Calls to Safaricom that may move money run once; a time-out there means "unknown".
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { BookActivities } from '../activities/index.ts'
import type { DarajaActivities } from '../activities/daraja.ts'

/** A database that is away for a day is an outage that people handle: then the step parks. */
export const books = proxyLocalActivities<BookActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 day',
  localRetryThreshold: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '15 seconds',
  },
})

/** May charge a customer or pay one: never repeated, whatever happens. */
export const onceOnly = proxyActivities<
  Pick<DarajaActivities, 'requestStkPush' | 'requestReversal'>
>({
  startToCloseTimeout: '40 seconds',
  retry: { maximumAttempts: 1 },
})

/** Asking costs nothing, but each answer counts by itself, so the story decides when to ask again. */
export const questions = proxyActivities<Pick<DarajaActivities, 'queryStkPush'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 2, initialInterval: '2 seconds' },
})
