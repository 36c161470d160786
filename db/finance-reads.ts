/** Payments as finance looks for them: with the payer's name, by status, and by what stands on a receipt. */
import type { PaymentStatus } from '../domain/payments.ts'
import { parseKenyanMobile } from '../domain/schemas/phones.ts'
import { select, type Database } from './connection.ts'
import { PAYMENT_COLUMNS, toPayment, type PaymentRow, type RawPayment } from './payment-rows.ts'
import { phoneIndex } from './sealed-columns.ts'
import { readCursor, writeCursor } from './values.ts'

export type FinancePayment = PaymentRow & { partyName: string }
type Filter = { statuses: readonly PaymentStatus[] | null; text: string; cursor?: string }

/** A whole one: no payment is found by the end of its phone. */
const indexOf = (db: Database, text: string): Buffer | null => {
  const phone = parseKenyanMobile(text)
  return phone === null ? null : phoneIndex(db, phone)
}

const FOUND = `SELECT ${PAYMENT_COLUMNS}, name AS "partyName" FROM (
    SELECT p.*, coalesce(y.name, z.name, '') AS name
    FROM payments p LEFT JOIN reservation_parties y ON y.id = p.party_id
    LEFT JOIN charge_parties z ON z.id = p.party_id) AS found
  WHERE ($1::text[] IS NULL OR status = ANY($1))
    AND ($2 = '' OR owner_number ILIKE '%' || $2 || '%' OR name ILIKE '%' || $2 || '%'
      OR receipt ILIKE $2 || '%' OR phone_index = $3)
    AND ($4::timestamptz IS NULL OR (date_trunc('milliseconds', requested_at), id) < ($4, $5::uuid))
  ORDER BY date_trunc('milliseconds', requested_at) DESC, id DESC LIMIT $6`

/** Newest first. */
export async function listForFinance(
  db: Database,
  { statuses, text, cursor }: Filter,
  limit: number,
): Promise<{ items: FinancePayment[]; next: string | null }> {
  const after = readCursor(cursor)
  const words = text.trim().replaceAll(/[%_\\\0]/g, '')
  const rows = await select<RawPayment & { partyName: string }>(db, FOUND, [
    statuses,
    words,
    indexOf(db, words),
    after?.at ?? null,
    after?.id ?? null,
    limit + 1,
  ])
  const items = rows
    .slice(0, limit)
    .map((raw) => ({ ...toPayment(db, raw), partyName: raw.partyName }))
  const last = items.at(-1)
  return {
    items,
    next: rows.length > limit && last ? writeCursor(last.requestedAt, last.id) : null,
  }
}
