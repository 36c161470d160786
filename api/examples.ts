/**
 * Examples for the description of the API, made from its schemas: a field that says its own is taken at its word, and of the others
 * the name mostly says what stands in it. So none can be forgotten, and none can be of an older shape.
 */

export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  example?: unknown
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  minimum?: number
  minLength?: number
}
export type Schemas = Record<string, Schema>

const ID = '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11'
const MOMENT = '2026-11-27T10:00:00+03:00'

/** By the end of a name, the first that fits. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(?:^|_)ids?$/, ID],
  [/(?:_at|_since|_until|_from|_to|_before|expires)$|^(?:from|to|at|until)$/, MOMENT],
  [/^date_of_birth$/, '1990-01-31'],
  [/(?:_on|day|date)$/, '2026-11-27'],
  [/^deadline$/, MOMENT],
  [/phones?$/, '0712 345 678'],
  [/e?mail$/, 'wanjiku@example.com'],
  [/^currency$/, 'KES'],
  [/^country$/, 'Kenya'],
  [/^city$/, 'Nairobi'],
  [/^line1$|^address$/, 'Kimathi Street 12'],
  [/^line2$/, 'Third floor'],
  [/^postcode$/, '00100'],
  [/^po_box$/, '30197'],
  [/^state$/, 'Nairobi County'],
  [/pin$/, 'P051234567A'],
  [/^first_name$/, 'Wanjiku'],
  [/^last_name$/, 'Kamau'],
  [/(?:^|_)name$|^(?:holder|payer|who|given_by)$/, 'Wanjiku Kamau'],
  [/password$/, 'a long enough password'],
  [/token$/, 'J8mUq0yZk3vX5nB7cR2tW9eL4sD6fG1hA0pQ8iO3u-E'],
  [/^plate$/, 'KDA 137A'],
  [/^vin$/, 'JTMHV05J604123456'],
  [/^make$/, 'Toyota'],
  [/^model$/, 'RAV4'],
  [/^colour$/, 'white'],
  [/category$/, 'SUV'],
  [/location$|^place$/, 'NBO-JKIA'],
  [/^picture$/, '/static/vehicles/suv-white.svg'],
  [/^body_type$/, 'suv'],
  [/^transmission$/, 'automatic'],
  [/^fuel$/, 'petrol'],
  [/^code$/, 'NBO-JKIA'],
  [/^opens$/, '07:00'],
  [/^closes$/, '20:00'],
  [/^insurance_policy$/, 'POL-2026-118'],
  [/^gps_device$/, 'TRK-0042'],
  [/^bought_for$/, '2450000.00'],
  [/^device$/, 'Firefox on Android'],
  [/^customer_number$/, 'CUS-000123'],
  [/^invoice_number$/, 'INV-26-000123'],
  [/number$/, 'RSV-26-000123'],
  [/^status$/, 'pending'],
  [/^purpose$/, 'reservation'],
  [/^method$/, 'mpesa'],
  [/^mode$/, 'anybody'],
  [/^type$/, 'rental'],
  [/^account$/, 'mpesa_clearing'],
  [/^cancellation_reason$/, 'customer'],
  [/^next$|^cursor$/, 'WyItY3JlYXRlZF9hdCIsIjE3NjQyMjY4MDAwMDAwMDAiXQ'],
  [/^url$/, 'https://gari.example/documents'],
  [/^(?:clerk|\w+_by)$/, 'Otieno Odhiambo'],
  [/receipt$/, 'UKL4A1B2C3'],
  [/reference$/, 'FT26331ABCD1'],
  [/^terminal$/, 'T1'],
  [/^slip$/, '004217'],
  [/^role$|^parent$/, 'staff'],
  [/permissions?$|^inherited$/, 'reservations:read'],
  [
    /^(?:why|reason|note|notes|detail|message|description|title|special_requests|what|body)$/,
    'As agreed on the phone',
  ],
  [
    /(?:amount|total|paid|balance|share|net|vat|gross|credited|deposit|open|price|rate|limit|float|given|counted|expected|difference|owed|sum|debit|credit|takings|money|charged|earned|cash|change|asked|left|applied|taken|booked|ledger|provider)$/,
    '4500.00',
  ],
]

const TEXT = 'text'
const DAY = /^\d{4}-\d\d-\d\d$/
/** Where the name misleads, the pattern decides. */
const CODES = ['night_desk', 'ABC123', '123456', 'RSV-26-000123']
const BY_FORMAT: Record<string, string> = {
  uuid: ID,
  'date-time': MOMENT,
  date: '2026-11-27',
  email: 'wanjiku@example.com',
  uri: 'https://gari.example/documents',
}

/** What nests deeper than this has become a circle. */
const DEEPEST = 8

function stringExample(schema: Schema, name: string): string {
  const named = BY_NAME.find(([end]) => end.test(name))?.[1] ?? TEXT
  const byFormat = BY_FORMAT[schema.format ?? '']
  if (byFormat) return schema.format === 'date' && DAY.test(named) ? named : byFormat
  const pattern = new RegExp(schema.pattern ?? '', 'u')
  const fitting = [named, ...CODES].find((one) => pattern.test(one)) ?? named
  return fitting.padEnd(schema.minLength ?? 0, '.')
}

const typeOf = ({ type, properties, items }: Schema): string | undefined => {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null'
  return type ?? (properties ? 'object' : items ? 'array' : undefined)
}

/** The first of several that is not nothing. */
const chosen = (several: Schema[]): Schema | undefined =>
  several.find(({ type }) => type !== 'null') ?? several[0]

function objectExample(schema: Schema, all: Schemas, depth: number): object {
  const entries = Object.entries(schema.properties ?? {})
  return Object.fromEntries(entries.map(([key, one]) => [key, exampleOf(one, all, key, depth + 1)]))
}

/** An example of this schema; `name` is of the field that it describes. */
export function exampleOf(schema: Schema, all: Schemas, name = '', depth = 0): unknown {
  if (depth > DEEPEST) return null
  if (schema.example !== undefined) return schema.example
  if (schema.$ref) {
    const referred = all[schema.$ref.replace('#/components/schemas/', '')] ?? {}
    return exampleOf(referred, all, name, depth + 1)
  }
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum.find((one) => one !== null) ?? null
  const several = schema.anyOf ?? schema.oneOf
  if (several) return exampleOf(chosen(several) ?? {}, all, name, depth + 1)
  if (schema.allOf) {
    const parts = schema.allOf.map((one) => exampleOf(one, all, name, depth + 1))
    return Object.assign({}, ...parts, objectExample(schema, all, depth)) as object
  }
  switch (typeOf(schema)) {
    case 'object':
      return objectExample(schema, all, depth)
    case 'array':
      return [exampleOf(schema.items ?? {}, all, name.replace(/s$/, ''), depth + 1)]
    case 'string':
      return stringExample(schema, name)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, name.endsWith('year') ? 2024 : 1)
    case 'boolean':
      return true
    default:
      return null
  }
}
