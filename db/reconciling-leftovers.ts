/** What a comparison leaves over: other amounts, money that left, receipts that only we know, and what has come right. */
import { EDGE_MS, YOUNG_MS, type HandOver } from '../domain/reconciliation.ts'
import { select, type Tx } from './connection.ts'
import { matchLine } from './reconciling.ts'
import { originNow } from './origin.ts'
import { closeSettledFindings, FITS, openFinding } from './reconciliation-findings.ts'
import { toCents } from './values.ts'
import { RECEIPTS_NAMED } from './line-words.ts'

const BATCH = 200

/** Our books and the provider name different amounts under one receipt. */
export async function findOtherAmounts(tx: Tx, runId: string): Promise<void> {
  const rows = await select<{
    id: string
    key: string
    amount: string
    ours: string
    paymentId: string | null
  }>(
    tx,
    `SELECT l.id, l.line_key AS key, l.amount_cents AS amount, k.amount_cents AS ours, k.payment_id AS "paymentId"
     FROM provider_lines l JOIN (
       SELECT receipt, amount_cents, payment_id, 'in' AS direction FROM mpesa_receipts
       UNION ALL SELECT receipt, amount_cents, payment_id, 'out' FROM refunds WHERE receipt IS NOT NULL) k
       ON k.receipt = l.line_key AND k.direction = l.direction
     WHERE l.state = 'open' AND l.source <> 'bank' AND l.nature = 'money' AND k.amount_cents <> l.amount_cents
     ORDER BY EXISTS (SELECT FROM reconciliation_findings w WHERE w.line_id = l.id), l.at LIMIT $1`,
    [BATCH],
  )
  for (const { id, key, amount, ours, paymentId } of rows)
    await openFinding(tx, runId, {
      key: `amount:${key}`,
      kind: 'amount_differs',
      subject: key,
      amount: toCents(amount),
      expected: toCents(ours),
      lineId: id,
      paymentId,
    })
}

const OUT = `SELECT l.id, l.line_key AS key, l.amount_cents AS amount, f.id AS "refundId", f.payment_id AS "paymentId",
    f.status
  FROM provider_lines l LEFT JOIN LATERAL (
    SELECT f.id, f.payment_id, f.status FROM refunds f LEFT JOIN payments p ON p.id = f.payment_id
    WHERE f.amount_cents = l.amount_cents AND (f.receipt = l.line_key OR p.receipt = ANY(${RECEIPTS_NAMED}))
    LIMIT 1) f ON true
  WHERE l.state = 'open' AND l.source <> 'bank' AND l.direction = 'out' AND l.nature = 'money' AND l.at <= $1
    AND NOT EXISTS (SELECT FROM refunds g WHERE g.receipt = l.line_key AND g.amount_cents <> l.amount_cents)
  ORDER BY EXISTS (SELECT FROM reconciliation_findings w WHERE w.line_id = l.id), l.at, l.id LIMIT $2`

/** Money that left: a refund of which we know the end, one that still waits for it, or nobody's. */
export async function findMoneyOut(tx: Tx, runId: string, now: Date): Promise<void> {
  const rows = await select<{
    id: string
    key: string
    amount: string
    refundId: string | null
    paymentId: string | null
    status: string | null
  }>(tx, OUT, [new Date(now.getTime() - YOUNG_MS), BATCH])
  for (const { id, key, amount, refundId, paymentId, status } of rows) {
    if (status === 'settled') {
      await matchLine(tx, id, `refund:${refundId}`)
      continue
    }
    await openFinding(tx, runId, {
      key: `out:${key}`,
      kind: status ? 'refund_unreported' : 'unknown_money_out',
      subject: key,
      amount: toCents(amount),
      lineId: id,
      paymentId,
    })
  }
}

/** Told of its money, and not settled: somebody looks at the payment. */
export async function findUnsettled(
  tx: Tx,
  runId: string,
  told: readonly HandOver[],
): Promise<void> {
  for (const { receipt, amount, paymentId } of told)
    await openFinding(tx, runId, {
      key: `in:${receipt}`,
      kind: 'not_settled',
      subject: receipt,
      amount,
      paymentId,
      lineId: await lineOf(tx, receipt),
    })
}

async function lineOf(tx: Tx, receipt: string): Promise<string | null> {
  const rows = await select<{ id: string }>(
    tx,
    "SELECT id FROM provider_lines WHERE line_key = $1 AND direction = 'in' AND source <> 'bank' AND state = 'open'",
    [receipt],
  )
  return rows[0]?.id ?? null
}

/** Receipts of ours within the compared period, well inside its edges, that no line names. */
export async function findMissingAtProvider(tx: Tx, runId: string): Promise<void> {
  const rows = await select<{ receipt: string; amount: string; paymentId: string | null }>(
    tx,
    `SELECT m.receipt, m.amount_cents AS amount, m.payment_id AS "paymentId"
     FROM reconciliations r JOIN mpesa_receipts m
       ON coalesce(m.paid_at, m.created_at) BETWEEN r.window_from + make_interval(secs => $2)
         AND r.window_to - make_interval(secs => $2)
     WHERE r.id = $1 AND NOT EXISTS (SELECT FROM provider_lines l
       WHERE l.line_key = m.receipt AND l.direction = 'in' AND l.source <> 'bank')
     ORDER BY EXISTS (SELECT FROM reconciliation_findings w WHERE w.key = 'missing:' || m.receipt), m.receipt LIMIT $3`,
    [runId, EDGE_MS / 1000, BATCH],
  )
  for (const { receipt, amount, paymentId } of rows)
    await openFinding(tx, runId, {
      key: `missing:${receipt}`,
      kind: 'missing_at_provider',
      subject: receipt,
      amount: toCents(amount),
      paymentId,
    })
}

/** What has come right since it was found. */
export async function closeWhatFits(tx: Tx): Promise<void> {
  await closeSettledFindings(tx)
  await select(
    tx,
    `WITH changed AS (
       UPDATE reconciliation_findings f SET status = 'closed', closed_at = now(), closed_by = 'gari',
         resolution = 'The provider has told it since'
       WHERE f.kind = 'missing_at_provider' AND f.status = 'open' AND EXISTS (SELECT FROM provider_lines l
         WHERE l.line_key = f.subject AND l.direction = 'in' AND l.source <> 'bank') RETURNING f.*)
     ${FITS}`,
    [originNow()],
  )
}
