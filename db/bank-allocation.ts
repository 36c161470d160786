/** A person says whose money a line of the bank is. It becomes one payment, whose id is the line's; once for each line. */
import type { AllocationPreview } from '../domain/allocation-pages.ts'
import type { BankAllocation, BankAnswer, BankTarget } from '../domain/bank-money.ts'
import { BusinessError } from '../domain/errors.ts'
import { isOpenInvoice, openAmount } from '../domain/invoices.ts'
import { ZERO, type Cents } from '../domain/money.ts'
import { DEFAULT_CREDIT_ALONE, type MoneyTarget } from '../domain/paybill.ts'
import { appendAudit } from './audit.ts'
import { findBankWish } from './bank-lines.ts'
import { insertBankPayment, type BankMoneyRow } from './bank-payments.ts'
import { inTransaction, select, selectOne, type Database, type Tx } from './connection.ts'
import { recordCompanyPayment } from './invoice-payments.ts'
import { lockInvoice } from './invoice-rows.ts'
import { isOnePerson } from './one-person.ts'
import { creditedOf, takesMoney, whyTwo } from './paybill-allocation.ts'
import { previewAllocation } from './paybill-preview.ts'
import { lockOwner } from './payment-owners.ts'
import { readPayment } from './payment-rows.ts'
import { settlePayment } from './payment-settling.ts'
import { isAwaited } from './reconciling-bank.ts'
import { toCents } from './values.ts'

type Code = Extract<BankAnswer, { outcome: 'refused' }>['code']
const refused = (code: Code, why: string): BankAnswer => ({ outcome: 'refused', code, why })
const taken = () => refused('MONEY_TAKEN', 'Somebody else has decided about this money already.')

type Limits = { now: Date; creditAlone?: Cents | undefined }

/** Locks in the order of all payments: what is paid, then the money. */
export async function allocateBankLine(
  tx: Tx,
  wish: BankAllocation,
  limits: Limits,
): Promise<BankAnswer> {
  const { purpose, ownerId } = wish.target
  if (purpose === 'invoice') return payInvoice(tx, wish, limits.now)
  const target: MoneyTarget = { purpose, ownerId }
  const owner = await lockOwner(tx, target.purpose, target.ownerId)
  if (!owner) return refused('NOT_FOUND', 'What this money should count for does not exist.')
  const line = await lockLine(tx, wish.lineId)
  const obstacle = await obstacleOf(tx, wish, line)
  if (obstacle || !line) return obstacle ?? taken()
  if (!takesMoney(owner))
    return refused('RESERVATION_CLOSED', 'That has ended. Choose the customer’s credit instead.')
  const credited = await creditedOf(tx, owner, line.amount)
  const { creditAlone = DEFAULT_CREDIT_ALONE } = limits
  const why = await whyTwo(tx, { owner, actorId: wish.actorId, credited, creditAlone })
  if (why && !(await twoPeopleSay(tx, wish)))
    return refused(
      'SECOND_PERSON',
      `${why} It is written down: a second person has to say the same.`,
    )
  await insertBankPayment(tx, { line, owner, actorId: wish.actorId, now: limits.now })
  const ids = { receipt: null, merchantRequestId: null, checkoutRequestId: null }
  const facts = { paymentId: line.id, ...ids, by: 'statement' as const }
  const decision = await settlePayment(tx, facts, limits.now)
  if (decision.outcome !== 'settled')
    throw new Error(`bank line ${line.id} could not be counted: ${decision.outcome}`)
  await noteGiven(tx, wish, owner.number, `payment:${line.id}`)
  return answerOf(tx, line.id)
}

/** Finding, then line: whoever explains it takes them in the same order. */
async function lockLine(tx: Tx, lineId: string): Promise<BankMoneyRow | null> {
  await select(
    tx,
    'SELECT id FROM reconciliation_findings WHERE line_id = $1 ORDER BY id FOR NO KEY UPDATE',
    [lineId],
  )
  const row = await selectOne<BankMoneyRow & { amount: string }>(
    tx,
    `SELECT id, line_key AS key, direction, amount_cents AS amount, at, reference, details, state FROM provider_lines
     WHERE id = $1 AND source = 'bank' AND direction = 'in' AND nature = 'money' FOR NO KEY UPDATE`,
    [lineId],
  )
  return row && { ...row, amount: toCents(row.amount) }
}

/** A step that ran twice answers the same; what has its transfer is nobody else's. */
async function obstacleOf(
  tx: Tx,
  { lineId, target, actorId }: BankAllocation,
  line: BankMoneyRow | null,
): Promise<BankAnswer | null> {
  if (!line) return refused('NOT_FOUND', 'We have no such money.')
  if (line.state !== 'open') {
    const payment = await readPayment(tx, lineId)
    const same = payment?.ownerId === target.ownerId && payment.createdBy === actorId
    return same ? answerOf(tx, lineId) : taken()
  }
  if (await isAwaited(tx, line))
    return refused(
      'MONEY_WAITING',
      'It names a transfer or a slip of ours: the next comparison finds it, or that one is confirmed by hand.',
    )
  return null
}

