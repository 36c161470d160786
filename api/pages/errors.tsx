/** What people see when something cannot be done: what happened, what it means for them, what to do now. */
import type { Context } from 'hono'
import { BusinessError, type ErrorCode } from '../../domain/errors.ts'
import { isStaff } from '../../domain/policies.ts'
import { sentenceIn } from '../../views/language.ts'
import { ErrorView } from '../../views/errors.tsx'
import type { ApiDeps, Env, Session } from '../deps.ts'
import {
  announceRetry,
  isForPrograms,
  noteUnexpected,
  notHere,
  problemResponse,
  statusOf,
  titleOf,
  toBusinessError,
} from '../problems.ts'
import { pathOf, readerOf } from './viewer.ts'

const SIGNED_OUT = 'You are signed out, perhaps in another tab. Sign in to come back to this form.'

const SAFE: Partial<Record<ErrorCode, string>> = {
  TEMPORARILY_UNAVAILABLE:
    'Your bookings and your money are safe. Nothing was charged by this page.',
  UNEXPECTED: 'Your bookings and your money are safe. We have written down what happened.',
  NOT_FOUND: 'The address may be mistyped, or the page is somebody else’s.',
}

/** Somebody whose form needed a sign-in that is no more; share links and the way in itself need none. */
const isSignedOut = (c: Context<Env>): boolean =>
  !readerOf(c).signedIn && !/^\/(?:$|pay\/|sign-in|register)/.test(pathOf(c))

/** What it means for whoever reads it, and what to do. */
function safeWords(c: Context<Env>, { code }: BusinessError): string[] {
  const { actor } = (c.get('session') as Session | undefined) ?? { actor: null }
  if (code === 'FORBIDDEN' && actor && isStaff(actor)) return ['If you need it, ask your manager.']
  if (code === 'CSRF_REFUSED' && isSignedOut(c)) return [SIGNED_OUT]
  const safe = SAFE[code]
  return safe ? [safe] : []
}

const signInPath = (next: string): string => `/sign-in?next=${encodeURIComponent(next)}`

const mayRetry = (c: Context<Env>, status: number): boolean =>
  c.req.method === 'GET' && (status === 503 || status === 500)

async function page(c: Context<Env>, error: BusinessError) {
  const status = statusOf(error.code)
  announceRetry(c, error)
  const viewer = readerOf(c)
  const { path } = viewer
  const expired = error.code === 'CSRF_REFUSED'
  const outside = expired && isSignedOut(c)
  const shown = {
    title: titleOf(error.code),
    sentences: [error.message, ...safeWords(c, error)],
    reference: c.get('requestId')?.slice(0, 8) ?? '',
    retryPath: mayRetry(c, status) || (expired && !outside) ? path : null,
    signInPath: outside ? signInPath(path) : null,
  }
  return c.html(<ErrorView viewer={viewer} page={shown} />, status)
}

const isPartial = (c: Context<Env>): boolean => c.req.header('hx-request') === 'true'

/** A live part outlives a moment of trouble on our side: what stands on the page stays, and asks again. */
function fragment(c: Context<Env>, error: BusinessError) {
  const status = statusOf(error.code)
  if (status >= 500) c.header('HX-Reswap', 'none')
  announceRetry(c, error)
  return c.html(
    <p class="notice" role="alert">
      {sentenceIn(readerOf(c).language, error.message)}
    </p>,
    status,
  )
}

/** Where the browser is, for a part of a page; the address itself for a page that can be asked again. */
function askToSignIn(c: Context<Env>) {
  const current = c.req.header('hx-current-url') ?? ''
  if (isPartial(c)) {
    const { pathname, search } = new URL(URL.canParse(current) ? current : '/', c.req.url)
    c.header('HX-Redirect', signInPath(`${pathname}${search}`))
    return c.body(null, 401)
  }
  return c.redirect(signInPath(pathOf(c)), 303)
}

export async function showError(c: Context<Env>, deps: ApiDeps, thrown: Error) {
  const error = toBusinessError(thrown)
  if (error.code === 'SIGN_IN_REQUIRED') return askToSignIn(c)
  noteUnexpected(c, deps.log, thrown)
  return isPartial(c) ? fragment(c, error) : page(c, error)
}

/** Of an address that no room has taken for this method. */
export function showNothing(c: Context<Env>, allowed: readonly string[]) {
  const error = notHere(c, allowed)
  if (isForPrograms(c)) return problemResponse(c, error)
  if (error.code === 'METHOD_NOT_ALLOWED') return page(c, error)
  return page(c, new BusinessError('NOT_FOUND', 'There is no page under this address.'))
}
