/** Who pays which part of a thing, whatever the thing is. */
import type { Share } from '../domain/shares.ts'
import type { Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCents } from './values.ts'

/** What several people may share. */
export type Shared = 'reservation' | 'charge'

const PARTIES: Record<Shared, { table: string; owner: string }> = {
  reservation: { table: 'reservation_parties', owner: 'reservation_id' },
  charge: { table: 'charge_parties', owner: 'charge_id' },
}

type Raw = Share & Record<'share' | 'paid', string>
const toShare = (raw: Raw): Share => ({
  ...raw,
  share: toCents(raw.share),
  paid: toCents(raw.paid),
})

/** Settled money that counts, and whether a request may still be paid. */
const columns = (owner: string) => `y.id, y.share_cents AS share, y.due_at AS "dueAt",
  y.declined_at IS NOT NULL AS declined, y.covered_by AS "coveredBy", y.gone_at IS NOT NULL AS gone,
  (SELECT coalesce(sum(m.applied_cents), 0) FROM payments m WHERE m.party_id = y.id
    AND m.owner_id = y.${owner} AND m.counted AND NOT m.given_back AND m.status = 'settled') AS paid,
  EXISTS (SELECT 1 FROM payments m WHERE m.party_id = y.id AND m.owner_id = y.${owner}
    AND m.status IN ('requested', 'prompted', 'unknown', 'unexplained')) AS asked`

/** In the order in which they were named. The caller holds the owner's lock when it acts on them. */
export async function readShares(
  on: Database | Tx,
  what: Shared,
  ownerId: string,
): Promise<Share[]> {
  const { table, owner } = PARTIES[what]
  const rows = await select<Raw>(
    on,
    `SELECT ${columns(owner)} FROM ${table} y WHERE y.${owner} = $1 ORDER BY y.position`,
    [ownerId],
  )
  return rows.map(toShare)
}

export async function readShare(
  on: Database | Tx,
  what: Shared,
  partyId: string,
): Promise<Share | null> {
  const { table, owner } = PARTIES[what]
  const raw = await selectOne<Raw>(on, `SELECT ${columns(owner)} FROM ${table} y WHERE y.id = $1`, [
    partyId,
  ])
  return raw && toShare(raw)
}

/** What is left of the one share becomes part of the other. The database refuses what would fall below zero. */
export async function moveShare(
  tx: Tx,
  what: Shared,
  { from, to, amount }: { from: string; to: string; amount: Cents },
): Promise<void> {
  const { table } = PARTIES[what]
  await select(
    tx,
    `UPDATE ${table} SET share_cents = share_cents + CASE WHEN id = $1 THEN -$3::bigint ELSE $3::bigint END,
       covered_by = CASE WHEN id = $1 THEN $2::uuid ELSE covered_by END
     WHERE id IN ($1, $2) RETURNING id`,
    [from, to, amount],
  )
}

/** The order goes on without this one. */
export async function dropShare(tx: Tx, what: Shared, partyId: string): Promise<void> {
  const { table } = PARTIES[what]
  await select(
    tx,
    `UPDATE ${table} SET share_cents = 0, gone_at = now() WHERE id = $1 RETURNING id`,
    [partyId],
  )
}

/** True the first time. */
export async function markDeclined(
  tx: Tx,
  what: Shared,
  ownerId: string,
  partyId: string,
): Promise<boolean> {
  const { table, owner } = PARTIES[what]
  const rows = await select(
    tx,
    `UPDATE ${table} SET declined_at = now()
     WHERE ${owner} = $1 AND id = $2 AND declined_at IS NULL RETURNING id`,
    [ownerId, partyId],
  )
  return rows.length > 0
}
