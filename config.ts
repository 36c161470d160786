import packageJson from './package.json' with { type: 'json' }
import { shillings } from './domain/money.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './domain/time.ts'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { listSecrets, SECRETS } from './config-secrets.ts'
import {
  type Environment,
  missingProblems,
  parseSettings,
  type Settings,
} from './config-settings.ts'
import { readTemporal, type Connection } from './config-temporal.ts'

/** The only reader of process.env. What can be set stands in config-settings.ts. */
export type Config = ReturnType<typeof groupSettings>
export type { Environment, Settings }

/** Lists every problem at once, in the words of the person who sets the variables. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The configuration has problems:', ...problems.map((line) => `  - ${line}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** The whole configuration of the API and the workers; throws a ConfigError. */
export const loadConfig = (env: Environment = process.env): Config => {
  const { config, problems } = readConfig(env)
  if (!config || problems.length > 0) throw new ConfigError(problems)
  return config
}

/** As production would read it, with every problem, and as much of it as can be used. */
export const examineConfig = (env: Environment = process.env) => ({
  ...readConfig({ ...env, NODE_ENV: 'production' }),
  isProduction: env['NODE_ENV'] === 'production',
  secrets: listSecrets(env),
})

const readConfig = (env: Environment): { config: Config | undefined; problems: string[] } => {
  const { settings, problems: ownProblems } = parseSettings(env)
  const { connection, problem } = readTemporal(env)
  const problems = [...ownProblems, ...missingProblems(env), ...problem]
  const required = settings && requiredOf(settings)
  const config = required && groupSettings(settings, required, connection)
  return { config, problems }
}

/** What `npm start` needs before anything runs: nothing is required, but what is set must be right. */
export const loadSettings = (env: Environment = process.env): Settings => {
  const { settings, problems } = parseSettings(env)
  const all = [...problems, ...readTemporal(env).problem]
  if (settings === undefined || all.length > 0) throw new ConfigError(all)
  return settings
}

/** Where programs and downloads are looked for; works with an otherwise broken configuration. */
export const loadToolPaths = (env: Environment = process.env) => ({
  path: (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  chromium: env['CHROMIUM_PATH'] || undefined,
  cache: resolve(env['GARI_CACHE'] || defaultCache(env)),
})

/** The environment of a child process: ours, and what is added. */
export const childEnvironment = (added: Environment = {}): Environment => ({
  ...process.env,
  ...added,
})

/** The variables that the user set, also by a file; an empty one counts as not set. */
export const givenVariables = (env: Environment = process.env): Set<string> =>
  new Set([
    ...Object.keys(env).filter((name) => env[name]),
    ...SECRETS.filter((name) => env[`${name}_FILE`]),
  ])

/** A prompt that is on a phone at the deadline gets this long. */
const PROMPT_GRACE_MS = 2 * MINUTE_MS

type Required = NonNullable<ReturnType<typeof requiredOf>>

const requiredOf = (env: Settings) => {
  const { DATABASE_URL, PAYLOAD_KEY, SEALING_KEY, MASTER_KEY, TOKEN_KEY, CALLBACK_SECRET } = env
  return DATABASE_URL && PAYLOAD_KEY && SEALING_KEY && MASTER_KEY && TOKEN_KEY && CALLBACK_SECRET
    ? { DATABASE_URL, PAYLOAD_KEY, SEALING_KEY, MASTER_KEY, TOKEN_KEY, CALLBACK_SECRET }
    : undefined
}

const defaultCache = (env: Environment): string =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'gari')

