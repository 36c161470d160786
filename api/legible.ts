/** Doors that refuse what cannot be read in one way only, before any room reads it: addresses, JSON and forms. */
import type { Context, MiddlewareHandler } from 'hono'
import { BusinessError } from '../domain/errors.ts'
import { findFault } from './strict-json.ts'

const NUL = '\u0000'

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** PostgreSQL holds no NUL, and what is no UTF-8 would be read differently by each who reads it. */
export const legibleAddress: MiddlewareHandler = async (c, next) => {
  const text = decoded(new URL(c.req.url).href)
  if (text === null || text.includes(NUL)) {
    throw new BusinessError('INVALID_INPUT', 'This address is not written correctly.')
  }
  await next()
}

const refuseBody = (message: string): never => {
  throw new BusinessError('INVALID_JSON', message)
}

/** The body as text; throws for bytes that are no UTF-8. */
async function utf8(c: Context): Promise<string> {
  const bytes = await c.req.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuseBody('The body is not valid UTF-8.')
  }
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Throws INVALID_JSON, or INVALID_INPUT with the place, for a body that two readers could understand differently. */
export async function assertLegibleJson(c: Context): Promise<void> {
  const text = await utf8(c)
  if (!parses(text)) refuseBody('The body is not valid JSON.')
  const fault = findFault(text)
  if (fault) throw new BusinessError('INVALID_INPUT', fault.message, { fields: [fault] })
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i

export const isJson = (c: Context): boolean => JSON_TYPE.test(c.req.header('content-type') ?? '')

/** A call without a body may carry the type all the same. */
export const legibleJson: MiddlewareHandler = async (c, next) => {
  const isEmpty = c.req.header('content-length') === '0'
  if (c.req.raw.body && !isEmpty && isJson(c)) await assertLegibleJson(c)
  await next()
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i

/** A browser sends neither; what people can type stays for the form's own rules, which keep what was typed. */
export const legibleForm: MiddlewareHandler = async (c, next) => {
  if (FORM_TYPE.test(c.req.header('content-type') ?? '')) {
    const text = decoded((await utf8(c)).replaceAll('+', ' '))
    if (text === null || text.includes(NUL)) {
      throw new BusinessError('INVALID_INPUT', 'This form could not be read. Send it again.')
    }
  }
  await next()
}
