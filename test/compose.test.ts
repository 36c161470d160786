/** docker-compose.yml, Dockerfile and .env.example, checked without a container engine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { loadConfig } from '../config.ts'
import { parseSettings } from '../config-settings.ts'

type Service = {
  image: string
  build?: string
  command?: string[]
  restart?: string
  profiles?: string[]
  environment?: Record<string, string>
  healthcheck?: object
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
}
type Compose = { services: Record<string, Service>; volumes: object; configs: object }
type Environment = Record<string, string>

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')

const EXAMPLE: Environment = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)
const SECRETS = {
  POSTGRES_PASSWORD: 'b'.repeat(64),
  TEMPORAL_POSTGRES_PASSWORD: 'c'.repeat(64),
  CALLBACK_SECRET: 'd'.repeat(64),
  PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
  SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
  MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
}
/** What somebody in production fills in, so that no variable stays empty. */
const PRODUCTION = {
  ...SECRETS,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gari.example',
  DARAJA_BASE_URL: 'https://api.safaricom.co.ke',
  DARAJA_CONSUMER_KEY: 'key',
  DARAJA_CONSUMER_SECRET: 'secret',
  DARAJA_PASSKEY: 'passkey',
  DARAJA_TILL: '123456',
  DARAJA_PAYOUT_SHORTCODE: '600992',
  DARAJA_PULL_PHONE: '254712345678',
  DARAJA_INITIATOR: 'operator',
  DARAJA_SECURITY_CREDENTIAL: 'Y3JlZGVudGlhbA==',
  SMTP_URL: 'smtps://user:password@mail.example:465',
  SMS_API_KEY: 'key',
  SMS_SENDER: 'GARI',
  WORKER_BUILD_ID: '2.4.0',
  WORKER_HELD_PATCHES: 'next-release',
  KAFKA_BROKERS: 'a.example:9092,b.example:9092',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'gari',
  KAFKA_SASL_PASSWORD: 'password',
}

/** As Compose does it, for the three forms that the file uses. */
const interpolate = (value: unknown, env: Environment): unknown => {
  if (Array.isArray(value)) return value.map((one) => interpolate(one, env))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, interpolate(one, env)]),
    )
  if (typeof value !== 'string') return value
  return value.replaceAll(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (all, name, kind, rest) => {
    if (all === '$$') return '$'
    const given = env[name]
    if (given) return given
    if (kind === '?') throw new Error(`${name}: ${rest}`)
    return rest ?? ''
  })
}

const load = (env: Environment): Compose =>
  interpolate(parse(read('docker-compose.yml'), { merge: true }), env) as Compose

const started = load({ ...EXAMPLE, ...SECRETS })
const production = load({ ...EXAMPLE, ...PRODUCTION })
const services = Object.entries(started.services)
const runsOn = services.filter(([, { restart }]) => restart === 'unless-stopped')
const ours = Object.entries(production.services).filter(([, { build }]) => build)

describe('docker-compose.yml', () => {
  test('fits the Compose Specification', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    const validate = ajv.compile(JSON.parse(read('test/support/compose-spec.json')))
    validate(started)
    expect(validate.errors).toBeNull()
    validate({ ...started, services: { ...started.services, wrong: { imagine: 'x' } } })
    expect(validate.errors).not.toBeNull()
  })

  test.each(services)('%s has an image of one exact version', (_, { image }) => {
    expect(image).toMatch(/(?:postgres:\d+\.\d+|:v?\d+\.\d+\.\d+)[\w.-]*$/)
  })

  test.each(runsOn)('%s, which runs on, has a health check', (_, { healthcheck }) => {
    expect(healthcheck).toHaveProperty('test')
  })

  test('what does not run on ends by itself or is started by hand', () => {
    const rest = services.filter(([, { restart }]) => restart !== 'unless-stopped')
    expect(rest.map(([name]) => name).toSorted()).toEqual([
      'migrate',
      'seed',
      'temporal-admin-tools',
      'temporal-schema',
      'temporal-setup',
    ])
  })

  test('waits only for what has a health check or ends', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const service = started.services[other]
        const fits =
          condition === 'service_healthy'
            ? service?.healthcheck !== undefined
            : service?.restart === 'on-failure:5'
        expect({ name, other, fits }).toEqual({ name, other, fits: true })
      }
    }
  })

  test('registers the search attributes that the embedded server registers', () => {
    const embedded = [...read('local/temporal.ts').matchAll(/'(\w+)=(Keyword|Int|Bool|Text)'/g)]
    const [script = ''] = started.services['temporal-setup']?.command ?? []
    const registered = [...script.matchAll(/--name (\w+) --type (\w+)/g)]
    const names = (found: RegExpMatchArray[]) => found.map(([, name, type]) => `${name}=${type}`)
    expect(embedded.length).toBeGreaterThan(0)
    expect(names(registered).toSorted()).toEqual(names(embedded).toSorted())
  })

  test('publishes ports on this machine only', () => {
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test('starts every role of a worker', () => {
    const roles = ours.flatMap(([, { environment }]) => environment?.['WORKER_ROLES'] ?? [])
    expect(roles.toSorted()).toEqual(
      [...(parseSettings({}).settings?.WORKER_ROLES ?? [])].toSorted(),
    )
  })
})

describe('the settings of our containers', () => {
  test.each(ours)('%s gets only variables that exist, and they are right', (_, service) => {
    const { settings, problems } = parseSettings(service.environment ?? {})
    expect(problems).toEqual([])
    const given = Object.keys(service.environment ?? {})
    expect(given.filter((name) => !(name in (settings ?? {})))).toEqual([])
    expect(() => loadConfig(service.environment)).not.toThrow()
  })

  test.each(services.filter(([, { build }]) => build))(
    '%s starts with .env.example and four secrets',
    (_, { environment }) => {
      expect(() => loadConfig(environment)).not.toThrow()
    },
  )

  test('is production unless somebody says otherwise', () => {
    const { NODE_ENV: _said, ...silent } = EXAMPLE
    for (const { build, environment } of Object.values(load({ ...silent, ...SECRETS }).services)) {
      if (build) expect(environment?.['NODE_ENV']).toBe('production')
    }
  })

  test('nothing starts while a secret is missing', () => {
    for (const name of Object.keys(SECRETS))
      expect(() => load({ ...EXAMPLE, ...SECRETS, [name]: '' })).toThrow(name)
  })

  test('.env.example holds no secret and names every variable', () => {
    for (const name of [...Object.keys(SECRETS), 'DARAJA_PASSKEY', 'SMS_API_KEY'])
      expect({ name, value: EXAMPLE[name] }).toEqual({ name, value: '' })
    const used = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    expect(new Set(Object.keys(EXAMPLE))).toEqual(new Set(used))
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')

  test('builds on an exact version and runs as nobody in particular', () => {
    const bases = lines.filter((line) => line.startsWith('FROM '))
    for (const base of bases)
      expect(base).toMatch(/^FROM node:20\.\d+\.\d+-bookworm-slim( AS \w+)?$/)
    expect(lines.findLastIndex((line) => line === 'USER node')).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('FROM ')),
    )
  })

  test('lets in every folder that the build compiles', () => {
    const included = read('.dockerignore')
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] }
    for (const path of include) expect(included).toContain(`!${path}\n`)
  })
})
