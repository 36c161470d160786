/** Everything we know of one payment: what we did, what Safaricom said word for word, what was posted. */
import type { Account } from '../domain/ledger.ts'
import { maskPersonal } from '../domain/masking.ts'
import type { Cents } from '../domain/money.ts'
import type { MoneyStep } from '../domain/staff-pages.ts'
import { select, type Database } from './connection.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { toCents } from './values.ts'

export type PaymentReport = {
  at: Date
  kind: string
  outcome: string | null
  source: string | null
  delivered: boolean
  /** As it came, with phones and names masked. */
  body: unknown
}
export type PaymentPosting = {
  at: Date
  entry: string
  account: Account
  name: string
  amount: Cents
}

const MOST = 200

const STEPS = `SELECT a.at, a.action, a.why, coalesce(u.first_name || ' ' || u.last_name,
    CASE WHEN a.actor LIKE 'party:%' THEN 'payer' ELSE a.actor END) AS who
  FROM audit_entries a LEFT JOIN users u ON u.id::text = a.actor`

/** Its own steps and those of its refunds, oldest first. */
export const listSteps = (db: Database, paymentId: string): Promise<MoneyStep[]> =>
  select(
    db,
    `${STEPS} WHERE (a.entity = 'payment' AND a.entity_id = $1)
        OR (a.entity = 'refund' AND a.entity_id IN (SELECT id::text FROM refunds WHERE payment_id = $1::uuid))
     ORDER BY a.id LIMIT ${MOST}`,
    [paymentId],
  )

export const listRefundSteps = (db: Database, refundId: string): Promise<MoneyStep[]> =>
  select(
    db,
    `${STEPS} WHERE a.entity = 'refund' AND a.entity_id = $1 ORDER BY a.id LIMIT ${MOST}`,
    [refundId],
  )

export async function listReports(db: Database, paymentId: string): Promise<PaymentReport[]> {
  const rows = await select<Omit<PaymentReport, 'body'> & RawBody>(
    db,
    `SELECT received_at AS at, kind, outcome, source_ip AS source, delivered_at IS NOT NULL AS delivered, ${BODY_COLUMNS}
     FROM provider_messages m
     WHERE subject_id = $1 OR subject_id IN (SELECT id FROM refunds WHERE payment_id = $1)
     ORDER BY received_at LIMIT ${MOST}`,
    [paymentId],
  )
  return rows.map(({ at, kind, outcome, source, delivered, ...raw }) => ({
    at,
    kind,
    outcome,
    source,
    delivered,
    body: maskPersonal(openBody(db, raw)),
  }))
}

/** Of the payment, its refunds and its receipt. */
export async function listPostings(db: Database, paymentId: string): Promise<PaymentPosting[]> {
  const rows = await select<PaymentPosting & { amount: string }>(
    db,
    `SELECT e.posted_at AS at, e.description AS entry, p.account, a.name, p.amount_cents AS amount
     FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
     JOIN ledger_accounts a ON a.code = p.account
     WHERE e.reference = $1::text OR e.reference IN (SELECT id::text FROM refunds WHERE payment_id = $1::uuid)
        OR e.reference = (SELECT receipt FROM payments WHERE id = $1::uuid)
     ORDER BY e.posted_at, p.id LIMIT ${MOST}`,
    [paymentId],
  )
  return rows.map((row) => ({ ...row, amount: toCents(row.amount) }))
}
