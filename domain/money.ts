/** Kenyan shillings, exact. Every amount in Gari is a whole number of cents; floats never hold money. */
export type Cents = number & { readonly unit: 'KES cents' }

export const CURRENCY = 'KES'
const CENTS_PER_SHILLING = 100
/** Kenya's standard rate (VAT Act 2013, section 5). Customer prices include it. */
export const VAT_PERCENT = 16

export const ZERO = 0 as Cents

/** Brands an integer as cents; throws RangeError on fractions and on what a double cannot hold. */
export const cents = (value: number): Cents => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number of cents: ${value}`)
  return value as Cents
}

export const shillings = (value: number): Cents => cents(value * CENTS_PER_SHILLING)

export const add = (...amounts: Cents[]): Cents => cents(amounts.reduce((sum, one) => sum + one, 0))
export const subtract = (from: Cents, what: Cents): Cents => cents(from - what)
export const times = (amount: Cents, count: number): Cents => cents(amount * count)
export const negate = (amount: Cents): Cents => (amount === 0 ? amount : cents(0 - amount))

export const isWholeShillings = (amount: Cents): boolean => amount % CENTS_PER_SHILLING === 0

/** Whole shillings, for M-Pesa, which moves nothing smaller. Throws when cents remain. */
export const toShillings = (amount: Cents): number => {
  if (!isWholeShillings(amount)) throw new RangeError(`M-Pesa takes whole shillings: ${amount}`)
  return amount / CENTS_PER_SHILLING
}

/** `4500.00`: the API's decimal string. */
export const toDecimal = (amount: Cents): string => {
  const sign = amount < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(amount) / CENTS_PER_SHILLING)
  const rest = String(Math.abs(amount) % CENTS_PER_SHILLING).padStart(2, '0')
  return `${sign}${whole}.${rest}`
}

const DECIMAL = /^(?:0|[1-9]\d{0,11})(?:\.\d{1,2})?$/

/** Reads `4500`, `4500.5` or `4500.00`; null for anything else (signs, separators, exponents). */
export const fromDecimal = (text: string): Cents | null => {
  if (!DECIMAL.test(text)) return null
  const [whole = '0', rest = ''] = text.split('.')
  return cents(Number(whole) * CENTS_PER_SHILLING + Number(rest.padEnd(2, '0')))
}

/** Whole shillings as people write them: `4500`, `4,500`, `KSh 4,500`; null for anything else. */
export const readShillings = (text: string): Cents | null => {
  const digits = text.replace(/^\s*(?:ksh|kes)\.?/i, '').replaceAll(/[\s,]/g, '')
  return /^[1-9]\d{0,7}$/.test(digits) ? shillings(Number(digits)) : null
}

/** `KSh 4,500`; cents only when there are any. */
export const formatKes = (amount: Cents): string => {
  const sign = amount < 0 ? '-' : ''
  const [whole = '0', rest = '00'] = toDecimal(cents(Math.abs(amount))).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return rest === '00' ? `${sign}KSh ${grouped}` : `${sign}KSh ${grouped}.${rest}`
}

/** Equal shares in whole shillings that sum to the total; what is left over goes to the first. */
export const splitEqually = (total: Cents, parties: number): Cents[] => {
  if (!Number.isInteger(parties) || parties < 1) throw new RangeError('at least one party')
  const share = shillings(Math.floor(total / parties / CENTS_PER_SHILLING))
  const first = cents(total - share * (parties - 1))
  return Array.from({ length: parties }, (_, index) => (index === 0 ? first : share))
}

/** The VAT inside a price that includes it, rounded half up to the cent; net + vat = gross. */
export const vatInside = (gross: Cents): { net: Cents; vat: Cents } => {
  const vat = cents(Math.round((gross * VAT_PERCENT) / (100 + VAT_PERCENT)))
  return { net: subtract(gross, vat), vat }
}
