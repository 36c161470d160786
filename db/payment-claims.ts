/** What the stored reports of a payment claim, and in what they disagree with what we asked for. */
import type { ReportedClaim } from '../domain/payments.ts'
import { parseStkCallback, type StkReport } from '../domain/schemas/daraja.ts'
import { select, type Database, type Tx } from './connection.ts'
import { readPayment, type PaymentRow } from './payment-rows.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { samePhone } from './reported-phones.ts'

export const PAID = '0'
const sameId = (ours: string | null, theirs: string) => ours === null || ours === theirs
/** What disagrees, by name; empty when all is as asked for. */
export function disagreements(row: PaymentRow, report: StkReport): string[] {
  const found: string[] = []
  if (!sameId(row.checkoutRequestId, report.checkoutRequestId)) found.push('checkout request id')
  if (!sameId(row.merchantRequestId, report.merchantRequestId)) found.push('merchant request id')
  if (report.resultCode !== PAID) return found
  if (report.amount !== row.amount) found.push('amount')
  if (report.receipt === null) found.push('receipt')
  if (!samePhone(row.phone, report.phone)) found.push('phone')
  return found
}

/** The receipt of the report that fits in everything; a query that says "paid" is asked for none. */
export async function findFittingReceipt(tx: Tx, row: PaymentRow): Promise<string | null> {
  const messages = await select<RawBody>(
    tx,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m WHERE subject_id = $1 AND kind = 'stk_callback'
     ORDER BY received_at`,
    [row.id],
  )
  const fits = messages
    .map((message) => parseStkCallback(openBody(tx, message)))
    .find((report) => report?.resultCode === PAID && disagreements(row, report).length === 0)
  return fits?.receipt ?? null
}

/** What these reports claim, before any of them is believed, and which push to ask Safaricom about. */
export async function readClaim(
  db: Database,
  paymentId: string,
  messageIds: string[],
): Promise<ReportedClaim> {
  const messages = await select<RawBody>(
    db,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m
     WHERE id = ANY($1::uuid[]) AND subject_id = $2 AND kind = 'stk_callback' ORDER BY received_at`,
    [messageIds, paymentId],
  )
  const paid = messages
    .map((message) => parseStkCallback(openBody(db, message)))
    .find((report) => report?.resultCode === PAID)
  const row = await readPayment(db, paymentId)
  return {
    paid: paid !== undefined,
    checkoutRequestId: row?.checkoutRequestId ?? paid?.checkoutRequestId ?? null,
  }
}

/** The receipt that the newest claim of money names, however little of it is believed. */
export async function readClaimedReceipt(db: Database, paymentId: string): Promise<string | null> {
  const messages = await select<RawBody>(
    db,
    `SELECT ${BODY_COLUMNS} FROM provider_messages m WHERE subject_id = $1 AND kind = 'stk_callback'
     ORDER BY received_at DESC`,
    [paymentId],
  )
  const claims = messages.map((message) => parseStkCallback(openBody(db, message)))
  return claims.find((report) => report?.resultCode === PAID)?.receipt ?? null
}
