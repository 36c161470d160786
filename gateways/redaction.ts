/** What never reaches a log: secrets by the name of their field, phone numbers by their look. */

const SECRETS = [
  'phone',
  'msisdn',
  'password',
  'passkey',
  'pin',
  'authorization',
  'cookie',
  'set-cookie',
  'apiKey',
  'token',
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'secret',
  'consumerKey',
  'consumerSecret',
  'securityCredential',
  'code',
  'PhoneNumber',
  'PartyA',
  'Password',
  'SecurityCredential',
]
const DEPTHS = ['', '*.', '*.*.', '*.*.*.']

/** Each name at the top and three levels down: deeper things are not logged here. */
export const SECRET_PATHS = DEPTHS.flatMap((depth) =>
  SECRETS.map((name) =>
    name.includes('-') ? `${depth.replace(/\.$/, '')}["${name}"]` : `${depth}${name}`,
  ),
)
export const HIDDEN = '[hidden]'

/** Nine digits after the country code or the trunk zero, beginning with 7 or 1. */
const PHONE = /(?<!\d)(\+?254|0)([17]\d{2})[ -]?\d{3}[ -]?(\d{3})(?!\d)/g
/** Daraja's checkout id ends in the last nine digits of the phone. */
const CHECKOUT_ID = /(ws_CO_\w*?)\d{9}(?!\d)/g

export const hidePhones = (text: string): string =>
  text.replace(CHECKOUT_ID, '$1*********').replace(PHONE, '$1$2***$3')

const DEEPEST = 4

/** The same for every string in a log entry; what lies deeper than four levels is left out. */
export const hidePhonesIn = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return hidePhones(value)
  if (typeof value === 'number' && /^254[17]\d{8}$/.test(String(value))) return HIDDEN
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (value instanceof Error) return describeError(value)
  if (depth === DEEPEST) return '[deep]'
  if (Array.isArray(value)) return value.map((one) => hidePhonesIn(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, hidePhonesIn(one, depth + 1)]),
  )
}

/** `errorCode`, because `code` is what one-time codes are called and is hidden. */
const describeError = (error: Error) => ({
  type: error.name,
  message: hidePhones(error.message),
  ...('code' in error ? { errorCode: String(error.code) } : {}),
  stack: hidePhones(error.stack ?? ''),
})
