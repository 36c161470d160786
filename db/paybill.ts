/**
 * A payment by hand, matched in one transaction: it is known already, it is the money of a prompt, it names something
 * of ours, or it stays without an owner. Locks are taken in the order of all payments: owner, payment, receipt.
 */
import type { PaybillMessage } from '../domain/daraja.ts'
import {
  isForgotten,
  PROMPT_WAIT_MS,
  type MoneyTarget,
  type PaybillStanding,
} from '../domain/paybill.ts'
import { parsePaybillMessage } from '../domain/schemas/daraja-paybill.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { findByReference } from './payable-references.ts'
import { openMoneyCase } from './paybill-cases.ts'
import { insertByHand, mayMean, type ByHand } from './paybill-payments.ts'
import { findPromptOf, type LikelyPrompt } from './paybill-prompts.ts'
import { lockOwner } from './payment-owners.ts'
import { settlePayment } from './payment-settling.ts'
import { BODY_COLUMNS, openBody, type RawBody } from './provider-message-bodies.ts'
import { recordSecurityEvent } from './security.ts'
import {
  describeReceipt,
  holdMoney,
  leaveUnmatched,
  lockReceipt,
  readReceiptOfStory,
  type ArrivedMoney,
  type ReceiptRow,
} from './unmatched-money.ts'

/** Where this money stands now. `messageId` brings a report; without one only the books are looked at. */
export async function matchPaybill(
  tx: Tx,
  paymentId: string,
  messageId: string | null,
  now: Date,
): Promise<PaybillStanding> {
  const heard = messageId ? await readMessage(tx, paymentId, messageId) : null
  if (heard && 'why' in heard) return { standing: 'unreadable', why: heard.why }
  const money = heard ?? (await readHeldMoney(tx, paymentId))
  if (!money) return { standing: 'unreadable', why: 'no report of this money was stored' }
  const standing = await match(tx, paymentId, money, now)
  if (messageId) await noteOutcome(tx, messageId, standing.standing)
  return standing
}

async function match(
  tx: Tx,
  paymentId: string,
  money: ArrivedMoney,
  now: Date,
): Promise<PaybillStanding> {
  const named = money.reference
    ? await findByReference(tx, money.reference, now, money.paidAt)
    : null
  const owner = named && (await lockOwner(tx, named.purpose, named.ownerId))
  const known = await lockReceipt(tx, money.receipt)
  if (known) await noteDifference(tx, known, money)
  if (known?.status === 'returned') return { standing: 'returned' }
  if (known?.paymentId) {
    await describeReceipt(tx, money)
    return belongsTo(tx, known.paymentId)
  }

  const prompt = await findPromptOf(tx, { money, owner })
  if (prompt) return ofPrompt(tx, { prompt, money, known, now })
  if (owner && (await mayMean(tx, owner, money)))
    return countFor(tx, { paymentId, money, owner, actorId: 'gari', now })
  const row = await leaveUnmatched(tx, money, now)
  if (row?.unmatchedAt && isForgotten(row.unmatchedAt, now)) await openMoneyCase(tx, row, now)
  return without(tx, row, money)
}

type OfPrompt = { prompt: LikelyPrompt; money: ArrivedMoney; known: ReceiptRow | null; now: Date }

/**
 * While the prompt may still be refused its money waits in the books; afterwards it counts as the prompt's, which is
 * never wrong about the sum: a receipt of the prompt's own would come as money of its own.
 */
async function ofPrompt(tx: Tx, { prompt, money, known, now }: OfPrompt): Promise<PaybillStanding> {
  const since = known?.createdAt ?? now
  const waits = prompt.open && now.getTime() - since.getTime() < PROMPT_WAIT_MS
  if (waits) return without(tx, await holdMoney(tx, money, prompt.id), money, 'waiting')
  return settle(tx, prompt.id, money, now)
}

/** Its owner takes what it needs; the rest is credit; what came after the owner's end looks for a home. */
export async function countFor(tx: Tx, by: ByHand): Promise<PaybillStanding> {
  await insertByHand(tx, by)
  return settle(tx, by.paymentId, by.money, by.now)
}

