import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from './people-data.ts'
import { type Environment, givenVariables, loadSettings, loadToolPaths } from '../config.ts'
import type { Home } from './home.ts'
import type { Ports } from './ports.ts'

/** Of nobody; the simulator only looks at its shape. */
const OFFICE_PHONE = '254722000000'

/** What is the user's own, and what every child process is told about the rest. */
export type Plan = {
  own: Record<'postgres' | 'temporal' | 'kafka' | 'daraja' | 'smtp' | 'sms' | 'etims', boolean>
  /** The port that the user insists on. */
  port: number | undefined
  host: string
  home: string
  cache: string
  sampleData: boolean
  /** What the user set; ours is added to it. */
  databaseUrl: string | undefined
  temporalAddress: string | undefined
  temporalUiUrl: string | undefined
  temporalUiUpstream: string | undefined
  kafkaBrokers: string[]
  /** As documents print it; the simulated revenue authority knows us by it. */
  companyPin: string
  /** Where we reach ourselves, also when listening on every address. */
  reachableHost: string
  publicUrl: (ports: Ports) => string
  baseEnvironment: (ports: Ports, home: Home) => Environment
}

/** Throws a ConfigError that lists everything that is wrong, before anything starts. */
export const planStart = (): Plan => {
  const settings = loadSettings()
  const given = givenVariables()
  const own = {
    postgres: given.has('DATABASE_URL'),
    temporal: given.has('TEMPORAL_ADDRESS') || given.has('TEMPORAL_PROFILE'),
    kafka: given.has('KAFKA_BROKERS'),
    daraja: given.has('DARAJA_BASE_URL'),
    smtp: given.has('SMTP_URL'),
    sms: given.has('SMS_BASE_URL'),
    etims: given.has('ETIMS_URL') || settings.NODE_ENV === 'production',
  }
  // Sample people come only with a database of ours, or where they are asked for.
  const sampleData = given.has('SAMPLE_DATA') ? settings.SAMPLE_DATA : !own.postgres
  const everywhere = settings.HOST === '0.0.0.0' || settings.HOST === '::'
  const reachableHost = everywhere ? '127.0.0.1' : settings.HOST
  const publicUrl = (ports: Ports) => settings.PUBLIC_URL ?? `http://${reachableHost}:${ports.api}`
  return {
    own,
    port: given.has('PORT') ? settings.PORT : undefined,
    host: settings.HOST,
    home: settings.GARI_HOME,
    cache: loadToolPaths().cache,
    sampleData,
    databaseUrl: settings.DATABASE_URL,
    temporalAddress: settings.TEMPORAL_ADDRESS,
    temporalUiUrl: settings.TEMPORAL_UI_URL,
    temporalUiUpstream: settings.TEMPORAL_UI_UPSTREAM,
    kafkaBrokers: settings.KAFKA_BROKERS,
    companyPin: settings.COMPANY_PIN,
    reachableHost,
    publicUrl,
    baseEnvironment: (ports, home) => ({
      NODE_ENV: settings.NODE_ENV,
      HOST: settings.HOST,
      PORT: String(ports.api),
      PUBLIC_URL: publicUrl(ports),
      GARI_HOME: home.folder,
      SAMPLE_DATA: sampleData ? 'yes' : 'no',
      ...(sampleData && { SAMPLE_PEOPLE: JSON.stringify(samplePeople()), ...wide(given) }),
      ...(!own.daraja && !given.has('MPESA_PAYBILL_URLS') && { MPESA_PAYBILL_URLS: 'register' }),
      ...(!own.daraja && !given.has('DARAJA_PULL_PHONE') && { DARAJA_PULL_PHONE: OFFICE_PHONE }),
      ...(!given.has('CALLBACK_SECRET') && { CALLBACK_SECRET: home.secrets.callbackSecret }),
      ...(!given.has('SEALING_KEY') && { SEALING_KEY: home.secrets.sealingKey }),
      ...(!given.has('MASTER_KEY') && {
        MASTER_KEY: home.secrets.masterKey,
        MASTER_KEY_ID: 'local',
      }),
      ...(!given.has('TOKEN_KEY') && { TOKEN_KEY: home.secrets.tokenKey }),
      ...(!given.has('PAYLOAD_KEY') && {
        PAYLOAD_KEY: home.secrets.payloadKey,
        PAYLOAD_KEY_ID: 'local',
      }),
    }),
  }
}

/** Somebody who tries Gari out, or loads it, comes from one address and perhaps with one account. */
const WIDE_LIMITS = {
  OPEN_BOOKINGS: '10000',
  BOOKINGS_PER_HOUR: '1000000',
  PROMPTS_PER_HOUR: '1000000',
  REQUESTS_PER_MINUTE: '1000000',
  SHARED_LIMITS_FACTOR: '100000',
}
const wide = (given: Set<string>) =>
  Object.fromEntries(Object.entries(WIDE_LIMITS).filter(([name]) => !given.has(name)))

/** What the sign-in page offers to try. */
const samplePeople = () =>
  SAMPLE_PEOPLE.map(({ role, email }) => ({ role, email, password: SAMPLE_PASSWORD }))

/** Leaves out what belongs to a system that the user brings along. */
export const withoutOwn = (env: Record<string, string>, own: Plan['own']): Environment => {
  const foreign = [
    ...(own.daraja ? ['DARAJA_', 'PHONES_'] : []),
    ...(own.smtp ? ['SMTP_', 'MAIL_', 'MAILBOX_'] : []),
    ...(own.sms ? ['SMS_'] : []),
    ...(own.etims ? ['ETIMS_'] : []),
  ]
  const kept = ([name]: [string, string]) => !foreign.some((prefix) => name.startsWith(prefix))
  return Object.fromEntries(Object.entries(env).filter(kept))
}

/** Where each process leaves its record, and how it likes to be asked to end. */
export const RECORDS: { name: string; file: string; signal: NodeJS.Signals }[] = [
  { name: 'the web server', file: 'run/api.json', signal: 'SIGTERM' },
  { name: 'the workers', file: 'run/workers.json', signal: 'SIGTERM' },
  { name: 'Kafka', file: 'kafka/process.json', signal: 'SIGTERM' },
  { name: 'Temporal', file: 'temporal/process.json', signal: 'SIGTERM' },
  { name: 'PostgreSQL', file: 'postgres/process.json', signal: 'SIGINT' },
]
