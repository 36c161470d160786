/** docker-compose.yml, Dockerfile and .env.example, checked without a container engine. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { loadConfig } from '../config.ts'
import { SECRETS as GARI_SECRETS } from '../config-secrets.ts'
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
  secrets?: string[]
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  configs?: object[]
}
type Compose = {
  services: Record<string, Service>
  secrets: Record<string, { file: string }>
}
type Environment = Record<string, string>

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')

const EXAMPLE: Environment = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)
/** The one secret that a container can only be given by its environment. */
const SECRETS = { TEMPORAL_POSTGRES_PASSWORD: 'c'.repeat(64) }
/** As `sh local/secret-files.sh` makes them, in a folder of their own. */
const project = mkdtempSync(join(tmpdir(), 'gari-compose-'))
const SCRIPT = join(import.meta.dirname, '../local/secret-files.sh')
execFileSync('sh', [SCRIPT], { cwd: project })
afterAll(() => rmSync(project, { recursive: true }))
/** What others give, written in. */
const GIVEN = {
  daraja_consumer_secret: 'secret',
  daraja_passkey: 'passkey',
  daraja_security_credential: 'Y3JlZGVudGlhbA==',
  sms_api_key: 'key',
  kafka_sasl_password: 'password',
}
/** What somebody in production fills in, so that no variable stays empty. */
const PRODUCTION = {
  ...SECRETS,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gari.example',
  DARAJA_BASE_URL: 'https://api.safaricom.co.ke',
  DARAJA_CONSUMER_KEY: 'key',
  DARAJA_TILL: '123456',
  DARAJA_PAYOUT_SHORTCODE: '600992',
  DARAJA_PULL_PHONE: '254712345678',
  DARAJA_INITIATOR: 'operator',
  SMS_SENDER: 'GARI',
  WORKER_BUILD_ID: '2.4.0',
  WORKER_HELD_PATCHES: 'next-release',
  KAFKA_BROKERS: 'a.example:9092,b.example:9092',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'gari',
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

/** As the container sees it: each file that it is given lies where the setting says. */
const within = ({ environment = {}, secrets = [] }: Service): Environment =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (!name.endsWith('_FILE')) return [name, value]
      const secret = value.replace('/run/secrets/', '')
      if (!secrets.includes(secret)) throw new Error(`${name} names a file that is not given`)
      return [name, join(project, 'secrets', secret)]
    }),
  )
const fillIn = () => {
  for (const [name, value] of Object.entries(GIVEN)) {
    const file = join(project, 'secrets', name)
    rmSync(file)
    writeFileSync(file, value)
  }
}

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
      'database-users',
      'doctor',
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

/** Makes users of the database, and is given nothing else. */
const isWhole = ([name]: [string, Service]) => name !== 'database-users'

describe('the settings of our containers', () => {
  test.each(services.filter((one) => one[1].build && isWhole(one)))(
    '%s starts with .env.example and the secrets that were made',
    (_, service) => {
      expect(() => loadConfig(within(service))).not.toThrow()
    },
  )

  test.each(ours)('%s gets only variables that exist, and they are right', (name, service) => {
    fillIn()
    const environment = within(service)
    const { settings, problems } = parseSettings(environment)
    expect(problems).toEqual([])
    const known = { ...settings, ...Object.fromEntries(FILES.map((one) => [one, ''])) }
    expect(Object.keys(environment).filter((one) => !(one in known))).toEqual([])
    if (isWhole([name, service])) expect(() => loadConfig(environment)).not.toThrow()
  })

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
    for (const name of Object.keys(SECRETS))
      expect({ name, value: EXAMPLE[name] }).toEqual({ name, value: '' })
    expect(GARI_SECRETS.filter((name) => name in EXAMPLE)).toEqual([])
    const used = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    expect(new Set(Object.keys(EXAMPLE))).toEqual(new Set(used))
  })
})

const FILES = GARI_SECRETS.map((name) => `${name}_FILE`)

describe('what a container may', () => {
  test.each(services)('%s gains no privileges', (_, { security_opt }) => {
    expect(security_opt).toEqual(['no-new-privileges:true'])
  })

  test.each(ours)('%s writes nothing of its own and has no capabilities', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  })

  test('no secret of Gari’s stands in an environment', () => {
    for (const [, { environment = {} }] of services)
      expect(GARI_SECRETS.filter((name) => secretIn(environment, name))).toEqual([])
  })

  test('only what migrates is given the owner’s password', () => {
    const given = services.filter(([, { secrets = [] }]) => secrets.includes('migration_password'))
    expect(given.map(([name]) => name)).toEqual(['database-users', 'migrate'])
  })

  test('every secret has a file, and a container whose files cannot be written is given no other kind', () => {
    const made = readdirSync(join(project, 'secrets')).toSorted()
    expect(Object.keys(started.secrets).toSorted()).toEqual(made)
    for (const [name, { file }] of Object.entries(started.secrets))
      expect(file).toBe(`./secrets/${name}`)
    for (const [, { read_only, configs }] of services)
      if (read_only) expect(configs).toBeUndefined()
  })
})

/** An address without a password is none. */
const secretIn = (environment: Environment, name: string): boolean => {
  const value = environment[name]
  if (!value) return false
  return !URL.canParse(value) || new URL(value).password !== ''
}

describe('the files of secrets', () => {
  test('lie where only their owner can go, and are left as they are by the next run', () => {
    const folder = join(project, 'secrets')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const before = readFileSync(join(folder, 'payload_key'), 'utf8')
    execFileSync('sh', [SCRIPT], { cwd: project })
    expect(readFileSync(join(folder, 'payload_key'), 'utf8')).toBe(before)
  })

  test('take over what an older .env holds', () => {
    const older = mkdtempSync(join(tmpdir(), 'gari-older-'))
    writeFileSync(join(older, '.env'), 'POSTGRES_PASSWORD=of-old=\nSMTP_URL=\n')
    execFileSync('sh', [SCRIPT], { cwd: older })
    const held = (name: string) => readFileSync(join(older, 'secrets', name), 'utf8')
    expect([held('postgres_password'), held('smtp_url')]).toEqual([
      'of-old=',
      'smtp://mailpit:1025',
    ])
    expect(
      new Set(['database_password', 'migration_password', 'callback_secret'].map(held)).size,
    ).toBe(3)
    rmSync(older, { recursive: true })
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
    const settings = readdirSync(join(import.meta.dirname, '..')).filter((name) =>
      /^config.*\.ts$/.test(name),
    )
    for (const path of [...include, ...settings]) expect(included).toContain(`!${path}\n`)
  })
})
