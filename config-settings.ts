import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import {
  NEEDED,
  NEEDED_IN_PRODUCTION,
  productionProblems,
  relationProblems,
} from './config-problems.ts'
import { key, oldKey, readSecretFiles, signingKey } from './config-secrets.ts'
import { SAFARICOM_SOURCES } from './config-sources.ts'

/** Every variable that can be set, its limits and its default; config.ts reads and groups them. */
export type Environment = Record<string, string | undefined>
export type Settings = z.infer<typeof settingsSchema>

export const parseSettings = (all: Environment): { settings?: Settings; problems: string[] } => {
  const { env, problems: ofFiles } = readSecretFiles(all)
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = settingsSchema.safeParse(given)
  const problems = [...ofFiles, ...relationProblems(given), ...productionProblems(given)]
  if (parsed.success) return { settings: parsed.data, problems }
  const own = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
  return { problems: [...new Set([...own, ...problems])] }
}

export const missingProblems = (given: Environment): string[] => {
  const { env } = readSecretFiles(given)
  const needed = env['NODE_ENV'] === 'production' ? { ...NEEDED, ...NEEDED_IN_PRODUCTION } : NEEDED
  return Object.entries(needed)
    .filter(
      ([name]) =>
        !env[name] &&
        !isRefused(given, name) &&
        !(name === 'TEMPORAL_ADDRESS' && env['TEMPORAL_PROFILE']),
    )
    .map(([name, hint]) => `${name} is not set: ${hint}`)
}

/** A file that holds nothing or cannot be read has its own problem, which says more. */
const isRefused = (given: Environment, name: string): boolean =>
  readSecretFiles(given).problems.some((problem) => problem.startsWith(`${name}_FILE `))

const WORKER_ROLES = ['business', 'payments', 'messages', 'outbox', 'schedules'] as const
const LOCAL_DARAJA = 'http://127.0.0.1:4010'

const whole = (low: number, high: number, unset: number) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(low, `must be at least ${low}`)
    .max(high, `must be at most ${high}`)
    .default(unset)
const text = z.string().min(1)
const shortcode = z.string().regex(/^\d{5,7}$/, 'must be 5 to 7 digits')
const url = (...schemes: string[]) =>
  text.refine(
    (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
    `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  )
const web = url('http', 'https').transform((value) => value.replace(/\/+$/, ''))
const choice = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` })
const yesNo = choice('yes', 'no')
  .default('no')
  .transform((value) => value === 'yes')
const list = text.transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** `10.0.0.5` or `172.18.0.0/16`; the same for IPv6. */
const isNetwork = (value: string): boolean => {
  const [address = '', prefix = '0', ...rest] = value.split('/')
  const bits = isIP(address) === 6 ? 128 : 32
  return (
    isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && rest.length === 0
  )
}

const networks = (example: string) =>
  list.pipe(z.array(z.string().refine(isNetwork, `must be addresses or networks, like ${example}`)))

