/** What the OpenAPI document says, as tests that ask every route and every field need it. */
import type { TestApi } from './api.ts'

export type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  minimum?: number
  minLength?: number
  example?: unknown
}
type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema?: Schema }
type Described = {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  security?: unknown
}
export type Operation = {
  method: string
  path: string
  isSecured: boolean
  parameters: Parameter[]
  /** Null where no JSON is taken. */
  body: Schema | null
}
export type Description = { operations: Operation[]; resolve(schema: Schema): Schema }

export async function readDescription(api: TestApi): Promise<Description> {
  const { paths, components } = (await (await api.get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, Described>>
    components: { schemas: Record<string, Schema> }
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({
      method: method.toUpperCase(),
      path,
      isSecured: told.security !== undefined,
      parameters: told.parameters ?? [],
      body: told.requestBody?.content['application/json']?.schema ?? null,
    })),
  )
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1)
    const found = name === undefined ? schema : (components.schemas[name] ?? {})
    const [one] = found.anyOf ?? found.oneOf ?? []
    if (one) return resolve(one)
    if (!found.allOf) return found
    return Object.assign({}, ...found.allOf.map(resolve)) as Schema
  }
  return { operations, resolve }
}

const BY_NAME: Record<string, unknown> = {
  phone: '0712345678',
  phones: ['0712345678'],
  email: 'somebody@example.com',
  password: 'a long enough password',
  amount: '100',
  kra_pin: 'P051234567A',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  category: 'SUV',
  day: '2026-01-01',
}
const BY_FORMAT: Record<string, string> = {
  uuid: '6f1b1c1e-3a64-4a52-9d0b-1c1f0c9f4a11',
  email: 'somebody@example.com',
  date: '2026-12-01',
  'date-time': '2026-12-01T10:00:00+03:00',
}

/** Something that the schema would take, as far as it says. */
export function exampleOf(told: Description, given: Schema, name = ''): unknown {
  const schema = told.resolve(given)
  if (schema.example !== undefined) return schema.example
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (name in BY_NAME) return BY_NAME[name]
  const type = [schema.type].flat().find((one) => one !== 'null')
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, one]) => [key, exampleOf(told, one, key)]),
    )
  if (type === 'array') return [exampleOf(told, schema.items ?? {}, name)]
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  return BY_FORMAT[schema.format ?? ''] ?? 'x'.repeat(Math.max(3, schema.minLength ?? 0))
}

/** Every place of a value where another one can be put: fields, and the first of each list. */
export function placesIn(value: unknown, before: readonly (string | number)[] = []): Place[] {
  const own = before.length > 0 ? [before] : []
  if (typeof value !== 'object' || value === null) return own
  const inside = Array.isArray(value)
    ? value.slice(0, 1).map((one, index): [number, unknown] => [index, one])
    : Object.entries(value)
  return [...own, ...inside.flatMap(([key, one]) => placesIn(one, [...before, key]))]
}
export type Place = readonly (string | number)[]

/** A copy with another value at that place. */
export function withValue(whole: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(whole))
    return whole.map((one, index) =>
      index === key ? withValue(one, rest, value) : (one as unknown),
    )
  const record = whole as Record<string, unknown>
  return { ...record, [key]: withValue(record[key], rest, value) }
}
