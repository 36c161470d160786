/** What becomes of prompts. */
import { reservationWorkflowId } from '../../../domain/ids.ts'
import { select } from '../../../db/connection.ts'
import { compare } from '../../support/office.ts'
import { control } from '../../support/customer.ts'
import {
  awaitRow,
  book,
  bookAndPay,
  bookPaid,
  MINUTES,
  newPhone,
  ofPayment,
  pause,
  pay,
  untilPayment,
  type Stage,
  type Story,
} from './stage.ts'

const settled: Story = async (stage) => {
  const { held, paymentId } = await bookPaid(stage)
  const workflowId = reservationWorkflowId(held.id)
  return [
    ofPayment('settled-by-report', paymentId),
    { name: 'reservation-paid-and-waiting', workflowId },
  ]
}

/** All of these end with the money counted, each by another road. */
const ROADS = {
  'settled-by-question': { dropCallback: true },
  'settled-after-lost-answer': { breakAnswer: true, on: ['stk-push'], times: 1 },
  'settled-by-two-reports': { callbackCopies: 3, callbackReorderMs: 800 },
  'turned-away-then-settled': { fault: 'spike-arrest', on: ['stk-push'], times: 1 },
  'proved-by-status': { callbackAmountOffset: -1 },
} as const
const byRoad = Object.entries(ROADS).map(([name, how]): Story => async (stage) => {
  const { held, paymentId } = await bookAndPay(stage, how as object as Record<string, unknown>)
  await stage.customer.until(held.id, 'confirmed', MINUTES)
  return [ofPayment(name, paymentId)]
})

/** Cancelled by the person, and M-Pesa being busy: then the phone rests before it may be asked again. */
const refusedThenPaid: Story = async (stage) => {
  const held = await book(stage)
  const phone = newPhone()
  const refused = async (resultCode: number) => {
    const id = await pay(stage, { held, phone, how: { resultCode, times: 1 } })
    await untilPayment(stage, id, 'failed')
    return id
  }
  const cancelled = await refused(1032)
  const busy = await refused(26)
  await stage.customer.cancel(held.id)
  return [ofPayment('refused-by-the-person', cancelled), ofPayment('refused-for-a-while', busy)]
}

/** Neither report nor answer says anything; M-Pesa's list names the receipt. */
const fromTheList: Story = async (stage) => {
  const how = { dropCallback: true, queryHiccup: true }
  const { held, paymentId } = await bookAndPay(stage, how)
  const paid = "SELECT 1 FROM payments WHERE id = $1 AND status = 'prompted'"
  await awaitRow(stage, 'the prompt is out', paid, [paymentId])
  await pause(PAID_MS)
  await compare(stage.finance, 'pull')
  await sixMinutesLater(stage, paymentId)
  await compare(stage.finance, 'pull')
  await stage.customer.until(held.id, 'confirmed', MINUTES)
  return [ofPayment('settled-from-the-list', paymentId)]
}
const PAID_MS = 3_000

/** A line is believed when its report had its time; nobody wants to wait for that here. */
async function sixMinutesLater({ db }: Stage, paymentId: string): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - interval '6 minutes'`
  await select(db, `UPDATE provider_lines SET ${earlier('at')} WHERE state = 'open' RETURNING id`)
  await select(
    db,
    `UPDATE payments SET ${earlier('requested_at')}, ${earlier('prompted_at')} WHERE id = $1 RETURNING id`,
    [paymentId],
  )
}

export const paymentStories: Story[] = [settled, ...byRoad, refusedThenPaid]
/** These change what all others meet, so each is played alone. */
export const lonelyStories: Story[] = [
  fromTheList,
  async (stage) => {
    const held = await book(stage)
    await control(stage.stack, 'POST', '/outage', { forMs: OUTAGE_MS })
    const phone = newPhone()
    const { body } = await stage.customer.pay(held.id, phone, held.balance_due)
    const paymentId = String(body['id'])
    await pause(OUTAGE_MS)
    const waiting = "SELECT 1 FROM payments WHERE id = $1 AND status = 'prompted'"
    await awaitRow(stage, 'the request went out', waiting, [paymentId])
    await control(stage.stack, 'POST', `/phones/${phone}/answer`, { pin: '1234' })
    await stage.customer.until(held.id, 'confirmed', MINUTES)
    return [ofPayment('queued-while-away', paymentId)]
  },
]
const OUTAGE_MS = 12_000
