/** Bank money that nobody announced, over REST: list it with suggestions, say whose it is. */
import { createRoute, z } from '@hono/zod-openapi'
import type { OwnerSuggestion } from '../domain/allocation-pages.ts'
import { BANK_PURPOSES, type AllocatedLine, type BankMoney } from '../domain/bank-money.ts'
import { BusinessError } from '../domain/errors.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { mayAllocateMoney, maySeeReconciliation } from '../domain/policies.ts'
import { toNairobiIso } from '../domain/time.ts'
import { reasonsOf } from '../domain/unmatched-pages.ts'
import { listBankMoney, suggestForBank } from '../db/bank-lines.ts'
import { claimKey, storeResponse } from '../db/idempotency.ts'
import { bankMoneyOf, giveBankMoney } from './bank-money.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, page, problems, SECURED } from './open-api.ts'
import { idFrom, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'
import { sha256 } from './tokens.ts'

const SUGGESTIONS = 3

const suggestionBody = z
  .object({
    purpose: z.enum(BANK_PURPOSES),
    owner_id: z.string(),
    number: z.string(),
    balance: z.string(),
    reasons: z.array(z.string()),
  })
  .openapi('BankSuggestion')
const lineBody = z
  .object({
    id: z.string().openapi({ description: 'Of the finding on the worklist' }),
    currency: z.string(),
    amount: z.string(),
    at: z.string(),
    reference: z.string().nullable(),
    details: z.string().nullable().openapi({ description: 'As the bank wrote it' }),
    suggestions: z.array(suggestionBody),
  })
  .openapi('UnmatchedBankLine')
const request = z
  .strictObject({
    purpose: z.enum(BANK_PURPOSES),
    owner_id: z.uuid().openapi({
      description: 'The booking, the charge, the customer, or the invoice on account of a company',
    }),
    why: z.string().trim().min(3).max(300),
  })
  .openapi('BankAllocation')
const givenBody = z
  .object({
    payment_id: z.string().nullable().openapi({ description: 'Null for an invoice on account' }),
    currency: z.string(),
    applied: z.string(),
    credited: z.string(),
  })
  .openapi('AllocatedBankLine')
type Given = z.infer<typeof givenBody>

const listRoute = createRoute({
  method: 'get',
  path: '/bank-lines',
  summary: 'Bank lines that brought money which nobody announced, the oldest first',
  security: SECURED,
  request: { query: page },
  responses: {
    200: json(
      z.object({ items: z.array(lineBody), next: z.string().nullable() }),
      'The lines, with suggestions',
    ),
    ...problems([403, 'For finance']),
  },
})
const giveRoute = createRoute({
  method: 'post',
  path: '/bank-lines/{id}/allocate',
  summary: 'Say whose money a bank line is',
  description:
    'What is above the balance becomes the customer’s credit; much of it needs two people.',
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: { required: true, content: { 'application/json': { schema: request } } },
  },
  responses: {
    200: json(givenBody, 'It is counted'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For finance'],
      [404, 'No such line, or nothing of that id'],
      [409, 'Somebody was faster, it has ended, or a second person has to say the same'],
      [422, 'The key was used for another request'],
    ),
  },
})

const toSuggestionBody = (one: OwnerSuggestion): z.infer<typeof suggestionBody> => ({
  purpose: one.purpose,
  owner_id: one.ownerId,
  number: one.number,
  balance: toDecimal(one.balance),
  reasons: reasonsOf(one.likeness),
})

const toBody = async (deps: ApiDeps, money: BankMoney): Promise<z.infer<typeof lineBody>> => ({
  id: money.findingId,
  currency: CURRENCY,
  amount: toDecimal(money.amount),
  at: toNairobiIso(money.at),
  reference: money.reference,
  details: money.details,
  suggestions: (await suggestForBank(deps.db, money, SUGGESTIONS)).map(toSuggestionBody),
})

const toGiven = ({ paymentId, applied, credited }: AllocatedLine): Given => ({
  payment_id: paymentId,
  currency: CURRENCY,
  applied: toDecimal(applied),
  credited: toDecimal(credited),
})

const forFinance = () => new BusinessError('FORBIDDEN', 'This is for finance.')

export function createBankLinesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/bank-lines/*', bearerSession(deps))

  api.openapi(listRoute, async (c) => {
    if (!maySeeReconciliation(c.get('actor'))) throw forFinance()
    const { items, next } = await listBankMoney(deps.db, c.req.valid('query'))
    return c.json({ items: await Promise.all(items.map((one) => toBody(deps, one))), next }, 200)
  })

  api.openapi(giveRoute, async (c) => {
    const actor = c.get('actor')
    if (!mayAllocateMoney(actor)) throw forFinance()
    const subjectId = idFrom(c, actor, 'bank-allocation')
    const key = c.req.header('idempotency-key')?.trim() ?? ''
    const { purpose, owner_id: ownerId, why } = c.req.valid('json')
    const scope = `bank-allocations:${actor.userId}`
    const requestHash = sha256(JSON.stringify({ id: idParam(c), purpose, ownerId, why }))
    const claimed = await claimKey(deps.db, { scope, key, requestHash, subjectId })
    if (claimed.state === 'other')
      throw new BusinessError('IDEMPOTENCY_KEY_REUSED', 'Use a new key for a new allocation.')
    if (claimed.response) return c.json(claimed.response.body as Given, 200)
    const money = await bankMoneyOf(deps, idParam(c))
    const target = { purpose, ownerId: ownerId.toLowerCase() }
    const body = toGiven(await giveBankMoney(deps, actor, money, { target, why, key }))
    await storeResponse(deps.db, { scope, key, status: 200, body })
    return c.json(body, 200)
  })
  return api
}
