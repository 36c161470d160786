/** Whoever changes the audit behind our back is found: the chain is sealed by us, and told to Kafka, here as the outbox holds it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { appendAudit } from '../../db/audit.ts'
import { findHead, findSealedUpTo, sealNext, tellHead } from '../../db/audit-chain.ts'
import { inTransaction, select, type Tx } from '../../db/connection.ts'
import { from } from '../../db/origin.ts'
import { takeOutboxBatch } from '../../db/outbox.ts'
import { TOPICS } from '../../domain/events.ts'
import type { EventLog } from '../../gateways/kafka.ts'
import { createSeal } from '../../gateways/sealing.ts'
import { checkAudit } from '../../workers/checking-audit.ts'
import { toCloudEvent } from '../../workers/outbox.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const seal = createSeal(Buffer.alloc(32, 7))
const ENTRIES = 12

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const write = (nth: number, on?: Tx) => {
  const entry = {
    actor: 'amina',
    action: 'refund.approved',
    entity: 'refund',
    entityId: `refund-${nth}`,
    before: { amount: nth },
    after: { amount: nth + 1, 'ключ "x"': '\u2028' },
    why: 'a reason',
  }
  return on ? appendAudit(on, entry) : inTransaction(db, (tx) => appendAudit(tx, entry))
}
const sealAll = () => inTransaction(db, (tx) => sealNext(tx, seal, 1_000))
const tell = (restMs = 0) => inTransaction(db, (tx) => tellHead(tx, restMs))

/** What Kafka holds: every head that the outbox was ever given. */
async function published(): Promise<EventLog> {
  const rows = await inTransaction(db, (tx) => takeOutboxBatch(tx, 100))
  const heads = rows.filter(({ topic }) => topic === TOPICS.audit)
  return {
    readSince: async ({ onMessage }: Parameters<EventLog['readSince']>[0]) => {
      for (const row of heads) await onMessage({ ...toCloudEvent(row), topic: row.topic } as never)
    },
  } as EventLog
}
const check = async () => {
  const { flaws, ...rest } = await checkAudit({ db, seal, kafka: await published() })
  return { ...rest, flaws: flaws.map(({ kind, position }) => `${kind} ${position ?? ''}`.trim()) }
}
const flaws = async () => (await check()).flaws

/** Somebody who owns the database: no trigger is in the way. */
const tamper = (sql: string) =>
  inTransaction(db.owner, async (tx) => {
    await select(tx, "SET LOCAL session_replication_role = 'replica'")
    await select(tx, sql)
  })

async function writeSealed() {
  for (let nth = 1; nth <= ENTRIES; nth += 1) await write(nth)
  await sealAll()
  await tell()
}
/** Entries of the sample data are sealed before. */
const place = async (nth: number): Promise<number> => (await findHead(db)).position - ENTRIES + nth

