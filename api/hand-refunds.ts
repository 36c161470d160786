/** Over REST: one refund, what somebody paid by hand for it, and the second person's word about that. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { BusinessError } from '../domain/errors.ts'
import type { HandWish } from '../domain/paid-by-hand.ts'
import { mayDecideRefund } from '../domain/policies.ts'
import { handPayment, noteForm } from '../domain/schemas/refunds.ts'
import { toNairobiIso } from '../domain/time.ts'
import { claimKey, storeResponse } from '../db/idempotency.ts'
import { findHandWish } from '../db/refund-hand-rows.ts'
import { readRefund } from '../db/refund-reads.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam, parseInput } from './input.ts'
import { createOpenApi, idPath, json, problems, SECURED } from './open-api.ts'
import { decideAboutPaid, writeDown } from './paying-by-hand.ts'
import { refundBody, toRefundBody } from './refund-bodies.ts'
import { idFrom, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'
import { sha256 } from './tokens.ts'

const handBody = z
  .object({
    status: z.string().openapi({
      description: 'waiting for a second person, agreed, or overtaken: M-Pesa paid it as well',
    }),
    how: z.string(),
    reference: z.string(),
    receipt: z.string().nullable(),
    said_by: z.string(),
    said_at: z.string(),
  })
  .openapi('PaidByHand')
const oneBody = z
  .object({ refund: refundBody, paid_by_hand: handBody.nullable() })
  .openapi('RefundByHand')
type One = z.infer<typeof oneBody>

const payment = z
  .strictObject({
    reason: z.string().openapi({ description: 'How it was paid, for other people of finance' }),
    reference: z.string().optional().openapi({ description: 'Of the bank or the card' }),
    receipt: z.string().optional().openapi({ description: 'M-Pesa’s, if it was sent by M-Pesa' }),
  })
  .openapi('HandPayment')
const decision = z
  .strictObject({ answer: z.enum(['agree', 'decline']), note: z.string().max(200).default('') })
  .openapi('HandDecision')

const answers = {
  200: json(oneBody, 'The refund as it stands'),
  ...problems(
    [400, 'Something to correct'],
    [403, 'For finance'],
    [404, 'No such refund'],
    [409, 'It is not stuck, is back already, or another person has to say it'],
    [422, 'The key was used for another request'],
    [503, 'Try again'],
  ),
}
const body = <S extends z.ZodType>(schema: S) => ({
  params: idPath,
  headers: keyHeader,
  body: { required: true, content: { 'application/json': { schema } } },
})

const readRoute = createRoute({
  method: 'get',
  path: '/refunds/{id}',
  summary: 'One refund, and what somebody paid by hand for it',
  security: SECURED,
  request: { params: idPath },
  responses: answers,
})
const payRoute = createRoute({
  method: 'post',
  path: '/refunds/{id}/paid-by-hand',
  summary: 'Write down that a stuck refund was paid by hand',
  description: 'Above the limit of refunds it waits until a second person agrees.',
  security: SECURED,
  request: body(payment),
  responses: answers,
})
const decideRoute = createRoute({
  method: 'post',
  path: '/refunds/{id}/paid-by-hand/decision',
  summary: 'The second person’s word; whoever wrote it down may only take it back',
  security: SECURED,
  request: body(decision),
  responses: answers,
})

const toHandBody = (wish: HandWish): z.infer<typeof handBody> => ({
  status: wish.status,
  how: wish.how,
  reference: wish.reference,
  receipt: wish.receipt,
  said_by: wish.askedByName,
  said_at: toNairobiIso(wish.askedAt),
})

async function show(deps: ApiDeps, id: string): Promise<One> {
  const found = await readRefund(deps.db, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such refund.')
  const wish = await findHandWish(deps.db, id)
  return { refund: toRefundBody(found, true), paid_by_hand: wish && toHandBody(wish) }
}

const finance = (c: Context<ApiEnv>) => {
  const actor = c.get('actor')
  if (mayDecideRefund(actor)) return actor
  throw new BusinessError('FORBIDDEN', 'This is for finance.')
}

/** The same key is the same request: what was answered first is answered again. */
async function once(c: Context<ApiEnv>, deps: ApiDeps, run: () => Promise<void>): Promise<One> {
  const actor = finance(c)
  const id = idParam(c)
  const subjectId = idFrom(c, actor, 'hand-refund')
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  const scope = `hand-refunds:${actor.userId}`
  const requestHash = sha256(`${c.req.path}\n${await c.req.text()}`)
  const claimed = await claimKey(deps.db, { scope, key, requestHash, subjectId })
  if (claimed.state === 'other')
    throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new key for a new request.')
  if (claimed.response) return claimed.response.body as One
  await run()
  const answer = await show(deps, id)
  await storeResponse(deps.db, { scope, key, status: 200, body: answer })
  return answer
}

export function createHandRefundsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/refunds/*', bearerSession(deps))
  api.openapi(readRoute, async (c) => {
    finance(c)
    return c.json(await show(deps, idParam(c)), 200)
  })
  api.openapi(payRoute, async (c) => {
    const { userId } = finance(c)
    const said = parseInput(handPayment, c.req.valid('json'))
    return c.json(await once(c, deps, () => writeDown(deps, userId, idParam(c), said)), 200)
  })
  api.openapi(decideRoute, async (c) => {
    const { userId } = finance(c)
    const { answer, note } = c.req.valid('json')
    const word = { agreed: answer === 'agree', note: parseInput(noteForm, { note }).note || null }
    return c.json(await once(c, deps, () => decideAboutPaid(deps, userId, idParam(c), word)), 200)
  })
  return api
}
