import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { ConfigError, givenVariables, loadConfig, loadSettings, loadToolPaths } from '../config.ts'

const local = {
  DATABASE_URL: 'postgres://gari:secret@127.0.0.1:5433/gari',
  PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
  SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
  MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
  CALLBACK_SECRET: 'a'.repeat(40),
}
const production = {
  ...local,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gari.example',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  DARAJA_BASE_URL: 'https://api.safaricom.co.ke',
  DARAJA_CONSUMER_KEY: 'key',
  DARAJA_CONSUMER_SECRET: 'secret',
  DARAJA_SHORTCODE: '600100',
  DARAJA_PASSKEY: 'passkey',
  DARAJA_INITIATOR: 'operator',
  DARAJA_SECURITY_CREDENTIAL: 'credential',
  SMTP_URL: 'smtps://user:secret@mail.example:465',
  MAIL_FROM: 'gari <bookings@gari.example>',
  SMS_BASE_URL: 'https://api.africastalking.com',
  SMS_USERNAME: 'gari',
  SMS_API_KEY: 'key',
}
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('passwords by themselves', () => {
  const { DATABASE_URL: _with, ...rest } = local
  const DATABASE_URL = 'postgres://gari_app@127.0.0.1:5433/gari'

  it('become part of the address that has none, as they are', () => {
    const { database } = loadConfig({ ...rest, DATABASE_URL, DATABASE_PASSWORD: 'a/b:c@d' })
    expect(decodeURIComponent(new URL(database.url).password)).toBe('a/b:c@d')
    expect(database.migrationUrl).toBe(database.url)
  })

  it('are refused where the address has one, too', () => {
    expect(problemsOf({ ...local, DATABASE_PASSWORD: 'another' })).toEqual([
      'DATABASE_PASSWORD is set, and DATABASE_URL has a password: only one of them can count',
    ])
  })

  it('of migrations come with the address of those', () => {
    const MIGRATION_DATABASE_URL = 'postgres://gari_migrate@127.0.0.1:5433/gari'
    const { database } = loadConfig({ ...local, MIGRATION_DATABASE_URL, MIGRATION_PASSWORD: 'own' })
    expect(database.migrationUrl).toBe('postgres://gari_migrate:own@127.0.0.1:5433/gari')
    expect(database.url).toBe(local.DATABASE_URL)
  })
})

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gari-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const fileOf = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const { CALLBACK_SECRET, ...rest } = local

  it('count as if they were set, without the line end that editors add', () => {
    const env = { ...rest, CALLBACK_SECRET_FILE: fileOf('secret', `${CALLBACK_SECRET}\n`) }
    expect(loadConfig(env).secrets.callbackSecret).toBe(CALLBACK_SECRET)
    expect(givenVariables(env).has('CALLBACK_SECRET')).toBe(true)
  })

  it('are refused when they are empty, away, or there twice, without a word of what is in them', () => {
    expect(problemsOf({ ...rest, CALLBACK_SECRET_FILE: fileOf('empty', '\n') })).toContain(
      'CALLBACK_SECRET_FILE names a file that is empty',
    )
    expect(problemsOf({ ...rest, CALLBACK_SECRET_FILE: join(folder, 'none') })).toContain(
      'CALLBACK_SECRET_FILE names a file that cannot be read',
    )
    const twice = { ...local, CALLBACK_SECRET_FILE: fileOf('other', 'b'.repeat(40)) }
    expect(problemsOf(twice)).toEqual([
      'CALLBACK_SECRET and CALLBACK_SECRET_FILE are both set: only one of them can count',
    ])
  })
})