async function answerOf(tx: Tx, paymentId: string): Promise<BankAnswer> {
  const payment = await readPayment(tx, paymentId)
  if (!payment) throw new Error(`payment ${paymentId} was not written`)
  const { purpose, ownerId, ownerNumber: number, applied, credited } = payment
  return {
    outcome: 'allocated',
    paymentId,
    applied,
    credited,
    told: { purpose, ownerId, number },
  }
}

/** True when another person has said the same; otherwise this wish stands from now on. */
async function twoPeopleSay(tx: Tx, wish: BankAllocation): Promise<boolean> {
  const { lineId, target, actorId, why } = wish
  const standing = await findBankWish(tx, lineId)
  const same =
    standing?.target.ownerId === target.ownerId && standing.target.purpose === target.purpose
  if (same) return !(await isOnePerson(tx, standing.askedBy, actorId))
  await select(
    tx,
    `INSERT INTO bank_allocation_wishes (line_id, purpose, owner_id, why, asked_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (line_id) DO UPDATE SET purpose = excluded.purpose, owner_id = excluded.owner_id, why = excluded.why,
       asked_by = excluded.asked_by, asked_at = now() RETURNING line_id`,
    [lineId, target.purpose, target.ownerId, why, actorId],
  )
  await audit(tx, wish, 'reconciliation.allocation_asked', target)
  return false
}

const audit = (tx: Tx, { lineId, actorId, why }: BankAllocation, action: string, after: object) =>
  appendAudit(tx, { actor: actorId, action, entity: 'bank_line', entityId: lineId, after, why })

/** The line is matched and off the worklist. */
async function noteGiven(tx: Tx, wish: BankAllocation, number: string, to: string): Promise<void> {
  const { lineId, actorId, why } = wish
  await select(
    tx,
    `UPDATE provider_lines SET state = 'matched', decided_at = now(), matched_to = $2
     WHERE id = $1 AND state = 'open' RETURNING id`,
    [lineId, to],
  )
  await select(
    tx,
    `UPDATE reconciliation_findings SET status = 'closed', closed_at = now(), closed_by = $2, resolution = $3
     WHERE line_id = $1 AND status = 'open' RETURNING id`,
    [lineId, actorId, `given to ${number}: ${why}`],
  )
  await audit(tx, wish, 'reconciliation.allocated', { number, to })
}

/** A company pays what is on its account: no payment of a customer's, and nothing that could become credit. */
async function payInvoice(tx: Tx, wish: BankAllocation, now: Date): Promise<BankAnswer> {
  const { lineId, target, actorId } = wish
  const invoice = await findInvoice(tx, target.ownerId)
  if (!invoice) return refused('NOT_FOUND', 'We have no such invoice.')
  const line = await lockLine(tx, lineId)
  const to = `invoice_payment:${lineId}`
  if (line?.state === 'matched' && (await isMatchedTo(tx, lineId, to))) return paid(line.amount)
  const obstacle = await obstacleOf(tx, wish, line)
  if (obstacle || !line) return obstacle ?? taken()
  const reference = await referenceFor(tx, line)
  const payment = { id: lineId, invoiceId: target.ownerId, amount: line.amount, reference, actorId }
  try {
    await recordCompanyPayment(tx, payment, now)
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error
    return refused(error.code as Code, error.message)
  }
  await noteGiven(tx, wish, invoice.number ?? '', to)
  return paid(line.amount)
}

/** Banks give many lines no reference, or the same one; each payment on account has one of its own. */
async function referenceFor(tx: Tx, { id, reference, key }: BankMoneyRow): Promise<string> {
  const wanted = reference ?? key.slice(0, 12)
  const other = await selectOne(
    tx,
    'SELECT l.id FROM invoice_payments p JOIN provider_lines l ON l.id = p.id WHERE p.reference = $1 AND p.id <> $2',
    [wanted, id],
  )
  return other ? `${wanted} ${id.slice(0, 8)}` : wanted
}

const paid = (applied: Cents): BankAnswer => ({
  outcome: 'allocated',
  paymentId: null,
  applied,
  credited: ZERO,
  told: null,
})

const isMatchedTo = (tx: Tx, lineId: string, to: string) =>
  selectOne(tx, 'SELECT id FROM provider_lines WHERE id = $1 AND matched_to = $2', [lineId, to])

async function findInvoice(tx: Tx, id: string) {
  const known = await selectOne(tx, 'SELECT id FROM invoices WHERE id = $1', [id])
  return known && lockInvoice(tx, id)
}

/** What will happen to it, told before the click. Null when there is no such thing. */
export async function previewBankLine(
  db: Database,
  target: BankTarget,
  amount: Cents,
): Promise<AllocationPreview | null> {
  const { purpose, ownerId } = target
  if (purpose !== 'invoice') return previewAllocation(db, { purpose, ownerId }, amount)
  const invoice = await inTransaction(db, (tx) => findInvoice(tx, ownerId))
  if (!invoice) return null
  const takes =
    invoice.companyId !== null && isOpenInvoice(invoice.status) && amount <= openAmount(invoice)
  const person = { customerId: null, customerName: '' }
  const shares = { applied: amount, credited: ZERO }
  const why = takes ? null : 'Not so much is open on account of a company here.'
  return { target, name: invoice.number ?? '', ...person, ...shares, refused: why }
}
