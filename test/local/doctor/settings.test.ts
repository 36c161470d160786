/** What the doctor says of settings and secrets, and how it says it: to people, to programs, and to whoever started it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { childEnvironment, examineConfig } from '../../../config.ts'
import { answer } from '../../../local/doctor/checks.ts'
import { describe as inWords, examine } from '../../../local/doctor/examine.ts'
import { settingsChecks } from '../../../local/doctor/settings.ts'
import { runProgram } from '../../../local/programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'gari-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** As somebody fills it in who has read the documents. */
const GOOD = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gari.example',
  DATABASE_URL: 'postgres://gari_app@db.example/gari?sslmode=verify-full',
  DATABASE_PASSWORD: '8d1f0a77c2e94b5fa3',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  PAYLOAD_KEY: 'Zk3vQ8mWn1yT6uR4eS0aXcD9bF7gH2jLpOiU5rEwQxY=',
  SEALING_KEY: 'q7Jt2LxV9cB4nM6zK1sD8fG5hA3wE0rTyUiOpQlZxSc=',
  MASTER_KEY: 'u3Wd8RkY1eN5pQ7sV0xB2cF4hJ6lM9oTaZiGtEyKbUw=',
  TOKEN_KEY: 'e5Hn9TcX2vL7bQ0mR4jW6yZ8kP1sD3fGaUoIqEtKxVg=',
  CALLBACK_SECRET: '5f1c0e9b7a3d2846f0b1c9d8e7a6534210fedcba98765432',
  DARAJA_BASE_URL: 'https://api.safaricom.co.ke',
  DARAJA_CONSUMER_KEY: 'aKeyOfDaraja',
  DARAJA_CONSUMER_SECRET: 'aSecretOfDaraja',
  DARAJA_SHORTCODE: '600100',
  DARAJA_PASSKEY: 'aPasskeyOfDaraja',
  DARAJA_INITIATOR: 'operator',
  DARAJA_SECURITY_CREDENTIAL: 'aCredentialOfDaraja',
  COMPANY_PIN: 'P051234567Z',
  SMTP_URL: 'smtps://user:mailPassword7@mail.example:465',
  MAIL_FROM: 'gari <bookings@gari.example>',
  SMS_BASE_URL: 'https://api.africastalking.com',
  SMS_USERNAME: 'gari',
  SMS_API_KEY: 'aKeyForSms',
}
const told = async (over: Record<string, string>, without: string[] = []): Promise<string[]> => {
  const kept = Object.entries({ ...GOOD, ...over }).filter(([name]) => !without.includes(name))
  const answers = settingsChecks(examineConfig(Object.fromEntries(kept))).map((one) => answer(one))
  return (await Promise.all(answers)).flatMap(({ complaints }) =>
    complaints.map(({ what }) => what),
  )
}

describe('settings', () => {
  it('that fit production have nothing wrong', async () => {
    expect(await told({})).toEqual([])
  })

  it('of a trial are named, each by itself', async () => {
    expect(
      await told({ NODE_ENV: '', PUBLIC_URL: 'http://gari.example', DARAJA_SHORTCODE: '174379' }, [
        'COMPANY_PIN',
        'SMS_API_KEY',
      ]),
    ).toEqual([
      'PUBLIC_URL must begin with https:// in production.',
      "SMS_API_KEY is not set: your Africa's Talking key.",
      expect.stringMatching(/^NODE_ENV is not production/),
      expect.stringMatching(/^DARAJA_SHORTCODE is 174379/),
      expect.stringMatching(/^COMPANY_PIN is P000000000X/),
    ])
  })
})