describe('loadConfig', () => {
  it('needs five values in development and has a default for the rest', () => {
    const config = loadConfig(local)
    expect(config.http).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      trustedProxies: ['127.0.0.0/8', '::1'],
    })
    expect(config.temporal).toMatchObject({ address: '127.0.0.1:7233', namespace: 'default' })
    expect(config.kafka).toEqual({ brokers: [], ssl: false, sasl: undefined })
    expect(config.workers.roles).toEqual([
      'business',
      'payments',
      'messages',
      'outbox',
      'schedules',
    ])
    expect(config.policy).toEqual({
      holdMs: 900_000,
      partPaidMs: 86_400_000,
      reminderMs: 1_800_000,
      promptGraceMs: 120_000,
    })
    expect(config.limits).toEqual({
      openBookings: 5,
      bookingsPerHour: 240,
      promptsPerHour: 6,
      sharedFactor: 1,
      requestsPerMinute: 600,
    })
    expect(config.daraja.initiator).toBeUndefined()
    expect(config.secrets.payload.key).toHaveLength(32)
    expect(config.sampleData).toBe(false)
  })

  it('takes Daraja’s newer C2B, Nairobi’s clock and one shortcode for all unless told', () => {
    const given = { DARAJA_PAYOUT_SHORTCODE: '600992', DARAJA_C2B_VERSION: 'v1' }
    expect(loadConfig(local).daraja).toMatchObject({ c2bVersion: 'v2', pullClock: 'nairobi' })
    expect(loadConfig(local).daraja.payoutShortcode).toBeUndefined()
    expect(loadConfig({ ...local, ...given, DARAJA_PULL_CLOCK: 'utc' }).daraja).toMatchObject({
      payoutShortcode: '600992',
      c2bVersion: 'v1',
      pullClock: 'utc',
    })
  })

  it('registers for payments by hand only when told', () => {
    expect(loadConfig(local).paybill.register).toBe(false)
    expect(loadConfig({ ...local, MPESA_PAYBILL_URLS: 'register' }).paybill.register).toBe(true)
  })

  it('asks for the list of payments only with a number of ours', () => {
    expect(loadConfig(local).paybill.pullPhone).toBeUndefined()
    const { paybill } = loadConfig({ ...local, DARAJA_PULL_PHONE: '254712345678' })
    expect(paybill.pullPhone).toBe('254712345678')
    expect(() => loadConfig({ ...local, DARAJA_PULL_PHONE: '0712' })).toThrow('DARAJA_PULL_PHONE')
  })

  it('follows PORT in the public address and drops a trailing slash of a given one', () => {
    expect(loadConfig({ ...local, PORT: '4444' }).http.publicUrl).toBe('http://127.0.0.1:4444')
    expect(loadConfig({ ...local, PUBLIC_URL: 'https://gari.example/' }).http.publicUrl).toBe(
      'https://gari.example',
    )
  })

  it('lists every problem at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      DATABASE_POOL: 'many',
      PUBLIC_URL: 'gari.example',
      TRUSTED_PROXIES: '10.0.0.0/8,172.18.0.0/33',
      PAYLOAD_KEY: Buffer.alloc(16).toString('base64'),
      CALLBACK_SECRET: 'short',
      KAFKA_BROKERS: 'one:9092,two',
      WORKER_ROLES: 'business,cooks',
      DARAJA_TRANSACTION_TYPE: 'CustomerBuyGoodsOnline',
      DARAJA_INITIATOR: 'operator',
      DARAJA_CERTIFICATE_FILE: '/nowhere/safaricom.cer',
      KAFKA_SASL_MECHANISM: 'plain',
      SAMPLE_DATA: 'maybe',
      PAYLOAD_OLD_KEYS: 'k0',
      TOKEN_OLD_KEYS: Buffer.alloc(32, 255).toString('base64'),
    })
    expect(problems).toEqual([
      'PORT must be at most 65535',
      'PUBLIC_URL must be an address that begins with http:// or https://',
      'TRUSTED_PROXIES must be addresses or networks, like 10.0.0.5,fd00::/8',
      'DATABASE_POOL must be a whole number',
      'WORKER_ROLES must be one of: business, payments, messages, outbox, schedules',
      'KAFKA_BROKERS must be host:port, separated by commas',
      'DARAJA_CERTIFICATE_FILE names a file that does not exist',
      'PAYLOAD_KEY must be 32 bytes in base64 (openssl rand -base64 32)',
      'PAYLOAD_OLD_KEYS must be id:key, separated by commas, each key 32 bytes in base64',
      'TOKEN_OLD_KEYS is no key for ES256: make another one (openssl rand -base64 32)',
      'CALLBACK_SECRET must be at least 32 characters (openssl rand -hex 32)',
      'SAMPLE_DATA must be one of: yes, no',
      'DARAJA_TILL is not set: CustomerBuyGoodsOnline pays into a till',
      'DARAJA_INITIATOR needs DARAJA_SECURITY_CREDENTIAL, or DARAJA_INITIATOR_PASSWORD with DARAJA_CERTIFICATE_FILE',
      'KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
      'DATABASE_URL is not set: postgres://user:password@host:5432/database',
      'SEALING_KEY is not set: 32 bytes in base64 (openssl rand -base64 32)',
      'MASTER_KEY is not set: 32 bytes in base64 (openssl rand -base64 32)',
      'TOKEN_KEY is not set: 32 bytes in base64 (openssl rand -base64 32)',
    ])
  })

  it('wants each master key to be another key with another name', () => {
    const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')
    const told = (MASTER_KEY_ID: string, MASTER_OLD_KEYS: string) =>
      problemsOf({ ...local, MASTER_KEY: key(9), MASTER_KEY_ID, MASTER_OLD_KEYS })
    expect(told('m2', `m1:${key(1)}`)).toEqual([])
    expect(told('m2', `m1:${key(9)}`)).toEqual([
      'MASTER_KEY and the keys in MASTER_OLD_KEYS must differ: a new master key is another key',
    ])
    expect(told('m1', `m1:${key(1)}`)).toEqual([
      'MASTER_KEY_ID and the ids in MASTER_OLD_KEYS must differ: each master key has a name of its own',
    ])
  })

  it('takes an empty variable as one that is not set', () => {
    expect(loadConfig({ ...local, PORT: '', KAFKA_BROKERS: '', SMTP_URL: '' }).http.port).toBe(3000)
  })

  it('reads the keys of former days', () => {
    const key = Buffer.alloc(32, 9)
    const PAYLOAD_OLD_KEYS = `k0:${key.toString('base64')}`
    const { payload } = loadConfig({ ...local, PAYLOAD_OLD_KEYS }).secrets
    expect(payload.oldKeys).toEqual([{ keyId: 'k0', key }])
    const TOKEN_OLD_KEYS = `${key.toString('base64')}, ${Buffer.alloc(32, 3).toString('base64')}`
    expect(loadConfig({ ...local, TOKEN_OLD_KEYS }).secrets.tokens).toEqual({
      key: Buffer.alloc(32, 5),
      otherKeys: [key, Buffer.alloc(32, 3)],
    })
  })

  it('reads brokers, roles and the SASL sign-in', () => {
    const config = loadConfig({
      ...local,
      KAFKA_BROKERS: 'one:9092, two:9092',
      KAFKA_SASL_MECHANISM: 'scram-sha-256',
      KAFKA_SASL_USERNAME: 'gari',
      KAFKA_SASL_PASSWORD: 'secret',
      KAFKA_SSL: 'yes',
      WORKER_ROLES: 'outbox',
    })
    expect(config.kafka.brokers).toEqual(['one:9092', 'two:9092'])
    expect(config.kafka.ssl).toBe(true)
    expect(config.kafka.sasl).toEqual({
      mechanism: 'scram-sha-256',
      username: 'gari',
      password: 'secret',
    })
    expect(config.workers.roles).toEqual(['outbox'])
  })

  it("follows Temporal's own variables: an API key switches TLS on", () => {
    const { temporal } = loadConfig({
      ...local,
      TEMPORAL_ADDRESS: 'gari.a1b2c.tmprl.cloud:7233',
      TEMPORAL_NAMESPACE: 'gari.a1b2c',
      TEMPORAL_API_KEY: 'key',
    })
    expect(temporal).toMatchObject({
      address: 'gari.a1b2c.tmprl.cloud:7233',
      namespace: 'gari.a1b2c',
      connection: { address: 'gari.a1b2c.tmprl.cloud:7233', apiKey: 'key', tls: true },
    })
  })

  it('shows the pages of Temporal at one place, not at two', () => {
    const problems = problemsOf({
      ...production,
      TEMPORAL_UI_URL: 'https://temporal.example',
      TEMPORAL_UI_UPSTREAM: 'http://temporal-ui:8080',
    })
    expect(problems).toEqual(['TEMPORAL_UI_URL and TEMPORAL_UI_UPSTREAM: set the one or the other'])
  })

  it('names a Temporal certificate that cannot be read', () => {
    const problems = problemsOf({
      ...local,
      TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/client.pem',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere/client.key',
    })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^TEMPORAL_\* settings: .*client\.pem/)
  })
})

