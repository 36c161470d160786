/**
 * What a provider tells of somebody once they are forgotten: a list that brings their payment a second time, a report that was sent
 * again. It stands until the night, because a story may still have to read it, and then names nobody either.
 */
import { DAY_MS } from '../domain/time.ts'
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

/** And since when nobody has to read it any more, as the indexes of migration 0116 have it. */
const OF_THE_FORGOTTEN: Record<string, { theirs: string; readAt: string }> = {
  provider_messages: {
    theirs: `m.subject_id IN (${PAYMENTS} UNION ${REFUNDS})`,
    readAt: 'm.delivered_at',
  },
  provider_lines: {
    theirs: `l.source <> 'bank' AND l.line_key IN (${RECEIPTS})`,
    readAt: 'l.decided_at',
  },
  mpesa_receipts: { theirs: `r.payment_id IN (${PAYMENTS})`, readAt: 'r.updated_at' },
}

export const toldLater = (since: Date | null): RetentionRule[] =>
  RETENTION_RULES.flatMap((rule) => {
    const of = OF_THE_FORGOTTEN[rule.table]
    if (!of) return []
    const late = since ? ` AND ${of.readAt} > '${since.toISOString()}'` : ''
    return [{ ...rule, naming: `${rule.naming} AND ${of.theirs}${late}` }]
  })

/** A refund may go on so long beside it. */
const LOOKED_BACK_MS = 40 * DAY_MS

/** Null in the first night of a month: it finds what had to stay for longer. Other nights do not read the large tables whole. */
export const toldSince = (day: string, now: Date): Date | null =>
  day.endsWith('-01') ? null : new Date(now.getTime() - LOOKED_BACK_MS)

/** Of what was told before that moment, and read since that other one. Answers how many rows name nobody now. */
export async function forgetToldLater(
  db: Database,
  before: Date,
  since: Date | null = null,
): Promise<number> {
  let gone = 0
  for (const rule of toldLater(since)) gone += await overwriteOld(db, rule, before)
  return gone
}
