/** What must be set, and what must not be set together, said in words that help. */

type Environment = Record<string, string | undefined>

export const NEEDED: Record<string, string> = {
  DATABASE_URL: 'postgres://user:password@host:5432/database',
  PAYLOAD_KEY: '32 bytes in base64 (openssl rand -base64 32)',
  SEALING_KEY: '32 bytes in base64 (openssl rand -base64 32)',
  MASTER_KEY: '32 bytes in base64 (openssl rand -base64 32)',
  TOKEN_KEY: '32 bytes in base64 (openssl rand -base64 32)',
  CALLBACK_SECRET: 'at least 32 random characters (openssl rand -hex 32)',
}
export const NEEDED_IN_PRODUCTION: Record<string, string> = {
  PUBLIC_URL: 'the https address that customers and Safaricom reach',
  TEMPORAL_ADDRESS: 'host:port of the Temporal server (or TEMPORAL_PROFILE)',
  DARAJA_BASE_URL: 'https://api.safaricom.co.ke',
  DARAJA_CONSUMER_KEY: "from your app on Safaricom's Daraja portal",
  DARAJA_CONSUMER_SECRET: "from your app on Safaricom's Daraja portal",
  DARAJA_SHORTCODE: 'your paybill or store number',
  DARAJA_PASSKEY: 'from the go-live letter',
  DARAJA_INITIATOR: 'the operator that sends refunds',
  SMTP_URL: 'smtp://user:password@host:587',
  MAIL_FROM: 'the sender of your mail',
  SMS_BASE_URL: 'https://api.africastalking.com',
  SMS_USERNAME: "your Africa's Talking user name",
  SMS_API_KEY: "your Africa's Talking key",
}

export const relationProblems = (env: Environment): string[] => [
  ...when(
    !!env['MIGRATION_DATABASE_URL'] && !env['DATABASE_URL'],
    'MIGRATION_DATABASE_URL needs DATABASE_URL, as whom Gari works',
  ),
  ...when(
    !!env['TEMPORAL_UI_URL'] && !!env['TEMPORAL_UI_UPSTREAM'],
    'TEMPORAL_UI_URL and TEMPORAL_UI_UPSTREAM: set the one or the other',
  ),
  ...when(
    env['DARAJA_TRANSACTION_TYPE'] === 'CustomerBuyGoodsOnline' && !env['DARAJA_TILL'],
    'DARAJA_TILL is not set: CustomerBuyGoodsOnline pays into a till',
  ),
  ...when(
    !!env['DARAJA_INITIATOR'] &&
      !env['DARAJA_SECURITY_CREDENTIAL'] &&
      !(env['DARAJA_INITIATOR_PASSWORD'] && env['DARAJA_CERTIFICATE_FILE']),
    'DARAJA_INITIATOR needs DARAJA_SECURITY_CREDENTIAL, or DARAJA_INITIATOR_PASSWORD with DARAJA_CERTIFICATE_FILE',
  ),
  ...when(
    !!env['KAFKA_SASL_MECHANISM'] && !(env['KAFKA_SASL_USERNAME'] && env['KAFKA_SASL_PASSWORD']),
    'KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  ),
  ...masterKeyProblems(env),
]

/** Two of one name could not be told apart, and one under two names would never be out of use. */
function masterKeyProblems(env: Environment): string[] {
  const newest = [env['MASTER_KEY_ID'] ?? 'm1', env['MASTER_KEY'] ?? ''] as const
  const old = (env['MASTER_OLD_KEYS'] ?? '')
    .split(',')
    .filter((one) => one.trim() !== '')
    .map((one) => one.trim().split(':'))
  const all = [newest, ...old]
  const ids = all.map(([id]) => id)
  const keys = all.map(([, key]) => key)
  return [
    ...when(
      new Set(ids).size < ids.length,
      'MASTER_KEY_ID and the ids in MASTER_OLD_KEYS must differ: each master key has a name of its own',
    ),
    ...when(
      new Set(keys).size < keys.length,
      'MASTER_KEY and the keys in MASTER_OLD_KEYS must differ: a new master key is another key',
    ),
  ]
}

export const productionProblems = (env: Environment): string[] => {
  if (env['NODE_ENV'] !== 'production') return []
  const plain = (name: string) => !!env[name] && !env[name].startsWith('https://')
  const local =
    !!env['CALLBACK_SECRET']?.startsWith('local-') ||
    [env['PAYLOAD_KEY_ID'], env['MASTER_KEY_ID']].includes('local')
  return [
    ...when(env['SAMPLE_DATA'] === 'yes', 'SAMPLE_DATA must be no in production'),
    ...when(plain('PUBLIC_URL'), 'PUBLIC_URL must begin with https:// in production'),
    ...when(plain('DARAJA_BASE_URL'), 'DARAJA_BASE_URL must begin with https:// in production'),
    ...when(plain('ETIMS_URL'), 'ETIMS_URL must begin with https:// in production'),
    ...when(
      local,
      'CALLBACK_SECRET, PAYLOAD_KEY and MASTER_KEY of a local `npm start` are refused here',
    ),
  ]
}

const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : [])