async function settle(
  tx: Tx,
  paymentId: string,
  money: ArrivedMoney,
  now: Date,
): Promise<PaybillStanding> {
  const ids = { merchantRequestId: null, checkoutRequestId: null }
  const by = money.heardFrom
  const facts = { paymentId, receipt: money.receipt, ...ids, by }
  const decision = await settlePayment(tx, facts, now)
  if (decision.outcome !== 'settled')
    throw new Error(`the money of ${money.receipt} could not be counted: ${decision.outcome}`)
  await describeReceipt(tx, money)
  return belongsTo(tx, paymentId)
}

type Settled = {
  status: string
  homeless: boolean
  purpose: MoneyTarget['purpose']
  ownerId: string
  number: string
}

async function belongsTo(tx: Tx, paymentId: string): Promise<PaybillStanding> {
  const row = await selectOne<Settled>(
    tx,
    `SELECT status, purpose, owner_id AS "ownerId", owner_number AS number,
       status = 'settled' AND applied_cents + credited_cents = 0 AS homeless
     FROM payments WHERE id = $1`,
    [paymentId],
  )
  if (!row) throw new Error(`payment ${paymentId} does not exist`)
  const { purpose, ownerId, number, homeless } = row
  const told = { purpose, ownerId, number }
  return { standing: 'settled', paymentId, ownerOpen: !homeless, told }
}

/** Somebody else may have matched it between our look and our word; then that stands. */
async function without(
  tx: Tx,
  row: ReceiptRow | null,
  { receipt }: ArrivedMoney,
  standing: 'waiting' | 'unmatched' = 'unmatched',
): Promise<PaybillStanding> {
  if (row) return { standing, receipt, amount: row.amount }
  const known = await lockReceipt(tx, receipt)
  return known?.paymentId ? belongsTo(tx, known.paymentId) : { standing: 'returned' }
}

async function noteDifference(tx: Tx, known: ReceiptRow, money: ArrivedMoney): Promise<void> {
  if (known.amount === money.amount) return
  const { receipt } = money
  await recordSecurityEvent(tx, 'receipt_amount_differs', { receipt })
}

const toMoney = (message: PaybillMessage, heardAt: Date): ArrivedMoney | { why: string } => {
  const { receipt, amount, phone, name, referenceText, at } = message
  if (!amount || amount <= 0) return { why: `the report of ${receipt} names no amount` }
  return {
    receipt,
    amount,
    heardFrom: 'confirmation',
    payer: phone,
    payerName: name,
    reference: referenceText === '' ? null : referenceText,
    paidAt: at ?? heardAt,
  }
}

async function readMessage(
  tx: Tx,
  paymentId: string,
  messageId: string,
): Promise<ArrivedMoney | { why: string }> {
  const row = await selectOne<RawBody & { at: Date }>(
    tx,
    `SELECT ${BODY_COLUMNS}, received_at AS at FROM provider_messages m
     WHERE id = $1 AND subject_id = $2 AND kind = 'paybill_confirmation'`,
    [messageId, paymentId],
  )
  if (!row) throw new Error(`message ${messageId} of payment ${paymentId} does not exist`)
  const message = parsePaybillMessage(openBody(tx, row))
  return message ? toMoney(message, row.at) : { why: 'the report of a payment names no receipt' }
}

/** Money that stands in the books already, whoever brought it. */
async function readHeldMoney(tx: Tx, paymentId: string): Promise<ArrivedMoney | null> {
  const row = await readReceiptOfStory(tx, paymentId)
  if (!row) return null
  const { receipt, amount, heardFrom, payer, reference, paidAt } = row
  return { receipt, amount, heardFrom, payer, payerName: null, reference, paidAt }
}

const noteOutcome = (tx: Tx, messageId: string, outcome: string) =>
  select(tx, 'UPDATE provider_messages SET outcome = $2 WHERE id = $1', [messageId, outcome])
