/** Ratings as programs see them. */
import { z } from '@hono/zod-openapi'
import { CREDIT_FACTS } from '../domain/credit-rule.ts'
import { RISK_LEVELS } from '../domain/customers.ts'
import type { Rating, RatingReview } from '../domain/ratings.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { Page } from '../db/paging.ts'
import type { WaitingReview } from '../db/rating-reviews.ts'
import { speak } from '../views/language.ts'
import { listOf } from './open-api.ts'

const t = speak('en')

const rating = z
  .object({
    id: z.string(),
    level: z.enum(RISK_LEVELS),
    score: z.int().openapi({ description: 'From 0 to 100; more is better', example: 74 }),
    rule: z.string().openapi({ description: 'By which the score was reckoned', example: 'v1' }),
    reasons: z.array(
      z.object({
        code: z.enum(['start', ...CREDIT_FACTS]),
        count: z.int(),
        points: z.int().openapi({ description: 'Below zero where it lowers the score' }),
        words: z.string().openapi({ example: '1 charge that was not paid by its day' }),
      }),
    ),
    by_hand: z.boolean().openapi({ description: 'A colleague decided, and not the rule' }),
    why: z.string().nullable().openapi({ description: 'In the colleague’s words' }),
    expires_at: z.string().nullable().openapi({ description: 'Then the rule decides again' }),
    set_at: z.string(),
  })
  .openapi('Rating')

/** `current`: what stands; null before the first night. */
export const ratingsBody = listOf(rating).extend({ current: z.union([rating, z.null()]) })

const toRating = (one: Rating): z.infer<typeof rating> => ({
  id: one.id,
  level: one.level,
  score: one.score,
  rule: one.rule,
  reasons: one.reasons.map((reason) => ({
    ...reason,
    words: t(`reason_${reason.code}`, { n: reason.count }),
  })),
  by_hand: one.byHand,
  why: one.why,
  expires_at: one.expiresAt && toNairobiIso(one.expiresAt),
  set_at: toNairobiIso(one.setAt),
})

export const toRatingsBody = (
  current: Rating | null,
  { items, next }: Page<Rating>,
): z.infer<typeof ratingsBody> => ({
  items: items.map(toRating),
  next,
  current: current && toRating(current),
})

export const reviewBody = z
  .object({
    id: z.string(),
    words: z.string().openapi({ example: 'The scratch was there when I took the car.' }),
    asked_at: z.string(),
    answer: z.string().nullable(),
    answered_at: z.string().nullable(),
  })
  .openapi('RatingReview')

export const toReviewBody = (one: RatingReview): z.infer<typeof reviewBody> => ({
  id: one.id,
  words: one.words,
  asked_at: toNairobiIso(one.askedAt),
  answer: one.answer,
  answered_at: one.answeredAt && toNairobiIso(one.answeredAt),
})

const waiting = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    customer_number: z.string(),
    words: z.string().openapi({ example: 'The scratch was there when I took the car.' }),
    asked_at: z.string(),
  })
  .openapi('WaitingRatingReview')
export const waitingBody = listOf(waiting)

export const toWaitingBody = (one: WaitingReview): z.infer<typeof waiting> => ({
  id: one.id,
  customer_id: one.customerId,
  customer_number: one.customerNumber,
  words: one.words,
  asked_at: toNairobiIso(one.askedAt),
})
