/** The ledger's M-Pesa account against what the provider says is there. */
import { parseBalanceResult } from '../domain/schemas/daraja-inquiries.ts'
import { add, subtract, type Cents } from '../domain/money.ts'
import { selectOne, type Tx } from './connection.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { closeByKey, openFinding } from './reconciliation-findings.ts'
import { noteRun, recordRunBalance } from './reconciliation-runs.ts'
import { toCents } from './values.ts'

const FINDING_KEY = 'balance:mpesa'

/**
 * What our books say stood there at that moment. We learn of money seconds, or a lost callback, later than it moved; so
 * an entry counts when it was posted by then, or when a line says that its money had moved by then. Only the entries
 * posted afterwards, which are few, are looked up in the lines.
 */
const CLEARING = `WITH moved AS (SELECT p.amount_cents, e.reference, e.posted_at
    FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id WHERE p.account = 'mpesa_clearing')
  SELECT coalesce((SELECT sum(amount_cents) FROM moved WHERE posted_at <= $1), 0)
    + coalesce((SELECT sum(e.amount_cents) FROM moved e
      LEFT JOIN mpesa_receipts m ON m.payment_id::text = e.reference
      LEFT JOIN refunds f ON f.id::text = e.reference
      WHERE e.posted_at > $1 AND EXISTS (SELECT FROM provider_lines l WHERE l.source <> 'bank' AND l.at <= $1
        AND l.line_key = coalesce(m.receipt, f.receipt, nullif(split_part(e.reference, ':', 2), ''), e.reference))), 0)
    AS balance`

export async function ledgerClearing(tx: Tx, at: Date): Promise<Cents> {
  const row = await selectOne<{ balance: string }>(tx, CLEARING, [at])
  return toCents(row?.balance ?? 0)
}

export async function compareBalance(
  tx: Tx,
  runId: string,
  provider: Cents,
  at: Date,
): Promise<Cents> {
  const ledger = await ledgerClearing(tx, at)
  const difference = subtract(ledger, provider)
  await recordRunBalance(tx, runId, { ledger, provider, at })
  if (difference === 0) await closeByKey(tx, FINDING_KEY)
  else
    await openFinding(tx, runId, {
      key: FINDING_KEY,
      kind: 'balance_differs',
      subject: 'M-Pesa account',
      amount: provider,
      expected: ledger,
    })
  return difference
}

/** The last line of the newest statement that tells balances; false when the run has none. */
export async function compareStatementBalance(tx: Tx, runId: string): Promise<boolean> {
  const last = await selectOne<{ balance: string; at: Date }>(
    tx,
    `SELECT l.balance_cents AS balance, l.at FROM provider_lines l JOIN reconciliations r ON r.id = $1
     WHERE l.source = 'statement' AND l.balance_cents IS NOT NULL AND l.at BETWEEN r.window_from AND r.window_to
     ORDER BY l.at DESC, l.position DESC LIMIT 1`,
    [runId],
  )
  if (last) await compareBalance(tx, runId, toCents(last.balance), last.at)
  return last !== null
}

/** Money of ours that Safaricom keeps under several names; what is not among them is another business's. */
const OURS = /^(?:utility|working|merchant|organi[sz]ation settlement)\b/i

/** False when the report cannot be read, or says that the question failed. */
export async function compareReportedBalance(
  tx: Tx,
  runId: string,
  messageId: string,
  now: Date,
): Promise<boolean> {
  const message = await selectOne<RawBody>(
    tx,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m WHERE id = $1 AND subject_id = $2 AND kind = 'balance_result'`,
    [messageId, runId],
  )
  const result = message && parseBalanceResult(openBody(tx, message))
  const ours = Object.entries(result?.accounts ?? {}).filter(([name]) => OURS.test(name))
  if (result?.resultCode !== '0' || ours.length === 0) {
    await noteRun(tx, runId, 'M-Pesa’s report of the balance could not be used.')
    return false
  }
  await compareBalance(
    tx,
    runId,
    add(...ours.map(([, amount]) => amount)),
    result.completedAt ?? now,
  )
  return true
}
