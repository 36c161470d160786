/** The clock of reconciliation, on Temporal itself: the time-skipping server keeps no schedules. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { loadToolPaths } from '../../config.ts'
import { prepareTemporal } from '../../local/temporal-program.ts'
import {
  ensureSchedules,
  RECONCILIATION_SCHEDULES,
} from '../../workers/reconciliation-schedules.ts'

let env: TestWorkflowEnvironment
beforeAll(async () => {
  const path = await prepareTemporal(loadToolPaths().cache)
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  })
}, 120_000)
afterAll(() => env.teardown())

const HOURLY = 'reconcile-hourly'

describe('the schedules of reconciliation', () => {
  it('are made once, however often a worker starts, and mended when they differ', async () => {
    await ensureSchedules(env.client)
    const handle = env.client.schedule.getHandle(HOURLY)
    await handle.update(({ spec, action, state }) => ({
      spec: { ...spec, intervals: [{ every: '5 hours' }] },
      action,
      state,
    }))
    await ensureSchedules(env.client)
    const { spec, policies, action } = await handle.describe()
    expect(spec.intervals).toEqual([{ every: 3_600_000, offset: 420_000 }])
    expect(policies.overlap).toBe('SKIP')
    expect(action).toMatchObject({ workflowType: 'reconcileOnSchedule', args: [{ kind: 'pull' }] })
    const daily = await env.client.schedule.getHandle('reconcile-daily').describe()
    expect(daily.spec.timezone).toBe('Africa/Nairobi')
    expect(RECONCILIATION_SCHEDULES).toHaveLength(2)
  })

  it('stay paused when somebody has paused them', async () => {
    const handle = env.client.schedule.getHandle(HOURLY)
    await handle.pause('M-Pesa moves house')
    await ensureSchedules(env.client)
    expect((await handle.describe()).state).toMatchObject({
      paused: true,
      note: 'M-Pesa moves house',
    })
  })
})