describe('production', () => {
  it('starts with a complete configuration', () => {
    const { daraja } = loadConfig(production)
    expect(daraja.initiator).toMatchObject({ name: 'operator', securityCredential: 'credential' })
  })

  it.each(Object.keys(production).filter((name) => !/NODE_ENV|SECURITY/.test(name)))(
    'refuses to start without %s',
    (name) => {
      expect(problemsOf({ ...production, [name]: '' })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is not set: `)),
      ])
    },
  )

  it('refuses sample data, plain http and the secrets of a local start', () => {
    expect(
      problemsOf({
        ...production,
        SAMPLE_DATA: 'yes',
        PUBLIC_URL: 'http://gari.example',
        DARAJA_BASE_URL: 'http://127.0.0.1:4010',
        CALLBACK_SECRET: `local-${'a'.repeat(40)}`,
      }),
    ).toEqual([
      'SAMPLE_DATA must be no in production',
      'PUBLIC_URL must begin with https:// in production',
      'DARAJA_BASE_URL must begin with https:// in production',
      'CALLBACK_SECRET, PAYLOAD_KEY and MASTER_KEY of a local `npm start` are refused here',
    ])
  })
})

describe('loadSettings', () => {
  it('requires nothing, and still refuses what is wrong', () => {
    expect(loadSettings({})).toMatchObject({ PORT: 3000, SAMPLE_DATA: false })
    expect(() => loadSettings({ PORT: 'door' })).toThrow('PORT must be a whole number')
  })
})

describe('loadToolPaths', () => {
  it('looks in the cache of the user unless told otherwise', () => {
    expect(loadToolPaths({ XDG_CACHE_HOME: '/cache' }).cache).toBe('/cache/gari')
    expect(loadToolPaths({ GARI_CACHE: '/elsewhere' }).cache).toBe('/elsewhere')
    expect(loadToolPaths({ PATH: '/bin:/usr/bin' }).path).toEqual(['/bin', '/usr/bin'])
  })
})
