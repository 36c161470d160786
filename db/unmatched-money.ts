/** M-Pesa money in our books whose owner is not known yet. Each receipt stands here once, whoever told us. */
import { unexplainedEntry } from '../domain/ledger.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import { appendAudit, ownEntry } from './audit.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import type { HeardFrom } from './mpesa-receipts.ts'
import { originNow } from './origin.ts'
import { appendEvents } from './outbox.ts'
import { isReadOpen } from './older-release.ts'
import { paymentIdOfReceipt } from './paybill-ids.ts'
import {
  readSaid,
  SAID,
  SAID_COLUMNS,
  sealSaid,
  type KeptSaid,
  type SaidColumn,
  type SaidOfPayer,
} from './receipt-payers.ts'
import { toCents } from './values.ts'

export type ArrivedMoney = {
  receipt: string
  amount: Cents
  heardFrom: HeardFrom
  paidAt: Date | null
} & SaidOfPayer

export type ReceiptRow = {
  receipt: string
  storyId: string | null
  amount: Cents
  heardFrom: HeardFrom
  status: 'matched' | 'unmatched' | 'returned'
  paymentId: string | null
  waitsFor: string | null
  unmatchedAt: Date | null
  paidAt: Date | null
  createdAt: Date
} & SaidOfPayer

const RECEIPT_COLUMNS = `receipt, story_id AS "storyId", amount_cents AS amount,
  heard_from AS "heardFrom", status, payment_id AS "paymentId",
  waits_for AS "waitsFor", unmatched_at AS "unmatchedAt", paid_at AS "paidAt", ${SAID_COLUMNS},
  created_at AS "createdAt"`

type Raw = Omit<ReceiptRow, 'amount' | keyof SaidOfPayer> & KeptSaid & { amount: string }
const toRow = (tx: Tx, raw: Raw): ReceiptRow => ({
  ...readSaid(tx, raw),
  amount: toCents(raw.amount),
})

/** Lock the owner of the money first, as everybody does. */
export async function lockReceipt(tx: Tx, receipt: string): Promise<ReceiptRow | null> {
  const raw = await selectOne<Raw>(
    tx,
    `SELECT ${RECEIPT_COLUMNS} FROM mpesa_receipts m WHERE receipt = $1 FOR NO KEY UPDATE`,
    [receipt],
  )
  return raw && toRow(tx, raw)
}

export async function readReceiptOfStory(tx: Tx, storyId: string): Promise<ReceiptRow | null> {
  const raw = await selectOne<Raw>(
    tx,
    `SELECT ${RECEIPT_COLUMNS} FROM mpesa_receipts m WHERE story_id = $1`,
    [storyId],
  )
  return raw && toRow(tx, raw)
}

/** Of the receipt `m`: what was said first stays, in whichever form it stands there. */
const keepFirst = (column: SaidColumn, open: string, sealed: string) =>
  `${column} = CASE WHEN m.${column}_sealed IS NULL THEN coalesce(m.${column}, ${open}) ELSE m.${column} END,
   ${column}_sealed = CASE WHEN m.${column} IS NULL THEN coalesce(m.${column}_sealed, ${sealed}) ELSE m.${column}_sealed END`

/**
 * The money is in the books under its receipt, without an owner; null when somebody else wrote the receipt down first
 * and it is matched by now. Safe to repeat.
 */
