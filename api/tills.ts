/** Tills over REST: which there are, opening and closing one, paying in to the bank. Staff only. */
import { createRoute, z } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { isWholeShillings } from '../domain/money.ts'
import { mayCreateTills, mayRunTill } from '../domain/policies.ts'
import type { Actor } from '../domain/accounts.ts'
import { decimalAmount } from '../domain/schemas/amounts.ts'
import { bankReference } from '../domain/schemas/references.ts'
import { DENOMINATIONS } from '../domain/tenders.ts'
import { DIFFERENCE_REASONS, type Counts, type DifferenceReason } from '../domain/tills.ts'
import { inTransaction } from '../db/connection.ts'
import { listTills } from '../db/till-reads.ts'
import { closeSession, createTill, depositToBank, openSession } from '../db/tills.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { idFrom } from './request-keys.ts'
import { bearerSession } from './sessions.ts'
import { assertOwnSession } from './till-sessions.ts'
import { sessionBody, tillBody, toSessionBody, toTillBody } from './till-bodies.ts'

const reasonNames = Object.keys(DIFFERENCE_REASONS) as [DifferenceReason, ...DifferenceReason[]]
const why = {
  reason: z
    .enum(reasonNames)
    .optional()
    .openapi({ description: 'Needed when there is a difference' }),
  note: z.string().trim().max(500).optional(),
}
const newTill = z.strictObject({
  place: z.string().openapi({ example: 'NBO-JKIA' }),
  name: z.string().trim().min(1).max(40),
})
const cash = decimalAmount.refine(isWholeShillings, 'Cash has no cents.')
const opening = z.strictObject({ float: cash, ...why })
const closing = z.strictObject({
  counts: z
    .partialRecord(z.enum(DENOMINATIONS.map(String)), z.number().int().min(0).max(100_000))
    .openapi({ example: { 1000: 4, 50: 2 } }),
  ...why,
})
const deposit = z.strictObject({
  amount: cash.refine((amount) => amount > 0, 'Say an amount.'),
  reference: bankReference,
})

const change = <P extends string, B extends z.ZodType, R extends z.ZodType>(
  path: P,
  summary: string,
  body: B,
  response: R,
) =>
  createRoute({
    method: 'post',
    path,
    summary,
    security: SECURED,
    request: {
      ...(path.includes('{id}') ? { params: idPath } : {}),
      headers: z.object({ 'idempotency-key': z.string().optional() }),
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: json(response, 'As it stands'),
      ...problems(
        [400, 'Something to correct'],
        [403, 'Not with your role, or another clerk’s till'],
        [409, 'The till or the clerk has a session open, or it is closed'],
      ),
    },
  })

const listRoute = createRoute({
  method: 'get',
  path: '/tills',
  summary: 'All tills, and who has them open',
  security: SECURED,
  responses: {
    200: json(z.object({ items: z.array(tillBody), next: z.null() }), 'All'),
    ...problems([403, 'Staff only']),
  },
})
const createTillRoute = change('/tills', 'A new till', newTill, tillBody)
const openRoute = change(
  '/tills/{id}/sessions',
  'Open a till with what was counted',
  opening,
  sessionBody,
)
const closeRoute = change(
  '/till-sessions/{id}/close',
  'Close it with what was counted',
  closing,
  sessionBody,
)
const depositRoute = change(
  '/till-sessions/{id}/deposits',
  'Pay in to the bank',
  deposit,
  sessionBody,
)

const assertMay = (actor: Actor, may: (actor: Actor) => boolean): void => {
  if (!may(actor)) throw new BusinessError('FORBIDDEN', 'Tills are for other people of gari.')
}

export function createTillsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/tills/*', bearerSession(deps))
  api.use('/till-sessions/*', bearerSession(deps))
  api.openapi(listRoute, async (c) => {
    assertMay(c.get('actor'), (actor) => mayRunTill(actor) || mayCreateTills(actor))
    return c.json({ items: (await listTills(deps.db)).map(toTillBody), next: null }, 200)
  })
  api.openapi(createTillRoute, async (c) => {
    const actor = c.get('actor')
    assertMay(actor, mayCreateTills)
    const id = idFrom(c, actor, 'till')
    const wish = { id, ...c.req.valid('json'), actorId: actor.userId }
    await inTransaction(deps.db, (tx) => createTill(tx, wish))
    const made = (await listTills(deps.db)).find((one) => one.id === id)
    if (!made) throw new BusinessError('NOT_FOUND', 'We have no such till.')
    return c.json(toTillBody(made), 200)
  })
  addSessionRoutes(api, deps)
  return api
}

function addSessionRoutes(api: ReturnType<typeof createOpenApi<ApiEnv>>, deps: ApiDeps): void {
  api.openapi(openRoute, async (c) => {
    const actor = c.get('actor')
    assertMay(actor, mayRunTill)
    const { float, reason = null, note = null } = c.req.valid('json')
    const wish = {
      sessionId: idFrom(c, actor, 'till-session'),
      tillId: idParam(c),
      clerkId: actor.userId,
      float,
      reason,
      note,
      at: deps.now(),
    }
    return c.json(toSessionBody(await inTransaction(deps.db, (tx) => openSession(tx, wish))), 200)
  })
  api.openapi(closeRoute, async (c) => {
    const actor = c.get('actor')
    idFrom(c, actor, 'till-close')
    const sessionId = idParam(c)
    await assertOwnSession(deps, actor, sessionId)
    const { counts, reason = null, note = null } = c.req.valid('json')
    const wish = { sessionId, actorId: actor.userId, counts: counts as Counts, reason, note }
    const closed = await inTransaction(deps.db, (tx) =>
      closeSession(tx, { ...wish, at: deps.now() }),
    )
    return c.json(toSessionBody(closed), 200)
  })
  api.openapi(depositRoute, async (c) => {
    const actor = c.get('actor')
    const wish = { id: idFrom(c, actor, 'till-deposit'), sessionId: idParam(c) }
    await assertOwnSession(deps, actor, wish.sessionId)
    const deposited = { ...wish, ...c.req.valid('json'), actorId: actor.userId }
    const session = await inTransaction(deps.db, (tx) => depositToBank(tx, deposited))
    return c.json(toSessionBody(session), 200)
  })
}
