/** Money that comes when its booking has ended: the car is still free, another one is offered, or nothing came at all. */
import { randomUUID } from 'node:crypto'
import { createSecretPaths } from '../../../gateways/secret-paths.ts'
import { lateMoneyWorkflowId, reservationWorkflowId } from '../../../domain/ids.ts'
import { control } from '../../support/customer.ts'
import { visitorOf } from '../../support/office.ts'
import type { Way } from './saving.ts'
import { awaitRow, book, MINUTES, pay, untilPayment, type Stage, type Story } from './stage.ts'

const of = (name: string, paymentId: string): Way => ({
  name: `late-money-${name}`,
  workflowId: lateMoneyWorkflowId(paymentId),
})
/** The hold lasts a minute; the money comes this long after the network said that it is lost. */
const PAYS_AFTER_MS = 100_000
const LATE = {
  on: ['stk-push'],
  lostCode: 1037,
  resultAfterMs: 200,
  paysAfterLostMs: PAYS_AFTER_MS,
}

async function paidTooLate(stage: Stage, over: object = {}) {
  const held = await book(stage, over)
  const paymentId = await pay(stage, { held, how: LATE })
  await untilPayment(stage, paymentId, 'failed')
  const { run } = await firstRun(stage, held.id)
  await stage.customer.until(held.id, 'cancelled', MINUTES)
  return { held, paymentId, run }
}
/** The booking may begin again under the same id, so its first run is remembered. */
async function firstRun({ client }: Stage, id: string) {
  const { runId } = await client.workflow.getHandle(reservationWorkflowId(id)).describe()
  return { run: runId }
}

const rebooked: Story = async (stage) => {
  const { held, paymentId, run } = await paidTooLate(stage)
  await stage.customer.until(held.id, 'confirmed', MINUTES)
  const workflowId = reservationWorkflowId(held.id)
  return [
    of('rebooked-on-the-same-car', paymentId),
    { name: 'reservation-expired-unpaid', workflowId, runId: run },
    { name: 'reservation-resumed-by-late-money', workflowId },
  ]
}

/** Everybody who still can takes a car of this category. */
async function takeAllCars(stage: Stage, wish: Record<string, string>): Promise<void> {
  const parties = [{ name: 'Somebody', phone: '0733900999' }]
  for (;;) {
    const { status } = await stage.customer.reserve({ ...wish, parties }, randomUUID())
    if (status === 409) return
    if (status !== 201 && status !== 202) throw new Error(`taking all cars: ${status}`)
  }
}

/** Chosen by the link of the SMS. */
async function choose(stage: Stage, paymentId: string, choice: string): Promise<void> {
  const token = createSecretPaths(stage.stack.callbackSecret).token('late', paymentId)
  const page = `/late/${paymentId}/${token}`
  const visitor = visitorOf(stage.stack)
  await visitor.get(page)
  const { status } = await visitor.post(page, { choice })
  if (status !== 303) throw new Error(`the choice was answered with ${status}`)
}

type Trip = { category: string; pickup_location: string; return_location: string }
const offered =
  (name: string, trip: Trip, choiceOf: (option: string) => string): Story =>
  async (stage) => {
    const { held, paymentId } = await paidTooLate(stage, trip)
    const { pickup_at, return_at } = (await stage.customer.read(held.id)) as unknown as Period
    await takeAllCars(stage, { ...trip, pickup_at, return_at })
    const option = await awaitRow<{ id: string }>(
      stage,
      'the offer',
      `SELECT o.id FROM late_offer_options o JOIN late_offers f ON f.id = o.offer_id
       WHERE f.payment_id = $1 AND f.status = 'open' ORDER BY o.position`,
      [paymentId],
    )
    await choose(stage, paymentId, choiceOf(option.id))
    return [of(name, paymentId)]
  }
type Period = { pickup_at: string; return_at: string }
const at = (place: string, category: string): Trip => ({
  category,
  pickup_location: place,
  return_location: place,
})

/** Somebody claims a success that never was; M-Pesa says so. */
const nothingCame: Story = async (stage) => {
  const held = await book(stage)
  const paymentId = await pay(stage, { held, how: { resultCode: 1032 } })
  await untilPayment(stage, paymentId, 'failed')
  const { checkout_request_id: checkoutRequestId } = await stage.customer.payment(paymentId)
  await control(stage.stack, 'POST', '/callbacks/forge', { checkoutRequestId, resultCode: 1037 })
  const told = 'SELECT 1 FROM provider_messages WHERE subject_id = $1 AND delivered_at IS NOT NULL'
  await awaitRow(stage, 'the second report', `${told} OFFSET 1`, [paymentId])
  return [of('nothing-came', paymentId)]
}

export const lateStories: Story[] = [
  rebooked,
  offered('another-car-taken', at('MBA-NYALI', 'SEDAN'), (option) => option),
  offered('another-car-refused', at('MBA-NYALI', 'ECONOMY'), () => 'refund'),
  nothingCame,
]
