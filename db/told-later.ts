/**
 * What a provider tells of somebody once they are forgotten: a list that brings their payment a second time, a report that was sent
 * again. It stands until the night, because a story may still have to read it, and then names nobody either.
 */
import type { Database } from './connection.ts'
import { namesPhone } from './payer-phones.ts'
import { overwriteOld } from './retention.ts'
import { RETENTION_RULES, type RetentionRule } from './retention-rules.ts'

/** Theirs, or paid for another with a phone that was proven to be theirs. */
const PAYMENTS = `SELECT p.id FROM payments p JOIN users u ON u.id = p.customer_id
  WHERE (u.erased_at IS NOT NULL OR (p.channel = 'prompt' AND NOT ${namesPhone('p.')})) AND p.status IN ('settled', 'refused', 'refunded')`
const REFUNDS = `SELECT f.id FROM refunds f WHERE f.payment_id IN (${PAYMENTS}) AND f.status IN ('settled', 'declined')
  UNION SELECT f.id FROM refunds f JOIN users u ON u.id = f.customer_id
  WHERE u.erased_at IS NOT NULL AND f.status IN ('settled', 'declined')`
const RECEIPTS = `SELECT receipt FROM payments WHERE receipt IS NOT NULL AND id IN (${PAYMENTS})
  UNION SELECT receipt FROM mpesa_receipts WHERE payment_id IN (${PAYMENTS})
  UNION SELECT receipt FROM refunds WHERE receipt IS NOT NULL AND id IN (${REFUNDS})`

const OF_THE_FORGOTTEN: Record<string, string> = {
  provider_messages: `m.subject_id IN (${PAYMENTS} UNION ${REFUNDS})`,
  provider_lines: `l.source <> 'bank' AND l.line_key IN (${RECEIPTS})`,
  mpesa_receipts: `r.payment_id IN (${PAYMENTS})`,
}

export const TOLD_LATER: readonly RetentionRule[] = RETENTION_RULES.flatMap((rule) => {
  const theirs = OF_THE_FORGOTTEN[rule.table]
  return theirs ? [{ ...rule, naming: `${rule.naming} AND ${theirs}` }] : []
})

/** Of what was told before that moment. Answers how many rows name nobody now. */
export async function forgetToldLater(db: Database, before: Date): Promise<number> {
  let gone = 0
  for (const rule of TOLD_LATER) gone += await overwriteOld(db, rule, before)
  return gone
}
