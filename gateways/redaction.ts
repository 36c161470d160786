/**
 * What never reaches a log: whatever stands under a name that says what it is, and phones, e-mails, licence numbers, tokens and keys by
 * their look, wherever they stand.
 */
export const HIDDEN = '[hidden]'

/** Without their capitals, dashes and underlines, so that `refresh_token` and `refreshToken` are one. */
const SECRET_NAMES = new Set(['code', 'consumerkey', 'msisdn', 'partya', 'partyb', 'pin'])
const SECRET_ENDINGS = [
  'apikey',
  'authorization',
  'cookie',
  'credential',
  'drivinglicence',
  'drivinglicense',
  'email',
  'idnumber',
  'licence',
  'licencenumber',
  'license',
  'licensenumber',
  'masterkey',
  'nationalid',
  'passkey',
  'passport',
  'passportnumber',
  'password',
  'payloadkey',
  'phone',
  'phonenumber',
  'privatekey',
  'sealingkey',
  'secret',
  'signingkey',
  'token',
  'tokenkey',
]

const isSecretName = (name: string): boolean => {
  const bare = name.toLowerCase().replaceAll(/[^a-z]/g, '')
  return SECRET_NAMES.has(bare) || SECRET_ENDINGS.some((ending) => bare.endsWith(ending))
}

type Rule = readonly [RegExp, string]

/** In this order: what is long hides what it is made of. */
const RULES: readonly Rule[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, HIDDEN],
  // The password of an address.
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*):[^\s/]+@/gi, `$1:${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  // A signed token.
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, HIDDEN],
  // A key for programs; the names of our database roles are shorter.
  [/\bgari_[\w-]{16,}/g, HIDDEN],
  // 256 bits and more in hex, in base64, and as addresses and cookies write it. What is longer than a path's part and has no
  // capitals is a name.
  [/(?<![\da-f])[\da-f]{48,}(?![\da-f])/gi, HIDDEN],
  [/(?<![A-Za-z\d+/])[A-Za-z\d+/]{42,}={1,2}/g, HIDDEN],
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}/g, HIDDEN],
  // Letters of every script before the sign; a name of ours with a version behind it (`pg@8.23.1`) is none.
  [/[\p{L}\p{N}.!#$%&'*+=?^_{|}~-]+@((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/gu, '***@$1'],
  [
    /\b(licen[cs]e(?:[ _-]?(?:number|no\.?))?["']?\s*[:=#]?\s*["']?)(?=[A-Z\d/-]*\d)[A-Z\d/-]{5,}/gi,
    `$1${HIDDEN}`,
  ],
  [/\bDL[ -]?\d{5,}/gi, HIDDEN],
  // Daraja's checkout id ends in the last nine digits of the phone.
  [/(ws_CO_\w*?)\d{9}(?!\d)/g, '$1*********'],
  // Nine digits after the country code or the trunk zero, beginning with 7 or 1.
  [
    /(?<!\d)((?:\+|00)?254|0)[ .()-]{0,2}([17]\d{2})[ .()-]{0,2}\d{3}[ .-]?(\d{3})(?!\d)/g,
    '$1$2***$3',
  ],
]

export const redactText = (text: string): string =>
  RULES.reduce((left, [look, instead]) => left.replace(look, instead), text)

const DEEPEST = 4
const PHONE_NUMBER = /^254[17]\d{8}$/

/** The same for every name and string in a log entry; what lies deeper than four levels is left out. */
export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'number' || typeof value === 'bigint')
    return PHONE_NUMBER.test(String(value)) ? HIDDEN : value
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return describeError(value)
  if (depth === DEEPEST) return '[deep]'
  if (Array.isArray(value)) return value.map((one) => redact(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      redactText(name),
      isSecretName(name) && one !== null && one !== undefined ? HIDDEN : redact(one, depth + 1),
    ]),
  )
}

/** `errorCode`, because `code` is what one-time codes are called and is hidden. */
const describeError = (error: Error) => ({
  type: redactText(error.name),
  message: redactText(error.message),
  ...('code' in error ? { errorCode: redactText(String(error.code)) } : {}),
  stack: redactText(error.stack ?? ''),
})
