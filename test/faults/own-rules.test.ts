/** Rules that only one fault has: each sees what breaks it, and nothing where nothing is broken. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inTransaction } from '../../db/connection.ts'
import { endReservation } from '../../db/reservation-ends.ts'
import { machine } from '../../faults/catalogue/machine.ts'
import { findBlind } from '../../faults/checker/blind.ts'
import type { Sql, World } from '../../faults/checker/world.ts'
import { buildBooking } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { pretendOn, sqlOn } from '../support/inspected.ts'

let db: TestDatabase
let pool: pg.Pool
/** These rules ask the tables and nobody else. */
const worldOf = (sql: Sql) => ({ sql }) as unknown as World

beforeAll(async () => {
  db = await createTestDatabase()
  pool = new pg.Pool({ connectionString: db.ownerUrl, max: 2 })
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
