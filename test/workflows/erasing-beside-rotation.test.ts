/** People are forgotten while the master key is replaced: real PostgreSQL, real vaults, both stories at once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createErasureActivities } from '../../activities/erasures.ts'
import { createKeyRotationActivities } from '../../activities/key-rotation.ts'
import { createUser, findContact } from '../../db/accounts.ts'
import { inTransaction, select, vaultOf, type Database } from '../../db/connection.ts'
import { countKeys } from '../../db/key-rotations.ts'
import type { Erasure } from '../../db/erasures.ts'
import { revealAll } from '../../db/subject-keys.ts'
import { erasureWorkflowId, keyRotationWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import type { erasure } from '../../workflows/erasure.ts'
import { rotationProgress } from '../../workflows/key-rotation-messages.ts'
import type { keyRotation } from '../../workflows/key-rotation.ts'
import { NOW } from '../support/builders.ts'
import {
  createTestDatabase,
  TEST_MASTER,
  testVault,
  type TestDatabase,
} from '../support/database.ts'
import { ask, buildKnown, PLANTED, searchDump } from '../support/forgetting.ts'
import { eventually } from '../support/stack.ts'
import { isRead, M2, processWith, sealMany } from '../support/masters.ts'
import {
  startWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

const OTHERS = 3_000
const GOING = 12
const STAYING = 12

let world: WorkflowEnvironment
let db: TestDatabase
/** It knows both keys and wraps by the new one. */
let after: Database
beforeAll(async () => {
  world = await startWorkflowEnvironment()
  db = await createTestDatabase()
  after = processWith(db.url, M2, TEST_MASTER)
})
afterAll(async () => {
  await world.stop()
  await after.close()
  await db.drop()
})

const nameOf = (nth: number): string => `Kwaheri${nth}wa`
type Account = { userId: string; phone: string; sealed: Buffer }

async function openAccount(nth: number): Promise<Account> {
  const phone = `+2547339${String(nth).padStart(5, '0')}`
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: `nth.${nth}@example.com`,
      passwordHash: 'not-a-hash',
      firstName: nameOf(nth),
      lastName: 'Sahau',
      phone,
      phoneVerified: true,
    }),
  )
  const [row] = await select<{ sealed: Buffer }>(
    db,
    'SELECT phone_sealed AS sealed FROM users WHERE id = $1',
    [userId],
  )
  return { userId, phone, sealed: row?.sealed ?? Buffer.alloc(0) }
}
const openMany = async (many: number, from: number): Promise<Account[]> => {
  const all: Account[] = []
  for (let nth = from; nth < from + many; nth += 1) all.push(await openAccount(nth))
  return all
}

/** As `npm run keys:rotate` does. */
const rotate = () =>
  world.env.client.workflow.start<typeof keyRotation>('keyRotation', {
    workflowId: keyRotationWorkflowId(M2.keyId),
    taskQueue: TASK_QUEUES.business,
    args: [{ rotationId: randomUUID(), ...vaultOf(after).master, actorId: 'otieno' }],
  })
/** As the sweep does. Nobody waits for its result here: that would let the clock jump over what the others are doing. */
const erase = ({ id }: Erasure) =>
  world.env.client.workflow.start<typeof erasure>('erasure', {
    workflowId: erasureWorkflowId(id),
    taskQueue: TASK_QUEUES.business,
    args: [{ erasureId: id }],
  })

const activities = () => ({
  ...createErasureActivities({ db: after, now: () => NOW }),
  // No step lasts: as if there were so many keys that a step moves few of them.
  ...createKeyRotationActivities({ db: after, stepMs: 0 }),
})

/** A copy of what was sealed, as a backup has it. */
const readCopy = ({ userId, sealed }: Account) =>
  revealAll(after, [
    { place: { subjectId: userId, table: 'users', column: 'phone_sealed', row: userId }, sealed },
  ])

const countErased = async (): Promise<number> =>
  (await select(db, "SELECT id FROM erasures WHERE status = 'done'")).length

describe('people who are forgotten while keys are moved', () => {
  it('leave nothing readable, nobody else loses a word, and the rotation ends', async () => {
    const strangers = await sealMany(db, testVault, OTHERS)
    const known = await buildKnown(db)
    const [going, staying] = [await openMany(GOING, 0), await openMany(STAYING, GOING)]
    expect(await readCopy(going[0] as Account)).toEqual(['+254733900000'])
    const leaving = [known.userId, ...going.map(({ userId }) => userId)]
    const wishes = await Promise.all(leaving.map((userId) => ask(after, userId)))
    const keysBefore = (await countKeys(db)).reduce((sum, { rows }) => sum + rows, 0)

    const summary = await world.during(activities(), async () => {
      const rotation = await rotate()
      // Some go before it, some beside it, the last when most keys are moved.
      await Promise.all(wishes.slice(0, -1).map(erase))
      while ((await rotation.query(rotationProgress)).rewrapped < OTHERS / 2)
        await new Promise((resolve) => setImmediate(resolve))
      await erase(wishes.at(-1) as Erasure)
      await eventually('all are forgotten', async () => (await countErased()) === leaving.length)
      return rotation.result()
    })

    expect(summary).toMatchObject({ status: 'finished', left: [], unneeded: [TEST_MASTER.keyId] })
    expect(await countKeys(db)).toEqual([{ keyId: 'm2', rows: keysBefore - leaving.length }])
    await select(db, 'UPDATE erasure_letters SET address = NULL, sent_at = now()')
    const words = going.flatMap(({ phone }, nth) => [nameOf(nth), `nth.${nth}@`, phone.slice(4)])
    expect(
      await searchDump(
        db,
        words.map((word) => word.toLowerCase()),
      ),
    ).toEqual([])
    // A tax document names its buyer until its time is over.
    expect((await searchDump(db, PLANTED)).every((one) => one.startsWith('invoices: '))).toBe(true)
    for (const one of going) expect(await readCopy(one)).toEqual([null])

    const alone = processWith(db.url, M2)
    try {
      for (const one of strangers) expect(await isRead(alone, one)).toBe(true)
      for (const { userId, phone } of staying)
        expect(await findContact(alone, userId)).toEqual({ phone, verified: true })
    } finally {
      await alone.close()
    }
  })
})
