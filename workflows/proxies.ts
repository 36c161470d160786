/**
 * Every time-out and retry policy, in one place.
 *
 * Books (database steps) are local activities: one transaction each, idempotent, so they may repeat as often
 * as they like. Calls to Safaricom that may move money run once; a time-out there means "unknown".
 */
import {
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
  type ActivityFailure,
} from '@temporalio/workflow'
import { TimeoutType } from '@temporalio/common'
import type { Activities, BookActivities } from '../activities/index.ts'
import type { DarajaActivities } from '../activities/daraja.ts'
import type { ExportBooks, ExportPapers } from '../activities/exports.ts'
import type { KeyRotationActivities } from '../activities/key-rotation.ts'

/**
 * A database that is away for half a day is an outage that people handle: then the step parks. Each try costs five
 * events, so what is repeated for so long is repeated at a pace that keeps the history short.
 */
export const books = proxyLocalActivities<BookActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '12 hours',
  localRetryThreshold: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
})

/**
 * May charge a customer or pay one: never repeated, whatever happens. One that no worker took within a minute is
 * given up before it is sent, so that no phone rings for what has long ended.
 */
export const onceOnly = proxyActivities<
  Pick<DarajaActivities, 'requestStkPush' | 'requestReversal' | 'requestPayout'>
>({
  scheduleToStartTimeout: '1 minute',
  startToCloseTimeout: '40 seconds',
  retry: { maximumAttempts: 1 },
})

/** True when no worker ever took it: then certainly nothing was sent. */
export const wasNeverStarted = ({ cause }: ActivityFailure): boolean =>
  cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_START

/** Asking costs nothing, but each answer counts by itself, so the story decides when to ask again. */
export const questions = proxyActivities<
  Pick<DarajaActivities, 'queryStkPush' | 'requestTransactionStatus'>
>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 2, initialInterval: '2 seconds' },
})

/** Reading a provider's lists and balance: safe to repeat, slow when there is much. */
export const providers = proxyActivities<
  Pick<Activities, 'fetchPulledLines' | 'requestAccountBalance'>
>({
  startToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 4, initialInterval: '10 seconds', backoffCoefficient: 3 },
})

/**
 * Steps on the keys of people, several seconds long. No local activities: a worker that has not been given the new master key
 * yet refuses, and then another one shall have the step.
 */
export const keys = proxyActivities<KeyRotationActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
})

/** Steps of a copy of what we hold about somebody: each batch is one transaction. */
export const exportBooks = proxyLocalActivities<ExportBooks>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '12 hours',
  localRetryThreshold: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
})

/** Writing both of its files, which takes as long as there is much to print; a sign of life after every few records. */
export const exportPapers = proxyActivities<ExportPapers>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
})
