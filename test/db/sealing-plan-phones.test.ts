/** Phones of plans are sealed beside a release that knows nothing of it: both ask the same phones, and nothing is left open in the end. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  connectDatabase,
  inTransaction,
  select,
  selectOne,
  type Database,
} from '../../db/connection.ts'
import { PLANS } from '../../db/erasing-bookings.ts'
import { overwrite } from '../../db/erasing.ts'
import { beat } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { endPlan, openPlan, readPlanFacts } from '../../db/payment-plans.ts'
import { addPlanPhone, restPlanPhone } from '../../db/plan-phones.ts'
import { listPlanPhones } from '../../db/plan-reads.ts'
import { listPlanRefusals } from '../../db/plan-refusals.ts'
import { listRunningPlans } from '../../db/restored-books.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { emptyOpenPlanPhones, sealOpenPlanPhones } from '../../db/sealing-plan-phones.ts'
import { shillings } from '../../domain/money.ts'
import { NEVER } from '../../domain/payment-plans.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { count, nextPhone, NOW } from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
/** A release from before may be at work. */
beforeEach(() =>
  select(
    db.owner,
    "INSERT INTO read_by_older_release VALUES ('payment_plan_phones') ON CONFLICT DO NOTHING",
  ),
)

async function begin(phone = nextPhone(), on: Database = db) {
  const { input } = await buildCharge(db)
  const planId = randomUUID()
  const plan = {
    planId,
    purpose: 'charge' as const,
    ownerId: input.chargeId,
    partyId: input.parties[0]?.id ?? '',
    actorId: input.customerId,
    amount: shillings(1_000),
    phones: [{ phone, phoneHash: '' }],
    deadline: new Date(NOW.getTime() + HOUR_MS).toISOString(),
  }
  expect(await inTransaction(on, (tx) => openPlan(tx, plan, NOW))).toMatchObject({
    outcome: 'opened',
  })
  return { planId, phone, customerId: input.customerId }
}
const add = (planId: string, phone: string) =>
  inTransaction(db, (tx) => addPlanPhone(tx, { planId, phone, actorId: 'amina' }))
/** As the release before writes one more. */
async function addBefore(planId: string, phone = nextPhone()) {
  await select(
    db,
    'INSERT INTO payment_plan_phones (plan_id, position, phone) VALUES ($1, 1, $2) RETURNING position',
    [planId, phone],
  )
  return phone
}
/** As the release before reads them. */
const readBefore = async (planId: string) =>
  (
    await select<{ phone: string | null }>(
      db,
      'SELECT phone FROM payment_plan_phones WHERE plan_id = $1 ORDER BY position',
      [planId],
    )
  ).map(({ phone }) => phone)
const phonesOf = async (planId: string) =>
  (await listPlanPhones(db, planId)).map(({ phone }) => phone)
const sealAll = async () => {
  while (await sealOpenPlanPhones(db));
}
const emptyAll = async () => {
  while (await emptyOpenPlanPhones(db));
}
const found = (phone: string) =>
  count(db, 'payment_plan_phones WHERE phone_index = $1 AND phone_sealed IS NOT NULL', [
    phoneIndex(db, phone),
  ])

describe('beside the release before', () => {
  it('a plan’s phones are sealed, and written as that one reads them', async () => {
    const { planId, phone } = await begin()
    const later = nextPhone()
    expect(await add(planId, later)).toEqual({ outcome: 'added', position: 1 })
    expect(await readBefore(planId)).toEqual([phone, later])
    expect(await phonesOf(planId)).toEqual([phone, later])
    expect([await found(phone), await found(later)]).toEqual([1, 1])
  })

  it('what that one writes is read at once, named only once, and sealed', async () => {
    const { planId, phone } = await begin()
    const theirs = await addBefore(planId)
    expect(await phonesOf(planId)).toEqual([phone, theirs])
    expect(await add(planId, theirs)).toEqual({ outcome: 'added', position: 1 })
    expect(await found(theirs)).toBe(0)
    await sealAll()
    expect(await found(theirs)).toBe(1)
    expect(await readBefore(planId)).toEqual([phone, theirs])
    expect(await phonesOf(planId)).toEqual([phone, theirs])
  })

  it('a phone is sealed by a key that came along, and none is asked for', async () => {
    const asked: string[] = []
    const on = connectDatabase({
      url: db.url,
      pool: 1,
      applicationName: 'gari-tests',
      vault: testVault,
      log: (sql) => asked.push(sql),
    })
    try {
      const { phone } = await begin(nextPhone(), on)
      expect(await found(phone)).toBe(1)
    } finally {
      await on.close()
    }
    expect(asked.some((sql) => sql.includes('INTO payment_plan_phones'))).toBe(true)
    expect(asked.filter((sql) => /(?:INTO|FROM) subject_keys (?!k\b)/.test(sql))).toEqual([])
  })

  it('neither writes a phone of the other a second time', async () => {
    const { planId, phone } = await begin()
    await expect(addBefore(planId, phone)).rejects.toThrow()
    expect(await phonesOf(planId)).toEqual([phone])
  })

  it('what that one forgets is forgotten sealed as well, and is no phone to seal', async () => {
    const { planId, phone } = await begin()
    await select(
      db,
      "UPDATE payment_plan_phones SET phone = 'erased ' || position WHERE plan_id = $1",
      [planId],
    )
    expect(await phonesOf(planId)).toEqual([''])
    await sealAll()
    expect(await found(phone)).toBe(0)
    expect(await readBefore(planId)).toEqual(['erased 0'])
  })
})

