/** Loyalty points as they are shown: how many, until when, and what made them so. */
import { lotsLeft, type Lot, type LoyaltyAccount, type LoyaltyEntry } from '../domain/loyalty.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'
import { toCount } from './values.ts'

/** Points that came, by the day on which they run out, and how many have gone since; what came back is not gone. */
export async function readLots(
  on: Database | Tx,
  customerId: string,
): Promise<{ lots: Lot[]; used: number }> {
  const rows = await select<{ expiresAt: Date | null; points: string }>(
    on,
    `SELECT expires_at AS "expiresAt", sum(points) AS points FROM loyalty_entries
     WHERE customer_id = $1 GROUP BY expires_at`,
    [customerId],
  )
  const lots = rows.flatMap(({ expiresAt, points }) =>
    expiresAt ? [{ expiresAt, points: toCount(points) }] : [],
  )
  const gone = rows.find(({ expiresAt }) => expiresAt === null)
  return { lots, used: 0 - Number(gone?.points ?? 0) }
}

/** How many points somebody has; none for whoever is no customer. */
export async function readPoints(db: Database, customerId: string): Promise<number> {
  const row = await selectOne<{ points: number }>(
    db,
    'SELECT loyalty_points AS points FROM customers WHERE user_id = $1',
    [customerId],
  )
  return row?.points ?? 0
}

export async function readLoyalty(db: Database, customerId: string): Promise<LoyaltyAccount> {
  const { lots, used } = await readLots(db, customerId)
  return { balance: await readPoints(db, customerId), lots: lotsLeft(lots, used) }
}

export const LOYALTY_SORTS = {
  created_at: { column: 'e.created_at', type: 'time' },
} as const satisfies Keys<string>

export type LoyaltyFilter = PageWish<keyof typeof LOYALTY_SORTS> & { customerId: string }

export async function listLoyalty(
  db: Database,
  filter: LoyaltyFilter,
): Promise<Page<LoyaltyEntry>> {
  const by = paged(LOYALTY_SORTS, filter, { from: 2, id: 'e.id' })
  const rows = await select<LoyaltyEntry & { pageKey: string }>(
    db,
    `SELECT e.id, e.kind, e.points, r.number AS "ownerNumber", e.short_points AS "shortPoints", e.rule, e.reason,
       e.expires_at AS "expiresAt", e.created_at AS "createdAt", ${by.columns}
     FROM loyalty_entries e LEFT JOIN reservations r ON r.id = e.reservation_id
     WHERE e.customer_id = $1 AND ${by.after} ${by.order}`,
    [filter.customerId, ...by.bind],
  )
  return by.page(rows, (row) => row)
}

/** Of whom some points are over their time, so many at once. */
export async function findExpiring(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await select<{ customerId: string }>(
    db,
    `SELECT e.customer_id AS "customerId" FROM loyalty_entries e JOIN customers c ON c.user_id = e.customer_id
     WHERE c.loyalty_points > 0 AND e.customer_id IN (SELECT customer_id FROM loyalty_entries WHERE expires_at <= $1)
     GROUP BY e.customer_id
     HAVING sum(e.points) FILTER (WHERE e.expires_at <= $1) + coalesce(sum(e.points) FILTER (WHERE e.expires_at IS NULL), 0) > 0
     LIMIT $2`,
    [now, limit],
  )
  return rows.map(({ customerId }) => customerId)
}
