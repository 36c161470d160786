/** Results of M-Pesa about refunds whose story has ended: money may have gone back once more than we know. */
import type { MessageKind } from '../domain/callbacks.ts'
import { parsePayoutResult } from '../domain/schemas/daraja-results.ts'
import { parseResult } from '../domain/schemas/daraja.ts'
import { inTransaction, selectOne, type Database, type Tx } from './connection.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import type { StoredMessage } from './provider-messages.ts'
import { openPaidTwice } from './refund-hand-rows.ts'
import { lockRefund } from './refund-rows.ts'
import { recordSecurityEvent } from './security.ts'

/**
 * Always written down for operations. That M-Pesa paid what a person has written down as paid by hand is a case for
 * finance as well: one of the two has to come back. The receipt that the person named is that same payment, no second one.
 */
export const noteOrphan = (db: Database, { kind, messageId, subjectId }: StoredMessage) =>
  inTransaction(db, async (tx) => {
    const refundId = subjectId
    await recordSecurityEvent(tx, 'result_without_refund', { kind, messageId, refundId })
    const seen = await lockRefund(tx, refundId)
    const paid = await paidBy(tx, kind, messageId)
    if (!paid || seen?.refund.status !== 'settled') return
    if (paid.receipt !== null && paid.receipt === seen.refund.receipt) return
    const said = await saidByHand(tx, refundId)
    if (said) await openPaidTwice(tx, seen.refund, said)
  })

/** M-Pesa's receipt of money that it says it sent; null for every other word. */
async function paidBy(tx: Tx, kind: MessageKind, messageId: string) {
  const row = await selectOne<RawBody>(
    tx,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m WHERE id = $1`,
    [messageId],
  )
  const body = row ? openBody(tx, row) : undefined
  const payout = kind === 'payout_result' ? parsePayoutResult(body) : null
  const result = payout ?? (kind === 'reversal_result' ? parseResult(body) : null)
  if (result?.resultCode !== '0') return null
  return { receipt: payout?.receipt ?? result.transactionId }
}

/** Who wrote it into the books, and how; null when M-Pesa itself had told us. */
const saidByHand = (tx: Tx, refundId: string) =>
  selectOne<{ actorId: string; how: string }>(
    tx,
    `SELECT actor AS "actorId", coalesce(why, 'paid by hand') AS how FROM audit_entries
     WHERE entity = 'refund' AND entity_id = $1 AND action = 'refund.settled' AND actor <> 'gari'
     ORDER BY id DESC LIMIT 1`,
    [refundId],
  )
