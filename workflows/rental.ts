/**
 * One rental, from the keys to the last shilling of its deposit.
 *
 * on the road -> returned -> settled, or disputed and then settled.
 * - the desk: `returnVehicle` (update: may be refused) compares the car with how it left and says what is owed; `claimDamage` (update)
 *   adds what is found later, until it is settled.
 * - the customer: `agreeCharges` and `disputeCharges` (updates); a manager decides a dispute by `decideCharges` (update).
 * - the clock: a reminder before it is due, reminders while it is overdue, the deposit that nobody claims goes back by itself, and who says
 *   nothing for two days has agreed.
 * The rows decide; this story asks for one guarded step after the other and obeys what came back.
 */
import { allHandlersFinished, condition, ParentClosePolicy, startChild } from '@temporalio/workflow'
import { WorkflowIdReusePolicy } from '@temporalio/common'
import { chargeWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { RentalInput, RentalStatus, Settlement } from '../domain/rentals.ts'
import type { charge } from './charge.ts'
import { createParking } from './parking.ts'
import { books } from './proxies.ts'
import { showRental } from './rental-display.ts'
import { registerHandlers, type RentalStory } from './rental-handlers.ts'
import { helpStranded } from './helping-stranded.ts'
import { startRefund } from './starting-refunds.ts'

export type RentalOutcome = { status: RentalStatus }

export async function rental(input: RentalInput): Promise<RentalOutcome> {
  const story: RentalStory = {
    input,
    parking: createParking(),
    status: 'on_the_road',
    overdue: false,
    returned: null,
    returnedAt: 0,
    restIsBack: false,
    settling: null,
    over: false,
  }
  registerHandlers(story)
  await drive(story)
  await helpStranded(story.parking, story.returned?.stranded ?? null)
  await waitForAnswers(story)
  await settle(story)
  story.over = true
  await condition(allHandlersFinished)
  return { status: story.status }
}

/** Until the car is back: told before it is due, and again and again once it is overdue; nothing is told any more once it is back. */
async function drive(story: RentalStory): Promise<void> {
  const { input } = story
  const dueAt = Date.parse(input.dueAt)
  const isBack = () => story.returned !== null
  showRental(story)
  if (await waitUntil(dueAt - input.policy.reminderMs, isBack)) return
  await tell(story, 'remind of the return', () => books.remindOfReturn(input.rentalId))
  if (await waitUntil(dueAt + input.graceMs, isBack)) return
  for (let next = Date.now(); !isBack(); next += input.policy.overdueEveryMs) {
    story.overdue = true
    showRental(story)
    await tell(story, 'say that it is overdue', () => books.tellOverdue(input.rentalId))
    await waitUntil(next + input.policy.overdueEveryMs, isBack)
  }
}

/** Nobody is told of a car that came back in this moment: the row knows. */
const tell = async (story: RentalStory, what: string, run: () => Promise<void>): Promise<void> => {
  if (story.returned === null) await story.parking.insist(what, run)
}

/** True when it happened; false when the time had come before. */
const waitUntil = async (at: number, happened: () => boolean): Promise<boolean> => {
  const left = at - Date.now()
  if (left > 0) await condition(happened, left)
  return happened()
}

/** What nobody claims goes back after a while, whatever is argued about the rest. */
async function waitForAnswers(story: RentalStory): Promise<void> {
  const { policy } = story.input
  const release = story.returnedAt + policy.releaseMs
  const silent = () => Math.max(story.returnedAt, story.claimedAt ?? 0) + policy.answerMs
  const decided = () => story.settling !== null
  showRental(story)
  if (nothingAsked(story)) {
    // A while all the same, in which somebody may look at the car by daylight.
    await waitUntil(release, decided)
    if (nothingAsked(story)) story.settling ??= { actorId: 'gari', how: 'silent' }
  }
  while (!decided()) {
    if (!story.restIsBack && Date.now() >= release) await releaseRest(story)
    else if (story.status === 'disputed' && story.restIsBack) await condition(decided)
    else if (story.status !== 'disputed' && Date.now() >= silent())
      story.settling ??= { actorId: 'gari', how: 'silent' }
    else await waitForMore(story, story.restIsBack ? silent() : Math.min(release, silent()))
  }
}

const nothingAsked = (story: RentalStory): boolean => story.returned?.total === 0

/** Until the moment, or something was said. */
async function waitForMore(story: RentalStory, until: number): Promise<void> {
  const [status, total] = [story.status, story.returned?.total]
  const changed = () =>
    story.settling !== null || story.status !== status || story.returned?.total !== total
  await condition(changed, Math.max(1, until - Date.now()))
}

async function releaseRest(story: RentalStory): Promise<void> {
  const refunds = await story.parking.insist('let go what nobody claims of the deposit', () =>
    books.releaseRest(story.input.rentalId),
  )
  story.restIsBack = true
  await sendBack(story, refunds)
}

async function settle(story: RentalStory): Promise<void> {
  const { rentalId } = story.input
  const settling = story.settling ?? { actorId: 'gari', how: 'silent' as const }
  const settled = await story.parking.insist('settle the deposit', () =>
    books.settleRental({ rentalId, ...settling }),
  )
  story.status = settled.status
  showRental(story)
  await sendBack(story, settled.refunds)
  if (settled.owedCharge) {
    const { chargeId } = settled.owedCharge
    await startChild<typeof charge>('charge', {
      workflowId: chargeWorkflowId(chargeId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.business,
      args: [settled.owedCharge],
      staticSummary: settled.owedCharge.description,
    })
  }
}

/** Each part of the deposit has a refund of its own, which runs to its end whatever becomes of us. */
async function sendBack(story: RentalStory, refunds: Settlement['refunds']): Promise<void> {
  const why = `deposit of ${story.input.number}`
  for (const { refundId, paymentId, amount } of refunds)
    await startRefund(paymentId, why, 'gari', story.input.number, refundId, amount)
}
