/** Rules of prices. What one says never changes: another version is another row, which takes the place of the one before. */
import { UniqueConstraintError } from 'sequelize'
import { BusinessError } from '../domain/errors.ts'
import { RULE_LIMITS, type PricingRule } from '../domain/pricing-rules.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { findCategory, findLocation } from './fleet.ts'
import { isReadOpen, stopWritingOpen } from './older-release.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { prepared } from './prepared.ts'
import { toCents } from './values.ts'

export type RuleFactsTyped = Omit<PricingRule, 'id'>
export type RuleRecord = PricingRule & {
  replaces: string | null
  closedAt: Date | null
  createdBy: string
  createdAt: Date
  /** Of its code, by bookings that stand. */
  used: number
}

const FACTS = `p.id, p.name, p.type, p.category_code AS "categoryCode", p.location_code AS "locationCode",
  p.from_day::text AS "fromDay", p.until_day::text AS "untilDay", p.weekdays, p.from_minute AS "fromMinute",
  p.until_minute AS "untilMinute", p.min_days AS "minDays", p.max_days AS "maxDays", p.percent,
  p.fixed_cents AS fixed, p.rates, p.utilisation_from AS "utilisationFrom", p.rentals_from AS "rentalsFrom",
  p.code, p.uses, p.uses_each AS "usesEach", p.priority`

/** A use counts as long as its booking stands. */
export const USES = `FROM promo_uses u JOIN reservations r ON r.id = u.reservation_id
  WHERE r.status NOT IN ('cancelled', 'expired')`

const RECORD = `${FACTS}, p.replaces, p.closed_at AS "closedAt", p.created_by AS "createdBy", p.created_at AS "createdAt",
  (SELECT count(*) ${USES} AND u.code = p.code)::int AS used`

type Raw<R> = Omit<R, 'fixed'> & { fixed: string }
const toRule = <R extends PricingRule>(raw: Raw<R>): R =>
  ({ ...raw, fixed: toCents(raw.fixed) }) as unknown as R

const LIVE = prepared(
  `SELECT ${FACTS} FROM pricing_rules p WHERE p.closed_at IS NULL ORDER BY p.priority DESC, p.id LIMIT ${RULE_LIMITS.live}`,
)

/** Asked for each price; nearly always few rows, often none. */
export const readLiveRules = async (on: Database | Tx): Promise<PricingRule[]> =>
  (await select<Raw<PricingRule>>(on, LIVE)).map(toRule)

export async function findRule(on: Database | Tx, id: string): Promise<RuleRecord | null> {
  const raw = await selectOne<Raw<RuleRecord>>(
    on,
    `SELECT ${RECORD} FROM pricing_rules p WHERE p.id = $1`,
    [id],
  )
  return raw && toRule(raw)
}

export const RULE_SORTS = {
  created_at: { column: 'p.created_at', type: 'time' },
  name: { column: 'p.name', type: 'text' },
  priority: { column: 'p.priority', type: 'whole' },
} as const satisfies Keys<string>

type RuleFilter = PageWish<keyof typeof RULE_SORTS> & {
  type?: string | undefined
  /** Null: closed ones, too. */
  live: boolean | null
}

export async function listRules(db: Database, filter: RuleFilter): Promise<Page<RuleRecord>> {
  const by = paged(RULE_SORTS, filter, { from: 3, id: 'p.id' })
  const rows = await select<Raw<RuleRecord> & { pageKey: string }>(
    db,
    `SELECT ${RECORD}, ${by.columns} FROM pricing_rules p
     WHERE ($1::text IS NULL OR p.type = $1) AND ($2::boolean IS NULL OR (p.closed_at IS NULL) = $2)
       AND ${by.after} ${by.order}`,
    [filter.type ?? null, filter.live, ...by.bind],
  )
  return by.page(rows, (row) => toRule<RuleRecord>(row))
}

const refuse = (path: string, message: string) =>
  new BusinessError('INVALID_INPUT', message, { fields: [{ path, message }] })

async function assertKnown(tx: Tx, { categoryCode, locationCode }: RuleFactsTyped): Promise<void> {
  if (categoryCode && !(await findCategory(tx, categoryCode)))
    throw refuse('category', 'We have no such category.')
  if (locationCode && !(await findLocation(tx, locationCode)))
    throw refuse('location', 'We have no such place.')
}

