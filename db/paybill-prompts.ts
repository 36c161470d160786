/** Payments by prompt are reported as payments to the paybill as well: which prompt may this money be from? */
import { phoneAgrees, PROMPT_WINDOW_MS } from '../domain/paybill.ts'
import { isOpenPayment, type PaymentStatus } from '../domain/payments.ts'
import { select, type Tx } from './connection.ts'
import type { PaymentOwner } from './payment-owners.ts'
import { phoneColumns, placeOfPhone, readPhone, type KeptPhone } from './payer-phones.ts'
import { hashOfPhone } from './reported-phones.ts'
import type { ArrivedMoney } from './unmatched-money.ts'

export type LikelyPrompt = { id: string; open: boolean }
type Raw = { id: string; customerId: string; status: PaymentStatus } & KeptPhone
type Wish = { money: ArrivedMoney; owner: PaymentOwner | null }

const NEAR = 10
const SLACK_MS = 60_000

/**
 * A prompt of the same amount at the same time, for the same thing, whose receipt nobody knows yet and whose phone
 * does not speak against it. A till's money names nothing, so there the phone must speak for it.
 */
export async function findPromptOf(tx: Tx, { money, owner }: Wish): Promise<LikelyPrompt | null> {
  if (!owner && money.reference) return null
  const rows = await select<Raw>(
    tx,
    `SELECT id, customer_id AS "customerId", status, ${phoneColumns('', 'customer_id')} FROM (
       SELECT *, coalesce(prompted_at, requested_at) AS asked_at FROM payments
       WHERE channel = 'prompt' AND method = 'mpesa' AND amount_cents = $1
         AND requested_at > $3::timestamptz - interval '2 days'
         AND ($2::uuid IS NULL OR owner_id = $2) AND receipt IS NULL AND queued_since IS NULL
         AND status IN ('requested', 'prompted', 'unknown', 'unexplained', 'settled', 'refunding', 'refunded')
     ) AS asked WHERE asked_at BETWEEN $3::timestamptz - make_interval(secs => $4)
       AND $3::timestamptz + make_interval(secs => $5)
     ORDER BY asked_at DESC LIMIT ${NEAR}`,
    [
      money.amount,
      owner?.id ?? null,
      money.paidAt ?? new Date(),
      PROMPT_WINDOW_MS / 1000,
      SLACK_MS / 1000,
    ],
  )
  const fits = rows.map((raw) => {
    const row = readPhone(tx, placeOfPhone('payments', raw), raw)
    return { row, agrees: agreesWith(money, row.phone) }
  })
  const found = fits.find(({ agrees }) => (owner ? agrees !== false : agrees === true))
  return found ? { id: found.row.id, open: isOpenPayment(found.row.status) } : null
}

const agreesWith = ({ payer }: ArrivedMoney, phone: string | null): boolean | null =>
  phone === null ? null : phoneAgrees(payer, phone, hashOfPhone(phone))