describe('secrets', () => {
  it.each([
    [{ DATABASE_PASSWORD: 'postgres' }, 'DATABASE_PASSWORD is a sample that everybody can know.'],
    [{ DARAJA_PASSKEY: 'local' }, 'DARAJA_PASSKEY is a sample that everybody can know.'],
    [
      { DARAJA_PASSKEY: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919' },
      'DARAJA_PASSKEY is a sample that everybody can know.',
    ],
    [
      { DATABASE_PASSWORD: 'k7Qz81' },
      'DATABASE_PASSWORD is shorter than 16 characters, so it can be guessed.',
    ],
    [
      { CALLBACK_SECRET: 'ab'.repeat(20) },
      'CALLBACK_SECRET repeats a few characters, so it can be guessed.',
    ],
    [
      { SEALING_KEY: GOOD.PAYLOAD_KEY },
      'PAYLOAD_KEY and SEALING_KEY are the same: who learns one has the other.',
    ],
    [
      { SMTP_URL: `smtps://user:${GOOD.DATABASE_PASSWORD}@mail.example:465` },
      'DATABASE_PASSWORD and the password in SMTP_URL are the same: who learns one has the other.',
    ],
  ])('%j are refused', async (over, what) => {
    expect(await told(over as Record<string, string>)).toEqual([what])
  })

  it('are looked at where they stand in an address, too', async () => {
    const DATABASE_URL = 'postgres://gari_app:short@db.example/gari'
    expect(await told({ DATABASE_URL }, ['DATABASE_PASSWORD'])).toEqual([
      'the password in DATABASE_URL is shorter than 16 characters, so it can be guessed.',
    ])
  })

  it('in files must be nobody else’s to read', async () => {
    const file = join(folder, 'sealing')
    writeFileSync(file, GOOD.SEALING_KEY)
    chmodSync(file, 0o640)
    const over = { SEALING_KEY_FILE: file }
    expect(await told(over, ['SEALING_KEY'])).toEqual([
      `Other users of this machine can read ${file}, where SEALING_KEY stands.`,
    ])
    chmodSync(file, 0o600)
    expect(await told(over, ['SEALING_KEY'])).toEqual([])
  })
})

describe('the examination', () => {
  /** Nobody listens there, so that each question has an answer at once. */
  const NOBODY = {
    DATABASE_URL: 'postgres://gari_app@127.0.0.1:1/gari',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    SMTP_URL: 'smtp://user:mailPassword7@127.0.0.1:1',
    PUBLIC_URL: 'https://127.0.0.1:1',
  }

  it('asks everything, whatever goes wrong elsewhere, and tells no secret', async () => {
    const examination = await examine({ ...GOOD, ...NOBODY }, { vouched: [], deadlineMs: 1_000 })
    expect(examination.fine).toBe(false)
    expect(examination.checks.map(({ name, fine }) => [name, fine])).toEqual([
      ['settings', true],
      ['secrets', true],
      ['secret-files', true],
      ['database-tls', false],
      ['database-role', false],
      ['migrations', false],
      ['clock', false],
      ['sample-accounts', false],
      ['master-key', false],
      ['kafka', false],
      ['temporal', false],
      ['mail', false],
      ['address', false],
    ])
    const text = `${JSON.stringify(examination)}${inWords(examination)}`
    for (const secret of [GOOD.DATABASE_PASSWORD, GOOD.SEALING_KEY, 'mailPassword7'])
      expect(text).not.toContain(secret)
  })

  it('says so where the settings cannot even be read', async () => {
    const { fine, checks } = await examine({ ...GOOD, PORT: 'none' }, { vouched: [] })
    expect(fine).toBe(false)
    expect(checks.at(-1)?.complaints[0]?.what).toContain('because the settings cannot be read')
  })

  it('ends with 1 and speaks JSON to a program', async () => {
    const env = childEnvironment({ ...GOOD, ...NOBODY, PORT: 'none', NODE_OPTIONS: '' })
    const asked = ['--import', 'tsx', 'local/doctor/index.ts', '--json']
    const cwd = join(import.meta.dirname, '../../..')
    const failed = await runProgram(process.execPath, asked, { cwd, env }).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(failed).toContain('"fine": false')
    expect(failed).toContain('PORT must be a whole number')
  })
})