describe('the chain', () => {
  it('seals everything once, in the order of commits, whoever began first', async () => {
    await sealAll()
    const begun = await db.sequelize.transaction()
    await write(1, begun)
    await write(2)
    expect(await sealAll()).toBe(1)
    await begun.commit()
    expect(await sealAll()).toBe(1)
    expect(await sealAll()).toBe(0)
    const rows = await select<{ id: string }>(
      db,
      `SELECT a.entity_id AS id FROM audit_chain c JOIN audit_entries a ON a.id = c.entry_id
       WHERE a.entity = 'refund' ORDER BY c.position`,
    )
    expect(rows.map(({ id }) => id)).toEqual(['refund-2', 'refund-1'])
    expect(await flaws()).toEqual([])
  })

  it('reads what is old once only, however much there is, and loses nothing of what is young', async () => {
    await sealAll()
    const [row] = await select<{ last: string }>(
      db,
      `INSERT INTO audit_entries (actor, action, entity, entity_id, at)
       SELECT 'amina', 'refund.approved', 'refund', 'old-' || n, now() - interval '3 hours'
       FROM generate_series(1, 60) n RETURNING (SELECT max(id) FROM audit_entries)::text AS last`,
    )
    const last = Number(row?.last)
    const inSteps = () => inTransaction(db, (tx) => sealNext(tx, seal, 10))
    for (let step = 1; step <= 6; step += 1) {
      expect(await inSteps()).toBe(10)
      expect(await findSealedUpTo(db)).toBe(String(last + 10 * step))
    }
    const begun = await db.sequelize.transaction()
    await write(1, begun)
    for (let nth = 2; nth <= 6; nth += 1) await write(nth)
    expect(await sealAll()).toBe(5)
    // Young entries move nothing, and what was found before is still found from where they end.
    expect(Number(await findSealedUpTo(db))).toBeGreaterThanOrEqual(last + 60 - 5)
    expect(Number(await findSealedUpTo(db))).toBeLessThanOrEqual(last + 60)
    await begun.commit()
    expect(await sealAll()).toBe(1)
    expect(await flaws()).toEqual([])
  })

  it('is made by one at a time', async () => {
    await write(1)
    const other = await db.sequelize.transaction()
    await sealNext(other, seal, 10)
    expect(await sealAll()).toBeNull()
    await other.commit()
    expect(await flaws()).toEqual([])
  })

  it('says where an entry came from', async () => {
    await from('41.90.3.7 request 17', () => write(1))
    const [row] = await select<{ origin: string }>(
      db,
      "SELECT origin FROM audit_entries WHERE entity_id = 'refund-1'",
    )
    expect(row?.origin).toBe('41.90.3.7 request 17')
  })

  it('tells Kafka where it stands, when it has grown and some time has passed', async () => {
    await sealAll()
    expect(await tell()).toBe(true)
    expect(await tell()).toBe(false)
    await write(1)
    await sealAll()
    expect(await tell(60_000)).toBe(false)
    expect(await tell()).toBe(true)
    expect(await check()).toMatchObject({ published: 2, lostHeads: 0, flaws: [] })
  })
})

describe('whoever', () => {
  beforeEach(writeSealed)

  it.each([
    ['actor', "actor = 'kamau'"],
    ['time', "at = at + interval '1 microsecond'"],
    ['figure', `before = '{"amount": 5000}'`],
    ['reason', 'why = NULL'],
    ['origin', "origin = '10.0.0.1'"],
  ])('changes the %s of an entry is found at its place', async (_what, change) => {
    await tamper(`UPDATE audit_entries SET ${change} WHERE entity_id = 'refund-5'`)
    expect(await flaws()).toEqual([`changed ${await place(5)}`])
  })

  it('takes an entry away is found', async () => {
    await tamper("DELETE FROM audit_entries WHERE entity_id = 'refund-5'")
    expect(await flaws()).toEqual([`entry_missing ${await place(5)}`])
  })

  it('takes an entry and its seal away is found', async () => {
    const gone = await place(5)
    await tamper(`DELETE FROM audit_chain WHERE position = ${gone}`)
    await tamper("DELETE FROM audit_entries WHERE entity_id = 'refund-5'")
    expect(await flaws()).toEqual([`link_missing ${gone}`])
  })

  it('swaps two entries is found at both', async () => {
    const [one, two] = [await place(5), await place(8)]
    await tamper(
      `UPDATE audit_chain c SET entry_id = -o.entry_id FROM audit_chain o
       WHERE (c.position, o.position) IN ((${one}, ${two}), (${two}, ${one}))`,
    )
    await tamper('UPDATE audit_chain SET entry_id = -entry_id WHERE entry_id < 0')
    expect(await flaws()).toEqual([`changed ${one}`, `changed ${two}`])
  })

  it('moves the rest up, so that no number is missing, is found', async () => {
    const gone = await place(5)
    await tamper(`DELETE FROM audit_chain WHERE position = ${gone}`)
    await tamper(`UPDATE audit_chain SET position = position + 1000 WHERE position > ${gone}`)
    await tamper('UPDATE audit_chain SET position = position - 1001 WHERE position > 1000')
    expect(await flaws()).toContain(`changed ${gone}`)
  })

  it('cuts the end off is found by what was published', async () => {
    const last = await place(ENTRIES)
    await tamper("DELETE FROM audit_entries WHERE entity_id IN ('refund-11', 'refund-12')")
    await tamper(`DELETE FROM audit_chain WHERE position > ${last - 2}`)
    expect(await flaws()).toEqual([`cut_off ${last}`])
    // And in their place something else was written and sealed.
    await write(21)
    await write(22)
    await sealAll()
    expect(await flaws()).toEqual([`other_than_published ${last}`])
  })

  it('seals it all again without our key is found', async () => {
    const before = await place(0)
    await tamper('DELETE FROM audit_heads')
    await tamper(`DELETE FROM audit_chain WHERE position > ${before}`)
    const other = createSeal(Buffer.alloc(32, 8))
    await inTransaction(db, (tx) => sealNext(tx, other, 1_000))
    expect((await flaws()).filter((one) => one.startsWith('changed'))).toHaveLength(ENTRIES)
  })

  it('seals it all again with our key is found by what was published', async () => {
    const before = await place(0)
    await tamper('DELETE FROM audit_heads')
    await tamper(`DELETE FROM audit_chain WHERE position > ${before}`)
    await tamper("DELETE FROM audit_entries WHERE entity_id = 'refund-5'")
    await sealAll()
    expect(await flaws()).toEqual([`cut_off ${before + ENTRIES}`])
  })

  it('keeps entries from being sealed is found after an hour', async () => {
    await write(20)
    expect(await flaws()).toEqual([])
    await tamper(
      "UPDATE audit_entries SET at = at - interval '61 minutes' WHERE entity_id = 'refund-20'",
    )
    expect(await flaws()).toEqual(['not_sealed'])
  })
})

