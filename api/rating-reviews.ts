/** Customers who ask for a person to look at their rating, and who answers them, over REST. */
import { createRoute } from '@hono/zod-openapi'
import { BusinessError } from '../domain/errors.ts'
import { reviewAnswer, reviewWish } from '../domain/schemas/ratings.ts'
import { inTransaction } from '../db/connection.ts'
import {
  answerReview,
  askForReview,
  listReviewsOf,
  listWaitingReviews,
  REVIEW_SORTS,
} from '../db/rating-reviews.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { listQuery, wishOf } from './lists.ts'
import { createOpenApi, idPath, json, jsonBody, problems, SECURED } from './open-api.ts'
import { assertCan } from './permitted.ts'
import { reviewBody, toReviewBody, toWaitingBody, waitingBody } from './rating-bodies.ts'
import { claimId, keyHeader } from './request-keys.ts'
import { bearerSession } from './sessions.ts'

const askRoute = createRoute({
  method: 'post',
  path: '/customers/{id}/rating-reviews',
  summary: 'Ask for a person to look at one’s own rating (Data Protection Act 2019, section 35)',
  security: SECURED,
  request: {
    params: idPath,
    headers: keyHeader,
    body: jsonBody(reviewWish, { words: 'The scratch was there when I took the car.' }),
  },
  responses: {
    201: json(reviewBody, 'It waits for an answer'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For the customer'],
      [404, 'Nothing was decided yet'],
      [409, 'One waits already'],
      [422, 'The Idempotency-Key was used with another body'],
    ),
  },
})
const listRoute = createRoute({
  method: 'get',
  path: '/rating-reviews',
  summary: 'Customers who wait for a person to look at their rating, the longest first',
  security: SECURED,
  request: { query: listQuery(REVIEW_SORTS, {}) },
  responses: {
    200: json(waitingBody, 'One page'),
    ...problems([400, 'Something to correct'], [403, 'For whoever may set ratings']),
  },
})
const answerRoute = createRoute({
  method: 'post',
  path: '/rating-reviews/{id}/answer',
  summary: 'Answer a customer, in words that they read; once',
  security: SECURED,
  request: {
    params: idPath,
    body: jsonBody(reviewAnswer, { answer: 'You are right: we have taken the charge back.' }),
  },
  responses: {
    200: json(reviewBody, 'As it stands'),
    ...problems(
      [400, 'Something to correct'],
      [403, 'For whoever may set ratings'],
      [404, 'There is no such request'],
      [409, 'It is one’s own, or was answered'],
    ),
  },
})

export function createRatingReviewsApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  api.use('/customers/*', bearerSession(deps))
  api.use('/rating-reviews/*', bearerSession(deps))
  const bodyOf = async (customerId: string, id: string) => {
    const found = (await listReviewsOf(deps.db, customerId)).find((one) => one.id === id)
    if (!found) throw new BusinessError('NOT_FOUND', 'There is no such request.')
    return toReviewBody(found)
  }
  api.openapi(askRoute, async (c) => {
    const actor = c.get('actor')
    const customerId = idParam(c)
    assertCan(actor, 'own_rating:create')
    if (actor.userId !== customerId || actor.kind !== 'customer')
      throw new BusinessError('FORBIDDEN', 'Everybody asks for themselves.')
    const wish = { customerId, ...c.req.valid('json') }
    const id = await claimId(c, deps, actor, 'rating review', wish)
    await inTransaction(deps.db, (tx) => askForReview(tx, { ...wish, id }))
    return c.json(await bodyOf(customerId, id), 201)
  })
  api.openapi(listRoute, async (c) => {
    assertCan(c.get('actor'), 'ratings:create')
    const wish = wishOf(REVIEW_SORTS, c.req.valid('query'), 'asked_at')
    const { items, next } = await listWaitingReviews(deps.db, wish)
    return c.json({ items: items.map(toWaitingBody), next }, 200)
  })
  api.openapi(answerRoute, async (c) => {
    const actor = c.get('actor')
    assertCan(actor, 'ratings:create')
    const { answer } = c.req.valid('json')
    const wish = { id: idParam(c), answer, actorId: actor.userId }
    const customerId = await inTransaction(deps.db, (tx) => answerReview(tx, wish))
    return c.json(await bodyOf(customerId, wish.id), 200)
  })
  return api
}
