/** Nothing is on its way any more: no open prompt, no refund, no report and no event that waits. */
import { setTimeout as rest } from 'node:timers/promises'
import { findUnseen } from './returns.ts'
import { word, words } from './words.ts'
import { readAwaited, type Inspector, type Provider, type Sql } from './world.ts'

/**
 * What may stay open when all is quiet, because only days or Safaricom's list can end it, and somebody sees it:
 * - a request whose worker died between taking and sending it. It may have been sent, so it is watched; here it may stay
 *   only when M-Pesa's side knows nothing of it. A payment is `unknown` then, a refund `sent` without an id of M-Pesa's.
 *   After a restore a reversal may have been sent in the lost time: then the worklist says that the balances differ.
 * - a reversal of a payment whose callback was lost: it needs the receipt, which comes with the hourly list.
 * - a refund that waits for a second person, or in cash for the desk.
 * - a refund that M-Pesa refused, or that goes by hand, while it is a case for finance.
 * - money sent by hand of which M-Pesa could not tell us.
 */
const NEVER_SENT = `p.status = ${word('payments.status', 'unknown')} AND p.checkout_request_id IS NULL`
/** What M-Pesa was asked to give back: receipts of reversed payments, our own ids of payouts. */
const AT_MPESA = 'WITH at_mpesa (id) AS (SELECT unnest($1::text[]))'
const UNKNOWN_TO_MPESA = `NOT EXISTS (SELECT 1 FROM at_mpesa a WHERE a.id =
  CASE r.method WHEN ${word('refunds.method', 'reversal')} THEN coalesce(p.receipt, r.source_receipt)
    ELSE r.originator_conversation_id END)`
const RESTORED = `EXISTS (SELECT 1 FROM reconciliation_findings
  WHERE kind = ${word('reconciliation_findings.kind', 'balance_differs')}
    AND status = ${word('reconciliation_findings.status', 'open')})`
const IS_CASE = `EXISTS (SELECT 1 FROM finance_cases c WHERE c.what = 'refund_stuck' AND c.subject = r.id::text
  AND c.status = ${word('finance_cases.status', 'open')})`
const WAITING_REFUND = `(
  r.status = ${word('refunds.status', 'sent')} AND r.conversation_id IS NULL AND (${UNKNOWN_TO_MPESA} OR ${RESTORED})
  OR r.status IN ${words('refunds.status', 'requested', 'approved')} AND (
    r.method = ${word('refunds.method', 'reversal')} AND p.id IS NOT NULL AND p.receipt IS NULL
    OR r.method = ${word('refunds.method', 'cash')}
    OR r.method = ${word('refunds.method', 'by_hand')} AND ${IS_CASE})
  OR r.status = ${word('refunds.status', 'awaiting_approval')}
  OR r.status = ${word('refunds.status', 'refused')} AND ${IS_CASE})`
const WAITS_FOR_REFUND = `p.status = ${word('payments.status', 'refunding')} AND EXISTS (SELECT 1 FROM refunds r
  WHERE r.payment_id = p.id AND ${WAITING_REFUND})`
const OVER = words('refunds.status', 'settled', 'declined')
const UNDER_WAY = words(
  'payments.status',
  'requested',
  'prompted',
  'unknown',
  'unexplained',
  'refunding',
)

const BUSY = [
  `p.* FROM payments p WHERE p.status IN ${UNDER_WAY} AND NOT (${NEVER_SENT}) AND NOT (${WAITS_FOR_REFUND})`,
  `r.* FROM refunds r LEFT JOIN payments p ON p.id = r.payment_id WHERE r.status NOT IN ${OVER} AND NOT ${WAITING_REFUND}`,
  '* FROM provider_messages WHERE delivered_at IS NULL',
  '* FROM outbox',
  `* FROM invoices WHERE issue_wanted AND status = ${word('invoices.status', 'draft')}`,
  '* FROM credit_notes WHERE started_at IS NULL',
  `* FROM notifications WHERE status = ${word('notifications.status', 'queued')}`,
]
const SHOWN = 3
const SAID = 60
/** Letters of a row. */
const LONGEST = 800

/** Answers what is under way, for people; empty when all is quiet. */
export async function whatIsBusy(sql: Sql, provider: Provider): Promise<string[]> {
  const { reversals, payouts } = provider
  const atMpesa = [
    ...reversals.map(({ transactionReceipt }) => transactionReceipt),
    ...payouts.map(({ originatorConversationId }) => originatorConversationId),
  ]
  const busy: string[] = []
  for (const what of BUSY) {
    const rows = await sql<{ row: string }>(
      `${AT_MPESA} SELECT left(jsonb_strip_nulls(to_jsonb(found))::text, ${LONGEST}) AS row
       FROM (SELECT ${what} LIMIT ${SHOWN}) found`,
      [atMpesa],
    )
    const said = what.replaceAll(/\s+/g, ' ').slice(0, SAID)
    if (rows.length > 0) busy.push(`${said}: ${rows.map(({ row }) => row).join(' ')}`)
  }
  return [...busy, ...(await unheardOf(sql, provider))]
}

/**
 * What the simulator has done is known to us by its id; where the answer to our push was lost, by its receipt; of somebody
 * who is forgotten, by what it was for. That we
 * know a payment says nothing about the money that went back: that is a settled refund's, or on the worklist.
 */
async function unheardOf(sql: Sql, provider: Provider): Promise<string[]> {
  const { transactions, movements } = provider
  const ours = await sql<{ id: string }>(
    `SELECT checkout_request_id AS id FROM payments WHERE checkout_request_id IS NOT NULL
     UNION SELECT receipt FROM payments WHERE receipt IS NOT NULL
     UNION SELECT receipt FROM mpesa_receipts
     UNION SELECT replace(owner_number, '-', '') FROM payments WHERE checkout_request_id = 'erased ' || id`,
  )
  const awaited = await readAwaited(sql, provider)
  const known = new Set([...ours.map(({ id }) => id), ...awaited])
  const prompts = transactions.filter(
    ({ checkoutRequestId, receipt, accountReference }) =>
      ![checkoutRequestId, receipt ?? '', accountReference].some((name) => known.has(name)),
  )
  const paid = movements.filter(({ kind, receipt }) => kind === 'paybill' && !known.has(receipt))
  return [
    ...prompts.map(({ checkoutRequestId, status }) => `prompt ${checkoutRequestId} (${status})`),
    ...paid.map(({ receipt }) => `money by hand ${receipt}`),
    ...(await findUnseen(sql, provider)),
  ].map((what) => `M-Pesa knows, we do not: ${what}`)
}

const LOOK_MS = 500

/** Answers how long it took, in milliseconds, or what was still under way when the time was over. */
export async function untilQuiet(
  { sql, readProvider, readBacklog }: Inspector,
  withinMs: number,
): Promise<{ tookMs: number; busy: string[] }> {
  const began = performance.now()
  const look = async () => {
    const busy = await whatIsBusy(sql, await readProvider())
    return busy.length > 0 ? busy : readBacklog()
  }
  for (;;) {
    const busy = await look().catch((error: unknown) => [`nobody can look: ${String(error)}`])
    const tookMs = Math.round(performance.now() - began)
    if (busy.length === 0 || tookMs > withinMs) return { tookMs, busy }
    await rest(LOOK_MS)
  }
}
