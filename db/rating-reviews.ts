/** Customers who ask for a person to look at their rating, and what they are told. One request at a time. */
import { BusinessError } from '../domain/errors.ts'
import type { RatingReview } from '../domain/ratings.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { lockCustomer } from './customer-lock.ts'
import { isOnePerson } from './one-person.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { readRating } from './ratings.ts'

const COLUMNS = `v.id, v.words, v.asked_at AS "askedAt", v.answer, v.answered_at AS "answeredAt"`
/** More than anybody asks in a year. */
const MOST = 50

/** One customer's, the newest first. */
export const listReviewsOf = (on: Database | Tx, customerId: string): Promise<RatingReview[]> =>
  select(
    on,
    `SELECT ${COLUMNS} FROM rating_reviews v WHERE v.customer_id = $1 ORDER BY v.asked_at DESC, v.id DESC LIMIT ${MOST}`,
    [customerId],
  )

export type WaitingReview = {
  id: string
  customerId: string
  customerName: string
  customerNumber: string
  words: string
  askedAt: Date
}

export const REVIEW_SORTS = {
  asked_at: { column: 'v.asked_at', type: 'time' },
} as const satisfies Keys<string>

/** Those that wait for an answer. */
export async function listWaitingReviews(
  db: Database,
  wish: PageWish<keyof typeof REVIEW_SORTS>,
): Promise<Page<WaitingReview>> {
  const by = paged(REVIEW_SORTS, wish, { from: 1, id: 'v.id' })
  const rows = await select<WaitingReview & { pageKey: string }>(
    db,
    `SELECT v.id, v.customer_id AS "customerId", trim(u.first_name || ' ' || u.last_name) AS "customerName",
       c.number AS "customerNumber", v.words, v.asked_at AS "askedAt", ${by.columns}
     FROM rating_reviews v JOIN users u ON u.id = v.customer_id JOIN customers c ON c.user_id = u.id
     WHERE v.answered_at IS NULL AND ${by.after} ${by.order}`,
    by.bind,
  )
  return by.page(rows, (row) => row)
}

const entryOf = (actor: string, customerId: string, reviewId: string, action: string) => ({
  actor,
  action: `rating_review.${action}`,
  entity: 'customer',
  entityId: customerId,
  after: { reviewId },
})

type Wish = { id: string; customerId: string; words: string }

/** By the customer. A repeat is one request. Throws NOT_FOUND where nothing was decided yet, REVIEW_OPEN where one waits already. */
export async function askForReview(tx: Tx, { id, customerId, words }: Wish): Promise<void> {
  await lockCustomer(tx, customerId, null)
  const rating = await readRating(tx, customerId)
  if (!rating) throw new BusinessError('NOT_FOUND', 'Nothing was decided about you yet.')
  const open = await selectOne<{ id: string }>(
    tx,
    'SELECT id FROM rating_reviews WHERE customer_id = $1 AND (answered_at IS NULL OR id = $2)',
    [customerId, id],
  )
  if (open?.id === id) return
  if (open)
    throw new BusinessError(
      'REVIEW_OPEN',
      'One of us is to look at it already. Wait for the answer.',
    )
  await select(
    tx,
    'INSERT INTO rating_reviews (id, customer_id, rating_id, words) VALUES ($1, $2, $3, $4)',
    [id, customerId, rating.id, words],
  )
  await appendAudit(tx, entryOf(customerId, customerId, id, 'asked'))
}

/** `customerId`: only where it is theirs. */
type Answer = { id: string; answer: string; actorId: string; customerId?: string }

/** By a colleague, once, and never to themselves. Throws NOT_FOUND, SECOND_PERSON, FINDING_CLOSED. Answers whose it is. */
export async function answerReview(tx: Tx, wish: Answer): Promise<string> {
  const { id, answer, actorId } = wish
  const found = await selectOne<{ customerId: string; answered: boolean }>(
    tx,
    `SELECT customer_id AS "customerId", answered_at IS NOT NULL AS answered FROM rating_reviews
     WHERE id = $1 AND ($2::uuid IS NULL OR customer_id = $2) FOR UPDATE`,
    [id, wish.customerId ?? null],
  )
  if (!found) throw new BusinessError('NOT_FOUND', 'There is no such request.')
  const { customerId } = found
  if (await isOnePerson(tx, actorId, customerId))
    throw new BusinessError('SECOND_PERSON', 'Somebody else answers you.')
  if (found.answered)
    throw new BusinessError('FINDING_CLOSED', 'A colleague has answered it already.')
  await select(
    tx,
    'UPDATE rating_reviews SET answer = $2, answered_by = $3, answered_at = now() WHERE id = $1',
    [id, answer, actorId],
  )
  await appendAudit(tx, entryOf(actorId, customerId, id, 'answered'))
  return customerId
}
