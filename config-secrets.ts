import { readFileSync } from 'node:fs'
import { z } from 'zod'

type Environment = Record<string, string | undefined>

/** What nobody else may know. Each may come from a file instead: `PAYLOAD_KEY_FILE=/run/secrets/payload_key`. */
export const SECRETS = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'MIGRATION_DATABASE_URL',
  'MIGRATION_PASSWORD',
  'DATABASE_ADMIN_URL',
  'DATABASE_ADMIN_PASSWORD',
  'PAYLOAD_KEY',
  'PAYLOAD_OLD_KEYS',
  'CALLBACK_SECRET',
  'SEALING_KEY',
  'MASTER_KEY',
  'MASTER_OLD_KEYS',
  'TOKEN_KEY',
  'TOKEN_OLD_KEYS',
  'KAFKA_SASL_PASSWORD',
  'DARAJA_CONSUMER_SECRET',
  'DARAJA_PASSKEY',
  'DARAJA_INITIATOR_PASSWORD',
  'DARAJA_SECURITY_CREDENTIAL',
  'ETIMS_KEY',
  'SMTP_URL',
  'SMS_API_KEY',
] as const

/** Without these nothing starts; the file of any other may be empty, which is as if it were not there. */
const NEVER_EMPTY: readonly string[] = ['PAYLOAD_KEY', 'SEALING_KEY', 'CALLBACK_SECRET']

/** Addresses whose password may stand by itself, so that a file need hold nothing else. */
const PASSWORDS = [
  ['DATABASE_URL', 'DATABASE_PASSWORD'],
  ['MIGRATION_DATABASE_URL', 'MIGRATION_PASSWORD'],
  ['DATABASE_ADMIN_URL', 'DATABASE_ADMIN_PASSWORD'],
] as const

/** What is set, and where it came from. */
export type GivenSecret = { name: string; value: string; file: string | undefined }

/** What opens something, wherever it stands: also passwords within addresses. */
export function listSecrets(env: Environment): GivenSecret[] {
  const { env: all } = readSecretFiles(env)
  return SECRETS.flatMap((name) => {
    const value = all[name]
    if (!value) return []
    const file = env[`${name}_FILE`]
    if (!URL.canParse(value)) return [{ name, value, file }]
    const password = decodeURIComponent(new URL(value).password)
    const within = PASSWORDS.find(([url]) => url === name)?.[1]
    // It has been put in from there, and is told there.
    if (password === '' || (within && all[within] === password))
      return file ? [{ name, value: '', file }] : []
    return [{ name: `the password in ${name}`, value: password, file }]
  })
}

/** With the secrets that files hold; what is wrong with a file never says what is in it. */
export function readSecretFiles(env: Environment): { env: Environment; problems: string[] } {
  const read: Environment = {}
  const problems: string[] = []
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (env[name])
      problems.push(`${name} and ${name}_FILE are both set: only one of them can count`)
    else read[name] = contentOf(file, name, problems)
  }
  return { env: withPasswords({ ...env, ...read }, problems), problems }
}

function withPasswords(env: Environment, problems: string[]): Environment {
  const whole = { ...env }
  for (const [name, passwordName] of PASSWORDS) {
    const [address, password] = [env[name], env[passwordName]]
    if (!address || !password || !URL.canParse(address)) continue
    const url = new URL(address)
    if (url.password !== '')
      problems.push(
        `${passwordName} is set, and ${name} has a password: only one of them can count`,
      )
    else whole[name] = Object.assign(url, { password: encodeURIComponent(password) }).href
  }
  return whole
}

function contentOf(file: string, name: string, problems: string[]): string | undefined {
  try {
    const content = readFileSync(file, 'utf8').trim()
    if (content === '' && NEVER_EMPTY.includes(name))
      problems.push(`${name}_FILE names a file that is empty`)
    return content
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read`)
    return undefined
  }
}

const KEY_BYTES = 32
const KEY_FORM = 'must be 32 bytes in base64 (openssl rand -base64 32)'
export const key = z
  .base64({ error: KEY_FORM })
  .transform((value) => Buffer.from(value, 'base64'))
  .refine((bytes) => bytes.length === KEY_BYTES, KEY_FORM)

/** The order of P-256: a private key is a number from 1 to one less. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Signs tokens by ES256. One in four thousand million random keys is none. */
export const signingKey = key.refine((bytes) => {
  const number = BigInt(`0x${bytes.toString('hex')}`)
  return number > 0n && number < P256_ORDER
}, 'is no key for ES256: make another one (openssl rand -base64 32)')

/** `id:key`; a base64 key has no colon in it. */
export const oldKey = z.string().transform((value, ctx) => {
  const [keyId = '', encoded = ''] = value.split(':')
  const read = key.safeParse(encoded)
  if (keyId !== '' && read.success) return { keyId, key: read.data }
  ctx.addIssue('must be id:key, separated by commas, each key 32 bytes in base64')
  return z.NEVER
})
