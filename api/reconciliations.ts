/** Reconciliation over REST: runs and what they left over, a run by hand, a statement's upload. For finance. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayReconcile, maySeeReconciliation } from '../domain/policies.ts'
import { runRequest } from '../domain/schemas/reconciliation.ts'
import { readStatement } from '../domain/schemas/statements.ts'
import { inTransaction } from '../db/connection.ts'
import { claimKey } from '../db/idempotency.ts'
import { listLines } from '../db/provider-lines.ts'
import { listOpenFindings } from '../db/reconciliation-findings.ts'
import { findRun, listRuns, openRun } from '../db/reconciliation-runs.ts'
import { PULL_REACH_MS } from '../domain/reconciliation.ts'
import { csvResponse, wantsCsv } from './csv.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonOrCsv, page, problems, SECURED } from './open-api.ts'
import {
  findingBody,
  LINE_COLUMNS,
  lineBody,
  runBody,
  toFindingBody,
  toLineBody,
  toLineRow,
  toRunBody,
} from './reconciliation-bodies.ts'
import { importFile, startComparing, textOf } from './reconciliation-imports.ts'
import { bearerSession } from './sessions.ts'
import { sha256, uuidFrom } from './tokens.ts'

const MOST_FINDINGS = 100
const KEY_LENGTH = 255
const headers = z.object({ 'idempotency-key': z.string().optional() })
const REFUSED = problems(
  [400, 'Something to correct'],
  [403, 'For finance'],
  [422, 'The Idempotency-Key was used with another request'],
  [503, 'Try again with the same key'],
)

const listRoute = createRoute({
  method: 'get',
  path: '/reconciliations',
  summary: 'Comparisons, newest first, and what is left over now',
  security: SECURED,
  request: { query: page },
  responses: {
    200: json(
      z.object({
        items: z.array(runBody),
        next: z.string().nullable(),
        findings: z.array(findingBody),
      }),
      'One page',
    ),
    ...REFUSED,
  },
})
const startRoute = createRoute({
  method: 'post',
  path: '/reconciliations',
  summary: 'Compare the books with M-Pesa now',
  security: SECURED,
  request: {
    headers,
    body: { required: true, content: { 'application/json': { schema: runRequest } } },
  },
  responses: { 202: json(runBody, 'Started; read it again'), ...REFUSED },
})
const uploadRoute = createRoute({
  method: 'post',
  path: '/reconciliations/statements',
  summary: 'Import the organisation’s statement (CSV, up to 5 MB) and compare it',
  security: SECURED,
  request: {
    headers,
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
        },
      },
    },
  },
  responses: { 202: json(runBody, 'Imported; read it again'), ...REFUSED },
})
const readRoute = createRoute({
  method: 'get',
  path: '/reconciliations/{id}',
  summary: 'One comparison',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(runBody, 'The run'), ...problems([404, 'None']) },
})
const linesRoute = createRoute({
  method: 'get',
  path: '/reconciliations/{id}/lines',
  summary: 'The lines that this comparison was the first to read; also as CSV',
  security: SECURED,
  request: {
    params: idPath,
    query: page.extend({ state: z.enum(['open', 'matched', 'explained']).optional() }),
  },
  responses: {
    200: jsonOrCsv(z.object({ items: z.array(lineBody), next: z.string().nullable() }), 'One page'),
    ...problems([404, 'None']),
  },
})

const assertMayReconcile = (actor: Actor): void => {
  if (!mayReconcile(actor)) throw new BusinessError('FORBIDDEN', 'Ask finance.')
}

/** The run's id follows from the key, so a repeat meets the same run. Throws when the key named another request. */
async function runIdOf(c: Context<ApiEnv>, deps: ApiDeps, request: string): Promise<string> {
  const actor = c.get('actor')
  assertMayReconcile(actor)
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key === '' || key.length > KEY_LENGTH)
    throw new BusinessError('IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key header.')
  const subjectId = uuidFrom('reconciliation', actor.userId, key)
  const scope = `reconciliations:${actor.userId}`
  const claimed = await claimKey(deps.db, { scope, key, requestHash: sha256(request), subjectId })
  if (claimed.state === 'other')
    throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key.')
  return subjectId
}

async function runOf(deps: ApiDeps, id: string) {
  const run = await findRun(deps.db, id)
  if (!run) throw new BusinessError('NOT_FOUND', 'We have no such comparison.')
  return run
}

/** Written down before anybody works on it, so that it can be read at once. */
export async function startRun(
  deps: ApiDeps,
  input: { runId: string; kind: 'pull' | 'full'; actorId: string },
): Promise<void> {
  const to = deps.now()
  const from = new Date(to.getTime() - PULL_REACH_MS)
  await inTransaction(deps.db, (tx) => openRun(tx, { ...input, from, to }))
  await startComparing(deps, input)
}

export function createReconciliationsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/reconciliations/*', bearerSession(deps))
  api.use('/reconciliations/*', async (c, next) => {
    if (!maySeeReconciliation(c.get('actor'))) throw new BusinessError('FORBIDDEN', 'Ask finance.')
    await next()
  })

  api.openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const { items, next } = await listRuns(deps.db, cursor, limit)
    const findings = await listOpenFindings(deps.db, MOST_FINDINGS)
    return c.json({ items: items.map(toRunBody), next, findings: findings.map(toFindingBody) }, 200)
  })
  api.openapi(startRoute, async (c) => {
    const { kind } = c.req.valid('json')
    const runId = await runIdOf(c, deps, kind)
    await startRun(deps, { runId, kind, actorId: c.get('actor').userId })
    c.header('Location', `/api/v1/reconciliations/${runId}`)
    return c.json(toRunBody(await runOf(deps, runId)), 202)
  })
  api.openapi(uploadRoute, async (c) => {
    // Before a file of somebody else's is read.
    assertMayReconcile(c.get('actor'))
    const text = await textOf((await c.req.parseBody())['file'])
    const runId = await runIdOf(c, deps, text)
    const file = readStatement(text)
    await importFile(deps, { runId, kind: 'statement', actor: c.get('actor'), file })
    c.header('Location', `/api/v1/reconciliations/${runId}`)
    return c.json(toRunBody(await runOf(deps, runId)), 202)
  })
  api.openapi(readRoute, async (c) => c.json(toRunBody(await runOf(deps, idParam(c))), 200))
  api.openapi(linesRoute, async (c) => {
    const { cursor, limit, state } = c.req.valid('query')
    const { id: runId } = await runOf(deps, idParam(c))
    const wanted = { runId, ...(cursor ? { cursor } : {}), ...(state ? { state } : {}) }
    const { items, next } = await listLines(deps.db, wanted, limit)
    if (wantsCsv(c)) return csvResponse(c, 'lines', LINE_COLUMNS, items.map(toLineRow))
    return c.json({ items: items.map(toLineBody), next }, 200)
  })
  return api
}
