/** Forgetting somebody over days: waiting, taken back, delayed, refused, cut off in the middle, and something that slipped in. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { ErasureBooks } from '../../activities/erasures.ts'
import { ERASURE_PARTS, type ErasedSome, type ErasureLook } from '../../domain/erasures.ts'
import { erasureWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import type { erasure } from '../../workflows/erasure.ts'
import { retryStep } from '../../workflows/parking.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let calls: string[]
let looks: ErasureLook[]
/** What a part answers, one after the other; 'all' when nothing is said. */
let answers: Record<string, (ErasedSome | Error)[]>
let startedAt: number

const hours = async () => Math.round(((await world.env.currentTimeMs()) - startedAt) / HOUR_MS)

const books: ErasureBooks = {
  lookAtErasure: async () => {
    calls.push(`look after ${await hours()} h`)
    return (looks.length > 1 ? looks.shift() : looks[0]) ?? { status: 'erasing', waitMs: 0 }
  },
  eraseSome: async (_id, part) => {
    calls.push(part)
    const answer = answers[part]?.shift() ?? 'all'
    if (answer instanceof Error) throw answer
    return answer
  },
  endErasure: async () => {
    calls.push('key')
  },
}

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  startedAt = await world.env.currentTimeMs()
  calls = []
  looks = []
  answers = {}
})
afterEach(() => world.stop())

const begin = (): Promise<WorkflowHandle<typeof erasure>> => {
  const erasureId = randomUUID()
  return world.env.client.workflow.start<typeof erasure>('erasure', {
    workflowId: erasureWorkflowId(erasureId),
    taskQueue: TASK_QUEUES.business,
    args: [{ erasureId }],
  })
}
const tell = () => world.during(books, async () => (await begin()).result())

const WAITING = (waitMs: number): ErasureLook => ({ status: 'waiting', waitMs })
const ERASING: ErasureLook = { status: 'erasing', waitMs: 0 }

describe('an erasure', () => {
  it('waits for its time, then goes part by part, and destroys the key last', async () => {
    looks = [WAITING(DAY_MS), WAITING(DAY_MS), WAITING(5 * HOUR_MS), ERASING]
    expect(await tell()).toEqual({ status: 'done' })
    expect(calls).toEqual([
      'look after 0 h',
      'look after 24 h',
      'look after 48 h',
      'look after 53 h',
      ...ERASURE_PARTS,
      'key',
    ])
  })

  it.each(['taken_back', 'refused'] as const)('that was %s touches nothing', async (status) => {
    looks = [WAITING(HOUR_MS), { status, waitMs: 0 }]
    expect(await tell()).toEqual({ status })
    expect(calls).toEqual(['look after 0 h', 'look after 1 h'])
  })

  it('looks at least once a day, whatever it is told', async () => {
    looks = [WAITING(30 * DAY_MS), ERASING]
    await tell()
    expect(calls[1]).toBe('look after 24 h')
  })

  it('goes on with a part until all of it is done', async () => {
    answers = { payments: ['more', 'more', 'all'] }
    await tell()
    expect(calls.filter((one) => one === 'payments')).toHaveLength(3)
  })

  it('waits an hour for what slipped in, and goes through all parts again', async () => {
    answers = { account: ['wait', 'all'] }
    await tell()
    expect(calls).toEqual(['look after 0 h', ...ERASURE_PARTS, ...ERASURE_PARTS, 'key'])
    expect(await hours()).toBe(1)
  })

  it('parks where a step cannot be done, and goes on from there', async () => {
    answers = { payments: [ApplicationFailure.nonRetryable('broken')] }
    await world.during(books, async () => {
      const handle = await begin()
      await whenParked(() => handle.executeUpdate(retryStep))
      expect(await handle.result()).toEqual({ status: 'done' })
    })
    expect(calls.filter((one) => one === 'bookings')).toHaveLength(1)
    expect(calls.filter((one) => one === 'payments')).toHaveLength(2)
  })

  it('carries nothing but ids into its history', async () => {
    await world.during(books, async () => {
      const handle = await begin()
      await handle.result()
      const { events } = await handle.fetchHistory()
      const [first] = events ?? []
      const input = first?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data
      expect(Object.keys(JSON.parse(Buffer.from(input ?? []).toString()) as object)).toEqual([
        'erasureId',
      ])
    })
  })
})
