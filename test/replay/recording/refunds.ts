/** Money that goes back: by reversal, by payout, with two people, in cash, and found out after everything was lost. */
import { refundWorkflowId } from '../../../domain/ids.ts'
import { mood } from '../../support/hands.ts'
import type { Way } from './saving.ts'
import { awaitRow, bookPaid, newPhone, untilPayment, type Stage, type Story } from './stage.ts'

const of = (name: string, refundId: string): Way => ({
  name: `refund-${name}`,
  workflowId: refundWorkflowId(refundId),
})
const LARGE = { category: 'VAN' }
const ABOVE_LIMIT = '20500'

export async function askFor(
  stage: Stage,
  paymentId: string,
  amount: string,
  asker = stage.desk,
): Promise<string> {
  const wish = { amount, reason: 'The car had no air conditioning' }
  const { status, body } = await asker.send(`/payments/${paymentId}/refund`, wish)
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return String(body['id'])
}
export const untilRefund = (stage: Stage, refundId: string, status: string) =>
  awaitRow(
    stage,
    `refund ${refundId} is ${status}`,
    'SELECT 1 FROM refunds WHERE id = $1 AND status = $2',
    [refundId, status],
  )

/** A cancelled booking gives everything back. */
const reversed: Story = async (stage) => {
  const { held, paymentId } = await bookPaid(stage)
  await stage.customer.cancel(held.id)
  await untilPayment(stage, paymentId, 'refunded')
  return [
    of('reversed-in-full', paymentId),
    { name: 'reservation-cancelled-with-refund', workflowId: `reservation:${held.id}` },
  ]
}

const paidOutInstead: Story = async (stage) => {
  const { held, phone, paymentId } = await bookPaid(stage)
  await mood(stage.stack, phone, { on: ['reversal'], resultCode: 'R000002' })
  await stage.customer.cancel(held.id)
  await untilPayment(stage, paymentId, 'refunded')
  return [of('reversal-refused-then-paid-out', paymentId)]
}

const partPaidOut: Story = async (stage) => {
  const { paymentId } = await bookPaid(stage)
  const refundId = await askFor(stage, paymentId, '500')
  await untilRefund(stage, refundId, 'settled')
  return [of('part-paid-out', refundId)]
}

/** Executed, but neither the answer nor the result arrives: asked about after five minutes, never sent again. */
const lost: Story = async (stage) => {
  const { phone, paymentId } = await bookPaid(stage)
  await mood(stage.stack, phone, { on: ['b2c'], breakAnswer: true, dropCallback: true, times: 1 })
  return [of('lost-then-asked-about', await askFor(stage, paymentId, '300'))]
}

const decided =
  (deed: 'approve' | 'decline', status: string): Story =>
  async (stage) => {
    const { paymentId } = await bookPaid(stage, LARGE)
    const refundId = await askFor(stage, paymentId, ABOVE_LIMIT)
    const page = `/finance/refunds/${refundId}`
    await stage.manager.submit(page, `${page}/${deed}`, { note: 'Talked to the customer' })
    await untilRefund(stage, refundId, status)
    return [of(`${deed}d-by-a-second-person`, refundId)]
  }

const NOT_REGISTERED = 2040
/** M-Pesa does not pay this phone, so it is a case for finance. */
async function stuck(stage: Stage): Promise<{ refundId: string; page: string }> {
  const { phone, paymentId } = await bookPaid(stage)
  await mood(stage.stack, phone, { on: ['b2c'], resultCode: NOT_REGISTERED })
  const refundId = await askFor(stage, paymentId, '400')
  const sql = "SELECT 1 FROM finance_cases WHERE subject = $1 AND status = 'open'"
  await awaitRow(stage, 'the case', sql, [refundId])
  return { refundId, page: `/finance/refunds/${refundId}` }
}
const otherPhone: Story = async (stage) => {
  const { refundId, page } = await stuck(stage)
  await stage.finance.submit(page, `${page}/phone`, { phone: newPhone() })
  await stage.manager.submit(page, `${page}/approve`)
  await untilRefund(stage, refundId, 'settled')
  return [of('to-another-phone-after-a-case', refundId)]
}
const byHand: Story = async (stage) => {
  const { refundId, page } = await stuck(stage)
  const how = { reason: 'Sent from the bank', reference: 'FT26325ABCDE', receipt: '' }
  await stage.finance.submit(page, `${page}/resolve`, how)
  await untilRefund(stage, refundId, 'settled')
  return [of('resolved-by-hand-after-a-case', refundId)]
}

/** Five minutes pass until it is asked about, so it begins first. */
export const refundStories: Story[] = [
  lost,
  reversed,
  paidOutInstead,
  partPaidOut,
  otherPhone,
  byHand,
  decided('approve', 'settled'),
  decided('decline', 'declined'),
]