/** A worker of a release that knows no rules would hold cars for the price without them. */
export async function assertPricesAreOurs(on: Database | Tx): Promise<void> {
  const row = await selectOne<{ paused: boolean }>(
    on,
    `SELECT ${isReadOpen('pricing_rules')} AS paused`,
  )
  if (!row?.paused) return
  throw new BusinessError(
    'TEMPORARILY_UNAVAILABLE',
    'Programs are just being replaced by newer ones. Try again in an hour.',
  )
}

/** No worker of such a release is left. */
export const resumePrices = (tx: Tx) => stopWritingOpen(tx, 'pricing_rules')

async function assertRoom(tx: Tx): Promise<void> {
  const row = await selectOne<{ live: number }>(
    tx,
    'SELECT count(*)::int AS live FROM pricing_rules WHERE closed_at IS NULL',
  )
  if ((row?.live ?? 0) < RULE_LIMITS.live) return
  throw refuse('name', `At most ${RULE_LIMITS.live} rules are live. Close one first.`)
}

const toTaken = (error: unknown): unknown =>
  error instanceof UniqueConstraintError &&
  (error.parent as { constraint?: string }).constraint === 'pricing_rules_code'
    ? refuse('code', 'Another rule that is live has this code.')
    : error

type Change = { actorId: string }
type New = Change & { id: string; facts: RuleFactsTyped; replaces: string | null }

/** Live from now on. The id comes from whoever asks, so that a repeat makes one; `replaces` is closed in the same moment. */
export async function createRule(tx: Tx, made: New): Promise<RuleRecord> {
  const { id, facts, replaces, actorId } = made
  const standing = await findRule(tx, id)
  if (standing) return standing
  await assertPricesAreOurs(tx)
  await assertKnown(tx, facts)
  if (replaces) await closeRule(tx, replaces, { actorId })
  await assertRoom(tx)
  await select(
    tx,
    `INSERT INTO pricing_rules (id, name, type, category_code, location_code, from_day, until_day, weekdays, from_minute,
       until_minute, min_days, max_days, percent, fixed_cents, rates, utilisation_from, rentals_from, code, uses,
       uses_each, priority, replaces, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16, $17, $18, $19, $20, $21, $22, $23)
     RETURNING id`,
    [id, ...valuesOf(facts), replaces, actorId],
  ).catch((error: unknown) => {
    throw toTaken(error)
  })
  await audit(tx, 'pricing_rule.created', id, { actorId, after: { ...facts, replaces } })
  return (await findRule(tx, id)) as RuleRecord
}

const valuesOf = (facts: RuleFactsTyped) => [
  facts.name,
  facts.type,
  facts.categoryCode,
  facts.locationCode,
  facts.fromDay,
  facts.untilDay,
  facts.weekdays,
  facts.fromMinute,
  facts.untilMinute,
  facts.minDays,
  facts.maxDays,
  facts.percent,
  facts.fixed,
  facts.rates && JSON.stringify(facts.rates),
  facts.utilisationFrom,
  facts.rentalsFrom,
  facts.code,
  facts.uses,
  facts.usesEach,
  facts.priority,
]

/** What was booked by it stays as it is. Throws NOT_FOUND, and CHANGED_MEANWHILE for one that is closed. */
export async function closeRule(tx: Tx, id: string, { actorId }: Change): Promise<RuleRecord> {
  const closed = await select(
    tx,
    'UPDATE pricing_rules SET closed_at = now(), closed_by = $2 WHERE id = $1 AND closed_at IS NULL RETURNING id',
    [id, actorId],
  )
  const found = await findRule(tx, id)
  if (!found) throw new BusinessError('NOT_FOUND', 'We have no such rule.')
  if (closed.length === 0)
    throw new BusinessError('CHANGED_MEANWHILE', 'This rule was closed or changed meanwhile.')
  await audit(tx, 'pricing_rule.closed', id, { actorId })
  return found
}

const audit = (
  tx: Tx,
  action: string,
  id: string,
  { actorId, after }: Change & { after?: object },
) =>
  appendAudit(tx, {
    actor: actorId,
    action,
    entity: 'pricing_rule',
    entityId: id,
    ...(after ? { after } : {}),
  })