it('a planted link far away is one flaw, and does not keep the check from its end', async () => {
  await writeSealed()
  const last = await place(ENTRIES)
  await tamper(
    `INSERT INTO audit_chain (position, entry_id, hash)
     VALUES (${Number.MAX_SAFE_INTEGER}, 9000000, decode(repeat('ab', 32), 'hex'))`,
  )
  expect(await flaws()).toEqual([
    `link_missing ${last + 1}`,
    `entry_missing ${Number.MAX_SAFE_INTEGER}`,
  ])
})

it('a head that Kafka lost is missed', async () => {
  await writeSealed()
  await tamper("UPDATE audit_heads SET told_at = told_at - interval '13 hours'")
  await tamper("DELETE FROM outbox WHERE key = 'audit'")
  expect(await flaws()).toEqual([`not_published ${await place(ENTRIES)}`])
})

it('an entry that was under way while nobody sealed for hours is sealed all the same', async () => {
  await sealAll()
  const begun = await db.sequelize.transaction()
  await write(1, begun)
  await write(2)
  await sealAll()
  await begun.commit()
  await tamper("UPDATE audit_chain SET sealed_at = sealed_at - interval '5 hours'")
  expect(await sealAll()).toBe(1)
  expect(await flaws()).toEqual([])
})

it('what a restore has lost is told, and is no flaw', async () => {
  await writeSealed()
  const { hash } = await findHead(db)
  const last = await place(ENTRIES)
  await tamper(`DELETE FROM audit_chain WHERE position = ${last}`)
  await tamper("DELETE FROM audit_entries WHERE entity_id = 'refund-12'")
  await tamper(`DELETE FROM audit_heads WHERE position = ${last}`)
  const lost = {
    actor: 'after-restore',
    action: 'audit.head_lost',
    entity: 'audit',
    entityId: hash,
  }
  await inTransaction(db, (tx) => appendAudit(tx, lost))
  await sealAll()
  expect(await check()).toMatchObject({ lostHeads: 1, flaws: [] })
})