export async function holdMoney(
  tx: Tx,
  money: ArrivedMoney,
  waitsFor: string | null,
): Promise<ReceiptRow | null> {
  const { receipt, amount, heardFrom, payer, payerName, reference, paidAt } = money
  const raw = await selectOne<Raw>(
    tx,
    `INSERT INTO mpesa_receipts AS m (receipt, amount_cents, heard_from, payer, payer_name, reference, paid_at,
       status, story_id, waits_for, payer_sealed, payer_name_sealed, reference_sealed)
     SELECT $1, $2::bigint, $3, CASE WHEN older.reads THEN $4 END, CASE WHEN older.reads THEN $5 END,
       CASE WHEN older.reads THEN $6 END, $7::timestamptz, 'unmatched', $8::uuid, $9::uuid, $10::bytea, $11::bytea, $12::bytea
     FROM (SELECT ${isReadOpen('mpesa_receipts')} AS reads) older
     ON CONFLICT (receipt) DO UPDATE SET waits_for = excluded.waits_for,
       ${SAID.map((one) => keepFirst(one, `excluded.${one}`, `excluded.${one}_sealed`)).join(', ')},
       story_id = coalesce(m.story_id, excluded.story_id)
     WHERE m.status = 'unmatched' RETURNING ${RECEIPT_COLUMNS}`,
    [
      receipt,
      amount,
      heardFrom,
      payer,
      payerName,
      reference,
      paidAt,
      paymentIdOfReceipt(receipt),
      waitsFor,
      ...(await sealSaid(tx, receipt, money)),
    ],
  )
  if (!raw) return null
  await postEntry(tx, unexplainedEntry(receipt, toCents(raw.amount)))
  if (waitsFor !== null)
    await appendAudit(tx, {
      actor: 'gari',
      action: 'money.held',
      entity: 'receipt',
      entityId: receipt,
      after: { amount, heardFrom, waitsFor },
    })
  return toRow(tx, raw)
}

/** Finance sees it from now on, and consumers hear of it once. */
export async function leaveUnmatched(
  tx: Tx,
  money: ArrivedMoney,
  now: Date,
): Promise<ReceiptRow | null> {
  const row = await holdMoney(tx, money, null)
  if (!row || row.unmatchedAt) return row
  await selectOne(tx, 'UPDATE mpesa_receipts SET unmatched_at = $2 WHERE receipt = $1', [
    row.receipt,
    now,
  ])
  const paymentId = paymentIdOfReceipt(row.receipt)
  const { receipt, amount } = row
  const data = { payment_id: paymentId, receipt, currency: CURRENCY, amount: toDecimal(amount) }
  await appendEvents(tx, [{ type: 'money.unexplained', key: paymentId, version: 0, data }])
  await appendAudit(tx, {
    actor: 'gari',
    action: 'money.unmatched',
    entity: 'receipt',
    entityId: receipt,
    after: { amount, heardFrom: money.heardFrom },
  })
  return row
}

const CHANGING = [
  ...SAID.flatMap((one) => [one, `${one}_sealed`]),
  'paid_at',
  'story_id',
  'waits_for',
]

/** Who it was stands in the row alone; the audit says only that it was learned. */
const DESCRIBED = `
  WITH was AS (SELECT * FROM mpesa_receipts WHERE receipt = $1),
  said AS (
    UPDATE mpesa_receipts m SET ${SAID.map((one, at) => keepFirst(one, `CASE WHEN older.reads THEN $${2 + at} END`, `$${8 + at}::bytea`)).join(', ')},
      paid_at = coalesce($5, paid_at), story_id = coalesce(story_id, $6), waits_for = NULL
    FROM (SELECT ${isReadOpen('mpesa_receipts')} AS reads) older
    WHERE receipt = $1 RETURNING m.*),
  changed AS (
    SELECT said.receipt, said.paid_at, said.story_id FROM said JOIN was USING (receipt)
    WHERE (${CHANGING.map((one) => `said.${one}`).join(', ')}) IS DISTINCT FROM (${CHANGING.map((one) => `was.${one}`).join(', ')}))
  ${ownEntry({
    action: 'money.described',
    entity: 'receipt',
    id: 'receipt',
    after: "jsonb_build_object('paidAt', paid_at, 'story', story_id)",
    origin: '$7',
  })}`

/** Who paid, as M-Pesa said it, beside a receipt that has its owner. */
export async function describeReceipt(tx: Tx, money: ArrivedMoney): Promise<void> {
  await select(tx, DESCRIBED, [
    money.receipt,
    money.payer,
    money.payerName,
    money.reference,
    money.paidAt,
    paymentIdOfReceipt(money.receipt),
    originNow(),
    ...(await sealSaid(tx, money.receipt, money)),
  ])
}
