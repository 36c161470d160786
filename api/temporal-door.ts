/**
 * Temporal's own pages, behind our sign-in. Who may see workflows may look, who may resolve them may act; both end here before
 * Temporal hears of it. Headers go through by name only: nothing of a session of ours gets there, and no cookie comes back.
 */
import { Hono, type Context } from 'hono'
import { proxy } from 'hono/proxy'
import { appendAudit } from '../db/audit.ts'
import { inTransaction } from '../db/connection.ts'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayResolveWorkflows, maySeeWorkflows } from '../domain/policies.ts'
import type { ApiDeps, Env } from './deps.ts'
import { showError } from './pages/errors.tsx'
import { noteUnexpected, problemResponse, toBusinessError } from './problems.ts'
import { pageSession, signedIn } from './sessions.ts'
import { isOwnPage, subjectOf } from './temporal-pages.ts'
import { policyFor, TEMPORAL_PATH } from './temporal-policy.ts'

/** Longer than Temporal itself waits for news of a running workflow (20 s). */
const ANSWER_WITHIN_MS = 40_000
const LONGEST_PATH = 300

const PASSED_ON = ['accept', 'accept-language', 'content-type', 'if-none-match', 'caller-type']
const PASSED_BACK = ['content-type', 'content-disposition', 'etag', 'last-modified', 'retry-after']

/** Temporal's pages prove a form by a cookie that says the same as a header; ours have proven it by then. */
const PROOF = { cookie: '_csrf=gari', 'x-csrf-token': 'gari' }

const LOOKS = new Set(['GET', 'HEAD'])
/** Asks a workflow how it stands and changes nothing. */
const QUERY = /^\/temporal\/api\/v1\/namespaces\/[^/]+\/workflows\/[^/]+\/query\/[^/]+$/

const isLook = (method: string, path: string): boolean =>
  LOOKS.has(method) || (method === 'POST' && QUERY.test(path))

/** Written down before Temporal hears of it: nothing is done without a trace. */
async function noteDeed(deps: ApiDeps, actor: Actor, method: string, path: string): Promise<void> {
  const { namespace, workflowId } = subjectOf(path)
  await inTransaction(deps.db, (tx) =>
    appendAudit(tx, {
      actor: actor.userId,
      action: 'temporal.asked',
      entity: workflowId ? 'workflow' : 'temporal',
      entityId: workflowId ?? namespace ?? 'temporal',
      after: { method, path: path.slice(0, LONGEST_PATH) },
    }),
  )
}

async function assertMay(c: Context<Env>, deps: ApiDeps, path: string): Promise<void> {
  const actor = signedIn(c)
  if (!maySeeWorkflows(actor))
    throw new BusinessError('FORBIDDEN', 'Workflows are for other people of gari.')
  const { method } = c.req
  if (LOOKS.has(method)) return
  if (!isOwnPage(c, deps.publicUrl))
    throw new BusinessError('CSRF_REFUSED', 'Do this on the pages of Temporal under our address.')
  if (isLook(method, path)) return
  if (!mayResolveWorkflows(actor))
    throw new BusinessError('FORBIDDEN', 'Your roles let you see workflows and not change them.')
  await noteDeed(deps, actor, method, path)
}

const away = () =>
  new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'Temporal’s own pages do not answer. Bookings and payments are not shown by them and stay as they are.',
  )

const picked = (headers: Headers, names: string[]): [string, string][] =>
  names.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as [string, string]]
  })

async function ask(c: Context<Env>, deps: ApiDeps, upstream: URL): Promise<Response> {
  const { method, raw } = c.req
  const body = LOOKS.has(method) ? undefined : await c.req.arrayBuffer()
  const headers = { ...Object.fromEntries(picked(raw.headers, PASSED_ON)), ...(body && PROOF) }
  const signal = AbortSignal.any([raw.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
  const init = { method, headers, redirect: 'manual' as const, signal, ...(body && { body }) }
  return proxy(upstream, init).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, 'the pages of Temporal do not answer')
    throw away()
  })
}

const IMMUTABLE = '/temporal/_app/immutable/'
const keptFor = (path: string, { ok }: Response): string =>
  ok && path.startsWith(IMMUTABLE) ? 'private, max-age=31536000, immutable' : 'no-store'

async function passBack(c: Context<Env>, deps: ApiDeps, answer: Response): Promise<Response> {
  // It has no other address than the one it was asked under; whoever sends people elsewhere is not what we know.
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) throw away()
  const headers = new Headers(picked(answer.headers, PASSED_BACK))
  headers.set('cache-control', keptFor(c.req.path, answer))
  const isPage = headers.get('content-type')?.startsWith('text/html') ?? false
  const page = isPage ? await answer.text() : null
  c.set('contentPolicy', policyFor(deps.publicUrl, page ?? ''))
  return new Response(page ?? answer.body, { status: answer.status, headers })
}

const isForPeople = (c: Context): boolean => {
  const place = c.req.header('sec-fetch-dest')
  return place ? place === 'document' : !!c.req.header('accept')?.includes('text/html')
}

export function createTemporalDoor(deps: ApiDeps): Hono<Env> {
  const door = new Hono<Env>()
  door.onError((error, c) => {
    if (isForPeople(c)) return showError(c, deps, error)
    noteUnexpected(c, deps.log, error)
    return problemResponse(c, toBusinessError(error))
  })
  if (deps.temporalUpstream === null) return door
  const { temporalUpstream } = deps
  door.use(`${TEMPORAL_PATH}/*`, pageSession(deps))
  door.all(`${TEMPORAL_PATH}/*`, async (c) => {
    const { pathname, search } = new URL(c.req.url)
    await assertMay(c, deps, pathname)
    const upstream = new URL(temporalUpstream)
    Object.assign(upstream, { pathname, search })
    return passBack(c, deps, await ask(c, deps, upstream))
  })
  return door
}
