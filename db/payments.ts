/** A payment's life in the books: opened, prompted, settled or refused. Safe to repeat; paid is final. */
import { cents, isWholeShillings } from '../domain/money.ts'
import {
  isOpenPayment,
  MAXIMUM_PUSH,
  MINIMUM_PUSH,
  PROMPT_LIFE_MS,
  type PaymentInput,
  type PaymentReason,
} from '../domain/payments.ts'
import { reasonFor } from '../domain/payment-results.ts'
import { REST_AFTER_MS, SAME_AMOUNT_REST_MS } from '../domain/payment-waits.ts'
import { appendAudit, ownEntry } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { isReadOpen } from './older-release.ts'
import { originNow } from './origin.ts'
import { appendEvents } from './outbox.ts'
import {
  changePayment,
  insertPayment,
  lockPayment,
  paymentEvent,
  readPayment,
  type PaymentRow,
} from './payment-rows.ts'
import { lockOwner, roomFor, type PaymentOwner } from './payment-owners.ts'
import { sealPhones } from './payer-phones.ts'
import { ownKey, phoneIndex, type OwnKey } from './sealed-columns.ts'
import { toCents } from './values.ts'

/** `sent`: an earlier life of its story has asked for it already, and may not have heard the id to ask about. */
type Opened =
  | { outcome: 'opened'; sent?: { checkoutRequestId: string | null } }
  | { outcome: 'refused'; reason: PaymentReason }
type Obstacle = { code: string; until?: Date }
const refused = ({ code, until }: Obstacle): Opened => ({
  outcome: 'refused',
  reason: { ...reasonFor(code), ...(until ? { retryAt: until.toISOString() } : {}) },
})

