/**
 * The description of the API as it is given away. What holds for every route is said here once and cannot be forgotten at one:
 * whether a token is needed, what is answered to a request that cannot be, a name and a place among the others, and examples.
 */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { statusOf, titleOf } from './problems.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { exampleOf, type Schema, type Schemas } from './examples.ts'

type Media = { schema?: Schema; example?: unknown }
type Content = Record<string, Media>
type Header = { description: string; schema: Schema; required?: boolean }
type Answer = { description: string; content?: Content; headers?: Record<string, Header> }
type Parameter = Partial<Header> & { in: string; name: string }
export type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, Answer>
}
export type Description = {
  openapi: string
  tags?: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Schemas }
}

/** By the first part of the address. */
const TAGS: Record<string, string> = {
  auth: 'Accounts, passwords and sessions of one’s own',
  status: 'How Gari is',
  users: 'Who has an account, for administrators',
  'oauth-clients': 'Programs of others, for administrators',
  roles: 'What roles allow, for administrators',
  permissions: 'All that can be allowed, for administrators',
  locations: 'Where cars are handed over',
  vehicles: 'Cars, and which are free',
  'vehicle-categories': 'Kinds of cars and their prices',
  customers: 'Customers, for staff',
  'identity-documents': 'Pictures of customers’ ids and licences',
  'rating-reviews': 'Customers who ask for a person to look at their rating',
  'pricing-rules': 'Rules by which prices are reckoned, for managers',
  extras: 'What is let beside a car',
  quotes: 'What a booking would cost',
  reservations: 'Bookings',
  rentals: 'Cars that are out, and what is owed when they are back',
  payments: 'Money that is asked for and taken',
  'payment-plans': 'Sums that are asked for in several requests',
  charges: 'What is to be paid beside a booking',
  refunds: 'Money that goes back',
  invoices: 'Invoices',
  'credit-notes': 'What corrects an invoice',
  companies: 'Companies that pay later',
  tills: 'Cash at the desk',
  'till-sessions': 'One person’s time at a till',
  'day-closes': 'The takings of a day',
  'unmatched-payments': 'M-Pesa money without an owner',
  'bank-lines': 'Bank money without an owner',
  ledger: 'The books',
  reconciliations: 'Our books beside the provider’s',
}
const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const tagOf = (path: string): string => path.split('/')[1] ?? ''
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** `postReservationsByIdCancel`: no two operations have one method and one path. */
const idOf = (method: string, path: string): string =>
  method +
  path
    .split('/')
    .filter((part) => part !== '')
    .flatMap((part) => (part.startsWith('{') ? ['by', part.slice(1, -1)] : part.split('-')))
    .flatMap((part) => part.split('_'))
    .map(capital)
    .join('')

const PROBLEM = 'application/problem+json'
const problemSchema: Schema = { $ref: '#/components/schemas/Problem' }

/** One error that stands for each status. */
const CODES: Record<string, ErrorCode> = {
  400: 'INVALID_INPUT',
  401: 'SIGN_IN_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'RESERVATION_CLOSED',
  412: 'CHANGED_MEANWHILE',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'IDEMPOTENCY_KEY_REUSED',
  428: 'VERSION_REQUIRED',
  429: 'TOO_MANY_REQUESTS',
  503: 'TEMPORARILY_UNAVAILABLE',
}

