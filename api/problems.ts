/** One table from business error to HTTP status. What is not in it is a 500 without detail. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ConnectionError, ConnectionAcquireTimeoutError, DatabaseError } from 'sequelize'
import { BusinessError, type ErrorCode, type FieldProblem } from '../domain/errors.ts'
import type { ApiLog } from './deps.ts'

type Row = {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 500 | 503
  title: string
}

const TABLE: Record<ErrorCode, Row> = {
  INVALID_INPUT: { status: 400, title: 'Something in the request is not right' },
  INVALID_PERIOD: { status: 400, title: 'This period cannot be booked' },
  LOCATION_CLOSED: { status: 400, title: 'The place is closed at that time' },
  UNKNOWN_LOCATION: { status: 400, title: 'We have no such place' },
  UNKNOWN_CATEGORY: { status: 400, title: 'We have no such category' },
  SHARES_DO_NOT_ADD_UP: { status: 400, title: 'The shares do not add up to the total' },
  CODE_REFUSED: { status: 409, title: 'This code cannot be used here' },
  EXTRA_UNAVAILABLE: { status: 409, title: 'There are not so many of it' },
  PRICE_CHANGED: { status: 409, title: 'The price has changed' },
  POINTS_REFUSED: { status: 409, title: 'These points cannot be used here' },
  VEHICLE_UNAVAILABLE: { status: 409, title: 'No car is free' },
  VEHICLE_BOOKED: { status: 409, title: 'This car is booked' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  SIGN_IN_REQUIRED: { status: 401, title: 'Sign in first' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  WRONG_CREDENTIALS: { status: 401, title: 'E-mail or password is not right' },
  WRONG_CODE: { status: 401, title: 'The code is not right' },
  SECOND_FACTOR_NEEDED: { status: 401, title: 'A second step is needed' },
  SIGN_IN_AGAIN: { status: 403, title: 'Sign in again first' },
  PASSKEY_REFUSED: { status: 401, title: 'The passkey was refused' },
  EMAIL_TAKEN: { status: 409, title: 'This e-mail already has an account' },
  CONTACT_PROVEN: { status: 409, title: 'Only its owner changes this' },
  ACCOUNT_NEEDED: { status: 409, title: 'This account is still needed' },
  EXPORT_NOT_READY: { status: 409, title: 'The copy is not ready yet' },
  LINK_OVER: { status: 409, title: 'This link is no longer good' },
  ROLE_REFUSED: { status: 409, title: 'Not with this role' },
  CHANGED_MEANWHILE: { status: 412, title: 'It was changed meanwhile' },
  VERSION_REQUIRED: { status: 428, title: 'Say which version you have seen' },
  TOO_MANY_OPEN_BOOKINGS: { status: 409, title: 'Too many unpaid bookings' },
  RESERVATION_CLOSED: { status: 409, title: 'This booking is closed' },
  RESERVATION_PAID: { status: 409, title: 'This booking is paid' },
  RENTAL_REFUSED: { status: 409, title: 'This cannot be done with the car now' },
  CHARGE_CLOSED: { status: 409, title: 'This charge is closed' },
  CHARGE_PAID: { status: 409, title: 'This charge is paid' },
  SHARE_NOT_OPEN: { status: 409, title: 'This share cannot be taken over now' },
  NOT_SHRINKABLE: { status: 409, title: 'This cannot be made smaller' },
  PLAN_OVER: { status: 409, title: 'This plan is over' },
  AMOUNT_ABOVE_BALANCE: { status: 409, title: 'More than is left to pay' },
  AMOUNT_OUT_OF_RANGE: { status: 400, title: 'M-Pesa does not take this amount' },
  NOTHING_TO_INVOICE: { status: 409, title: 'Nothing is left to invoice' },
  INVOICE_ISSUED: { status: 409, title: 'The invoice was issued' },
  INVOICE_NOT_ISSUED: { status: 409, title: 'The invoice was not issued yet' },
  INVOICE_CLOSED: { status: 409, title: 'Nothing is open on this invoice' },
  CREDIT_ABOVE_INVOICE: { status: 409, title: 'More than is left of the invoice' },
  REFERENCE_USED: { status: 409, title: 'This reference is in the books already' },
  PUSH_OPEN: { status: 409, title: 'A request is already open on that phone' },
  PAYMENT_REFUSED: { status: 409, title: 'M-Pesa did not accept the request' },
  TENDER_REFUSED: { status: 409, title: 'The payment was not taken' },
  TILL_REFUSED: { status: 409, title: 'Not with this till' },
  DAY_REFUSED: { status: 409, title: 'Not with this day' },
  MONEY_TAKEN: { status: 409, title: 'This money has an owner' },
  MONEY_WAITING: { status: 409, title: 'This money may be the answer to a request' },
  REFUND_REFUSED: { status: 409, title: 'This cannot go back' },
  SECOND_PERSON: { status: 409, title: 'A second person decides' },
  ENTRY_REVERSED: { status: 409, title: 'This entry counts no more' },
  FINDING_CLOSED: { status: 409, title: 'This is closed already' },
  REVIEW_OPEN: { status: 409, title: 'You have asked already' },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, title: 'An Idempotency-Key is needed' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key was used for something else',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  BODY_TOO_LARGE: { status: 413, title: 'The request is too large' },
  INVALID_JSON: { status: 400, title: 'The body is not valid JSON' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Not in this form' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Not with this method' },
  CSRF_REFUSED: { status: 403, title: 'This form has expired' },
  TEMPORARILY_UNAVAILABLE: { status: 503, title: 'A part of Gari is away' },
  UNEXPECTED: { status: 500, title: 'Something went wrong on our side' },
}

const RETRY_AFTER_SECONDS = 5

export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(TABLE, text)

export const statusOf = (code: ErrorCode): Row['status'] => TABLE[code].status
export const titleOf = (code: ErrorCode): string => TABLE[code].title

const unavailable = () =>
  new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'A part of Gari is not answering. Nothing was lost; try again in a few seconds.',
  )

/**
 * What PostgreSQL cannot do now and can later: it is shutting down, starting or recovering; connections, memory or the disk
 * are used up; somebody else's lock lasted longer than a statement may wait, or still does after all tries.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const NOT_NOW = new Set(
  '57P01 57P02 57P03 53000 53100 53200 53300 57014 25P03 55P03 40001 40P01'.split(' '),
)

/** What PostgreSQL holds in no text, where no schema has refused it before. */
const NO_TEXT = new Set(['22021', '22P05'])