/** Writes the payment down before anything is sent; the one-prompt index has the last word. */
export async function openPayment(tx: Tx, input: PaymentInput, now: Date): Promise<Opened> {
  const known = await readPayment(tx, input.paymentId)
  if (known?.status === 'requested') return { outcome: 'opened' }
  if (known) return { outcome: 'opened', sent: { checkoutRequestId: known.checkoutRequestId } }
  const owner = await lockOwner(tx, input.purpose, input.ownerId)
  const way = await wayFor(tx, input, owner, now)
  if ('code' in way) return refused(way)
  const [sealed] = await sealPhones(tx, 'payments', way.ownKey, [{ ...input, id: input.paymentId }])
  const type = input.type ?? owner?.type ?? 'rental'
  const row = await insertPayment(
    tx,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method,
       amount_cents, phone, phone_sealed, phone_index, status, requested_at, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $11, 'mpesa', $7, CASE WHEN ${isReadOpen('payments')} THEN $8 END, $12, $13, 'requested', $9, first_version(), $10, $10)
     ON CONFLICT DO NOTHING`,
    [
      input.paymentId,
      input.purpose,
      input.ownerId,
      input.ownerNumber,
      input.partyId,
      input.customerId,
      input.amount,
      input.phone,
      now,
      input.actorId,
      type,
      sealed,
      phoneIndex(tx, input.phone),
    ],
  )
  if (!row) return refused({ code: 'PUSH_OPEN' })
  await appendEvents(tx, [paymentEvent('payment.requested', row)])
  await auditPayment(tx, row, 'payment.requested', input.actorId)
  return { outcome: 'opened' }
}

/** What stands in its way; else the key that seals its phone, which came along. */
async function wayFor(
  tx: Tx,
  input: PaymentInput,
  owner: PaymentOwner | null,
  now: Date,
): Promise<Obstacle | { ownKey: OwnKey }> {
  const { amount } = input
  if (!isWholeShillings(amount) || amount < MINIMUM_PUSH) return { code: '2' }
  if (amount > MAXIMUM_PUSH) return { code: '3' }
  if (!owner?.payable) return { code: 'RESERVATION_CLOSED' }
  const young = new Date(now.getTime() - PROMPT_LIFE_MS)
  const open = await selectOne<{ amount: string; same: boolean; ownKey: OwnKey }>(
    tx,
    `SELECT coalesce(sum(amount_cents) FILTER (WHERE owner_id = $1), 0) AS amount,
       coalesce(bool_or(phone = $2 OR phone_index = $4), false) AS same, ${ownKey('$5::uuid')} AS "ownKey"
     FROM payments WHERE (owner_id = $1 OR phone = $2 OR phone_index = $4)
       AND (status IN ('requested', 'prompted')
         OR (status IN ('unknown', 'unexplained') AND requested_at > $3))`,
    [input.ownerId, input.phone, young, phoneIndex(tx, input.phone), input.customerId],
  )
  if (open?.same) return { code: 'PUSH_OPEN' }
  const free = cents(owner.total - owner.paid - toCents(open?.amount ?? 0))
  if (amount > free) return { code: 'AMOUNT_ABOVE_BALANCE' }
  const own = owner.mode === 'anybody' ? free : await roomFor(tx, owner, input.partyId)
  if (amount > own) return { code: 'AMOUNT_ABOVE_BALANCE' }
  return (await restOf(tx, input, now)) ?? { ownKey: open?.ownKey ?? null }
}

const RESTING = Object.entries(REST_AFTER_MS)

/** A phone that M-Pesa would refuse for sure is not asked: it rests after some results, and after the same amount. */
async function restOf(
  tx: Tx,
  { phone, amount }: PaymentInput,
  now: Date,
): Promise<Obstacle | null> {
  const rest = await selectOne<{ code: string; until: Date }>(
    tx,
    `SELECT code, until FROM (
       SELECT p.result_code AS code, p.processed_at + r.rest AS until
       FROM payments p JOIN (SELECT unnest($4::text[]) AS code,
         unnest($5::int[]) * interval '1 millisecond' AS rest) r ON r.code = p.result_code
       WHERE (p.phone_index = $7 OR p.phone = $1) AND p.requested_at > $3::timestamptz - interval '1 hour' AND p.status = 'refused'
       UNION ALL
       SELECT '17', p.processed_at + $6::int * interval '1 millisecond' FROM payments p
       WHERE (p.phone_index = $7 OR p.phone = $1) AND p.amount_cents = $2 AND p.requested_at > $3::timestamptz - interval '1 hour'
         AND p.status IN ('settled', 'refunding', 'refunded')) AS resting
     WHERE until > $3 ORDER BY until DESC LIMIT 1`,
    [
      phone,
      amount,
      now,
      RESTING.map(([code]) => code),
      RESTING.map(([, ms]) => ms),
      SAME_AMOUNT_REST_MS,
      phoneIndex(tx, phone),
    ],
  )
  return rest && { code: rest.code, until: rest.until }
}

export const auditPayment = (
  tx: Tx,
  row: PaymentRow,
  action: string,
  actor = 'gari',
  why?: string,
) =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'payment',
    entityId: row.id,
    after: { status: row.status, amount: row.amount, receipt: row.receipt },
    ...(why ? { why } : {}),
  })

type Prompt = { merchantRequestId: string; checkoutRequestId: string }

const PROMPTED = `
  WITH changed AS (
    UPDATE payments SET merchant_request_id = $2, checkout_request_id = $3,
      prompted_at = coalesce(prompted_at, now()), queued_since = NULL, version = version + 1,
      status = CASE WHEN status IN ('requested', 'unknown') THEN 'prompted' ELSE status END
    WHERE id = $1 AND checkout_request_id IS DISTINCT FROM $3 RETURNING id, status)
  ${ownEntry({
    action: 'payment.prompted',
    entity: 'payment',
    id: 'id',
    after: "jsonb_build_object('status', status)",
    origin: '$4',
  })}`

/** Never backwards: a report may have come before Safaricom's own answer to the push. */
export async function recordPrompt(db: Database, id: string, prompt: Prompt): Promise<void> {
  await select(db, PROMPTED, [id, prompt.merchantRequestId, prompt.checkoutRequestId, originNow()])
}

/** From here on it is watched. What was settled or refused meanwhile stays so. */
export async function recordUnknown(tx: Tx, id: string, why: string): Promise<void> {
  const rows = await select(
    tx,
    `UPDATE payments SET status = 'unknown', queued_since = NULL, version = version + 1
     WHERE id = $1 AND status IN ('requested', 'prompted') RETURNING id`,
    [id],
  )
  const row = rows.length > 0 ? await readPayment(tx, id) : null
  if (row) await auditPayment(tx, row, 'payment.unknown', 'gari', why)
}

/** Final, unless it is paid: paid stays paid. */
export async function refusePayment(tx: Tx, id: string, reason: PaymentReason): Promise<void> {
  const seen = await lockPayment(tx, id)
  if (!seen || !isOpenPayment(seen.payment.status)) return
  const row = await changePayment(
    tx,
    id,
    "status = 'refused', result_code = $2, processed_at = now(), queued_since = NULL",
    [reason.code],
  )
  await appendEvents(tx, [paymentEvent('payment.failed', row, reason.code)])
  await auditPayment(tx, row, 'payment.refused', 'gari', reason.code)
}
