/**
 * The engine alone, in the shape of one booking: a parent with a local activity before its first answer, a child
 * on the second queue with three local activities, one regular one, an update and a signal, and one more local
 * activity in the parent when the child has ended; and the invoice that follows, with one regular activity and four local
 * ones. The phone answers while the push is still on its way back, as Gari's does in the benches: then a report mostly needs no
 * workflow task of its own. No database, no HTTP, no encryption.
 */
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import {
  AMOUNT_KES,
  BOOKING_NUMBER,
  BUSINESS_STATUS,
  VEHICLE_PLATE,
} from '../../workflows/search-attributes.ts'

type Steps = Record<'step' | 'push' | 'confirmed', (what: string) => Promise<void>>
const local = proxyLocalActivities<Steps>({ startToCloseTimeout: '10 seconds' })
const regular = proxyActivities<Steps>({ startToCloseTimeout: '40 seconds' })

export const bareHold = defineUpdate<string>('bareHold')
export const barePay = defineUpdate<void>('barePay')
export const barePrompt = defineUpdate<string>('barePrompt')
export const bareReport = defineSignal('bareReport')
const bareMoved = defineSignal('bareMoved')

const PERIOD_MS = 3_600_000

export async function bareBooking(id: string, paymentQueue: string): Promise<void> {
  let held = false
  const payments: Promise<unknown>[] = []
  setHandler(bareHold, async () => {
    await condition(() => held)
    return id
  })
  setHandler(barePay, async () => {
    const child = await startChild(barePayment, {
      workflowId: `bare-payment:${id}`,
      taskQueue: paymentQueue,
      args: [id],
      parentClosePolicy: 'ABANDON',
      staticSummary: 'a payment',
    })
    payments.push(child.result())
  })
  await local.step('hold')
  held = true
  upsertSearchAttributes([
    { key: BOOKING_NUMBER, value: id },
    { key: VEHICLE_PLATE, value: id },
    { key: BUSINESS_STATUS, value: 'pending' },
    { key: AMOUNT_KES, value: 1 },
  ])
  setCurrentDetails('waiting for money')
  await condition(() => payments.length > 0, PERIOD_MS)
  await Promise.all(payments)
  await local.confirmed(id)
  setCurrentDetails('confirmed')
  await condition(() => false, PERIOD_MS)
}

export async function barePayment(id: string): Promise<string> {
  let prompted = false
  let reported = false
  setHandler(barePrompt, async () => {
    await condition(() => prompted)
    return 'prompted'
  })
  setHandler(bareReport, () => {
    reported = true
  })
  await local.step('open')
  await regular.push(id)
  await local.step('prompt')
  prompted = true
  await condition(() => reported, PERIOD_MS)
  await local.step('settle')
  return 'settled'
}

export async function bareInvoice(): Promise<string> {
  setHandler(bareMoved, () => undefined)
  await local.step('issue')
  await regular.step('register')
  await local.step('record')
  await local.step('mail')
  setCurrentDetails('issued')
  await local.step('look')
  return 'paid'
}