const groupSettings = (env: Settings, required: Required, temporal: Connection) => {
  const publicUrl = env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`
  return {
    version: packageJson.version,
    environment: env.NODE_ENV,
    home: env.GARI_HOME,
    cache: env.GARI_CACHE ?? defaultCache({ XDG_CACHE_HOME: env.XDG_CACHE_HOME }),
    sampleData: env.SAMPLE_DATA,
    /** JSON that the embedded stack hands over for the sign-in page. */
    samplePeople: env.SAMPLE_DATA ? env.SAMPLE_PEOPLE : [],
    http: { host: env.HOST, port: env.PORT, publicUrl, trustedProxies: env.TRUSTED_PROXIES },
    database: {
      url: required.DATABASE_URL,
      /** Owns the tables; only migrations use it. */
      migrationUrl: env.MIGRATION_DATABASE_URL ?? required.DATABASE_URL,
      pool: env.DATABASE_POOL,
    },
    temporal: {
      address: temporal.connectionOptions.address ?? '127.0.0.1:7233',
      namespace: temporal.namespace ?? env.TEMPORAL_NAMESPACE,
      /** For NativeConnection.connect and, without change, Connection.connect. */
      connection: temporal.connectionOptions,
    },
    workers: {
      roles: env.WORKER_ROLES,
      cachedWorkflows: env.WORKFLOW_CACHE,
      /** Names this release to Temporal. Without one, any worker takes any story. */
      buildId: env.WORKER_BUILD_ID,
      /** Ids of `patched` that no story uses yet, as long as the release before may come back. */
      heldPatches: env.WORKER_HELD_PATCHES,
    },
    kafka: { brokers: env.KAFKA_BROKERS, ssl: env.KAFKA_SSL, sasl: groupSasl(env) },
    daraja: groupDaraja(env),
    paybill: {
      /** Whether the workers tell Safaricom at start where payments by hand are reported. */
      register: env.MPESA_PAYBILL_URLS === 'register',
      /** The number that Safaricom writes down when we ask for its list of payments; without one nobody asks. */
      pullPhone: env.DARAJA_PULL_PHONE,
    },
    company: groupCompany(env),
    bank: groupBank(env),
    etims: groupEtims(env),
    smtp: { url: env.SMTP_URL, from: env.MAIL_FROM },
    sms: {
      baseUrl: env.SMS_BASE_URL,
      username: env.SMS_USERNAME,
      apiKey: env.SMS_API_KEY,
      sender: env.SMS_SENDER,
    },
    secrets: groupSecrets(env, required),
    /** In the shape of domain/reservations.ts. */
    policy: {
      holdMs: env.HOLD_MINUTES * MINUTE_MS,
      partPaidMs: env.PART_PAID_HOURS * HOUR_MS,
      reminderMs: env.REMINDER_MINUTES * MINUTE_MS,
      promptGraceMs: PROMPT_GRACE_MS,
    },
    /** Above this a refund that a person asks for needs a second person. */
    refundApprovalAbove: shillings(env.REFUND_APPROVAL_ABOVE),
    /** Above this one person alone makes no money without an owner anybody's credit. */
    creditAlone: shillings(env.CREDIT_APPROVAL_ABOVE),
    privacy: { coolingMs: env.ERASURE_DAYS * DAY_MS, contact: env.PRIVACY_CONTACT },
    /** Whether people who work here must enrol a second factor. */
    secondFactor: env.SECOND_FACTOR ?? (env.NODE_ENV === 'production' ? 'required' : 'optional'),
    /** In the shape of api/deps.ts. */
    limits: {
      openBookings: env.OPEN_BOOKINGS,
      bookingsPerHour: env.BOOKINGS_PER_HOUR,
      promptsPerHour: env.PROMPTS_PER_HOUR,
      sharedFactor: env.SHARED_LIMITS_FACTOR,
      requestsPerMinute: env.REQUESTS_PER_MINUTE,
    },
    /** Shown in development only. */
    links: {
      temporalUi: env.TEMPORAL_UI_URL,
      temporalUpstream: env.TEMPORAL_UI_UPSTREAM,
      phones: env.PHONES_URL,
      mailbox: env.MAILBOX_URL,
      smsInbox: env.SMS_INBOX_URL,
    },
    log: { level: env.LOG_LEVEL },
  }
}

const groupSecrets = (env: Settings, required: Required) => ({
  /** Encrypts what Temporal stores; the old keys only read. */
  payload: { keyId: env.PAYLOAD_KEY_ID, key: required.PAYLOAD_KEY, oldKeys: env.PAYLOAD_OLD_KEYS },
  /** Seals the audit, entry by entry. It stays: what it has sealed can be checked with no other. */
  sealing: required.SEALING_KEY,
  /** Wraps the keys of people, with which personal columns are encrypted; the old ones only read. */
  vault: {
    keyId: env.MASTER_KEY_ID,
    key: required.MASTER_KEY,
    oldKeys: env.MASTER_OLD_KEYS,
    indexSecret: required.SEALING_KEY,
  },
  /** Signs access tokens; the others sign none, and theirs are good. */
  tokens: { key: required.TOKEN_KEY, otherKeys: env.TOKEN_OLD_KEYS },
  callbackSecret: required.CALLBACK_SECRET,
})

/** Who we are, on documents. */
const groupCompany = (env: Settings) => ({
  name: env.COMPANY_NAME,
  pin: env.COMPANY_PIN,
  address: env.COMPANY_ADDRESS.split(',').map((line) => line.trim()),
})

/** Where customers transfer money to; null while only our desk tells. */
const groupBank = (env: Settings) =>
  env.BANK_NAME && env.BANK_ACCOUNT
    ? { name: env.BANK_NAME, account: env.BANK_ACCOUNT, holder: env.COMPANY_NAME }
    : null

/** Null while documents say that they are not registered. */
const groupEtims = (env: Settings) =>
  env.ETIMS_URL
    ? {
        baseUrl: env.ETIMS_URL,
        pin: env.COMPANY_PIN,
        branch: env.ETIMS_BRANCH,
        key: env.ETIMS_KEY,
        device: env.ETIMS_DEVICE,
      }
    : null

const groupDaraja = (env: Settings) => ({
  baseUrl: env.DARAJA_BASE_URL,
  consumerKey: env.DARAJA_CONSUMER_KEY,
  consumerSecret: env.DARAJA_CONSUMER_SECRET,
  shortcode: env.DARAJA_SHORTCODE,
  passkey: env.DARAJA_PASSKEY,
  transactionType: env.DARAJA_TRANSACTION_TYPE,
  till: env.DARAJA_TILL,
  payoutShortcode: env.DARAJA_PAYOUT_SHORTCODE,
  c2bVersion: env.DARAJA_C2B_VERSION,
  pullClock: env.DARAJA_PULL_CLOCK,
  sources: env.DARAJA_SOURCES,
  /** Who sends refunds; absent where refunds by M-Pesa are not set up. */
  initiator: env.DARAJA_INITIATOR
    ? {
        name: env.DARAJA_INITIATOR,
        /** Ready-made, or to be made from the password and Safaricom's certificate. */
        securityCredential: env.DARAJA_SECURITY_CREDENTIAL,
        password: env.DARAJA_INITIATOR_PASSWORD,
        certificateFile: env.DARAJA_CERTIFICATE_FILE,
      }
    : undefined,
})

const groupSasl = (env: Settings) => {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = env
  const password = env.KAFKA_SASL_PASSWORD
  return mechanism && username && password ? { mechanism, username, password } : undefined
}
