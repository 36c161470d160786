/** What staff may read of a provider's raw words: everything but whose phone and name it is. */
const NAMES = /^(?:first|middle|last)name$/i
const PHONE_NAMES = /^(?:phonenumber|msisdn|partya|partyb)$/i
/** Nine digits after the country code or the trunk zero, also where Daraja hangs them on an id. */
const PHONE = /(?<!\d)(\+?254|0)?([17]\d{2})\d{3}(\d{3})(?!\d)/g
const CHECKOUT_ID = /^(ws_CO_\w*?)\d{9}$/

/** `254712345678 - JANE DOE`: how Safaricom writes a party. */
const NAMED_PARTY = /^(\S*\d\S*) - .+$/

const maskText = (text: string): string =>
  text
    .replace(CHECKOUT_ID, '$1*********')
    .replace(NAMED_PARTY, '$1 - ***')
    .replace(PHONE, '$1$2***$3')

/** `W***` for a name: enough to tell two people apart. */
const maskName = (text: string): string => (text === '' ? '' : `${text.slice(0, 1)}***`)

const DEEPEST = 12

/** The same shape with phones masked and names cut; Daraja names some values beside them (`{ Name, Value }`). */
export function maskPersonal(value: unknown, name = '', depth = 0): unknown {
  if (depth > DEEPEST) return '…'
  if (typeof value === 'number') {
    const masked = maskText(String(value))
    return masked === String(value) ? value : masked
  }
  if (typeof value === 'string') {
    if (NAMES.test(name)) return maskName(value)
    return PHONE_NAMES.test(name) ? maskText(value).replace(/^[\w-]{30,}$/, '***') : maskText(value)
  }
  if (Array.isArray(value)) return value.map((one) => maskPersonal(one, name, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, maskPersonal(one, key, depth + 1)]),
  )
}
