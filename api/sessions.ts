/**
 * Who is asking. Pages carry an opaque id in a cookie that only this host can set; the API carries a signed token
 * that names a session. Only the SHA-256 of either's id is stored, and nothing at all before somebody signs in: a
 * visitor's form token follows from the cookie by a key of ours, so that looking at pages writes nothing.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { findApiKey } from '../db/api-keys.ts'
import { findOauthToken } from '../db/oauth-records.ts'
import { inTransaction } from '../db/connection.ts'
import { from, originNow } from '../db/origin.ts'
import { createSession, endSession, findSession } from '../db/sessions.ts'
import { SECOND_STEP_MS, SESSION, type Actor } from '../domain/accounts.ts'
import { API_KEY } from '../domain/api-keys.ts'
import { BusinessError } from '../domain/errors.ts'
import type { ApiDeps, ApiEnv, Env, Session } from './deps.ts'
import { mustEnrol } from './second-factor.ts'
import { addressOf } from './source.ts'
import { newToken, sha256 } from './tokens.ts'

const COOKIE = 'sid'

const writeCookie = (c: Context, token: string): void =>
  setCookie(c, COOKIE, token, {
    prefix: 'host',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    maxAge: SESSION.absoluteMs / 1000,
  })

/** Who may come in; with the hash of the password that they have just shown, where it was one. */
export type SignedIn = { userId: string; passwordHash?: string }
export type Opening = SignedIn &
  Pick<Parameters<typeof createSession>[1], 'awaitsFactor' | 'showed' | 'waited'>

export const wrongCredentials = () =>
  new BusinessError('WRONG_CREDENTIALS', 'The e-mail or the password is not right.')

const LONGEST_DEVICE = 300

/** What its owner will know a session by. */
export const markOf = (c: Context, deps: ApiDeps) => ({
  device: c.req.header('user-agent')?.slice(0, LONGEST_DEVICE) ?? null,
  address: addressOf(c, deps),
})

/**
 * A new session with a new id at every sign-in, so that none can be fixed. False where a second factor is needed by now and was not
 * shown. Throws WRONG_CREDENTIALS for what was good a moment ago.
 */
export async function openPageSession(
  c: Context<Env>,
  deps: ApiDeps,
  who: Opening,
): Promise<boolean> {
  const token = newToken()
  const csrf = newToken()
  const tokenHash = sha256(token)
  const lifeMs = who.awaitsFactor ? SECOND_STEP_MS : SESSION.absoluteMs
  const expiresAt = new Date(deps.now().getTime() + lifeMs)
  const session = { ...who, kind: 'page' as const, tokenHash, csrf, expiresAt, ...markOf(c, deps) }
  const opened = await inTransaction(deps.db, (tx) => createSession(tx, session))
  if (opened === 'refused') throw wrongCredentials()
  if (opened === 'opened') writeCookie(c, token)
  return opened === 'opened'
}

export async function closeSession(deps: ApiDeps, tokenHash: Buffer): Promise<void> {
  await inTransaction(deps.db, (tx) => endSession(tx, tokenHash))
}

const NOBODY: Session = { actor: null, csrf: '', tokenHash: Buffer.alloc(0) }

const TOKEN = /^[\w-]{43}$/

/** Somebody who has not signed in, known by nothing but the cookie. */
const visitor = (deps: ApiDeps, token: string): Session => ({
  actor: null,
  csrf: deps.keyedHash(`csrf\n${token}`).toString('base64url'),
  tokenHash: sha256(token),
})

/** Reads the page session; a visitor gets a cookie with the first page that has a form. */
export const pageSession =
  (deps: ApiDeps): MiddlewareHandler<Env> =>
  async (c, next) => {
    const token = getCookie(c, COOKIE, 'host')
    const session = token && TOKEN.test(token) ? await sessionOf(deps, token) : NOBODY
    c.set('session', session)
    if (session.actor) c.get('spend')?.(session.actor, 'page')
    await next()
  }

async function sessionOf(deps: ApiDeps, token: string): Promise<Session> {
  const tokenHash = sha256(token)
  const found = await findSession(deps.db, tokenHash)
  if (found?.kind !== 'page') return visitor(deps, token)
  const { actor, csrf, waitingFor, isFresh } = found
  return {
    actor: actor && bound(deps, actor),
    csrf,
    tokenHash,
    isFresh,
    ...(waitingFor && { waitingFor }),
  }
}

