/** What people see when something cannot be done: what happened, what it means for them, what to do now. */
import type { Context } from 'hono'
import { BusinessError, type ErrorCode } from '../../domain/errors.ts'
import { ErrorView } from '../../views/errors.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { announceRetry, noteUnexpected, statusOf, titleOf, toBusinessError } from '../problems.ts'
import { nobody } from './viewer.ts'

const SAFE: Partial<Record<ErrorCode, string>> = {
  TEMPORARILY_UNAVAILABLE:
    'Your bookings and your money are safe. Nothing was charged by this page.',
  UNEXPECTED: 'Your bookings and your money are safe. We have written down what happened.',
  NOT_FOUND: 'The address may be mistyped, or the page is somebody else’s.',
  FORBIDDEN: 'If you need it, ask your manager.',
}

async function page(c: Context<Env>, error: BusinessError) {
  const safe = SAFE[error.code]
  const status = statusOf(error.code)
  announceRetry(c, error)
  const { path } = nobody(c)
  const shown = {
    title: titleOf(error.code),
    sentences: [error.message, ...(safe ? [safe] : [])],
    reference: c.get('requestId')?.slice(0, 8) ?? '',
    retryPath: c.req.method === 'GET' && (status === 503 || status === 500) ? path : null,
  }
  return c.html(<ErrorView viewer={nobody(c)} page={shown} />, status)
}

const isPartial = (c: Context<Env>): boolean => c.req.header('hx-request') === 'true'

/** A live part outlives a moment of trouble on our side: what stands on the page stays, and asks again. */
function fragment(c: Context<Env>, error: BusinessError) {
  const status = statusOf(error.code)
  if (status >= 500) c.header('HX-Reswap', 'none')
  announceRetry(c, error)
  return c.html(
    <p class="notice" role="alert">
      {error.message}
    </p>,
    status,
  )
}

const signInPath = (next: string): string => `/sign-in?next=${encodeURIComponent(next)}`

/** Where the browser is, for a part of a page; the address itself for a page that can be asked again. */
function askToSignIn(c: Context<Env>) {
  const current = c.req.header('hx-current-url') ?? ''
  if (isPartial(c)) {
    const { pathname, search } = new URL(URL.canParse(current) ? current : '/', c.req.url)
    c.header('HX-Redirect', signInPath(`${pathname}${search}`))
    return c.body(null, 401)
  }
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(signInPath(c.req.method === 'GET' ? `${pathname}${search}` : '/'), 303)
}

export async function showError(c: Context<Env>, deps: ApiDeps, thrown: Error) {
  const error = toBusinessError(thrown)
  if (error.code === 'SIGN_IN_REQUIRED') return askToSignIn(c)
  noteUnexpected(c, deps.log, thrown)
  return isPartial(c) ? fragment(c, error) : page(c, error)
}

export const showNotFound = (c: Context<Env>) =>
  page(c, new BusinessError('NOT_FOUND', 'There is no page under this address.'))
