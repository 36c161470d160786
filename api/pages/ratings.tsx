/** Customers' ratings for staff: one, why it is so, what a colleague decides about it; and who waits for a person. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import type { Actor } from '../../domain/accounts.ts'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import { can } from '../../domain/policies.ts'
import { handRating, reviewAnswer } from '../../domain/schemas/ratings.ts'
import { inTransaction } from '../../db/connection.ts'
import { answerReview, listReviewsOf, listWaitingReviews } from '../../db/rating-reviews.ts'
import { listRatings, lookAgain, rateByHand, readRating } from '../../db/ratings.ts'
import { RatingReviewsView } from '../../views/rating-reviews.tsx'
import { StaffRatingView } from '../../views/staff-rating.tsx'
import { findForStaff } from '../customers.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam, isId, parseInput } from '../input.ts'
import { problemsIn, statusOf, toBusinessError } from '../problems.ts'
import { assertCsrf } from '../sessions.ts'
import { uuidFrom } from '../tokens.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const LIST = '/desk/rating-reviews'
const PATH = '/desk/customers/:id/rating'
const PAGE_SIZE = 20
const DEEDS = ['set', 'looked', 'same', 'answered'] as const
type Deed = (typeof DEEDS)[number]
type Form = Record<string, string>
type Typed = { form: Form; problems: FieldProblem[] }

async function show(
  c: Context<Env>,
  deps: ApiDeps,
  { form, problems }: Typed = { form: {}, problems: [] },
  status: ReturnType<typeof statusOf> | 200 = 200,
) {
  const actor = staff(c, (who) => can(who, 'ratings:read'))
  const { id, firstName, lastName, number } = await findForStaff(deps, actor, idParam(c))
  const wish = { sort: 'created_at' as const, descending: true, limit: PAGE_SIZE }
  const [rating, history, reviews] = await Promise.all([
    readRating(deps.db, id),
    listRatings(deps.db, { ...wish, customerId: id, cursor: c.req.query('cursor') }),
    listReviewsOf(deps.db, id),
  ])
  const page = {
    customer: { id, name: `${firstName} ${lastName}`.trim(), number },
    rating,
    history: history.items,
    next: history.next,
    reviews,
    maySet: can(actor, 'ratings:create'),
    done: DEEDS.find((deed) => deed === c.req.query('done')) ?? null,
    requestId: form['request_id'] || randomUUID(),
    form,
    problems,
    now: deps.now(),
  }
  return c.html(<StaffRatingView viewer={await viewerOf(c, deps)} page={page} />, status)
}

type Asked = { actor: Actor; customerId: string; form: Form; now: Date }
const MENDABLE = ['INVALID_INPUT', 'SECOND_PERSON', 'FINDING_CLOSED']

/** What a colleague sends about a rating, one door for all of it. */
async function change(c: Context<Env>, deps: ApiDeps, act: (asked: Asked) => Promise<Deed>) {
  const actor = staff(c, (who) => can(who, 'ratings:create'))
  const { _csrf, ...form } = await c.req.parseBody<Form>()
  const address = `/desk/customers/${idParam(c)}/rating`
  c.set('address', address)
  assertCsrf(c, { _csrf })
  const { id: customerId } = await findForStaff(deps, actor, idParam(c))
  try {
    const deed = await act({ actor, customerId, form, now: deps.now() })
    return c.redirect(`${address}?done=${deed}`, 303)
  } catch (error) {
    const refused = toBusinessError(error)
    if (!MENDABLE.includes(refused.code)) throw error
    return show(c, deps, { form, problems: problemsIn(refused) }, statusOf(refused.code))
  }
}

export function createRatingPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get(LIST, async (c) => {
    staff(c, (who) => can(who, 'ratings:create'))
    const cursor = c.req.query('cursor')
    const wish = { sort: 'asked_at' as const, descending: false, limit: PAGE_SIZE, cursor }
    const { items, next } = await listWaitingReviews(deps.db, wish)
    const page = { rows: items, next, now: deps.now() }
    return c.html(<RatingReviewsView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get(PATH, (c) => show(c, deps))
  pages.post(PATH, (c) =>
    change(c, deps, async ({ actor, customerId, form, now }) => {
      const { request_id: requestId = '', ...typed } = form
      const id = uuidFrom('rating', actor.userId, customerId, requestId)
      const facts = parseInput(handRating, typed)
      const wish = { ...facts, id, customerId, actorId: actor.userId, now }
      await inTransaction(deps.db, (tx) => rateByHand(tx, wish))
      return 'set'
    }),
  )
  pages.post(`${PATH}/reckoning`, (c) =>
    change(c, deps, async ({ actor, customerId, now }) => {
      const asked = { customerId, actorId: actor.userId, now }
      return (await inTransaction(deps.db, (tx) => lookAgain(tx, asked))) ? 'looked' : 'same'
    }),
  )
  pages.post(`${PATH}/answer`, (c) =>
    change(c, deps, async ({ actor, customerId, form }) => {
      const { answer } = parseInput(reviewAnswer, { answer: form['answer'] })
      const id = form['review_id'] ?? ''
      if (!isId(id)) throw new BusinessError('NOT_FOUND', 'There is no such request.')
      const wish = { id, answer, actorId: actor.userId, customerId }
      await inTransaction(deps.db, (tx) => answerReview(tx, wish))
      return 'answered'
    }),
  )
  return pages
}
