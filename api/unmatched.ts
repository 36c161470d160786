/** Money without an owner over REST: list it with suggestions, say whose it is. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { mayAllocateMoney, maySeePayments } from '../domain/policies.ts'
import { toNairobiIso } from '../domain/time.ts'
import {
  MONEY_STANDINGS,
  reasonsOf,
  type ListedMoney,
  type Suggestion,
} from '../domain/unmatched-pages.ts'
import { claimKey, storeResponse } from '../db/idempotency.ts'
import { listUnmatched } from '../db/paybill-queue.ts'
import { suggestFor } from '../db/paybill-suggestions.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { createOpenApi, json, page, problems, SECURED } from './open-api.ts'
import { bearerSession } from './sessions.ts'
import { sha256, uuidFrom } from './tokens.ts'
import { allocate, unmatched } from './unmatched-money.ts'

const SUGGESTIONS = 3
const KEY_LENGTH = 255

const suggestionBody = z
  .object({
    purpose: z.string(),
    owner_id: z.string(),
    number: z.string(),
    balance: z.string(),
    reasons: z.array(z.string()),
  })
  .openapi('Suggestion')

const moneyBody = z
  .object({
    receipt: z.string(),
    status: z.string().openapi({ description: 'unmatched, matched or returned' }),
    payment_id: z.string().nullable().openapi({ description: 'What it became' }),
    currency: z.string(),
    amount: z.string(),
    payer: z.string().nullable().openapi({ description: 'As M-Pesa masks it' }),
    payer_name: z.string().nullable(),
    reference: z.string().nullable().openapi({ description: 'What was typed as the account' }),
    paid_at: z.string(),
    waiting: z.boolean().openapi({
      description: 'A request on a phone may have brought it; known within minutes',
    }),
    suggestions: z.array(suggestionBody),
  })
  .openapi('UnmatchedPayment')

const allocationRequest = z
  .strictObject({
    purpose: z.enum(['reservation', 'charge', 'credit']),
    owner_id: z.uuid().openapi({ description: 'The booking, the charge, or the customer' }),
    why: z.string().trim().min(3).max(300),
  })
  .openapi('Allocation')

const allocatedBody = z
  .object({
    payment_id: z.string(),
    currency: z.string(),
    applied: z.string(),
    credited: z.string(),
  })
  .openapi('AllocatedPayment')

const listRoute = createRoute({
  method: 'get',
  path: '/unmatched-payments',
  summary: 'M-Pesa money whose owner is or was not known, the oldest first',
  security: SECURED,
  request: {
    query: page.extend({
      status: z
        .enum(MONEY_STANDINGS)
        .default('unmatched')
        .openapi({
          description:
            '`waiting`: of what is unmatched, that which a request on a phone may have brought; `matched` and ' +
            '`returned`: what became of money that had no owner',
        }),
      search: z
        .string()
        .trim()
        .max(60)
        .default('')
        .openapi({
          description:
            'A receipt or a part of it, words of the reference, the payer’s name, an amount, or the end of the phone ' +
            'as M-Pesa shows it (`126`, `***126`). A page looks at 2,000 of them, so `next` leads on also where it found few',
        }),
    }),
  },
  responses: {
    200: json(
      z.object({ items: z.array(moneyBody), next: z.string().nullable() }),
      'The money, with suggestions',
    ),
    ...problems([400, 'No such status'], [403, 'For finance']),
  },
})

const allocateRoute = createRoute({
  method: 'post',
  path: '/unmatched-payments/{receipt}/allocate',
  summary: 'Say whose money it is',
  description: 'What is above the balance becomes the customer’s credit.',
  security: SECURED,
  request: {
    params: z.object({ receipt: z.string().regex(/^[A-Za-z0-9]{6,20}$/) }),
    headers: z.object({ 'idempotency-key': z.string().max(KEY_LENGTH).optional() }),
    body: { required: true, content: { 'application/json': { schema: allocationRequest } } },
  },
  responses: {
    200: json(allocatedBody, 'It is counted'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For finance'],
      [404, 'No such money, or nothing of that id'],
      [409, 'Somebody was faster, the booking has ended, or it may be the answer to a request'],
      [422, 'The key was used for another request'],
    ),
  },
})

const toSuggestionBody = (one: Suggestion): z.infer<typeof suggestionBody> => ({
  purpose: one.purpose,
  owner_id: one.ownerId,
  number: one.number,
  balance: toDecimal(one.balance),
  reasons: reasonsOf(one.likeness),
})

const toBody = async (deps: ApiDeps, money: ListedMoney): Promise<z.infer<typeof moneyBody>> => ({
  receipt: money.receipt,
  status: money.status,
  payment_id: money.ownerPaymentId,
  currency: CURRENCY,
  amount: toDecimal(money.amount),
  payer: money.payer,
  payer_name: money.payerName,
  reference: money.reference,
  paid_at: toNairobiIso(money.paidAt),
  waiting: money.waiting,
  suggestions:
    money.status === 'unmatched'
      ? (await suggestFor(deps.db, money, SUGGESTIONS)).map(toSuggestionBody)
      : [],
})

const keyOf = (c: Context): string => {
  const key = c.req.header('idempotency-key')?.trim() ?? ''
  if (key.length > 0 && key.length <= KEY_LENGTH) return key
  throw new BusinessError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header (up to 255 characters, new for each allocation).',
  )
}

type Allocated = z.infer<typeof allocatedBody>

export function createUnmatchedApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/unmatched-payments/*', bearerSession(deps))

  api.openapi(listRoute, async (c) => {
    if (!maySeePayments(c.get('actor'))) throw forFinance()
    const { status: standing, ...query } = c.req.valid('query')
    const { items, next } = await listUnmatched(deps.db, { ...query, standing })
    const bodies = await Promise.all(items.map((one) => toBody(deps, one)))
    return c.json({ items: bodies, next }, 200)
  })

  api.openapi(allocateRoute, async (c) => {
    const actor = c.get('actor')
    if (!mayAllocateMoney(actor)) throw forFinance()
    const [key, receipt] = [keyOf(c), c.req.valid('param').receipt.toUpperCase()]
    const { purpose, owner_id: ownerId, why } = c.req.valid('json')
    const scope = `allocations:${actor.userId}`
    const request = { receipt, purpose, ownerId, why }
    const claimed = await claimKey(deps.db, {
      scope,
      key,
      requestHash: sha256(JSON.stringify(request)),
      subjectId: uuidFrom('allocation', actor.userId, key),
    })
    if (claimed.state === 'other')
      throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new key for a new allocation.')
    if (claimed.response) return c.json(claimed.response.body as Allocated, 200)
    const money = await unmatched(deps, receipt)
    const done = await allocate(deps, actor, money, { target: { purpose, ownerId }, why, key })
    const body = {
      payment_id: done.paymentId,
      currency: CURRENCY,
      applied: toDecimal(done.applied),
      credited: toDecimal(done.credited),
    }
    await storeResponse(deps.db, { scope, key, status: 200, body })
    return c.json(body, 200)
  })
  return api
}

const forFinance = () => new BusinessError('FORBIDDEN', 'This is for finance.')
