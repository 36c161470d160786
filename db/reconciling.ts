/**
 * Comparing lines with our books. Everything here is decided by what stands in the rows, so that any of it may run
 * twice, late, or beside another run.
 */
import {
  CANDIDATE_REACH_MS,
  chooseCandidate,
  YOUNG_MS,
  type Candidate,
  type HandOver,
} from '../domain/reconciliation.ts'
import type { Cents } from '../domain/money.ts'
import { select, type Tx } from './connection.ts'
import { phoneColumns, placeOfPhone, readPhone, type KeptPhone } from './payer-phones.ts'
import { explainLine, openFinding } from './reconciliation-findings.ts'
import { holdMoney } from './unmatched-money.ts'
import { toCents } from './values.ts'
import { readWords, WORD_COLUMNS, type KeptWords } from './line-words.ts'

/** Together under a second, far below a step's time limit. */
const BATCH = 200

/** Lines whose receipt our books know with the same amount: payments, money without an owner yet, refunds. */
export async function matchKnown(tx: Tx): Promise<void> {
  await select(
    tx,
    `UPDATE provider_lines l SET state = 'matched', decided_at = now(),
       matched_to = coalesce('payment:' || r.payment_id, 'receipt:' || r.receipt)
     FROM mpesa_receipts r WHERE l.state = 'open' AND l.source <> 'bank' AND l.direction = 'in'
       AND l.nature = 'money' AND r.receipt = l.line_key AND r.amount_cents = l.amount_cents RETURNING l.id`,
  )
  await select(
    tx,
    `UPDATE provider_lines l SET state = 'matched', decided_at = now(), matched_to = 'refund:' || f.id
     FROM refunds f WHERE l.state = 'open' AND l.source <> 'bank' AND l.direction = 'out' AND l.nature = 'money'
       AND f.receipt = l.line_key AND f.amount_cents = l.amount_cents AND f.status = 'settled' RETURNING l.id`,
  )
}

/** Safaricom's charges are our cost; what we sent to the bank is ours still. True when there may be more. */
export async function explainKnownReasons(tx: Tx): Promise<boolean> {
  const rows = await select<{ id: string; nature: 'charge' | 'transfer' }>(
    tx,
    `SELECT id, nature FROM provider_lines WHERE state = 'open' AND source <> 'bank' AND nature <> 'money'
     ORDER BY at, id LIMIT $1 FOR UPDATE`,
    [BATCH],
  )
  for (const { id, nature } of rows) {
    const charge = nature === 'charge'
    const why = charge ? 'Charged by Safaricom' : 'From the M-Pesa account to the bank'
    await explainLine(tx, id, charge ? 'mpesa_charges' : 'bank', { why, by: 'gari' })
  }
  return rows.length === BATCH
}

type OpenLine = {
  id: string
  key: string
  source: 'pull' | 'statement'
  amount: Cents
  at: Date
  phone: string | null
  party: string | null
  reference: string | null
}
const SAID = ['phone', 'party', 'reference'] as const
type RawLine = Omit<OpenLine, 'amount' | (typeof SAID)[number]> & KeptWords & { amount: string }

const UNKNOWN = `SELECT l.id, l.line_key AS key, l.source, l.amount_cents AS amount, l.at, ${WORD_COLUMNS}
  FROM provider_lines l WHERE l.state = 'open' AND l.source <> 'bank' AND l.direction = 'in' AND l.nature = 'money'
    AND l.at <= $1 AND NOT EXISTS (SELECT FROM mpesa_receipts r WHERE r.receipt = l.line_key)
  ORDER BY EXISTS (SELECT FROM reconciliation_findings w WHERE w.line_id = l.id), l.at, l.id LIMIT $2`

/**
 * Money that came and that no receipt of ours names, what a person looks at already last. A prompt that fits is told;
 * what fits none, or several, is written down as money without an owner. The answer says whom to tell, whose lines stay
 * open until they settle, and whether there may be more lines than were looked at.
 */