const problemExample = (status: string, description: string): object => {
  const code = CODES[status] ?? 'UNEXPECTED'
  return {
    type: `https://gari.example/problems/${code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(code),
    status: Number(status),
    code,
    detail: `${description}.`,
    ...(statusOf(code) === 400 ? { fields: [{ path: 'limit', message: `${description}.` }] } : {}),
    request_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  }
}

const refusal = (description: string): Answer => ({
  description,
  content: { [PROBLEM]: { schema: problemSchema } },
})

const takesInput = ({ requestBody, parameters = [] }: Operation): boolean =>
  requestBody !== undefined || parameters.length > 0

/** What any route of this kind can answer beside what it says itself. */
function refusalsOf(path: string, operation: Operation): Record<string, Answer> {
  const some = (isSo: boolean, status: string, description: string) =>
    isSo ? { [status]: refusal(description) } : {}
  const { security = [] } = operation
  return {
    ...some(takesInput(operation), '400', 'Something to correct'),
    ...some(security.length > 0, '401', 'The token is missing, over, or none of ours'),
    ...some(security.length > 0, '403', 'Not yours to do'),
    // A body names things, too.
    ...some(path.includes('{') || takesInput(operation), '404', 'There is none, or none of yours'),
    ...some(operation.requestBody !== undefined, '413', 'The body is too large'),
    ...some(operation.requestBody !== undefined, '415', 'The body is in another form'),
    ...some(true, '429', 'Too many requests'),
    ...some(true, '503', 'A part of Gari is away; nothing was lost'),
  }
}

const RETRY_AFTER: Header = {
  description: 'Seconds after which it is worth another try',
  schema: { type: 'integer' },
}
const TAG: Header = {
  description: 'Of this state, for If-Match and If-None-Match',
  schema: { type: 'string' },
}

function headersOf(status: string, operation: Operation): Record<string, Header> | undefined {
  if (status === '429' || status === '503') return { 'Retry-After': RETRY_AFTER }
  const names = (operation.parameters ?? []).map(({ name }) => name)
  const isTagged = names.includes('if-match') || names.includes('if-none-match')
  return isTagged && /^(?:20[01]|304)$/.test(status) ? { ETag: TAG } : undefined
}

function withExamples(content: Content, schemas: Schemas, problem?: () => object): Content {
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => {
      if (media.example !== undefined || !/\bjson$/.test(type)) return [type, media]
      const example =
        type === PROBLEM && problem ? problem() : exampleOf(media.schema ?? {}, schemas)
      return [type, { ...media, example }]
    }),
  )
}

function answersOf(path: string, operation: Operation, schemas: Schemas): Operation['responses'] {
  const all = { ...refusalsOf(path, operation), ...operation.responses }
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => {
      const { content, description } = answer
      const headers = headersOf(status, operation)
      const told = () => problemExample(status, description)
      return [
        status,
        {
          ...answer,
          ...(headers ? { headers } : {}),
          ...(content ? { content: withExamples(content, schemas, told) } : {}),
        },
      ]
    }),
  )
}

const KEY = 'A new one for each request (a UUID, say); the same one asks for the same thing again'

/** What the schemas leave open so that its absence is refused in our words. */
function parameterOf(method: string, parameter: Parameter): Parameter {
  if (parameter.name === 'idempotency-key')
    return { ...parameter, required: true, description: KEY }
  if (parameter.name === 'if-match' && method === 'put') return { ...parameter, required: true }
  return parameter
}

function describe(path: string, method: string, operation: Operation, schemas: Schemas): Operation {
  const { requestBody, parameters } = operation
  return {
    ...operation,
    operationId: idOf(method, path),
    tags: [tagOf(path)],
    security: operation.security ?? [],
    ...(parameters ? { parameters: parameters.map((one) => parameterOf(method, one)) } : {}),
    ...(requestBody
      ? {
          requestBody: {
            ...requestBody,
            content: withExamples(requestBody.content, schemas),
          },
        }
      : {}),
    responses: answersOf(path, operation, schemas),
  }
}

const FLAGGED = /^(.*)\/([a-z]+)$/su
/** The same class in words that every dialect of patterns knows. */
const CONTROLS = String.raw`\x00-\x1f\x7f-\x9f`
const toPlain = (pattern: string): string => pattern.replaceAll(String.raw`\p{Cc}`, CONTROLS)

/**
 * A pattern is written down with the flags behind it, which no reader of JSON Schema understands. That letters may be large or
 * small cannot be said there, so such a pattern is left out.
 */
const withPlainPatterns = (document: object): Description =>
  JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    if (name !== 'pattern' || typeof value !== 'string') return value
    const [, source = value, flags = 'u'] = FLAGGED.exec(value) ?? []
    return flags === 'u' ? toPlain(source) : undefined
  }) as Description

/** OpenAPI 3.1 of all routes. */
export function describeApi<E extends Env>(
  api: OpenAPIHono<E>,
  info: Parameters<OpenAPIHono<E>['getOpenAPI31Document']>[0],
): Description {
  const written = withPlainPatterns(api.getOpenAPI31Document(info))
  const { schemas } = written.components
  const paths = Object.entries(written.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations)
        .filter(([method]) => METHODS.includes(method))
        .map(([method, one]) => [method, describe(path, method, one, schemas)]),
    ),
  ])
  const used = new Set(Object.keys(written.paths).map(tagOf))
  const tags = [...used].toSorted().map((name) => ({ name, description: TAGS[name] ?? name }))
  return { ...written, tags, paths: Object.fromEntries(paths) as Description['paths'] }
}
