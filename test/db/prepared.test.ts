/** Statements that are planned once for each connection, as PostgreSQL itself lists them. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne, type Tx } from '../../db/connection.ts'
import { prepared } from '../../db/prepared.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const timesPlanned = async (tx: Tx, statement: string) =>
  select<{ uses: string }>(
    tx,
    'SELECT (generic_plans + custom_plans)::text AS uses FROM pg_prepared_statements WHERE statement = $1',
    [statement],
  )

it.each([
  ['with values', prepared('SELECT $1::int + 1 AS n'), [6]],
  ['without values', prepared('SELECT 7 AS n'), []],
])('%s, one is kept by its connection and used again', async (_, statement, values) => {
  await inTransaction(db, async (tx) => {
    for (const _use of [1, 2, 3]) expect(await selectOne(tx, statement, values)).toEqual({ n: 7 })
    expect(await timesPlanned(tx, statement)).toEqual([{ uses: '3' }])
  })
})
