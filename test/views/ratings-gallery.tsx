/** The pages about ratings, in each of their states. */
import type { Child } from 'hono/jsx'
import { CREDIT_FACTS, reckonCredit, type CreditFacts } from '../../domain/credit-rule.ts'
import type { Viewer } from '../../domain/pages.ts'
import type { RatingPage, StaffRatingPage } from '../../domain/rating-pages.ts'
import type { Rating } from '../../domain/ratings.ts'
import { DAY_MS, startOfDay } from '../../domain/time.ts'
import { OwnRatingView } from '../../views/own-rating.tsx'
import { RatingReviewsView } from '../../views/rating-reviews.tsx'
import { StaffRatingView } from '../../views/staff-rating.tsx'
import * as s from './samples.ts'

const daysFrom = (days: number) => new Date(s.NOW.getTime() + days * DAY_MS)
const counted = (over: Partial<CreditFacts>): CreditFacts => ({
  ...(Object.fromEntries(CREDIT_FACTS.map((code) => [code, 0])) as CreditFacts),
  ...over,
})
const rated = (over: Partial<CreditFacts>, rest: Partial<Rating> = {}): Rating => ({
  id: 'r',
  ...reckonCredit(counted(over)),
  facts: counted(over),
  byHand: false,
  why: null,
  expiresAt: null,
  setAt: daysFrom(-3),
  ...rest,
})
const EVERYTHING = Object.fromEntries(CREDIT_FACTS.map((code) => [code, 1])) as CreditFacts
const OFTEN = { unpaid: 3, damage: 2, late: 2, rentals: 12, expired: 7 }

export const ratingPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const words =
    hostile ?? 'The scratch was there when I took the car; your own people wrote it down.'
  const asked = { id: 'v', words, askedAt: daysFrom(-1), answer: null, answeredAt: null }
  const answer = hostile ?? 'You are right: we have taken the charge back, and the level with it.'
  const answered = { ...asked, answer, answeredAt: s.NOW }
  const none: RatingPage = {
    rating: null,
    reviews: [],
    mayAsk: false,
    done: null,
    requestId: 'q',
    form: {},
    problems: [],
    now: s.NOW,
  }
  const held = rated(
    { phone: 1, unpaid: 1 },
    {
      level: 'high',
      byHand: true,
      why: hostile ?? 'Two keys were lost within a month; we look again in March.',
      expiresAt: startOfDay(daysFrom(90)),
    },
  )
  const open: RatingPage = { ...none, rating: rated(OFTEN), mayAsk: true }
  const staffPage: StaffRatingPage = {
    customer: { id: 'a', name: hostile ?? s.LONG_NAME, number: 'CUS-000123' },
    rating: held,
    history: [held, rated(OFTEN, { setAt: daysFrom(-30) }), rated({}, { setAt: daysFrom(-90) })],
    next: 'more',
    reviews: [asked, { ...answered, askedAt: daysFrom(-200) }],
    maySet: true,
    done: null,
    requestId: 'q',
    form: {},
    problems: [],
    now: s.NOW,
  }
  const wrong = {
    form: { level: 'medium', why: hostile ?? '', until: hostile ?? '2020-01-01', answer: words },
    problems: [
      { path: 'why', message: 'Say why.' },
      { path: 'until', message: 'This day is over.' },
    ],
  }
  const desk = s.staff('/desk/customers/a/rating')
  const staff = (over: Partial<StaffRatingPage>) => (
    <StaffRatingView page={{ ...staffPage, ...over }} viewer={desk} />
  )
  const waits = {
    id: 'v',
    customerId: 'a',
    customerName: hostile ?? s.LONG_NAME,
    customerNumber: 'CUS-000123',
    words: `${words} ${words} ${words}`,
    askedAt: daysFrom(-2),
  }
  return {
    rating: <OwnRatingView page={open} viewer={viewer} />,
    'rating-none': <OwnRatingView page={none} viewer={viewer} />,
    'rating-wrong': (
      <OwnRatingView
        page={{ ...open, problems: [{ path: 'words', message: 'Write something here.' }] }}
        viewer={viewer}
      />
    ),
    'rating-asked': (
      <OwnRatingView
        page={{ ...none, rating: rated(EVERYTHING), reviews: [asked], done: 'asked' }}
        viewer={viewer}
      />
    ),
    'rating-answered': (
      <OwnRatingView
        page={{ ...none, rating: held, reviews: [answered], mayAsk: true }}
        viewer={viewer}
      />
    ),
    'desk-rating': staff({}),
    'desk-rating-wrong': staff(wrong),
    'desk-rating-seen': staff({
      rating: rated(EVERYTHING),
      history: [],
      next: null,
      reviews: [answered],
      maySet: false,
      done: 'answered',
    }),
    'desk-rating-none': staff({ rating: null, history: [], next: null, reviews: [] }),
    'desk-rating-reviews': (
      <RatingReviewsView
        page={{ rows: [waits, { ...waits, id: 'w' }], next: 'more', now: s.NOW }}
        viewer={desk}
      />
    ),
    'desk-rating-reviews-none': (
      <RatingReviewsView page={{ rows: [], next: null, now: s.NOW }} viewer={desk} />
    ),
  }
}
