/** Production does not start beside sample people, also when they were put in by an earlier start. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { childEnvironment } from '../../config.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { refuseSampleAccounts } from '../../db/sample-accounts.ts'
import { SAMPLE_PEOPLE } from '../../local/people-data.ts'
import { freePort } from '../../local/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const production = async () => ({
  NODE_ENV: 'production',
  NODE_OPTIONS: '',
  DATABASE_URL: db.url,
  PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
  SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
  MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
  CALLBACK_SECRET: 'a'.repeat(40),
  PORT: String(await freePort()),
  PUBLIC_URL: 'https://gari.example',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  DARAJA_BASE_URL: 'https://daraja.invalid',
  DARAJA_CONSUMER_KEY: 'key',
  DARAJA_CONSUMER_SECRET: 'secret',
  DARAJA_SHORTCODE: '600100',
  DARAJA_PASSKEY: 'passkey',
  DARAJA_INITIATOR: 'operator',
  DARAJA_SECURITY_CREDENTIAL: 'credential',
  SMTP_URL: 'smtps://mail.invalid:465',
  MAIL_FROM: 'gari <bookings@gari.example>',
  SMS_BASE_URL: 'https://sms.invalid',
  SMS_USERNAME: 'gari',
  SMS_API_KEY: 'key',
})

/** What a process of ours said before it ended, and how it ended. */
async function run(file: string): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: join(import.meta.dirname, '../..'),
    env: childEnvironment(await production()),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said }
}

it.each([['api/server.ts'], ['workers/index.ts']])(
  '%s ends at once and names them',
  async (file) => {
    const { code, said } = await run(file)
    expect(code).toBe(1)
    expect(said).toContain('Sample accounts are active')
    for (const { email } of SAMPLE_PEOPLE) expect(said).toContain(email)
  },
  30_000,
)

it('goes on once they are closed; a stranger with such an e-mail stops nobody', async () => {
  await expect(refuseSampleAccounts(db)).rejects.toThrow('desk@example.com')
  await select(
    db,
    `UPDATE users SET status = 'deleted' WHERE created_by = 'seed'
       OR id IN (SELECT user_id FROM role_assignments WHERE given_by = 'seed')`,
  )
  const stranger = { kind: 'customer', email: 'sample@example.com', passwordHash: 'hash' } as const
  const name = { firstName: 'Sly', lastName: 'One', phone: null }
  await inTransaction(db, (tx) => createUser(tx, { ...stranger, ...name }))
  await expect(refuseSampleAccounts(db)).resolves.toBeUndefined()
})
