/** When M-Pesa was away, and who waits for it. */
import { PUSH_PACE_MS, type Outage, type PushTurn, lookAgainAfter } from '../domain/outages.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { lockPayment } from './payment-rows.ts'
import { toCount } from './values.ts'

/** Once; a second one to notice it changes nothing. */
export async function beginOutage(tx: Tx): Promise<boolean> {
  const rows = await select(
    tx,
    "INSERT INTO outages (part) VALUES ('daraja') ON CONFLICT DO NOTHING RETURNING id",
  )
  if (rows.length > 0) await audit(tx, 'outage.began')
  return rows.length > 0
}

export async function endOutage(tx: Tx): Promise<boolean> {
  const rows = await select(
    tx,
    "UPDATE outages SET ended_at = now() WHERE part = 'daraja' AND ended_at IS NULL RETURNING id",
  )
  if (rows.length > 0) await audit(tx, 'outage.ended')
  return rows.length > 0
}

const audit = (tx: Tx, action: string) =>
  appendAudit(tx, { actor: 'gari', action, entity: 'part', entityId: 'daraja' })

/** The one that lasts, else the last one; null when there never was any. */
export const readOutage = (on: Database | Tx): Promise<Outage | null> =>
  selectOne<Outage>(
    on,
    `SELECT began_at AS "beganAt", ended_at AS "endedAt" FROM outages
     WHERE part = 'daraja' ORDER BY began_at DESC LIMIT 1`,
  )

export async function countQueued(db: Database): Promise<number> {
  const row = await selectOne<{ waiting: string }>(
    db,
    "SELECT count(*) AS waiting FROM payments WHERE queued_since IS NOT NULL AND status = 'requested'",
  )
  return toCount(row?.waiting ?? 0)
}

/** Written down for the customer's page: the request was not sent and waits. */
export async function queuePush(tx: Tx, paymentId: string, now: Date): Promise<void> {
  await select(
    tx,
    `UPDATE payments SET queued_since = coalesce(queued_since, $2), version = version + 1
     WHERE id = $1 AND status = 'requested' RETURNING id`,
    [paymentId, now],
  )
}

/**
 * Whether it is this request's turn. Each gets a moment of its own, one after the other for all processes together,
 * and may go once that has come.
 */
export async function takeTurn(tx: Tx, paymentId: string, now: Date): Promise<PushTurn> {
  const seen = await lockPayment(tx, paymentId)
  if (seen?.payment.status !== 'requested' || !seen.owner?.payable) return { turn: 'over' }
  const outage = await readOutage(tx)
  if (outage && !outage.endedAt) {
    await setTurn(tx, paymentId, null)
    return { turn: 'wait', ms: lookAgainAfter(outage.beganAt, now) }
  }
  const turn = await selectOne<{ at: Date | null }>(
    tx,
    'SELECT push_turn_at AS at FROM payments WHERE id = $1',
    [paymentId],
  )
  const at = turn?.at ?? (await nextTurn(tx, now))
  const over = at <= now
  await setTurn(tx, paymentId, over ? null : at)
  return over ? { turn: 'go' } : { turn: 'wait', ms: at.getTime() - now.getTime() }
}

async function nextTurn(tx: Tx, now: Date): Promise<Date> {
  const row = await selectOne<{ at: Date }>(
    tx,
    `UPDATE push_pace SET next_at = greatest(next_at, $1::timestamptz) + $2 * interval '1 millisecond'
     RETURNING next_at - $2 * interval '1 millisecond' AS at`,
    [now, PUSH_PACE_MS],
  )
  return row?.at ?? now
}

const setTurn = (tx: Tx, paymentId: string, at: Date | null) =>
  select(tx, 'UPDATE payments SET push_turn_at = $2 WHERE id = $1 RETURNING id', [paymentId, at])
