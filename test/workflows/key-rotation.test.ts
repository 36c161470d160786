/** The master key is replaced while people write and read: real PostgreSQL, real vaults, processes in the middle of a restart. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import {
  createKeyRotationActivities,
  type KeyRotationActivities,
} from '../../activities/key-rotation.ts'
import { select, vaultOf, type Database } from '../../db/connection.ts'
import { countKeys } from '../../db/key-rotations.ts'
import { keyRotationWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { rotationProgress } from '../../workflows/key-rotation-messages.ts'
import type { keyRotation } from '../../workflows/key-rotation.ts'
import { retryStep } from '../../workflows/parking.ts'
import { keepTested } from '../replay/recording/tested.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  isRead,
  M0,
  M1,
  M2,
  processWith,
  sealMany,
  sealNew,
  vaultWith,
  type Sealed,
} from '../support/masters.ts'
import { isRecording } from '../support/shared-server.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let db: TestDatabase
let before: Database
let after: Database
beforeAll(async () => {
  db = await createTestDatabase()
  before = processWith(db.url, M1, M2)
  after = processWith(db.url, M2, M1)
})
afterAll(async () => {
  await Promise.all([before.close(), after.close()])
  await db.drop()
})
beforeEach(async () => {
  world = await startWorkflowEnvironment()
  await select(db.owner, 'TRUNCATE subject_keys, key_rotations')
})
afterEach(() => world.stop())

type Handle = WorkflowHandleWithFirstExecutionRunId<typeof keyRotation>

/** As `npm run keys:rotate` does. */
const rotate = (): Promise<Handle> =>
  world.env.client.workflow.start<typeof keyRotation>('keyRotation', {
    workflowId: keyRotationWorkflowId('m2'),
    taskQueue: TASK_QUEUES.business,
    args: [{ rotationId: randomUUID(), ...vaultOf(after).master, actorId: 'otieno' }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })

const keep = async (name: string, { workflowId }: Handle) => {
  if (isRecording()) await keepTested(world.env.client, { name, workflowId })
}

/** No step lasts: as if there were so many keys that a step moves few of them. */
const activities = (on: Database) => createKeyRotationActivities({ db: on, stepMs: 0 })

describe('a rotation', () => {
  it('goes on until nothing is left, and says which key nobody needs any more', async () => {
    await sealMany(before, vaultWith(M1), 1_200)
    const summary = await world.during(activities(after), async () => {
      const handle = await rotate()
      const ended = await handle.result()
      expect(await handle.query(rotationProgress)).toMatchObject({
        status: 'finished',
        round: 2,
        rewrapped: 1_200,
        toMove: 1_200,
      })
      await keep('key-rotation-finished', handle)
      return ended
    })
    expect(summary).toMatchObject({ status: 'finished', rewrapped: 1_200, unneeded: ['m1'] })
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: 1_200 }])
  })

  it('is one, however often it is started', async () => {
    await sealMany(before, vaultWith(M1), 10)
    await world.during(activities(after), async () => {
      const [one, other] = [await rotate(), await rotate()]
      expect(other.firstExecutionRunId).toBe(one.firstExecutionRunId)
      expect(await one.result()).toMatchObject({ status: 'finished', rewrapped: 10 })
    })
    const rows = await select(db, 'SELECT FROM key_rotations')
    expect(rows).toHaveLength(1)
  })

  it('stops with the number of keys that a missing master key wraps', async () => {
    await sealMany(before, vaultWith(M0), 4)
    await sealMany(before, vaultWith(M1), 6)
    const summary = await world.during(activities(after), async () => {
      const handle = await rotate()
      const ended = await handle.result()
      await keep('key-rotation-stopped-without-an-old-key', handle)
      return ended
    })
    expect(summary).toMatchObject({ status: 'stopped', left: [{ keyId: 'm0', rows: 4 }] })
    expect(summary.why).toContain('4 keys of people are still wrapped by m0, which is not set')
  })

  it('waits for a worker that has the new key; one that has not moves nothing', async () => {
    await sealMany(before, vaultWith(M1), 3)
    const handle = await world.during(activities(before), async () => {
      const begun = await rotate()
      // An hour of refusals, then it asks for people.
      await world.env.sleep('61 minutes')
      expect(await countKeys(db)).toEqual([{ keyId: 'm1', rows: 3 }])
      return begun
    })
    await world.during(activities(after), async () => {
      await whenParked(() => handle.executeUpdate(retryStep))
      expect(await handle.result()).toMatchObject({ status: 'finished', rewrapped: 3 })
    })
  })

  it('goes on where it was when the worker fell in the middle', async () => {
    await sealMany(before, vaultWith(M1), 1_500)
    const { rewrapKeys, ...rest } = activities(after)
    let fallen = 0
    const falling = {
      ...rest,
      rewrapKeys: async (...args: Parameters<typeof rewrapKeys>) => {
        const step = await rewrapKeys(...args)
        // What was written stands, and nobody hears of it.
        if (fallen++ % 2 === 0) throw new TypeError('the worker fell')
        return step
      },
    }
    const summary = await world.during(falling, async () => (await rotate()).result())
    expect(summary).toMatchObject({ status: 'finished', rewrapped: 1_500 })
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: 1_500 }])
  })
})

