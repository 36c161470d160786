/** Rules that only one fault has: each sees what breaks it, and nothing where nothing is broken. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { endErasure } from '../../db/erasing-steps.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { ERASURE_PARTS } from '../../domain/erasures.ts'
import { ASK, erasingRules, LINE, OPEN_ACCOUNT } from '../../faults/catalogue/erasing-rules.ts'
import { machine } from '../../faults/catalogue/machine.ts'
import { findBlind } from '../../faults/checker/blind.ts'
import { findBroken } from '../../faults/checker/index.ts'
import { startWatching } from '../../faults/checker/watch.ts'
import type { Sql, World } from '../../faults/checker/world.ts'
import type { Action, Facts, Outcome } from '../../faults/log.ts'
import { buildBooking, buildCustomer } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ask, buildKnown, erasePart, look as lookAt } from '../support/forgetting.ts'
import { pretendOn, sqlOn, worldOf as wholeWorldOf } from '../support/inspected.ts'

let db: TestDatabase
let pool: pg.Pool
/** These rules ask the tables and nobody else. */
const worldOf = (sql: Sql) => ({ sql }) as unknown as World

beforeAll(async () => {
  db = await createTestDatabase()
  pool = new pg.Pool({ connectionString: db.ownerUrl, max: 2 })
  // Whoever drops the database may end a connection that is on its way out.
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool?.end()
  await db?.drop()
})

const pretend = pretendOn(() => pool)

it('rules stand where nothing of Gari may be imported', () => {
  const folder = join(import.meta.dirname, '../../faults/catalogue')
  const withRules = readdirSync(folder).filter((file) =>
    /^\s+plant:/m.test(readFileSync(join(folder, file), 'utf8')),
  )
  expect(withRules).toEqual([
    'clock-rules.ts',
    'crowding-rules.ts',
    'erasing-rules.ts',
    'restore-rules.ts',
  ])
})

it('a booking that runs out before its time is seen, one that runs out in time is not', async () => {
  const rules = machine.flatMap(({ rules: own }) => own ?? [])
  expect(rules.map(({ name }) => name)).toEqual(['no booking runs out before its time'])
  const [rule] = rules
  const { input } = await buildBooking(db)
  const look = async () => worldOf(sqlOn(pool))
  expect(await rule?.broken(await look())).toEqual([])
  expect(await findBlind({ look, pretend }, rules)).toEqual([])
  const end = { reservationId: input.reservationId, actorId: 'gari', note: null }
  await inTransaction(db, (tx) => endReservation(tx, { ...end, reason: 'deadline' }))
  expect(await rule?.broken(await look())).toHaveLength(1)
  await pool.query("UPDATE reservations SET hold_expires_at = ended_at - interval '1 second'")
  expect(await rule?.broken(await look())).toEqual([])
})

const said = (what: string, facts: Facts, outcome: Outcome = 'ok'): Action => {
  const when = { tries: 1, beganAt: 0, endedAt: 1 }
  return { id: what, line: LINE, what, facts, outcome, ...when }
}
const nameOf = async (userId: string): Promise<string> =>
  (
    await selectOne<{ first: string }>(db, 'SELECT first_name AS first FROM users WHERE id = $1', [
      userId,
    ])
  )?.first ?? ''

it('what is left of somebody who is forgotten is seen, and what became of everybody who asked', async () => {
  await startWatching(sqlOn(pool))
  const staying = await buildCustomer(db)
  await buildBooking(db, { customerId: staying })
  expect(await ask(db, staying)).toMatchObject({ status: 'refused' })
  await select(
    db,
    `INSERT INTO sessions (token_hash, user_id, kind, csrf, expires_at)
     VALUES (sha256('staying'), $1, 'page', 'x', now() + interval '1 day')`,
    [staying],
  )
  const stayingName = await nameOf(staying)
  const { userId } = await buildKnown(db)
  const known = { first: 'Zawadi', last: 'Mwakitele', email: 'zawadi@example.com' }
  const more = { phone: '254733912345', licence: 'DLX4471190', born: '1987-03-05' }
  const actions = [
    said(OPEN_ACCOUNT, { id: userId, ...known, ...more }),
    said(ASK, { id: userId }),
    said(OPEN_ACCOUNT, { ...known, ...more, id: staying, first: stayingName }),
    said(ASK, { id: staying, status: 409 }, 'refused'),
  ]
  const look = async () => wholeWorldOf(sqlOn(pool), { actions })
  const broken = async () =>
    (await findBroken(await look(), erasingRules)).map(({ rule }) => rule.split(' ').slice(0, 3))

  expect(await broken()).toEqual([['who', 'was', 'told']])
  const { id } = await ask(db, userId, { now: new Date() })
  await lookAt(db, id, new Date())
  expect(await broken()).toEqual([['who', 'was', 'told']])
  for (const part of ERASURE_PARTS) await erasePart(db, id, part)
  await inTransaction(db, (tx) => endErasure(tx, id, new Date()))
  await select(db, 'UPDATE erasure_letters SET address = NULL, sent_at = now()')
  expect(await broken()).toEqual([])
  expect(await findBlind({ look, pretend }, erasingRules)).toEqual([])
})
