/** The worklist: what does not fit. Found again it is the same finding; each is closed once, with who and why. */
import { BusinessError } from '../domain/errors.ts'
import {
  explainedEntry,
  type ExplainingAccount,
  type FindingKind,
  type LineDirection,
  type LineNature,
  type LineSource,
} from '../domain/reconciliation.ts'
import type { FindingRow } from '../domain/reconciliation-pages.ts'
import type { Cents } from '../domain/money.ts'
import { appendAudit, ownEntry } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { originNow } from './origin.ts'
import { toCents } from './values.ts'
import { readWords, WORD_COLUMNS, type KeptWords } from './line-words.ts'

export type NewFinding = {
  key: string
  kind: FindingKind
  subject: string
  /** For people: between which bookings, for instance. */
  detail?: string | null
  amount: Cents
  expected?: Cents | null
  lineId?: string | null
  paymentId?: string | null
}

/** What is seen again as it was changes nothing but when it was last seen. */
const SAID = '(status, kind, amount_cents, expected_cents, payment_id, detail)'
const OPENED = {
  entity: 'reconciliation_finding',
  id: 'id',
  after: "jsonb_build_object('status', status, 'kind', kind, 'amount', amount_cents)",
}
const FOUND = `
  WITH was AS (SELECT * FROM reconciliation_findings WHERE key = $1),
  seen AS (
    INSERT INTO reconciliation_findings AS f
      (key, kind, subject, amount_cents, expected_cents, line_id, payment_id, first_run, last_run, detail)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
    ON CONFLICT (key) DO UPDATE SET last_run = $8, kind = $2, amount_cents = $4, expected_cents = $5, payment_id = $7,
      detail = $9, status = CASE WHEN f.closed_by = 'gari' THEN 'open' ELSE f.status END,
      resolution = CASE WHEN f.closed_by = 'gari' THEN NULL ELSE f.resolution END,
      closed_at = CASE WHEN f.closed_by = 'gari' THEN NULL ELSE f.closed_at END,
      closed_by = CASE WHEN f.closed_by = 'gari' THEN NULL ELSE f.closed_by END
    RETURNING *),
  changed AS (
    SELECT seen.* FROM seen LEFT JOIN was USING (id)
    WHERE was.id IS NULL OR ${SAID.replaceAll(/\w+/g, 'was.$&')} IS DISTINCT FROM ${SAID.replaceAll(/\w+/g, 'seen.$&')})
  ${ownEntry({ ...OPENED, action: 'reconciliation.found', origin: '$10' })}`

/** One that a person closed stays closed; one that gari closed, because it fitted for a while, opens again. */
export async function openFinding(tx: Tx, runId: string, found: NewFinding): Promise<void> {
  const { key, kind, subject, detail = null, amount, expected = null } = found
  const { lineId = null, paymentId = null } = found
  const values = [key, kind, subject, amount, expected, lineId, paymentId, runId, detail]
  await select(tx, FOUND, [...values, originNow()])
}

/** Ends a statement that closes findings; its first value is where it comes from. */
export const FITS = ownEntry({ ...OPENED, action: 'reconciliation.fits', origin: '$1' })

/** What a later look has cleared up by itself. */
export async function closeSettledFindings(tx: Tx): Promise<void> {
  await select(
    tx,
    `WITH changed AS (
       UPDATE reconciliation_findings f SET status = 'closed', closed_at = now(), closed_by = 'gari',
         resolution = 'It fits by now'
       FROM provider_lines l LEFT JOIN mpesa_receipts r ON r.receipt = l.line_key
       WHERE l.id = f.line_id AND f.status = 'open' AND l.state <> 'open' AND f.kind <> 'told_twice'
         AND (f.kind NOT IN ('several_candidates', 'unknown_money_in') OR r.status <> 'unmatched') RETURNING f.*)
     ${FITS}`,
    [originNow()],
  )
}

