/**
 * One charge: a deposit, damage, a sale, whatever is to be paid and is not a booking's price.
 *
 * open -> processing (something paid) -> paid; cancelled and expired are the other ends, and both give back.
 * - page or API: `awaitCharge` (update, sent with the start) waits for "opened" or "refused".
 * - the desk, or the customer with credit: `receivePayment` (update) takes what rings no phone, in the same way.
 * - a party: `requestPayment` (update) starts a payment child; `declineShare` (update) says "not me".
 * - all or nobody: `coverShare` and `shrinkOrder` (updates) settle what becomes of a share that was not paid.
 * - desk: `cancelCharge` (update). A paid charge has no story any more; cancelling it starts one (`resumed`).
 * - `paymentSettled` (signal: a fact) when money settled outside of our children.
 * - the clock: the deadline, and a while more when somebody has paid and somebody has not.
 */
import { allHandlersFinished, condition, upsertSearchAttributes } from '@temporalio/workflow'
import {
  hasChargeEnded,
  isPayableCharge,
  type ChargeInput,
  type ChargeStatus,
} from '../domain/charges.ts'
import { toShillings, type Cents } from '../domain/money.ts'
import { DEFAULT_POLICY } from '../domain/reservations.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { registerHandlers, type ChargeStory, type Ending } from './charge-handlers.ts'
import { livePushes, startCollecting, waitForMoney } from './collecting.ts'
import { createParking } from './parking.ts'
import { books } from './proxies.ts'
import { AMOUNT_KES, BOOKING_NUMBER } from './search-attributes.ts'
import { startRefund } from './starting-refunds.ts'

export type ChargeOutcome = { status: ChargeStatus | 'refused' }

/** A story begun again waits this long to be told what for. */
const RESUMED_WAIT_MS = MINUTE_MS
/** The pushes of somebody who pays in the last moment. */
const GRACE_MS = DEFAULT_POLICY.promptGraceMs

export async function charge(input: ChargeInput): Promise<ChargeOutcome> {
  const story: ChargeStory = {
    input,
    parking: createParking(),
    answer: null,
    number: '',
    status: 'open',
    money: startCollecting(0 as Cents, 0 as Cents, 0),
    toldOfMoney: input.resumed === true,
    end: null,
    ended: null,
    over: false,
  }
  registerHandlers(story)
  const outcome = await run(story)
  story.over = true
  await condition(allHandlersFinished)
  return outcome
}

async function run(story: ChargeStory): Promise<ChargeOutcome> {
  if (!(await open(story))) return { status: 'refused' }
  await collect(story)
  if (story.input.resumed && story.status === 'paid')
    await condition(() => story.end !== null, RESUMED_WAIT_MS)
  if (story.end && !hasChargeEnded(story.status)) await end(story, story.end)
  return { status: story.status }
}

async function open(story: ChargeStory): Promise<boolean> {
  const answer = await story.parking.insist('write the charge down', () =>
    books.openCharge(story.input),
  )
  if (answer.outcome === 'opened') {
    const { number, status, total, paid, dueAt } = answer
    Object.assign(story, { number, status })
    story.money = startCollecting(total, paid, Date.parse(dueAt))
    upsertSearchAttributes([
      { key: BOOKING_NUMBER, value: number },
      { key: AMOUNT_KES, value: toShillings(total) },
    ])
  }
  story.answer = answer
  return answer.outcome === 'opened'
}

async function collect(story: ChargeStory): Promise<void> {
  const { money } = story
  while (isPayableCharge(story.status) && !story.end) {
    await waitForMoney(money, money.deadline, () => story.end !== null || story.toldOfMoney)
    if (money.results.length > 0 || story.toldOfMoney) await count(story)
    else if (Date.now() >= money.deadline) await meetDeadline(story)
  }
}

async function count(story: ChargeStory): Promise<void> {
  story.money.results.length = 0
  story.toldOfMoney = false
  const progress = await story.parking.insist('count the money', () =>
    books.progressCharge(story.input.chargeId),
  )
  story.status = progress.status
  story.money.total = progress.total
  story.money.paid = progress.paid
  story.money.deadline = Date.parse(progress.dueAt)
}

async function meetDeadline(story: ChargeStory): Promise<void> {
  const { money } = story
  if (livePushes(money).length > 0) {
    const changed = () => story.end !== null || story.toldOfMoney
    await waitForMoney(money, money.deadline + GRACE_MS, changed)
  }
  // The books may know of money that nobody told us about.
  await count(story)
  if (!isPayableCharge(story.status) || Date.now() < money.deadline) return
  const until = await story.parking.insist('look who has not paid', () =>
    books.openCover('charge', story.input.chargeId),
  )
  if (until) money.deadline = Date.parse(until)
  else story.end ??= { reason: 'deadline', actorId: 'clock', note: null }
}

/** One transaction ends it and says which payments must go back; each gets its own refund. */
async function end(story: ChargeStory, ending: Ending): Promise<void> {
  const ended = await story.parking.insist('end the charge', () =>
    books.endCharge({ chargeId: story.input.chargeId, ...ending }),
  )
  for (const { paymentId } of ended.refunds) {
    const why = `charge ${story.number} ended: ${ending.reason}`
    await startRefund(paymentId, why, ending.actorId, story.number)
  }
  story.status = ended.status
  story.ended = ended
}
