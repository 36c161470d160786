/** What rings no phone of ours: cash, cards and transfers at the desk, and money sent to the paybill. */
import { randomUUID } from 'node:crypto'
import { select } from '../../../db/connection.ts'
import { paymentWorkflowId, refundWorkflowId } from '../../../domain/ids.ts'
import { payByHand, settings } from '../../support/hands.ts'
import type { Way } from './saving.ts'
import { awaitRow, book, MINUTES, newPhone, ofPayment, whole, type Held } from './stage.ts'
import type { Stage, Story } from './stage.ts'
import { askFor, untilRefund } from './refunds.ts'

/** The desk's form, as it is sent at its last step. Answers the payment's id. */
async function take(stage: Stage, held: Held, fields: Record<string, string>): Promise<string> {
  const page = `/desk/bookings/${held.id}/take`
  const amount = whole(held.balance_due)
  const partyId = held.parties[0]?.id ?? ''
  const form = { step: 'take', amount, partyId, paymentId: randomUUID() }
  await stage.desk.submit(page, page, { ...form, ...fields })
  const sql = 'SELECT id FROM payments WHERE owner_id = $1'
  return (await awaitRow<{ id: string }>(stage, 'the payment', sql, [held.id])).id
}
const confirmed = ({ customer }: Stage, held: Held) => customer.until(held.id, 'confirmed', MINUTES)

async function openTill({ desk, db }: Stage): Promise<void> {
  const [till] = await select<{ id: string }>(db, "SELECT id FROM tills WHERE place = 'NBO-JKIA'")
  const fields = { tillId: till?.id ?? '', sessionId: randomUUID(), float: '0' }
  await desk.submit('/desk/till', '/desk/till/open', { ...fields, reason: '', note: '' })
}

const cashAndBack: Story = async (stage) => {
  await openTill(stage)
  const held = await book(stage)
  const paymentId = await take(stage, held, { method: 'cash', given: '20000' })
  await confirmed(stage, held)
  const refundId = await askFor(stage, paymentId, '1000', stage.finance)
  const page = `/finance/refunds/${refundId}`
  await stage.desk.submit(page, `${page}/cash`)
  await untilRefund(stage, refundId, 'settled')
  const workflowId = refundWorkflowId(refundId)
  return [ofPayment('by-cash', paymentId), { name: 'refund-in-cash-at-the-desk', workflowId }]
}

const card: Story = async (stage) => {
  const held = await book(stage)
  const slip = { method: 'credit_card', terminal: 'T0000001', slip: `A${held.number.slice(-6)}` }
  const paymentId = await take(stage, held, slip)
  await confirmed(stage, held)
  return [ofPayment('by-card', paymentId)]
}

async function announced(stage: Stage): Promise<{ held: Held; paymentId: string }> {
  const held = await book(stage)
  const reference = `FT${held.number.replaceAll(/\D/g, '')}`
  const paymentId = await take(stage, held, { method: 'bank_transfer', reference })
  const waits = "SELECT 1 FROM payments WHERE id = $1 AND status <> 'settled'"
  await awaitRow(stage, 'the transfer is announced', waits, [paymentId])
  return { held, paymentId }
}
const transferSeen: Story = async (stage) => {
  const { held, paymentId } = await announced(stage)
  const page = '/finance/transfers'
  const seen = { payment_id: paymentId, reference: `SEEN${held.number.slice(-6)}` }
  await stage.finance.submit(page, `${page}/confirm`, seen)
  await confirmed(stage, held)
  return [ofPayment('by-transfer-seen-by-finance', paymentId)]
}
const transferWithdrawn: Story = async (stage) => {
  const { held, paymentId } = await announced(stage)
  const why = { payment_id: paymentId, reason: 'She pays by card instead' }
  await stage.finance.submit('/finance/transfers', '/finance/transfers/withdraw', why)
  await stage.customer.cancel(held.id)
  return [ofPayment('by-transfer-withdrawn', paymentId)]
}

/** The story's id follows from the receipt. */
async function sentByHand(stage: Stage, amount: number, account: string) {
  const { receipt = '' } = await payByHand(stage.stack, newPhone(), amount, account)
  const sql = 'SELECT story_id AS id FROM mpesa_receipts WHERE receipt = $1'
  const { id } = await awaitRow<{ id: string }>(stage, 'the money was reported', sql, [receipt])
  return { receipt, workflowId: paymentWorkflowId(id) }
}

const paybillNamed: Story = async (stage) => {
  const held = await book(stage)
  const { workflowId } = await sentByHand(stage, Number(held.balance_due), held.number)
  await confirmed(stage, held)
  return [{ name: 'paybill-named-its-booking', workflowId }]
}

/** What nobody can explain needs a second person before it leaves. */
async function sentBack(stage: Stage, receipt: string): Promise<string> {
  const sql = `SELECT id, status FROM refunds WHERE source_receipt = $1 AND status <> 'requested'`
  const opened = await awaitRow<{ id: string; status: string }>(stage, 'its refund', sql, [receipt])
  const page = `/finance/refunds/${opened.id}`
  if (opened.status === 'awaiting_approval') await stage.manager.submit(page, `${page}/approve`)
  await untilRefund(stage, opened.id, 'settled')
  return opened.id
}

/** Without the question before, money comes that names nothing. */
const paybillUnknown: Story = async (stage) => {
  await settings(stage.stack, { c2bValidation: false })
  const held = await book(stage)
  const ours = await sentByHand(stage, Number(held.balance_due), 'MAMA')
  const others = await sentByHand(stage, 450, 'KPLC')
  await settings(stage.stack, { c2bValidation: true })
  const wish = { purpose: 'reservation', owner_id: held.id, why: 'Her mother called us' }
  await stage.finance.send(`/unmatched-payments/${ours.receipt}/allocate`, wish)
  await confirmed(stage, held)
  const page = `/finance/unmatched/${others.receipt}`
  await stage.finance.submit(page, `${page}/return`, { why: 'Meant for the power company' })
  const refundId = await sentBack(stage, others.receipt)
  const ways: Way[] = [
    { name: 'paybill-allocated-by-finance', workflowId: ours.workflowId },
    { name: 'paybill-sent-back', workflowId: others.workflowId },
    { name: 'refund-of-money-of-nobody', workflowId: refundWorkflowId(refundId) },
  ]
  return ways
}

export const byHandStories: Story[] = [
  cashAndBack,
  card,
  transferSeen,
  transferWithdrawn,
  paybillNamed,
  paybillUnknown,
]
