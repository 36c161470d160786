/** The audit, for whoever asks who changed what. */
import type { AuditLine } from '../domain/audit-pages.ts'
import { DAY_MS } from '../domain/time.ts'
import { select, type Database } from './connection.ts'
import { PEOPLE_FOUND, readDeskWords } from './desk-words.ts'
import { toCount } from './values.ts'

export type AuditFilter = {
  /** A name, an e-mail, a phone, or an actor to the letter. */
  who?: string
  /** A number or an id of what was changed. */
  about?: string
  /** `refund`, or `refund.approved`. */
  action?: string
  /** Days, both included, by their beginning. */
  from?: Date
  to?: Date
  /** The id of the last line seen. */
  before?: string
  limit: number
}

const MOST_NAMED = 50

async function actorsOf(db: Database, who: string): Promise<string[]> {
  const wanted = readDeskWords(db, who)
  if (!wanted) return [who]
  const rows = await select<{ id: string }>(
    db,
    `SELECT id::text FROM (${PEOPLE_FOUND} UNION SELECT id FROM users WHERE email = $1::citext) AS p LIMIT ${MOST_NAMED}`,
    [wanted.words, wanted.phone],
  )
  return [who, ...rows.map(({ id }) => id)]
}

/** A booking's money is part of what was done about it. */
const NUMBERED = `
  SELECT id::text FROM reservations WHERE number = $1 UNION SELECT id::text FROM charges WHERE number = $1
  UNION SELECT id::text FROM invoices WHERE number = $1 UNION SELECT user_id::text FROM customers WHERE number = $1
  UNION SELECT id::text FROM users WHERE email = $1::citext
  UNION SELECT p.id::text FROM payments p WHERE p.owner_id IN
    (SELECT id FROM reservations WHERE number = $1 UNION SELECT id FROM charges WHERE number = $1)`

async function entitiesOf(db: Database, about: string): Promise<string[]> {
  const rows = await select<{ id: string }>(db, NUMBERED, [about.toUpperCase()])
  return [about, about.toLowerCase(), ...rows.map(({ id }) => id)]
}

const UUID = "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"
/** Of an entry `a`; null for what no account did. */
export const ACTOR_NAME = `(SELECT trim(first_name || ' ' || last_name) FROM users
  WHERE id = CASE WHEN a.actor ~ ${UUID} THEN a.actor::uuid END)`

/** These entities are named by the id of their row. */
const NUMBER = `CASE a.entity
  WHEN 'reservation' THEN (SELECT number FROM reservations WHERE id = a.entity_id::uuid)
  WHEN 'charge' THEN (SELECT number FROM charges WHERE id = a.entity_id::uuid)
  WHEN 'invoice' THEN (SELECT number FROM invoices WHERE id = a.entity_id::uuid)
  WHEN 'payment' THEN (SELECT owner_number FROM payments WHERE id = a.entity_id::uuid)
  WHEN 'company' THEN (SELECT name FROM companies WHERE id = a.entity_id::uuid)
  WHEN 'user' THEN (SELECT trim(first_name || ' ' || last_name) FROM users WHERE id = a.entity_id::uuid)
END`

const likeExactly = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** The newest first. */
export async function listAudit(
  db: Database,
  filter: AuditFilter,
): Promise<{ items: AuditLine[]; next: string | null }> {
  const rows = await select<AuditLine & { position: string | null }>(
    db,
    `SELECT a.id, a.at, a.actor, ${ACTOR_NAME} AS "actorName", a.action, a.entity,
       a.entity_id AS "entityId", ${NUMBER} AS number, a.before, a.after, a.why, a.origin, c.position
     FROM audit_entries a LEFT JOIN audit_chain c ON c.entry_id = a.id
     WHERE ($1::text[] IS NULL OR a.actor = ANY ($1)) AND ($2::text[] IS NULL OR a.entity_id = ANY ($2))
       AND ($3::text IS NULL OR a.action = $3 OR a.action LIKE $8)
       AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5)
       AND ($6::bigint IS NULL OR a.id < $6)
     ORDER BY a.id DESC LIMIT $7`,
    [
      filter.who ? await actorsOf(db, filter.who) : null,
      filter.about ? await entitiesOf(db, filter.about) : null,
      filter.action ?? null,
      filter.from ?? null,
      filter.to ? new Date(filter.to.getTime() + DAY_MS) : null,
      filter.before ?? null,
      filter.limit + 1,
      filter.action ? `${likeExactly(filter.action)}.%` : null,
    ],
  )
  const items = rows
    .slice(0, filter.limit)
    .map((row) => ({ ...row, position: row.position === null ? null : toCount(row.position) }))
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null }
}
