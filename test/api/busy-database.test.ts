/** What PostgreSQL cannot do now is nobody's mistake: people are told to try again, not that something went wrong. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { toBusinessError } from '../../api/problems.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** While somebody else has the table for themselves. */
async function readLocked(patience: string): Promise<unknown> {
  const { sequelize } = db
  return inTransaction(db.owner, async (owner) => {
    await select(owner, 'LOCK TABLE vehicles IN ACCESS EXCLUSIVE MODE')
    return sequelize
      .transaction(async (transaction) => {
        await sequelize.query(`SET LOCAL ${patience}`, { transaction })
        await sequelize.query('SELECT 1 FROM vehicles', { transaction })
      })
      .catch((error: unknown) => error)
  })
}

describe('a table that somebody else has locked', () => {
  it.each(['statement_timeout = 50', 'lock_timeout = 50'])(
    'is said to be away for now, after %s',
    async (patience) => {
      const error = await readLocked(patience)
      expect(toBusinessError(error).code).toBe('TEMPORARILY_UNAVAILABLE')
    },
  )
})

describe('a statement that is wrong', () => {
  it('is our own mistake, and trying again would not help', async () => {
    const error = await db.sequelize.query('SELECT no_such_column FROM vehicles').catch((e) => e)
    expect(toBusinessError(error).code).toBe('UNEXPECTED')
  })
})
