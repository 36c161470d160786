/** Charges, and big amounts in steps. */
import { select } from '../../../db/connection.ts'
import { chargeWorkflowId, planWorkflowId, refundWorkflowId } from '../../../domain/ids.ts'
import { payByItself } from '../../support/hands.ts'
import type { Way } from './saving.ts'
import { awaitRow, newPhone, type Stage, type Story } from './stage.ts'

const of = (name: string, id: string): Way => ({
  name: `charge-${name}`,
  workflowId: chargeWorkflowId(id),
})

async function open(stage: Stage, amount: string, over: object = {}): Promise<string> {
  const wanjiku = "SELECT id FROM users WHERE email = 'wanjiku@example.com'"
  const { id: customer_id } = await awaitRow<{ id: string }>(stage, 'a customer', wanjiku, [])
  const parties = [{ name: 'Wanjiku Kamau', phone: newPhone() }]
  const wish = { type: 'damage', amount, description: 'A broken mirror', customer_id, parties }
  const { status, body } = await stage.desk.send('/charges', { ...wish, ...over })
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return String(body['id'])
}

async function payFor(
  stage: Stage,
  chargeId: string,
  amount: string,
  partyId?: string,
): Promise<string> {
  const phone = newPhone()
  await payByItself(stage.stack, phone)
  const wish = { phone, amount, ...(partyId ? { party_id: partyId } : {}) }
  const { status, body } = await stage.desk.send(`/charges/${chargeId}/payments`, wish)
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return String(body['id'])
}
const untilCharge = (stage: Stage, id: string, status: string) =>
  awaitRow(
    stage,
    `charge ${id} is ${status}`,
    'SELECT 1 FROM charges WHERE id = $1 AND status = $2',
    [id, status],
  )

const paid: Story = async (stage) => {
  const id = await open(stage, '4000')
  await payFor(stage, id, '1500')
  await untilCharge(stage, id, 'processing')
  await payFor(stage, id, '2500')
  await untilCharge(stage, id, 'paid')
  return [of('paid-in-two-parts', id)]
}

/** An hour is the least that people get to pay; here it is made short after the charge was opened. */
const expired: Story = async (stage) => {
  const id = await open(stage, '4000')
  const soon = `UPDATE charges SET due_at = now() + interval '15 seconds' WHERE id = $1 RETURNING id`
  await select(stage.db, soon, [id])
  const paymentId = await payFor(stage, id, '1000')
  await untilCharge(stage, id, 'expired')
  const workflowId = refundWorkflowId(paymentId)
  return [of('expired-with-refund', id), { name: 'refund-of-an-expired-charge', workflowId }]
}

/** All or nobody: one of two has not paid in time, and the other takes that share over. */
const covered: Story = async (stage) => {
  const phones = [newPhone(), newPhone()]
  const parties = phones.map((phone, index) => ({ name: `Friend ${index + 1}`, phone }))
  const id = await open(stage, '4000', { mode: 'all_or_nobody', parties })
  const { parties: shares } = (await stage.desk.read(`/charges/${id}`)) as unknown as Shares
  const [payer, other] = shares
  const soon = `UPDATE charges SET due_at = now() + interval '15 seconds' WHERE id = $1 RETURNING id`
  await select(stage.db, soon, [id])
  await payFor(stage, id, '2000', payer?.id)
  const missed = 'SELECT 1 FROM charges WHERE id = $1 AND cover_until IS NOT NULL'
  await awaitRow(stage, 'a share was missed', missed, [id])
  const wish = { party_id: payer?.id, for_party_id: other?.id }
  const { status, body } = await stage.desk.send(`/charges/${id}/cover`, wish)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  await payFor(stage, id, '2000', payer?.id)
  await untilCharge(stage, id, 'paid')
  return [of('paid-after-a-share-was-covered', id)]
}
type Shares = { parties: { id: string }[] }

const cancelled: Story = async (stage) => {
  const id = await open(stage, '900')
  await stage.desk.send(`/charges/${id}/cancel`, { note: 'It was scratched before' })
  await untilCharge(stage, id, 'cancelled')
  return [of('cancelled-unpaid', id)]
}

async function startPlan(stage: Stage, amount: string, phones: string[]) {
  const id = await open(stage, amount, { type: 'sale', description: 'A used van' })
  const page = `/charges/${id}/plan`
  await stage.desk.submit(page, page, { phones: phones.join('\n') })
  const sql = 'SELECT id FROM payment_plans WHERE owner_id = $1'
  const plan = await awaitRow<{ id: string }>(stage, 'the plan', sql, [id])
  return { id, page, planId: plan.id, workflowId: planWorkflowId(plan.id) }
}

const planDone: Story = async (stage) => {
  const phones = [newPhone(), newPhone()]
  for (const phone of phones) await payByItself(stage.stack, phone)
  const { id, workflowId } = await startPlan(stage, '600000', phones)
  await untilCharge(stage, id, 'paid')
  return [{ name: 'payment-plan-done-in-three-pushes', workflowId }, of('paid-by-a-plan', id)]
}

/** The first phone has no money, so it rests; then the customer gives the plan up. */
const planStopped: Story = async (stage) => {
  const poor = newPhone()
  await payByItself(stage.stack, poor, 10)
  const { id, page, planId, workflowId } = await startPlan(stage, '300000', [poor])
  const refused = "SELECT 1 FROM payments WHERE owner_id = $1 AND status = 'refused'"
  await awaitRow(stage, 'the refusal', refused, [id])
  await stage.desk.submit(page, `${page}/${planId}/stop`)
  return [{ name: 'payment-plan-stopped-by-the-customer', workflowId }]
}

export const chargeStories: Story[] = [paid, expired, covered, cancelled, planDone, planStopped]
