/** What was taken on a day, way by way, and what the ledger says of it. */
import { dayOf, type DayFigures } from '../domain/day-close.ts'
import { select, type Database, type Tx } from './connection.ts'
import { readDayProofs } from './day-proofs.ts'
import { toCents } from './values.ts'

const LABELS: Record<string, string> = {
  mpesa_prompt: 'M-Pesa requests',
  mpesa_paybill: 'M-Pesa paybill',
  card: 'Cards',
  bank: 'Bank transfers',
  account: 'Company accounts',
  credit: 'Customers’ credit',
  other: 'Entries without a payment',
  'back_cash:': 'Cash given back',
  back_mpesa: 'Given back by M-Pesa',
  back_account: 'Taken off company accounts',
  back_credit: 'Given back as credit',
  back_by_hand: 'Given back by hand',
}
/** What every day has a line for, also when nothing came by it. */
const USUAL = ['mpesa_prompt', 'mpesa_paybill', 'card', 'bank', 'account', 'credit']

/**
 * A payment belongs to the day on which it settled, and its entry with it, whatever the clock said when that was
 * posted. Entries of the day that belong to no payment stand by themselves.
 */
const PAYMENTS = `
  WITH settled AS (
    SELECT p.id, p.amount_cents, CASE
        WHEN p.method = 'cash' THEN 'cash:' || s.till_id
        WHEN p.method = 'mpesa' AND p.channel = 'paybill' THEN 'mpesa_paybill'
        WHEN p.method = 'mpesa' THEN 'mpesa_prompt'
        WHEN p.method IN ('credit_card', 'debit_card') THEN 'card'
        WHEN p.method = 'bank_transfer' THEN 'bank' ELSE p.method END AS key
    FROM payments p LEFT JOIN desk_tenders t ON t.payment_id = p.id
    LEFT JOIN till_sessions s ON s.id = t.till_session_id
    WHERE p.processed_at >= $1 AND p.processed_at < $2 AND p.status IN ('settled', 'refunding', 'refunded')),
  entries AS (
    SELECT e.reference, e.posted_at, sum(l.amount_cents) AS amount FROM ledger_entries e
    JOIN ledger_postings l ON l.entry_id = e.id AND l.amount_cents > 0
    WHERE e.kind = 'payment' AND (e.reference IN (SELECT id::text FROM settled)
      OR (e.posted_at >= $1 AND e.posted_at < $2)) GROUP BY e.id)
  SELECT s.key, sum(s.amount_cents) AS taken, coalesce(sum(e.amount), 0) AS booked
  FROM settled s LEFT JOIN entries e ON e.reference = s.id::text GROUP BY s.key
  UNION ALL
  SELECT 'other', 0, sum(e.amount) FROM entries e
  WHERE NOT EXISTS (SELECT FROM payments p WHERE p.id::text = e.reference) HAVING count(*) > 0`

/** The same for money that went back, as amounts below zero. */
const REFUNDS = `
  WITH back AS (
    SELECT r.id, r.amount_cents, CASE
        WHEN r.method = 'cash' THEN 'back_cash:' || coalesce(s.till_id::text, '')
        WHEN r.method IN ('reversal', 'payout') THEN 'back_mpesa' ELSE 'back_' || r.method END AS key
    FROM refunds r LEFT JOIN till_sessions s ON s.id = r.till_session_id
    WHERE r.processed_at >= $1 AND r.processed_at < $2 AND r.status = 'settled')
  SELECT b.key, -sum(b.amount_cents) AS taken, coalesce(sum(e.amount), 0) AS booked
  FROM back b LEFT JOIN LATERAL (
    SELECT sum(l.amount_cents) AS amount FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id
    WHERE e.kind = 'refund' AND e.reference = b.id::text AND l.amount_cents < 0) e ON true
  GROUP BY b.key`

type Row = { key: string; taken: string; booked: string }

async function tillNames(on: Database | Tx): Promise<Map<string, string>> {
  const rows = await select<{ id: string; name: string }>(
    on,
    `SELECT t.id, l.name || ', ' || t.name AS name FROM tills t JOIN locations l ON l.code = t.place`,
  )
  return new Map([
    ...rows.map(({ id, name }) => [`cash:${id}`, `Cash, ${name}`] as const),
    ...rows.map(({ id, name }) => [`back_cash:${id}`, `Cash given back, ${name}`] as const),
  ])
}

export async function readDayFigures(
  on: Database | Tx,
  from: Date,
  to: Date,
): Promise<DayFigures[]> {
  const found = [
    ...(await select<Row>(on, PAYMENTS, [from, to])),
    ...(await select<Row>(on, REFUNDS, [from, to])),
  ]
  const names = await tillNames(on)
  const byKey = new Map(found.map((row) => [row.key, row]))
  const usual = Object.keys(LABELS).filter((key) => USUAL.includes(key) || byKey.has(key))
  const tills = [...names.keys()].filter((key) => byKey.has(key))
  const payments = [...tills, ...usual].map((key): DayFigures => {
    const row = byKey.get(key)
    const amounts = { taken: toCents(row?.taken ?? 0), booked: toCents(row?.booked ?? 0) }
    return {
      key,
      label: names.get(key) ?? LABELS[key] ?? key,
      ...amounts,
      suggested: null,
      said: null,
    }
  })
  return [...payments, ...(await readDayProofs(on, { day: dayOf(from), from, to }))]
}