const settingsSchema = z.object({
  NODE_ENV: choice('development', 'test', 'production').default('development'),
  HOST: text.default('127.0.0.1'),
  PORT: whole(1, 65_535, 3000),
  PUBLIC_URL: web.optional(),
  TRUSTED_PROXIES: networks('10.0.0.5,fd00::/8').default(['127.0.0.0/8', '::1']),
  GARI_HOME: text.default(join(import.meta.dirname, '.gari')).transform((path) => resolve(path)),
  GARI_CACHE: text.transform((path) => resolve(path)).optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_PASSWORD: text.optional(),
  MIGRATION_DATABASE_URL: url('postgres', 'postgresql').optional(),
  MIGRATION_PASSWORD: text.optional(),
  DATABASE_ADMIN_URL: url('postgres', 'postgresql').optional(),
  DATABASE_ADMIN_PASSWORD: text.optional(),
  DATABASE_POOL: whole(1, 500, 10),
  TEMPORAL_ADDRESS: text.optional(),
  TEMPORAL_PROFILE: text.optional(),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_UI_URL: web.optional(),
  TEMPORAL_UI_UPSTREAM: web.optional(),
  WORKER_ROLES: list
    .pipe(z.array(choice(...WORKER_ROLES)).min(1, 'must name at least one role'))
    .default([...WORKER_ROLES]),
  WORKFLOW_CACHE: whole(0, 100_000, 400),
  WORKER_BUILD_ID: text.optional(),
  WORKER_HELD_PATCHES: list.default([]),
  KAFKA_BROKERS: list
    .pipe(z.array(z.string().regex(/^[^:\s]+:\d+$/, 'must be host:port, separated by commas')))
    .default([]),
  KAFKA_SSL: yesNo,
  KAFKA_SASL_MECHANISM: choice('plain', 'scram-sha-256', 'scram-sha-512').optional(),
  KAFKA_SASL_USERNAME: text.optional(),
  KAFKA_SASL_PASSWORD: text.optional(),
  DARAJA_BASE_URL: web.default(LOCAL_DARAJA),
  DARAJA_CONSUMER_KEY: text.default('local'),
  DARAJA_CONSUMER_SECRET: text.default('local'),
  DARAJA_SHORTCODE: shortcode.default('174379'),
  DARAJA_PASSKEY: text.default('local'),
  DARAJA_TRANSACTION_TYPE: choice('CustomerPayBillOnline', 'CustomerBuyGoodsOnline').default(
    'CustomerPayBillOnline',
  ),
  DARAJA_TILL: z
    .string()
    .regex(/^\d{5,8}$/, 'must be 5 to 8 digits')
    .optional(),
  DARAJA_SOURCES: networks('196.201.214.200').default([...SAFARICOM_SOURCES]),
  DARAJA_PAYOUT_SHORTCODE: shortcode.optional(),
  DARAJA_C2B_VERSION: choice('v1', 'v2').default('v2'),
  DARAJA_PULL_CLOCK: choice('nairobi', 'utc').default('nairobi'),
  DARAJA_PULL_PHONE: text.regex(/^254[17]\d{8}$/, 'must be like 254712345678').optional(),
  MPESA_PAYBILL_URLS: choice('register', 'off').default('off'),
  DARAJA_INITIATOR: text.optional(),
  DARAJA_SECURITY_CREDENTIAL: text.optional(),
  DARAJA_INITIATOR_PASSWORD: text.optional(),
  DARAJA_CERTIFICATE_FILE: text
    .refine((path) => existsSync(path), 'names a file that does not exist')
    .optional(),
  COMPANY_NAME: text.default('Gari Car Rental Ltd'),
  COMPANY_PIN: text.regex(/^[AP]\d{9}[A-Z]$/, 'must be a KRA PIN').default('P000000000X'),
  COMPANY_ADDRESS: text.default('PO Box 12345-00100, Nairobi'),
  BANK_NAME: text.or(z.literal('')).default(''),
  BANK_ACCOUNT: text.or(z.literal('')).default(''),
  ETIMS_URL: web.or(z.literal('')).default(''),
  ETIMS_BRANCH: text.default('00'),
  ETIMS_KEY: text.default('local'),
  ETIMS_DEVICE: text.default('local'),
  SMTP_URL: url('smtp', 'smtps').default('smtp://127.0.0.1:4025'),
  MAIL_FROM: text.default('gari <bookings@gari.example>'),
  SMS_BASE_URL: web.default('http://127.0.0.1:4030'),
  SMS_USERNAME: text.default('sandbox'),
  SMS_API_KEY: text.default('local'),
  SMS_SENDER: text.optional(),
  PAYLOAD_KEY: key.optional(),
  PAYLOAD_KEY_ID: text.default('k1'),
  PAYLOAD_OLD_KEYS: list.pipe(z.array(oldKey)).default([]),
  SEALING_KEY: key.optional(),
  MASTER_KEY: key.optional(),
  MASTER_KEY_ID: text.default('m1'),
  MASTER_OLD_KEYS: list.pipe(z.array(oldKey)).default([]),
  SECOND_FACTOR: z.enum(['required', 'optional']).optional(),
  TOKEN_KEY: signingKey.optional(),
  TOKEN_OLD_KEYS: list.pipe(z.array(signingKey)).default([]),
  CALLBACK_SECRET: z
    .string()
    .min(32, 'must be at least 32 characters (openssl rand -hex 32)')
    .optional(),
  SAMPLE_DATA: yesNo,
  SAMPLE_PEOPLE: z
    .string()
    .default('[]')
    .transform((value) => JSON.parse(value) as unknown)
    .pipe(z.array(z.object({ role: text, email: text, password: text }))),
  HOLD_MINUTES: whole(1, 1440, 15),
  PART_PAID_HOURS: whole(1, 24 * 14, 24),
  REMINDER_MINUTES: whole(1, 1440, 30),
  REFUND_APPROVAL_ABOVE: whole(0, 10_000_000, 20_000),
  CREDIT_APPROVAL_ABOVE: whole(0, 10_000_000, 1_000),
  ERASURE_DAYS: whole(0, 13, 7),
  PRIVACY_CONTACT: text.default('privacy@gari.example'),
  OPEN_BOOKINGS: whole(1, 10_000, 5),
  BOOKINGS_PER_HOUR: whole(1, 1_000_000, 240),
  PROMPTS_PER_HOUR: whole(1, 1_000_000, 6),
  REQUESTS_PER_MINUTE: whole(1, 1_000_000, 600),
  SHARED_LIMITS_FACTOR: whole(1, 100_000, 1),
  LOG_LEVEL: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  PHONES_URL: web.optional(),
  MAILBOX_URL: web.optional(),
  SMS_INBOX_URL: web.optional(),
  XDG_CACHE_HOME: text.optional(),
})