export async function closeByKey(tx: Tx, key: string): Promise<void> {
  await select(
    tx,
    `WITH changed AS (
       UPDATE reconciliation_findings SET status = 'closed', closed_at = now(), closed_by = 'gari',
         resolution = 'It fits by now' WHERE key = $2 AND status = 'open' RETURNING *)
     ${FITS}`,
    [originNow(), key],
  )
}

type RawFinding = Omit<FindingRow, 'amount' | 'expected' | 'details'> &
  KeptWords & { amount: string; expected: string | null }
const FINDING = `SELECT f.id, f.kind, f.subject, f.detail, f.amount_cents AS amount, f.expected_cents AS expected,
    f.payment_id AS "paymentId", f.line_id AS "lineId", f.opened_at AS "openedAt", f.status,
    f.closed_by AS "closedBy", f.resolution, l.source, l.direction, l.at, ${WORD_COLUMNS}
  FROM reconciliation_findings f LEFT JOIN provider_lines l ON l.id = f.line_id`
const toFinding = (on: Database | Tx, raw: RawFinding): FindingRow => ({
  ...readWords(on, raw, ['details']),
  amount: toCents(raw.amount),
  expected: raw.expected === null ? null : toCents(raw.expected),
})

export async function findFinding(on: Database | Tx, id: string): Promise<FindingRow | null> {
  const raw = await selectOne<RawFinding>(on, `${FINDING} WHERE f.id = $1`, [id])
  return raw && toFinding(on, raw)
}

/** Oldest first: what waits longest is looked at first. */
export async function listOpenFindings(db: Database, limit: number): Promise<FindingRow[]> {
  const rows = await select<RawFinding>(
    db,
    `${FINDING} WHERE f.status = 'open' ORDER BY f.opened_at, f.id LIMIT $1`,
    [limit],
  )
  return rows.map((raw) => toFinding(db, raw))
}

export type Explanation = {
  findingId: string
  reason: string
  actorId: string
  /** Where the line is booked; null when the books are right as they are. */
  account: ExplainingAccount | null
}

/** Books the line where the person says, and closes the finding. Throws when somebody was faster. */
export async function explainFinding(tx: Tx, wish: Explanation): Promise<void> {
  const { findingId, reason, actorId, account } = wish
  const closed = await selectOne<{ lineId: string | null }>(
    tx,
    `UPDATE reconciliation_findings SET status = 'closed', closed_at = now(), closed_by = $2, resolution = $3
     WHERE id = $1 AND status = 'open' RETURNING line_id AS "lineId"`,
    [findingId, actorId, reason],
  )
  if (!closed) throw new BusinessError('FINDING_CLOSED', 'Somebody has closed this before you.')
  if (closed.lineId) await explainLine(tx, closed.lineId, account, { why: reason, by: actorId })
  await appendAudit(tx, {
    actor: actorId,
    action: 'reconciliation.explained',
    entity: 'reconciliation_finding',
    entityId: findingId,
    after: { account },
    why: reason,
  })
}

type RawLine = {
  source: LineSource
  key: string
  direction: LineDirection
  nature: LineNature
  amount: string
  state: string
}

/** Without an account the line counts as right, and nothing is posted. */
export async function explainLine(
  tx: Tx,
  lineId: string,
  account: ExplainingAccount | null,
  how: { why: string; by: string },
): Promise<void> {
  const line = await selectOne<RawLine>(
    tx,
    `SELECT source, line_key AS key, direction, nature, amount_cents AS amount, state FROM provider_lines
     WHERE id = $1 FOR NO KEY UPDATE`,
    [lineId],
  )
  if (line?.state !== 'open') return
  if (account === (line.source === 'bank' ? 'bank' : 'mpesa_clearing'))
    throw new BusinessError('INVALID_INPUT', 'Choose another account than the line’s own.')
  if (account)
    await postEntry(tx, explainedEntry({ ...line, amount: toCents(line.amount) }, account, how))
  await select(
    tx,
    `UPDATE provider_lines SET state = 'explained', explanation = $2, decided_at = now(), matched_to = $3
     WHERE id = $1 RETURNING id`,
    [lineId, how.why, account],
  )
}