it('goes on under a history of its own when there are so many keys that one would not hold', async () => {
  const STEPS = 450
  let told = 0
  const many: KeyRotationActivities = {
    beginKeyRotation: async () => ({ toMove: STEPS - told, refused: null }),
    rewrapKeys: async () => {
      const isEnd = told === STEPS
      if (!isEnd) told += 1
      const place = isEnd || told === STEPS ? null : { keyId: 'm1', subjectId: randomUUID() }
      return { place, moved: isEnd ? 0 : 1, isReplaced: false }
    },
    endKeyRotation: async ({ rotationId, keyId }) => ({
      rotationId,
      keyId,
      status: 'finished',
      rewrapped: told,
      left: [],
      unneeded: [],
      why: null,
    }),
  }
  await world.during(many, async () => {
    const begun = await rotate()
    expect(await begun.result()).toMatchObject({ status: 'finished', rewrapped: STEPS })
    const newest = world.env.client.workflow.getHandle<typeof keyRotation>(begun.workflowId)
    const { runId } = await newest.describe()
    expect(runId).not.toBe(begun.firstExecutionRunId)
    expect(await newest.query(rotationProgress)).toMatchObject({
      rewrapped: STEPS,
      toMove: STEPS,
    })
  })
})

/** Seals and reads without a rest until it is stopped. */
function startLoad(processes: () => Database[], people: Sealed[]) {
  const told = { sealed: 0, read: 0, errors: [] as string[] }
  const stopping = new AbortController()
  const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T
  const loop = async (work: () => Promise<void>) => {
    while (!stopping.signal.aborted)
      await work().catch((error: unknown) => void told.errors.push(String(error)))
  }
  const write = async () => {
    people.push(await sealNew(pick(processes())))
    told.sealed += 1
  }
  const read = async () => {
    if (!(await isRead(pick(processes()), pick(people)))) throw new Error('it reads otherwise')
    told.read += 1
  }
  const loops = [write, write, read, read, read, read].map(loop)
  return {
    told,
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

describe('under load', () => {
  it('no value is unreadable for a moment, while one process after the other is restarted', async () => {
    const people = await sealMany(before, vaultWith(M1), 6_000)
    const counts = async () => JSON.stringify(await countKeys(db))
    const first = await counts()
    let processes = [before, after]
    const load = startLoad(() => processes, people)
    const summary = await world.during(activities(after), async () => {
      const handle = await rotate()
      // Half of it is done when the last process that wraps by the old key is restarted with the new one.
      while ((await handle.query(rotationProgress)).rewrapped < 3_000)
        await new Promise((resolve) => setImmediate(resolve))
      processes = [after]
      const ended = await handle.result()
      await keep('key-rotation-under-load', handle)
      return ended
    })
    await load.stop()
    process.stdout.write(
      `keys before ${first}, after ${await counts()}; meanwhile ${load.told.sealed} sealed and ${load.told.read} read, ` +
        `${load.told.errors.length} errors\n`,
    )
    expect(load.told.errors).toEqual([])
    expect(load.told.sealed).toBeGreaterThan(0)
    expect(load.told.read).toBeGreaterThan(0)
    expect(summary).toMatchObject({ status: 'finished', left: [], unneeded: ['m1'] })
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: people.length }])
    const alone = processWith(db.url, M2)
    try {
      for (const one of people) expect(await isRead(alone, one)).toBe(true)
    } finally {
      await alone.close()
    }
  })
})