const isNoText = (error: unknown): boolean =>
  error instanceof DatabaseError && NO_TEXT.has((error.parent as { code?: string }).code ?? '')

const noText = () =>
  new BusinessError('INVALID_INPUT', 'This has characters that cannot be kept. Type it again.')

export const unsupported = () =>
  new BusinessError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.')

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  error instanceof ConnectionAcquireTimeoutError ||
  (error instanceof DatabaseError &&
    (NOT_NOW.has((error.parent as { code?: string }).code ?? '') ||
      /terminat|ECONNRE/i.test(error.message)))

/** Turns whatever was thrown into a business error; unknown things become UNEXPECTED, without detail. */
export function toBusinessError(error: unknown): BusinessError {
  if (error instanceof BusinessError) return error
  if (isDatabaseAway(error)) return unavailable()
  if (isNoText(error)) return noText()
  if (error instanceof HTTPException) {
    if (error.status === 413) return new BusinessError('BODY_TOO_LARGE', 'Send less at once.')
    if (error.status === 403)
      return new BusinessError('CSRF_REFUSED', 'Load the page again and retry.')
    if (error.status === 415) return unsupported()
    if (error.status === 400)
      return new BusinessError('INVALID_JSON', 'The body could not be read as JSON.')
  }
  return new BusinessError('UNEXPECTED', 'We have noted it. Please try again.')
}

/** What to say beside a form: at its fields, or above them all. */
export const problemsIn = ({ fields, message }: BusinessError): FieldProblem[] =>
  fields.length > 0 ? fields : [{ path: '', message }]

const RETRY_AFTER_LIMIT_SECONDS = 60

/** For an address that is there, but not for this method; for none at all, that there is none. */
export function notHere(c: Context, allowed: readonly string[]): BusinessError {
  if (allowed.length === 0)
    return new BusinessError('NOT_FOUND', 'There is nothing under this address.')
  c.header('Allow', allowed.join(', '))
  const message = `This address takes ${allowed.join(', ')}.`
  return new BusinessError('METHOD_NOT_ALLOWED', message)
}

/** Says when it is worth trying again, where the answer is "not now". */
export function announceRetry(c: Context, { code, details }: BusinessError): void {
  const status = statusOf(code)
  if (status === 503) c.header('Retry-After', String(RETRY_AFTER_SECONDS))
  // A refusal by M-Pesa names its own rest.
  if (status !== 429 && details['retry_after'] === undefined) return
  c.header('Retry-After', String(Number(details['retry_after'] ?? RETRY_AFTER_LIMIT_SECONDS)))
}

/** What nobody expected is written down with the request's id, which the answer carries. */
export function noteUnexpected(c: Context, log: ApiLog, thrown: Error): void {
  if (toBusinessError(thrown).code !== 'UNEXPECTED') return
  const requestId = c.get('requestId') as string | undefined
  log.error({ requestId, error: String(thrown.stack) }, 'unexpected')
}

/** Programs ask there, and read problem documents; people get a page. */
export const isForPrograms = (c: Context): boolean =>
  /^\/(?:(?:api|codec|callbacks)\/|healthz|readyz)/.test(c.req.path)

/** RFC 9457. `fields` names what to correct; other members come from the error's details. */
export function problemResponse(c: Context, error: BusinessError): Response {
  const status = statusOf(error.code)
  const requestId = c.get('requestId') as string | undefined
  const body = {
    type: `https://gari.example/problems/${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(error.code),
    status,
    code: error.code,
    detail: error.message,
    ...(error.fields.length > 0 ? { fields: error.fields } : {}),
    ...error.details,
    ...(requestId ? { request_id: requestId } : {}),
  }
  c.header('Content-Type', 'application/problem+json')
  announceRetry(c, error)
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  return c.body(JSON.stringify(body), status)
}