describe('once the release before is gone', () => {
  it('nothing stands open, nothing is written so, and every phone is read', async () => {
    const { planId, phone } = await begin()
    const theirs = await addBefore(planId)
    await emptyAll()
    // What is not sealed yet is not lost.
    expect(await readBefore(planId)).toEqual([null, theirs])
    await sealAll()
    await emptyAll()
    const next = await begin()
    const later = nextPhone()
    await add(next.planId, later)
    expect(await count(db, 'payment_plan_phones WHERE phone IS NOT NULL')).toBe(0)
    expect(await phonesOf(planId)).toEqual([phone, theirs])
    expect(await phonesOf(next.planId)).toEqual([next.phone, later])
    const running = await listRunningPlans(db, new Date(Date.now() + HOUR_MS))
    expect(running.find((one) => one.planId === planId)?.phones).toEqual([phone, theirs])
    expect(
      await count(
        db,
        "audit_entries WHERE entity_id = 'payment_plan_phones' AND action = 'personal_columns.emptied'",
      ),
    ).toBeGreaterThan(0)
  })

  it('a phone is named once in a plan, and rests as before', async () => {
    await emptyAll()
    const { planId, phone } = await begin()
    expect(await add(planId, phone)).toEqual({ outcome: 'added', position: 0 })
    await restPlanPhone(db, { planId, position: 0, code: '2001', until: NEVER })
    expect(await listPlanRefusals(db, planId, NOW)).toEqual([{ phone, code: '2001' }])
    const facts = await readPlanFacts(db, planId, NOW)
    expect(facts.phones).toEqual([{ position: 0, restCode: '2001', restsUntil: NEVER }])
    expect(JSON.stringify(facts)).not.toContain(phone)
    const rest = new Date(NOW.getTime() + HOUR_MS)
    await restPlanPhone(db, { planId, position: 0, code: '1', until: rest.getTime() })
    expect(await listPlanRefusals(db, planId, NOW)).toHaveLength(1)
    expect(await listPlanRefusals(db, planId, rest)).toEqual([])
  })
})

describe('who is forgotten', () => {
  const NOBODY = randomUUID()
  const forget = (userId: string, phone: string | null) =>
    inTransaction(db, async (tx) => {
      for (const plans of PLANS) await overwrite(tx, plans, { userId, phone })
    })
  const end = (planId: string) => inTransaction(db, (tx) => endPlan(tx, planId, 'stopped', 'amina'))
  const kept = (planId: string) =>
    selectOne(
      db,
      `SELECT count(phone_sealed)::int + count(phone_index)::int AS sealed, count(phone)::int AS open
       FROM payment_plan_phones WHERE plan_id = $1`,
      [planId],
    )

  it('is found by their proven phone in plans of others, when these are over', async () => {
    await emptyAll()
    const { planId, phone } = await begin()
    const other = nextPhone()
    await add(planId, other)
    await forget(NOBODY, other)
    expect(await phonesOf(planId)).toEqual([phone, other])
    await end(planId)
    await forget(NOBODY, other)
    expect(await phonesOf(planId)).toEqual([phone, ''])
    expect(await kept(planId)).toEqual({ sealed: 2, open: 0 })
  })

  it('takes along all phones of their plans, and those that the release before still shows', async () => {
    const { planId, customerId } = await begin()
    await addBefore(planId)
    await end(planId)
    await forget(customerId, null)
    expect(await phonesOf(planId)).toEqual(['', ''])
    expect(await readBefore(planId)).toEqual(['erased 0', 'erased 1'])
    expect(await kept(planId)).toEqual({ sealed: 0, open: 2 })
    await emptyAll()
    expect(await kept(planId)).toEqual({ sealed: 0, open: 0 })
  })

  it('leaves nothing to read in a backup, once their key is destroyed', async () => {
    await emptyAll()
    const { planId, customerId } = await begin()
    await select(db, 'DELETE FROM subject_keys WHERE subject_id = $1', [customerId])
    expect(await phonesOf(planId)).toEqual([''])
  })
})

describe('the migration', () => {
  const NAME = '0100-sealed-plan-phones'
  const again = async () => {
    await select(db.owner, 'DELETE FROM migrations WHERE name = $1', [NAME])
    await select(db.owner, 'DELETE FROM read_by_older_release')
    return migrateDatabase(db.migrationUrl, MIGRATIONS, testVault)
  }

  it('seals what it finds, and leaves it to a release before that was ever at work', async () => {
    const { planId } = await begin()
    const theirs = await addBefore(planId)
    expect(await again()).toEqual([NAME])
    expect(await found(theirs)).toBe(1)
    expect(await count(db, 'read_by_older_release')).toBe(0)
    await inTransaction(db, (tx) =>
      beat(tx, { part: 'business', instance: 'a', version: '0.1.0', detail: null }),
    )
    await again()
    expect(await count(db, 'read_by_older_release')).toBe(1)
  })
})
