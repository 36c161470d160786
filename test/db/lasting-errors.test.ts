/** A database that is away is waited for; what it refuses for good is not asked again for half a day. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select } from '../../db/connection.ts'
import { isLasting } from '../../db/lasting-errors.ts'
import { freePort } from '../../local/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await select(db.owner, 'CREATE TABLE once (id int PRIMARY KEY, day date CHECK (id > 0))')
  await select(db.owner, 'GRANT SELECT, INSERT ON once TO gari_app')
  await select(db, 'INSERT INTO once (id) VALUES (1)')
})
afterAll(() => db.drop())

const thrownBy = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => null,
    (error: unknown) => error,
  )

describe('an error of the books', () => {
  it.each([
    ['a broken uniqueness', 'INSERT INTO once (id) VALUES (1)'],
    ['a broken check', 'INSERT INTO once (id) VALUES (-1)'],
    ['a value that cannot be', "INSERT INTO once (id, day) VALUES (2, '2026-02-30')"],
    ['a statement that is wrong', 'SELECT nothing FROM nowhere'],
  ])('lasts: %s', async (_, sql) => {
    expect(isLasting(await thrownBy(() => select(db, sql)))).toBe(true)
    expect(isLasting(await thrownBy(() => inTransaction(db, (tx) => select(tx, sql))))).toBe(true)
  })

  it('lasts: a promise of ours that does not hold', () => {
    expect(isLasting(new Error('payment 7 does not exist'))).toBe(true)
  })

  it('passes: a database that is away, is shutting down, or that waits too long', async () => {
    const url = `postgres://gari@127.0.0.1:${await freePort()}/gari`
    const nowhere = connectDatabase({ url, applicationName: 'gari-tests' })
    expect(isLasting(await thrownBy(() => select(nowhere, 'SELECT 1')))).toBe(false)
    await nowhere.close()
    const asked = thrownBy(() => select(db, 'SELECT pg_terminate_backend(pg_backend_pid())'))
    expect(isLasting(await asked)).toBe(false)
    const slow = inTransaction(db, async (tx) => {
      await select(tx, 'SET LOCAL statement_timeout = 1')
      await select(tx, 'SELECT pg_sleep(1)')
    })
    expect(isLasting(await thrownBy(() => slow))).toBe(false)
  })
})
