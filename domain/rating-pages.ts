/** What the pages about ratings show. */
import type { FieldProblem } from './errors.ts'
import type { Rating, RatingReview } from './ratings.ts'

type Typed = {
  /** Fresh for each form, so that a double click counts once. */
  requestId: string
  form: Record<string, string>
  problems: FieldProblem[]
  now: Date
}

export type RatingPage = Typed & {
  /** Null before the first night. */
  rating: Rating | null
  /** The newest first; the first one may wait for its answer. */
  reviews: RatingReview[]
  mayAsk: boolean
  done: 'asked' | null
}

export type StaffRatingPage = Typed & {
  customer: { id: string; name: string; number: string }
  rating: Rating | null
  /** What stood before, too; the newest first. */
  history: Rating[]
  /** Of the ratings before these. */
  next: string | null
  reviews: RatingReview[]
  maySet: boolean
  done: 'set' | 'looked' | 'same' | 'answered' | null
}

export type RatingReviewsPage = {
  rows: {
    id: string
    customerId: string
    customerName: string
    customerNumber: string
    words: string
    askedAt: Date
  }[]
  next: string | null
  now: Date
}
