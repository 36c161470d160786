/** The program by which a local start makes its tables, and puts in sample data where it is asked for. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { childEnvironment } from '../../config.ts'
import { select } from '../../db/connection.ts'
import { SAMPLE_PEOPLE } from '../../local/people-data.ts'
import { runProgram } from '../../local/programs.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  await select(db.owner, 'DROP SCHEMA public CASCADE')
  await select(db.owner, 'CREATE SCHEMA public AUTHORIZATION pg_database_owner')
})
afterAll(() => db.drop())

const SETTINGS = {
  NODE_OPTIONS: '',
  PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
  SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
  MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
  CALLBACK_SECRET: 'a'.repeat(40),
}
const prepare = (sampleData: 'yes' | 'no') =>
  runProgram(process.execPath, ['--import', 'tsx', 'local/tables.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: childEnvironment({
      ...SETTINGS,
      DATABASE_URL: db.url,
      MIGRATION_DATABASE_URL: db.migrationUrl,
      SAMPLE_DATA: sampleData,
    }),
  })
const people = () => select<{ email: string }>(db, 'SELECT email FROM users ORDER BY email')

it('makes the tables, and puts sample people in only where they are asked for', async () => {
  await prepare('no')
  expect(await people()).toEqual([])
  await prepare('yes')
  const emails = SAMPLE_PEOPLE.map(({ email }) => ({ email }))
  expect(await people()).toEqual(expect.arrayContaining(emails))
})
