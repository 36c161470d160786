/** Nothing is on its way any more: no open prompt, no refund, no report and no event that waits. */
import { setTimeout as rest } from 'node:timers/promises'
import { readAwaited, type Inspector, type Provider, type Sql } from './world.ts'

/**
 * What may stay open when all is quiet, because only days or Safaricom's list can end it, and somebody sees it:
 * - a request whose worker died between taking and sending it. It may have been sent, so it is watched; here it may stay
 *   only when M-Pesa's side knows nothing of it.
 * - a refund of a payment whose callback was lost: a reversal needs the receipt, which comes with the hourly list.
 * - a refund that waits for a second person, or that was refused and is a case for finance.
 * - money sent by hand of which M-Pesa could not tell us.
 */
const NEVER_SENT = "p.status = 'unknown' AND p.checkout_request_id IS NULL"
const WAITING_REFUND = `(r.status = 'sent' AND r.conversation_id IS NULL
  OR r.status IN ('requested', 'approved') AND p.receipt IS NULL
  OR r.status = 'requested' AND r.large AND r.decided_at IS NULL
  OR r.status = 'refused' AND EXISTS (SELECT 1 FROM finance_cases c
    WHERE c.subject = r.id::text AND c.status <> 'closed'))`
const WAITS_FOR_REFUND = `p.status = 'refunding' AND EXISTS (SELECT 1 FROM refunds r
  WHERE r.payment_id = p.id AND ${WAITING_REFUND})`
const OVER = "('settled', 'refused', 'withdrawn', 'declined')"

const BUSY = [
  `payments p WHERE p.status IN ('requested', 'prompted', 'unknown', 'unexplained', 'refunding')
     AND NOT (${NEVER_SENT}) AND NOT (${WAITS_FOR_REFUND})`,
  `refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status NOT IN ${OVER} AND NOT ${WAITING_REFUND}`,
  'provider_messages WHERE delivered_at IS NULL',
  'outbox',
  "notifications WHERE status = 'queued'",
]
const SHOWN = 3

/** Answers what is under way, for people; empty when all is quiet. */
export async function whatIsBusy(sql: Sql, provider: Provider): Promise<string[]> {
  const busy: string[] = []
  for (const what of BUSY) {
    const rows = await sql<{ row: string }>(
      `SELECT left(to_jsonb(found)::text, 400) AS row FROM (SELECT * FROM ${what} LIMIT ${SHOWN}) found`,
    )
    if (rows.length > 0)
      busy.push(`${what.replaceAll(/\s+/g, ' ')}: ${rows.map(({ row }) => row).join(' ')}`)
  }
  return [...busy, ...(await unheardOf(sql, provider))]
}

/** What the simulator has done is known to us by its id; where the answer to our push was lost, by its receipt. */
async function unheardOf(sql: Sql, provider: Provider): Promise<string[]> {
  const { transactions, movements } = provider
  const ours = await sql<{ id: string }>(
    `SELECT checkout_request_id AS id FROM payments WHERE checkout_request_id IS NOT NULL
     UNION SELECT receipt FROM payments WHERE receipt IS NOT NULL
     UNION SELECT receipt FROM mpesa_receipts
     UNION SELECT p.receipt FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status = 'settled'
     UNION SELECT p.receipt FROM reconciliation_findings f JOIN payments p ON p.id = f.payment_id
       WHERE f.kind = 'unknown_money_out' AND f.status = 'open'`,
  )
  const awaited = await readAwaited(sql, provider)
  const known = new Set([...ours.map(({ id }) => id), ...awaited])
  const prompts = transactions.filter(
    ({ checkoutRequestId, receipt }) =>
      !known.has(checkoutRequestId) && !(receipt !== null && known.has(receipt)),
  )
  const paid = movements.filter(({ kind, receipt }) => kind === 'paybill' && !known.has(receipt))
  const reversed = movements.filter(
    ({ kind, original }) => kind === 'reversal' && original !== null && !known.has(original),
  )
  return [
    ...prompts.map(({ checkoutRequestId, status }) => `prompt ${checkoutRequestId} (${status})`),
    ...paid.map(({ receipt }) => `money by hand ${receipt}`),
    ...reversed.map(({ original }) => `reversal of ${original}`),
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