/** The session with a CSRF token; hands out the cookie where there is none yet. */
export function sessionWithCsrf(c: Context<Env>, deps: ApiDeps): Session {
  const session = c.get('session')
  if (session.csrf !== '') return session
  const token = newToken()
  writeCookie(c, token)
  const opened = visitor(deps, token)
  c.set('session', opened)
  return opened
}

/** Throws unless the form carries this session's token; hono/csrf has checked the origin before. */
export function assertCsrf(c: Context<Env>, form: Record<string, unknown>): void {
  const { csrf } = c.get('session')
  if (csrf === '' || form['_csrf'] !== csrf) {
    throw new BusinessError(
      'CSRF_REFUSED',
      'This form has expired. Load the page again; what you typed was not sent.',
    )
  }
}

export const signedIn = (c: Context<Env>): Actor => {
  const { actor } = c.get('session')
  if (!actor) throw new BusinessError('SIGN_IN_REQUIRED', 'Sign in to go on.')
  return actor
}

/** Without the second factor that the house asks for, nothing but getting one is allowed. */
const bound = (deps: ApiDeps, actor: Actor): Actor =>
  mustEnrol(deps, actor) ? { ...actor, permissions: [], mustEnrol: true } : actor

/** `by`: the key or program by which somebody acts; null where they have signed in themselves. */
type Bearer = { actor: Actor; tokenHash: Buffer; by: string | null; isFresh?: boolean }

/** Of OAuth; ours are signed, and so have dots in them. */
const OPAQUE = /^[\w-]{43}$/

const bearerOf = (c: Context): string | null => {
  const [scheme, token] = (c.req.header('authorization') ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token ? token : null
}

/** Who sends a token that is good and whose session is, or a key; null for everybody else. */
export async function findBearer(c: Context, deps: ApiDeps): Promise<Bearer | null> {
  const token = bearerOf(c)
  if (token === null) return null
  const found = await findAnyBearer(c, deps, token)
  return found && { ...found, actor: bound(deps, found.actor) }
}

function findAnyBearer(c: Context, deps: ApiDeps, token: string): Promise<Bearer | null> {
  if (API_KEY.test(token)) return findHolder(deps, sha256(token))
  return OPAQUE.test(token) ? findProgram(c, deps, sha256(token)) : findSignedIn(deps, token)
}

async function findSignedIn(deps: ApiDeps, token: string): Promise<Bearer | null> {
  const named = await deps.accessTokens.read(token, deps.now())
  if (!named) return null
  const tokenHash = sha256(named.sessionId)
  const found = await findSession(deps.db, tokenHash)
  if (found?.kind !== 'bearer' || found.actor?.userId !== named.userId) return null
  return { actor: found.actor, tokenHash, by: null, isFresh: found.isFresh }
}

async function findHolder(deps: ApiDeps, tokenHash: Buffer): Promise<Bearer | null> {
  const found = await findApiKey(deps.db, tokenHash)
  return found && { actor: found.actor, tokenHash, by: `key ${found.keyId}` }
}

async function findProgram(c: Context, deps: ApiDeps, tokenHash: Buffer): Promise<Bearer | null> {
  const found = await findOauthToken(deps.db, tokenHash, addressOf(c, deps))
  return found && { actor: found.actor, tokenHash, by: `program ${found.clientId}` }
}

async function needBearer(c: Context<ApiEnv>, deps: ApiDeps): Promise<Bearer> {
  const bearer = await findBearer(c, deps)
  if (!bearer) throw new BusinessError('SIGN_IN_REQUIRED', 'Send a valid access token as Bearer.')
  c.set('actor', bearer.actor)
  c.set('tokenHash', bearer.tokenHash)
  c.set('isFresh', bearer.isFresh === true)
  c.get('spend')?.(bearer.actor, 'token')
  return bearer
}

/**
 * The API takes bearer tokens only, so that no browser sends credentials by itself. What is done by a key or a program of others is
 * done by whoever let it in, and the audit says by which.
 */
export const bearerSession =
  (deps: ApiDeps): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const { by } = await needBearer(c, deps)
    if (by === null) return next()
    return from([originNow(), by].filter(Boolean).join(' '), next)
  }

/** The same, for what is about the account itself: somebody must have signed in for it, and no key is enough. */
export const signedInSession =
  (deps: ApiDeps): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const { by } = await needBearer(c, deps)
    if (by !== null)
      throw new BusinessError('FORBIDDEN', 'Sign in for this yourself; a key cannot do it.')
    await next()
  }
