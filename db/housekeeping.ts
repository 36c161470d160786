/** Takes away what nobody will ask for again, so that no table grows with every visit or guess. */
import { SESSION } from '../domain/accounts.ts'
import { KEPT } from '../domain/kept.ts'
import { select, type Database } from './connection.ts'
import { stopLostExports } from './exports.ts'
import { forgetOldIdentity } from './identity-retention.ts'

/** One statement takes away this many, so that none holds its locks or its time for long. */
const BATCH = 5_000

type Sweep = { table: string; where: string; olderThanMs: number }

/**
 * Codes go by their end only: were a used one taken away earlier, an older one of the same browser would be the
 * newest. Sessions go at the moment from which nobody could use them again.
 */
const SWEEPS: readonly Sweep[] = [
  { table: 'sessions', where: 'expires_at <= $1 OR revoked_at <= $1', olderThanMs: 0 },
  { table: 'sessions', where: 'last_seen_at <= $1', olderThanMs: SESSION.idleMs },
  { table: 'oauth_records', where: 'expires_at <= $1', olderThanMs: 0 },
  { table: 'registrations', where: 'expires_at <= $1', olderThanMs: 0 },
  { table: 'one_time_codes', where: 'expires_at <= $1', olderThanMs: 0 },
  { table: 'passkey_challenges', where: 'expires_at <= $1', olderThanMs: 0 },
  { table: 'export_files', where: 'expires_at <= $1', olderThanMs: 0 },
  { table: 'export_pieces', where: 'made_at <= $1', olderThanMs: KEPT.exportMs },
  { table: 'account_links', where: 'expires_at <= $1', olderThanMs: KEPT.accountLinkMs },
  { table: 'rate_limits', where: 'window_start <= $1', olderThanMs: KEPT.counterMs },
  { table: 'booking_tries', where: 'at <= $1', olderThanMs: KEPT.bookingTryMs },
  { table: 'refused_bookings', where: 'at <= $1', olderThanMs: KEPT.refusedBookingMs },
  { table: 'quotes', where: 'created_at <= $1', olderThanMs: KEPT.quoteMs },
  { table: 'idempotency_keys', where: 'created_at <= $1', olderThanMs: KEPT.idempotencyKeyMs },
  { table: 'heartbeats', where: 'at <= $1', olderThanMs: KEPT.heartbeatMs },
  { table: 'security_events', where: 'at <= $1', olderThanMs: KEPT.securityEventMs },
  {
    table: 'marketing_refusals',
    where: 'refused_at <= $1',
    olderThanMs: KEPT.marketingRefusalMs,
  },
  { table: 'api_key_uses', where: 'day <= $1::timestamptz::date', olderThanMs: KEPT.apiKeyMs },
  { table: 'api_keys', where: 'least(expires_at, revoked_at) <= $1', olderThanMs: KEPT.apiKeyMs },
]

async function sweep(db: Database, { table, where, olderThanMs }: Sweep, now: Date) {
  const gone = await select(
    db,
    `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
       SELECT ctid FROM ${table} WHERE ${where} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING 1`,
    [new Date(now.getTime() - olderThanMs)],
  )
  return gone.length
}

/** One batch of each; true when there may be more. */
export async function sweepTables(db: Database, now: Date): Promise<boolean> {
  let more = false
  for (const one of SWEEPS) more = (await sweep(db, one, now)) === BATCH || more
  more = (await stopLostExports(db, now)) || more
  return (await forgetOldIdentity(db, now)) || more
}
