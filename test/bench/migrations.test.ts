import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CHANGES, during, undoAll } from '../../bench/migrations.ts'
import { connectDatabase } from '../../db/connection.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

describe('the bench of migrations', () => {
  it('ends with the error of a hold, however long the migration takes', async () => {
    const away = connectDatabase({
      url: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 't',
    })
    const forever = () => new Promise(() => undefined)
    await expect(during(away, db.migrationUrl, forever)).rejects.toThrow(/ECONNREFUSED/)
    await away.close()
  })

  it('undoes what a run left, wherever it was interrupted', async () => {
    const changes = CHANGES.map(({ migration }) => migration)
    for (const reached of [0, 1, 2, 3, 4, 5]) {
      await undoAll(db.migrationUrl)
      await migrateDatabase(db.migrationUrl, [...MIGRATIONS, ...changes.slice(0, reached)])
    }
    await undoAll(db.migrationUrl)
    expect(await migrateDatabase(db.migrationUrl, [...MIGRATIONS, ...changes])).toHaveLength(5)
  })
})
