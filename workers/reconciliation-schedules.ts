/** The clock of reconciliation: two schedules in Temporal, made or mended whenever a worker starts, and every hour. */
import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client'
import { TASK_QUEUES } from '../domain/ids.ts'
import type { RunKind } from '../domain/reconciliation.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const LOOK_AGAIN_MS = 60 * 60_000
const LONGEST_REST_MS = 60_000

const schedule = (
  kind: RunKind,
  scheduleId: string,
  spec: ScheduleOptions['spec'],
): ScheduleOptions => ({
  scheduleId,
  spec,
  action: {
    type: 'startWorkflow',
    workflowType: 'reconcileOnSchedule',
    workflowId: scheduleId,
    taskQueue: TASK_QUEUES.payments,
    args: [{ kind }],
    workflowExecutionTimeout: '2 hours',
  },
  // One that still runs when the next is due makes the next needless: it reads the same two days.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
})

export const RECONCILIATION_SCHEDULES: readonly ScheduleOptions[] = [
  schedule('pull', 'reconcile-hourly', { intervals: [{ every: '1 hour', offset: '7 minutes' }] }),
  schedule('full', 'reconcile-daily', {
    calendars: [{ hour: 3, minute: 30 }],
    timezone: 'Africa/Nairobi',
  }),
]

/** Running it again changes nothing; a paused schedule stays paused. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const wanted of RECONCILIATION_SCHEDULES) {
    try {
      await client.schedule.create(wanted)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      const { spec, action, policies } = wanted
      await client.schedule
        .getHandle(wanted.scheduleId)
        .update(({ state }) => ({ spec, action, ...(policies ? { policies } : {}), state }))
    }
  }
}

export const startReconciliationSchedules = (world: World, client: Client): Running =>
  startLoop(world, {
    name: 'reconciliation schedules',
    restMs: LOOK_AGAIN_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      await ensureSchedules(client)
      return false
    },
  })