export async function placeUnknownMoney(
  tx: Tx,
  runId: string,
  now: Date,
): Promise<{ told: HandOver[]; more: boolean }> {
  const rows = await select<RawLine>(tx, UNKNOWN, [new Date(now.getTime() - YOUNG_MS), BATCH])
  const lines = rows.map((row): OpenLine => ({
    ...readWords(tx, row, SAID),
    amount: toCents(row.amount),
  }))
  const candidates = await candidatesOf(tx, lines)
  const told: HandOver[] = []
  // Two equal lines must not both be given to one prompt.
  const taken = new Set<string>()
  for (const line of lines) {
    const near = (candidates.get(line.id) ?? []).filter(({ paymentId }) => !taken.has(paymentId))
    const choice = chooseCandidate(line, near)
    if (choice.outcome !== 'one') {
      await leave(tx, runId, line, choice.outcome === 'several' ? choice.candidates : [])
      continue
    }
    const { paymentId, purpose, ownerId } = choice.candidate
    taken.add(paymentId)
    told.push({
      paymentId,
      purpose,
      ownerId,
      receipt: line.key,
      amount: line.amount,
      source: line.source,
    })
  }
  return { told, more: lines.length === BATCH }
}

async function leave(tx: Tx, runId: string, line: OpenLine, several: Candidate[]): Promise<void> {
  const { key, amount, source, at, phone, party, reference } = line
  const payer = { payer: phone, payerName: party, reference, paidAt: at }
  await holdMoney(tx, { receipt: key, amount, heardFrom: source, ...payer }, null)
  await openFinding(tx, runId, {
    key: `in:${key}`,
    kind: several.length > 0 ? 'several_candidates' : 'unknown_money_in',
    subject: key,
    detail: several.map(({ ownerNumber }) => ownerNumber).join(', ') || null,
    amount,
    lineId: line.id,
  })
}

type RawCandidate = Omit<Candidate, 'amount' | 'phone'> &
  KeptPhone & { lineId: string; customerId: string; amount: string }

async function candidatesOf(tx: Tx, lines: readonly OpenLine[]): Promise<Map<string, Candidate[]>> {
  const rows = await select<RawCandidate>(
    tx,
    `SELECT t.id AS "lineId", p.id AS "paymentId", p.purpose, p.owner_id AS "ownerId", p.owner_number AS "ownerNumber",
       p.customer_id AS "customerId", ${phoneColumns('p.', 'p.customer_id')}, p.amount_cents AS amount, coalesce(p.prompted_at, p.requested_at) AS "promptedAt"
     FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS t (id, amount, at)
     JOIN payments p ON p.amount_cents = t.amount AND p.receipt IS NULL AND p.channel = 'prompt'
       AND coalesce(p.prompted_at, p.requested_at) BETWEEN t.at - make_interval(secs => $4) AND t.at + make_interval(secs => $5)`,
    [
      lines.map(({ id }) => id),
      lines.map(({ amount }) => amount),
      lines.map(({ at }) => at),
      CANDIDATE_REACH_MS.before / 1000,
      CANDIDATE_REACH_MS.after / 1000,
    ],
  )
  const found = new Map<string, Candidate[]>()
  for (const raw of rows) {
    const place = placeOfPhone('payments', { ...raw, id: raw.paymentId })
    const { lineId, amount, customerId: _whose, ...row } = readPhone(tx, place, raw)
    found.set(lineId, [...(found.get(lineId) ?? []), { ...row, amount: toCents(amount) }])
  }
  return found
}

export const matchLine = (tx: Tx, lineId: string, to: string) =>
  select(
    tx,
    `UPDATE provider_lines SET state = 'matched', matched_to = $2, decided_at = now()
     WHERE id = $1 AND state = 'open' RETURNING id`,
    [lineId, to],
  )
