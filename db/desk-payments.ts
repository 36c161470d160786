/**
 * Money that is not asked for on a phone: written down and settled in one transaction, so that a till, a card slip or
 * a customer's credit is never used twice. Safe to repeat: the payment's id is the key.
 */
import { reasonFor } from '../domain/payment-results.ts'
import type { PaymentReason, SettleDecision } from '../domain/payments.ts'
import {
  bookedAmount,
  changeFor,
  changeOf,
  channelOf,
  isAnnounced,
  type TenderInput,
} from '../domain/tenders.ts'
import { isWholeShillings } from '../domain/money.ts'
import { accountObstacle } from './companies.ts'
import { select, selectOne, type Tx } from './connection.ts'
import { readCredit } from './credit.ts'
import { keepForTransfer } from './keeping-for-transfers.ts'
import { appendEvents } from './outbox.ts'
import { lockOwner, roomOf, type PaymentOwner } from './payment-owners.ts'
import { insertPayment, paymentEvent, readPayment, type PaymentRow } from './payment-rows.ts'
import { decisionOf, settlePayment } from './payment-settling.ts'
import { auditPayment } from './payments.ts'
import { lockOpenSession } from './tills.ts'

export type Taken =
  | { outcome: 'taken'; decision: SettleDecision }
  /** A bank transfer on its way. */
  | { outcome: 'announced' }
  | { outcome: 'refused'; reason: PaymentReason }

const refused = (code: string): Taken => ({ outcome: 'refused', reason: reasonFor(code) })

const standingAnswer = (row: PaymentRow): Taken => {
  const decision = decisionOf(row)
  if (decision.outcome === 'refused') return { outcome: 'refused', reason: decision.reason }
  return decision.outcome === 'settled' ? { outcome: 'taken', decision } : { outcome: 'announced' }
}

export async function takePayment(tx: Tx, input: TenderInput, now: Date): Promise<Taken> {
  const owner = await lockOwner(tx, input.purpose, input.ownerId)
  const standing = await readPayment(tx, input.paymentId)
  if (standing) return standingAnswer(standing)
  const problem = await obstacle(tx, input, owner)
  if (problem) return refused(problem)
  const held = await holdingOf(tx, input)
  if ('problem' in held) return refused(held.problem)
  const row = await writeDown(tx, input, held.subject, now)
  if (!row) throw new Error(`payment ${input.paymentId} is being written by somebody else`)
  await writeTender(tx, input, held.subject)
  await appendEvents(tx, [paymentEvent('payment.requested', row)])
  await auditPayment(tx, row, 'payment.handed_over', input.actorId, input.tender.method)
  if (isAnnounced(input.tender)) {
    await keepForTransfer(tx, input, now)
    return { outcome: 'announced' }
  }
  const none = { receipt: null, merchantRequestId: null, checkoutRequestId: null }
  const facts = { paymentId: row.id, ...none, by: 'desk' as const }
  return { outcome: 'taken', decision: await settlePayment(tx, facts, now) }
}

async function obstacle(
  tx: Tx,
  { amount, purpose, tender }: TenderInput,
  owner: PaymentOwner | null,
): Promise<string | null> {
  if (!owner?.payable || purpose === 'credit') return 'RESERVATION_CLOSED'
  if (!isWholeShillings(amount) || amount <= 0) return '2'
  if (tender.method === 'cash' && changeFor(amount, tender.given) === null) return 'CASH_SHORT'
  return amount > (await roomOf(tx, owner)) ? 'AMOUNT_ABOVE_BALANCE' : null
}

type Holding = { subject: string | null } | { problem: string }

/** Whose till, company or credit: locked, and with room for the amount. */
async function holdingOf(tx: Tx, input: TenderInput): Promise<Holding> {
  const { tender, customerId, amount, actorId } = input
  switch (tender.method) {
    case 'cash': {
      const session = await lockOpenSession(tx, actorId)
      return session ? { subject: session.id } : { problem: 'NO_TILL' }
    }
    case 'account': {
      const problem = await accountObstacle(tx, tender.companyId, customerId, amount)
      return problem ? { problem } : { subject: tender.companyId }
    }
    case 'credit': {
      await lockOwner(tx, 'credit', customerId)
      const enough = (await readCredit(tx, customerId)) >= amount
      return enough ? { subject: customerId } : { problem: 'NO_CREDIT' }
    }
    case 'bank_transfer':
      return { subject: null }
    default: {
      const used = await selectOne(
        tx,
        'SELECT payment_id FROM desk_tenders WHERE terminal = $1 AND slip = $2',
        [tender.terminal, tender.slip],
      )
      return used ? { problem: 'SLIP_USED' } : { subject: null }
    }
  }
}

const referenceOf = ({ tender }: TenderInput): string | null => {
  if (tender.method === 'bank_transfer') return tender.reference
  return 'slip' in tender ? `${tender.terminal} ${tender.slip}` : null
}

const writeDown = (tx: Tx, input: TenderInput, subject: string | null, now: Date) =>
  insertPayment(
    tx,
    `INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, channel,
       amount_cents, holding_subject, desk_reference, status, requested_at, version, created_by, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, first_version(), $15,
       $15)
     ON CONFLICT (id) DO NOTHING`,
    [
      input.paymentId,
      input.purpose,
      input.ownerId,
      input.ownerNumber,
      input.partyId,
      input.customerId,
      input.type ?? 'rental',
      input.tender.method,
      channelOf(input.tender),
      bookedAmount(input),
      subject,
      referenceOf(input),
      // Money on its way from a bank may or may not come: watched, and in nobody's way.
      isAnnounced(input.tender) ? 'unknown' : 'requested',
      now,
      input.actorId,
    ],
  )

async function writeTender(tx: Tx, input: TenderInput, subject: string | null): Promise<void> {
  const { tender } = input
  const cash = tender.method === 'cash'
  await select(
    tx,
    `INSERT INTO desk_tenders (payment_id, method, till_session_id, given_cents, change_cents, terminal, slip,
       bank_reference, company_id, taken_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING payment_id`,
    [
      input.paymentId,
      tender.method,
      cash ? subject : null,
      cash ? tender.given : null,
      cash ? changeOf(input) : null,
      'terminal' in tender ? tender.terminal : null,
      'slip' in tender ? tender.slip : null,
      tender.method === 'bank_transfer' ? tender.reference : null,
      tender.method === 'account' ? tender.companyId : null,
      input.actorId,
    ],
  )
}
