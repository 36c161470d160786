/** The chain over the audit: sealing what is new, telling Kafka where it stands, and reading it again. */
import {
  auditSealed,
  GENESIS,
  sealEntry,
  type ChainHead,
  type ChainLink,
  type Seal,
} from '../domain/audit-chain.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { appendEvents } from './outbox.ts'
import { toCount } from './values.ts'

const SEALER_LOCK = 7_261_403

/** An entry to the letter. PostgreSQL writes a jsonb in one way only, whatever was sent. */
const LETTER = `jsonb_build_array(a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.actor, a.action,
  a.entity, a.entity_id, a.before, a.after, a.why, a.origin)::text`

/**
 * Ids are given before a commit, so a lower one may appear after a higher one was sealed; it gets the next place. No transaction
 * of ours lives for ten minutes, so nothing appears behind what was sealed ten minutes before the last seal. (Before the last seal,
 * not before now: while nobody seals, what is open goes on.)
 */
const FLOOR = `coalesce((SELECT entry_id FROM audit_chain WHERE sealed_at <
    (SELECT sealed_at FROM audit_chain ORDER BY position DESC LIMIT 1) - interval '10 minutes'
  ORDER BY position DESC LIMIT 1), 0)`

/**
 * The same while much is sealed at once, as at a first upgrade: what was twenty minutes old when it was sealed had nothing open
 * before it any more (ten for the transaction that took its id, ten for one that took a lower one just before). Looked for at the
 * last link and at distances that double, so that each round reads what is new and little more, however long the chain.
 */
const OLD_FLOOR = `coalesce((SELECT max(c.entry_id)
  FROM (SELECT position FROM audit_chain ORDER BY position DESC LIMIT 1) AS head, generate_series(0, 40) AS doubled,
    LATERAL (SELECT entry_id, sealed_at FROM audit_chain WHERE position = head.position + 1 - (1::bigint << doubled)) AS c
    JOIN audit_entries a ON a.id = c.entry_id
  WHERE a.at < c.sealed_at - interval '20 minutes'), 0)`

/** Up to this entry everything is sealed, or was taken back. */
export async function findSealedUpTo(on: Database | Tx): Promise<string> {
  const row = await selectOne<{ id: string }>(on, `SELECT greatest(${FLOOR}, ${OLD_FLOOR}) AS id`)
  return row?.id ?? '0'
}

const UNSEALED = `
  SELECT a.id AS "entryId", ${LETTER} AS entry
  FROM audit_entries a LEFT JOIN audit_chain c ON c.entry_id = a.id
  WHERE c.entry_id IS NULL AND a.id > $2 ORDER BY a.id LIMIT $1`

const hex = (bytes: Buffer): string => bytes.toString('hex')

export async function findHead(on: Database | Tx): Promise<ChainHead> {
  const row = await selectOne<{ position: string; hash: Buffer }>(
    on,
    'SELECT position, hash FROM audit_chain ORDER BY position DESC LIMIT 1',
  )
  return row ? { position: toCount(row.position), hash: hex(row.hash) } : GENESIS
}

/** Seals so many at most; answers how many. Null while another process seals. */
export async function sealNext(tx: Tx, seal: Seal, most: number): Promise<number | null> {
  const lock = await selectOne<{ led: boolean }>(
    tx,
    'SELECT pg_try_advisory_xact_lock($1) AS led',
    [SEALER_LOCK],
  )
  if (!lock?.led) return null
  const asked = [most, await findSealedUpTo(tx)]
  const entries = await select<{ entryId: string; entry: string }>(tx, UNSEALED, asked)
  let head = await findHead(tx)
  const hashes: string[] = []
  for (const one of entries) {
    const position = head.position + 1
    head = { position, hash: sealEntry(seal, head, { ...one, position }) }
    hashes.push(head.hash)
  }
  const first = head.position - entries.length
  await select(
    tx,
    `INSERT INTO audit_chain (position, entry_id, hash)
     SELECT $1 + l.nth, l.entry_id, decode(l.hash, 'hex')
     FROM unnest($2::bigint[], $3::text[]) WITH ORDINALITY AS l(entry_id, hash, nth) ORDER BY l.nth`,
    [first, entries.map(({ entryId }) => entryId), hashes],
  )
  return entries.length
}

