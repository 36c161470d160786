/** Receipts: one for each settled payment, numbered without gaps. */
import type { Cents } from '../domain/money.ts'
import type { PaymentMethod, PaymentType } from '../domain/payments.ts'
import { ownEntry } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { nextNumber } from './document-series.ts'
import { originNow } from './origin.ts'
import { prepared } from './prepared.ts'
import { toCents } from './values.ts'

export type Receipt = {
  paymentId: string
  number: string
  issuedAt: Date
  ownerId: string
  ownerNumber: string
  customerId: string
  payer: string
  type: PaymentType
  method: PaymentMethod
  amount: Cents
  /** M-Pesa's own receipt, or what the desk wrote down. */
  reference: string | null
  paidAt: Date
}

const RECEIPTS = `SELECT r.payment_id AS "paymentId", r.number, r.issued_at AS "issuedAt", p.owner_id AS "ownerId",
    p.owner_number AS "ownerNumber", p.customer_id AS "customerId",
    coalesce(y.name, trim(u.first_name || ' ' || u.last_name)) AS payer, p.type, p.method, p.amount_cents AS amount,
    coalesce(p.receipt, p.desk_reference) AS reference, coalesce(p.processed_at, r.issued_at) AS "paidAt"
  FROM receipts r JOIN payments p ON p.id = r.payment_id JOIN users u ON u.id = p.customer_id
  LEFT JOIN reservation_parties y ON y.id = p.party_id`

type Raw = Receipt & { amount: string }
const toReceipt = (raw: Raw): Receipt => ({ ...raw, amount: toCents(raw.amount) })

const BY_PAYMENT = prepared(`${RECEIPTS} WHERE r.payment_id = $1`)

export async function findReceipt(on: Database | Tx, paymentId: string): Promise<Receipt | null> {
  const raw = await selectOne<Raw>(on, BY_PAYMENT, [paymentId])
  return raw && toReceipt(raw)
}

export async function listReceipts(
  on: Database | Tx,
  filter: { customerId: string; ownerId?: string },
) {
  const rows = await select<Raw>(
    on,
    `${RECEIPTS} WHERE p.customer_id = $1 AND ($2::uuid IS NULL OR p.owner_id = $2)
     ORDER BY r.issued_at DESC, r.number DESC LIMIT 100`,
    [filter.customerId, filter.ownerId ?? null],
  )
  return rows.map(toReceipt)
}

const ISSUED = `
  WITH changed AS (
    INSERT INTO receipts (payment_id, number, issued_at) VALUES ($1, $2, $3) RETURNING payment_id, number)
  ${ownEntry({
    action: 'receipt.issued',
    entity: 'payment',
    id: 'payment_id',
    after: "jsonb_build_object('number', number)",
    origin: '$4',
  })}`

/** Once for each payment that is in the books; the payment's lock keeps two from taking a number each. */
export async function issueReceipt(tx: Tx, paymentId: string, now: Date): Promise<void> {
  const paid = await selectOne(
    tx,
    `SELECT id FROM payments WHERE id = $1 AND status IN ('settled', 'refunding', 'refunded')
       AND method <> 'account' AND NOT EXISTS (SELECT FROM receipts WHERE payment_id = $1) FOR NO KEY UPDATE`,
    [paymentId],
  )
  if (!paid || (await findReceipt(tx, paymentId))) return
  await select(tx, ISSUED, [paymentId, await nextNumber(tx, 'RCT', now), now, originNow()])
}
