/**
 * One reservation, from the wish to the end of the rental period.
 *
 * pending -> processing (something paid) -> confirmed -> in_progress -> completed; cancelled and expired are the other ends.
 * - page or API: `awaitHold` (update, sent with the start) waits for "held" or "refused".
 * - a party: `requestPayment` (update: may be refused) starts a payment child; its result comes back to us.
 *   `declineShare` (update) says "not me"; when everybody has said so and nothing is paid, it is over.
 * - the desk, or the customer with credit: `receivePayment` (update) takes what rings no phone, in the same way.
 * - customer or desk: `cancelReservation` (update: may be refused once it has ended).
 * - the desk: `pickUp` (update: may be refused) hands over the keys; from then on `rental`, a child of this story, tells what happens.
 * - late money: `paymentSettled` (signal: a fact) when a payment thought refused turned out paid.
 * - the clock: reminder, deadline, end of the period.
 * The rows decide; this story asks for one guarded step after the other and obeys what came back.
 */
import { allHandlersFinished, condition, patched } from '@temporalio/workflow'
import type { Cents } from '../domain/money.ts'
import { isPayable, type ReservationInput, type ReservationStatus } from '../domain/reservations.ts'
import { livePushes, startCollecting, waitForMoney } from './collecting.ts'
import { createCompensations } from './compensations.ts'
import { helpStranded } from './helping-stranded.ts'
import { createParking } from './parking.ts'
import { books } from './proxies.ts'
import { startRefund } from './starting-refunds.ts'
import { showProgress, showReservation } from './reservation-display.ts'
import { registerHandlers, type End, type Story } from './reservation-handlers.ts'

export type ReservationOutcome = { status: ReservationStatus | 'refused' }

export async function reservation(input: ReservationInput): Promise<ReservationOutcome> {
  const story: Story = {
    input,
    parking: createParking(),
    answer: null,
    number: '',
    status: 'pending',
    money: startCollecting(0 as Cents, 0 as Cents, 0),
    // Prompts of an earlier run may have been paid while nobody ran.
    toldOfMoney: input.resumed === true && patched('count-when-resumed'),
    reminded: false,
    end: null,
    ended: null,
    drive: null,
    handingOver: 0,
    over: false,
  }
  registerHandlers(story)

  const outcome = await run(story)
  story.over = true
  await condition(allHandlersFinished)
  return outcome
}

async function run(story: Story): Promise<ReservationOutcome> {
  const undo = createCompensations(story.parking)
  undo.register('end the booking, free the car and give the money back', () => endBooking(story))

  const held = await hold(story)
  if (!held) return { status: 'refused' }
  showReservation(story.answer)

  await collectUntilPaidOrOver(story)
  if (!story.end) await waitForTheEndOfThePeriod(story)
  if (story.end) {
    await undo.unwind()
    return { status: story.status }
  }
  if (story.drive) await story.drive.ended
  // With the car back it is complete already; then this changes nothing.
  await story.parking.insist('complete the booking', () =>
    books.completeReservation(story.input.reservationId),
  )
  story.status = 'completed'
  return { status: 'completed' }
}

/** Holds the car, or reads what already stands when the story is resumed. */
async function hold(story: Story): Promise<boolean> {
  const answer = await story.parking.insist('hold the car', () =>
    books.holdReservation(story.input),
  )
  story.answer = answer
  if (answer.outcome === 'refused') return false
  story.number = answer.number
  story.status = answer.status
  const paid = (answer.total - answer.balance) as Cents
  story.money = startCollecting(answer.total, paid, Date.parse(answer.holdExpiresAt))
  return true
}

async function collectUntilPaidOrOver(story: Story): Promise<void> {
  const { money } = story
  while (isPayable(story.status) && !story.end) {
    showProgress(story.status, money)
    await waitForMoney(money, nextMoment(story), () => story.end !== null || story.toldOfMoney)
    if (money.results.length > 0 || story.toldOfMoney) await countMoney(story)
    else if (Date.now() >= money.deadline) await meetDeadline(story)
    else if (dueForReminder(story)) await remind(story)
  }
  showProgress(story.status, money)
}

const reminderAt = (story: Story): number => story.money.deadline - story.input.policy.reminderMs

const dueForReminder = (story: Story): boolean =>
  story.status === 'processing' && !story.reminded && Date.now() >= reminderAt(story)

const nextMoment = (story: Story): number =>
  story.status === 'processing' && !story.reminded && reminderAt(story) > 0
    ? Math.min(reminderAt(story), story.money.deadline)
    : story.money.deadline

async function countMoney(story: Story): Promise<void> {
  story.money.results.length = 0
  story.toldOfMoney = false
  const { reservationId, policy } = story.input
  const progress = await story.parking.insist('count the money', () =>
    books.progressReservation(reservationId, policy),
  )
  story.status = progress.status
  story.money.paid = progress.paid
  story.money.deadline = Date.parse(progress.holdExpiresAt)
}

async function remind(story: Story): Promise<void> {
  story.reminded = true
  await story.parking.insist('remind everybody', () =>
    books.remindReservation(story.input.reservationId),
  )
}

/** A prompt that is on somebody's phone right now gets its last moment before the booking ends. */
async function meetDeadline(story: Story): Promise<void> {
  const { money, input } = story
  if (livePushes(money).length > 0) {
    const grace = money.deadline + input.policy.promptGraceMs
    await waitForMoney(money, grace, () => story.end !== null || story.toldOfMoney)
    if (money.results.length > 0 || story.toldOfMoney) return countMoney(story)
  }
  // The books may know of money that nobody told us about.
  if (patched('count-at-the-deadline')) await countMoney(story)
  if (!isPayable(story.status) || Date.now() < money.deadline) return
  if (patched('hold-through-outages') && (await extendThroughOutage(story))) return
  if (story.input.mode === 'all_or_nobody' && (await waitForCover(story))) return
  story.end ??= { reason: 'deadline', actorId: 'clock', note: null }
}

/** All or nobody: when somebody has paid and somebody has not, the others may take that share over for a while. */
async function waitForCover(story: Story): Promise<boolean> {
  const until = await story.parking.insist('look who has not paid', () =>
    books.openCover('reservation', story.input.reservationId),
  )
  if (until) story.money.deadline = Date.parse(until)
  return until !== null
}

/** Nobody could pay: the car stays theirs until M-Pesa is back and they have had their time. */
async function extendThroughOutage(story: Story): Promise<boolean> {
  const until = await story.parking.insist('look whether M-Pesa was away', () =>
    books.extendForOutage(story.input.reservationId),
  )
  if (until) story.money.deadline = Date.parse(until)
  return until !== null
}

async function waitForTheEndOfThePeriod(story: Story): Promise<void> {
  const left = Date.parse(story.input.trip.returnAt) - Date.now()
  await condition(() => story.end !== null || story.drive !== null, Math.max(1, left))
  // Keys that are handed over in the last moment.
  await condition(() => story.handingOver === 0)
}

/** One transaction ends the booking and says which payments must go back; each gets its own refund. */
async function endBooking(story: Story): Promise<void> {
  const end = story.end as End
  const ended = await books.endReservation({ reservationId: story.input.reservationId, ...end })
  for (const { paymentId } of ended.refunds) {
    const why = `booking ${story.number} ended: ${end.reason}`
    await startRefund(paymentId, why, end.actorId, story.number)
  }
  story.status = ended.status
  story.ended = ended
  showProgress(story.status, story.money)
  await helpStranded(story.parking, ended.stranded ?? null)
}
