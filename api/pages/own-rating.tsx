/** One's own rating, and asking for a person to look at it. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import { reviewWish } from '../../domain/schemas/ratings.ts'
import { inTransaction } from '../../db/connection.ts'
import { askForReview, listReviewsOf } from '../../db/rating-reviews.ts'
import { readRating } from '../../db/ratings.ts'
import { OwnRatingView } from '../../views/own-rating.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { parseInput } from '../input.ts'
import { assertCan } from '../permitted.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf, signedIn } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { viewerOf } from './viewer.ts'

const PATH = '/account/rating'
type Form = Record<string, string>
type Typed = { form: Form; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems }: Typed = { form: {}, problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = signedIn(c)
  assertCan(actor, 'own_rating:read')
  const [rating, reviews] = await Promise.all([
    readRating(deps.db, actor.userId),
    listReviewsOf(deps.db, actor.userId),
  ])
  const waits = reviews[0] !== undefined && reviews[0].answeredAt === null
  const page = {
    rating,
    reviews,
    mayAsk: rating !== null && !waits && can(actor, 'own_rating:create'),
    done: c.req.query('done') === 'asked' ? ('asked' as const) : null,
    requestId: form['request_id'] || randomUUID(),
    form,
    problems,
    now: deps.now(),
  }
  return c.html(<OwnRatingView viewer={await viewerOf(c, deps)} page={page} />, status)
}

export function createOwnRatingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, async (c) => {
    const actor = signedIn(c)
    assertCan(actor, 'own_rating:create')
    const form = await c.req.parseBody<Form>()
    c.set('address', PATH)
    assertCsrf(c, form)
    try {
      const { words } = parseInput(reviewWish, { words: form['words'] })
      const id = uuidFrom('rating review', actor.userId, form['request_id'] ?? '')
      const wish = { id, customerId: actor.userId, words }
      await inTransaction(deps.db, (tx) => askForReview(tx, wish))
    } catch (error) {
      const refused = toBusinessError(error)
      if (!['INVALID_INPUT', 'REVIEW_OPEN'].includes(refused.code)) throw error
      return show(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
    }
    return c.redirect(`${PATH}?done=asked`, 303)
  })
  return pages
}