/** Publishes the newest link, unless it was, or the one before was less than so long ago. */
export async function tellHead(tx: Tx, restMs: number): Promise<boolean> {
  await select(tx, 'SELECT pg_advisory_xact_lock($1)', [SEALER_LOCK])
  const last = await selectOne<{ version: string; position: string; fresh: boolean }>(
    tx,
    `SELECT version, position, told_at > now() - make_interval(secs => $1) AS fresh
     FROM audit_heads ORDER BY version DESC LIMIT 1`,
    [restMs / 1000],
  )
  const head = await findHead(tx)
  if (last?.fresh || head.position === toCount(last?.position ?? 0)) return false
  // After a restore readers know heads that are lost here, so what is told next must be newer than those.
  const floor = await selectOne<{ version: string }>(tx, 'SELECT first_version() AS version')
  const version = Math.max(toCount(last?.version ?? 0) + 1, toCount(floor?.version ?? 1))
  await select(tx, 'INSERT INTO audit_heads (version, position) VALUES ($1, $2)', [
    version,
    head.position,
  ])
  await appendEvents(tx, [auditSealed(version, head)])
  return true
}

/** The next links behind a place, each with its entry. */
export async function readLinks(db: Database, after: number, most: number): Promise<ChainLink[]> {
  const rows = await select<{
    position: string
    entryId: string
    hash: Buffer
    entry: string | null
  }>(
    db,
    `SELECT c.position, c.entry_id AS "entryId", c.hash, CASE WHEN a.id IS NOT NULL THEN ${LETTER} END AS entry
     FROM audit_chain c LEFT JOIN audit_entries a ON a.id = c.entry_id
     WHERE c.position > $1 ORDER BY c.position LIMIT $2`,
    [after, most],
  )
  return rows.map((row) => ({ ...row, position: toCount(row.position), hash: hex(row.hash) }))
}

/** Entries that wait for their seal longer than that; some of them. */
export const listUnsealed = (db: Database, olderThanMs: number): Promise<{ entryId: string }[]> =>
  select(
    db,
    `SELECT a.id AS "entryId" FROM audit_entries a LEFT JOIN audit_chain c ON c.entry_id = a.id
     WHERE c.entry_id IS NULL AND a.at < now() - make_interval(secs => $1) ORDER BY a.id LIMIT 100`,
    [olderThanMs / 1000],
  )

/** The seals at these places; none for what is not there. */
export async function readSealsAt(
  on: Database | Tx,
  positions: number[],
): Promise<Map<number, string>> {
  const rows = await select<{ position: string; hash: Buffer }>(
    on,
    'SELECT position, hash FROM audit_chain WHERE position = ANY ($1::bigint[])',
    [positions],
  )
  return new Map(rows.map((row) => [toCount(row.position), hex(row.hash)]))
}

/** The newest head that has been on its way to Kafka for so long that it must be there. */
export async function findToldHead(db: Database, olderThanMs: number): Promise<number | null> {
  const row = await selectOne<{ position: string }>(
    db,
    `SELECT position FROM audit_heads WHERE told_at < now() - make_interval(secs => $1)
     ORDER BY version DESC LIMIT 1`,
    [olderThanMs / 1000],
  )
  return row ? toCount(row.position) : null
}

/** Seals of heads that `npm run after-restore` has said to be of the lost time; that it said so is sealed itself. */
export async function listLostHeads(db: Database): Promise<Set<string>> {
  const rows = await select<{ hash: string }>(
    db,
    "SELECT entity_id AS hash FROM audit_entries WHERE entity = 'audit' AND action = 'audit.head_lost'",
  )
  return new Set(rows.map(({ hash }) => hash))
}
