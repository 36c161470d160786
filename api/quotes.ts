/** What a trip would cost, over REST: each line with what it comes from, kept for a while under an id. */
import { createRoute } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { quoteRequest } from '../domain/schemas/requests.ts'
import { inTransaction } from '../db/connection.ts'
import { findCategory } from '../db/fleet.ts'
import { findQuote, giveQuote } from '../db/quotes.ts'
import { codeProblem } from '../db/trip-prices.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { quoteBody, toQuoteBody } from './pricing-bodies.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { checkStretch, priceChosen } from './search.ts'
import { bearerSession } from './sessions.ts'

const giveRoute = createRoute({
  method: 'post',
  path: '/quotes',
  summary: 'Ask what a trip would cost, with extras and a code; nothing is held by it',
  description:
    'Send the `price.total` that you showed as `seen_total` of a booking, and nobody pays another price unasked.',
  security: SECURED,
  request: {
    headers: keyHeader,
    body: jsonBody(quoteRequest, {
      category: 'SUV',
      pickup_location: 'NBO-JKIA',
      return_location: 'NBO-JKIA',
      pickup_at: '2026-12-27T10:00:00+03:00',
      return_at: '2026-12-30T10:00:00+03:00',
      extras: [{ code: 'CHILD-SEAT', quantity: 1 }],
      extra_drivers: 1,
      promo_code: 'KARIBU',
    }),
  },
  responses: {
    201: json(quoteBody, 'The price, and each line of it'),
    ...problems(
      [400, 'Something to correct'],
      [409, 'The code cannot be used, or an extra is taken'],
      [422, 'The Idempotency-Key was used with another body'],
    ),
  },
})
const readRoute = createRoute({
  method: 'get',
  path: '/quotes/{id}',
  summary: 'A price as it was told; it may be another one by now',
  security: SECURED,
  request: { params: idPath },
  responses: { 200: json(quoteBody, 'As it was told'), ...problems([404, 'None, or too old']) },
})

const refuse = (code: 'CODE_REFUSED' | 'EXTRA_UNAVAILABLE', path: string, message: string) =>
  new BusinessError(code, message, { fields: [{ path, message }] })

export function createQuotesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/quotes', bearerSession(deps))
  api.use('/quotes/*', bearerSession(deps))
  api.openapi(giveRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'own_reservations:create')
    const wish = c.req.valid('json')
    const id = await claimId(c, deps, actor, 'quote', wish)
    const standing = await findQuote(deps.db, id)
    if (standing) return c.json(toQuoteBody(standing), 201)
    const stretch = await checkStretch(deps, {
      pickupLocation: wish.pickup_location,
      returnLocation: wish.return_location ?? wish.pickup_location,
      pickupAt: wish.pickup_at,
      returnAt: wish.return_at,
    })
    const category = await findCategory(deps.db, wish.category)
    if (!category) throw new BusinessError('UNKNOWN_CATEGORY', 'We have no such category of cars.')
    const { quote, book, found } = await priceChosen(deps, stretch, category, {
      customerId: actor.kind === 'customer' ? actor.userId : null,
      promoCode: wish.promo_code,
      extras: wish.extras,
      extraDrivers: wish.extra_drivers,
    })
    if (found.problem) throw refuse('EXTRA_UNAVAILABLE', 'extras', found.problem.message)
    const wrong = await codeProblem(deps.db, book, category.code)
    if (wrong) throw refuse('CODE_REFUSED', 'promo_code', wrong)
    const { pickupLocation, returnLocation, pickupAt, returnAt } = stretch
    const places = { pickupLocation, returnLocation, pickupAt, returnAt }
    const given = { id, categoryCode: category.code, ...places, quote }
    const made = await inTransaction(deps.db, (tx) => giveQuote(tx, given))
    c.header('Location', `/api/v1/quotes/${id}`)
    return c.json(toQuoteBody(made), 201)
  })
  api.openapi(readRoute, async (c) => {
    assertCan(c.get('actor'), 'own_reservations:create')
    const found = await findQuote(deps.db, idParam(c))
    if (!found) throw new BusinessError('NOT_FOUND', 'We have no such quote any more.')
    return c.json(toQuoteBody(found), 200)
  })
  return api
}
