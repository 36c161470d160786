/**
 * Ratings of customers: set by the rule where it says something new, or by a colleague for a while. Each comes with its line in the
 * audit; the database keeps the customer's own row by them, and lets nobody change one.
 */
import { BusinessError } from '../domain/errors.ts'
import { reckonCredit } from '../domain/credit-rule.ts'
import type { RiskLevel } from '../domain/customers.ts'
import { differs, isInForce, RATING_LIMITS, type Rating } from '../domain/ratings.ts'
import { DAY_MS, parseTime } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { lockCustomer } from './customer-lock.ts'
import { isOnePerson } from './one-person.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { RATING, readStanding, type Standing } from './rating-facts.ts'

/** What stands; null where none was set yet. */
export const readRating = (on: Database | Tx, customerId: string): Promise<Rating | null> =>
  selectOne(
    on,
    `SELECT ${RATING} FROM customer_ratings r WHERE r.customer_id = $1 ORDER BY r.place DESC LIMIT 1`,
    [customerId],
  )

export const RATING_SORTS = {
  created_at: { column: 'r.created_at', type: 'time' },
} as const satisfies Keys<string>

export type RatingFilter = PageWish<keyof typeof RATING_SORTS> & { customerId: string }

export async function listRatings(db: Database, filter: RatingFilter): Promise<Page<Rating>> {
  const by = paged(RATING_SORTS, filter, { from: 2, id: 'r.id' })
  const rows = await select<Rating & { pageKey: string }>(
    db,
    `SELECT ${RATING}, ${by.columns} FROM customer_ratings r WHERE r.customer_id = $1 AND ${by.after} ${by.order}`,
    [filter.customerId, ...by.bind],
  )
  return by.page(rows, (row) => row)
}

/** Whether the rule has something new to say; never while a colleague's decision is in force. */
export function isDue({ facts, last, shown }: Standing, now: Date): boolean {
  if (last && isInForce(last, now)) return shown.level !== last.level
  const reckoned = reckonCredit(facts)
  return differs(last, reckoned) || shown.level !== reckoned.level || shown.score !== reckoned.score
}

type New = Pick<Rating, 'level' | 'score' | 'rule' | 'facts' | 'reasons'> & {
  id?: string
  byHand?: { why: string; expiresAt: Date }
}

/** False where that one was set before. */
async function append(tx: Tx, customerId: string, one: New, actorId: string): Promise<boolean> {
  const { byHand } = one
  const rows = await select(
    tx,
    `INSERT INTO customer_ratings (id, customer_id, level, score, rule, facts, reasons, by_hand, set_by, why, expires_at)
     VALUES (coalesce($1::uuid, gen_random_uuid()), $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $11)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      one.id ?? null,
      customerId,
      one.level,
      one.score,
      one.rule,
      JSON.stringify(one.facts),
      JSON.stringify(one.reasons),
      byHand !== undefined,
      byHand ? actorId : 'gari',
      byHand?.why ?? null,
      byHand?.expiresAt ?? null,
    ],
  )
  if (rows.length === 0) return false
  await appendAudit(tx, {
    actor: actorId,
    action: 'rating.set',
    entity: 'customer',
    entityId: customerId,
    after: { level: one.level, score: one.score, rule: one.rule, by_hand: byHand !== undefined },
    why: byHand?.why ?? null,
  })
  return true
}

const gone = () => new BusinessError('NOT_FOUND', 'We have no such customer.')

/** Holds the account, so that two who look at once set one rating. */
async function lockStanding(tx: Tx, customerId: string, now: Date): Promise<Standing> {
  await lockCustomer(tx, customerId, null)
  const standing = await readStanding(tx, customerId, now)
  if (!standing) throw gone()
  return standing
}

/** A release from before has written over what a colleague had set: it is said once more, word for word. */
const again = (last: Rating): New => ({
  ...last,
  id: undefined,
  byHand: { why: last.why ?? '', expiresAt: last.expiresAt as Date },
})

/** By the rule, where it says something new; answers whether it did. Throws NOT_FOUND. */
export async function rateByRule(tx: Tx, customerId: string, now: Date): Promise<boolean> {
  const standing = await lockStanding(tx, customerId, now)
  if (!isDue(standing, now)) return false
  const { last, facts } = standing
  const held = last && isInForce(last, now) ? again(last) : null
  return append(tx, customerId, held ?? { ...reckonCredit(facts), facts }, 'gari')
}

type Asked = { customerId: string; actorId: string; now: Date }

async function assertOther(tx: Tx, { actorId, customerId }: Asked): Promise<void> {
  if (await isOnePerson(tx, actorId, customerId))
    throw new BusinessError('SECOND_PERSON', 'Somebody else looks at your own rating.')
}

/** A colleague has the rule look again; what was set by hand ends with it. Answers whether something new came of it. */
export async function lookAgain(tx: Tx, asked: Asked): Promise<boolean> {
  const { facts, last, shown } = await lockStanding(tx, asked.customerId, asked.now)
  await assertOther(tx, asked)
  const reckoned = reckonCredit(facts)
  const isShown = shown.level === reckoned.level && shown.score === reckoned.score
  if (isShown && !differs(last, reckoned)) return false
  return append(tx, asked.customerId, { ...reckoned, facts }, asked.actorId)
}

type HandWish = Asked & { id: string; level: RiskLevel; why: string; until: string }

const wrongDay = (message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path: 'until', message }] })

/** The end of that day in Nairobi; throws INVALID_INPUT for one that is over or too far away. */
function endOf(until: string, now: Date): Date {
  const begins = parseTime(`${until}T00:00`)
  const end = new Date((begins?.getTime() ?? 0) + DAY_MS)
  if (end <= now) throw wrongDay('This day is over.')
  if (end.getTime() > now.getTime() + RATING_LIMITS.longestDays * DAY_MS)
    throw wrongDay('Set it for at most a year; then the rule decides again.')
  return end
}

/** By a colleague, for a while, and never about themselves. A repeat of the same id changes nothing. */
export async function rateByHand(tx: Tx, wish: HandWish): Promise<void> {
  const { id, customerId, level, why, until, now } = wish
  const { facts } = await lockStanding(tx, customerId, now)
  await assertOther(tx, wish)
  const byHand = { why, expiresAt: endOf(until, now) }
  await append(tx, customerId, { ...reckonCredit(facts), level, facts, id, byHand }, wish.actorId)
}
