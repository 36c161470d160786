/**
 * Money that came after the end of what it was for, or after we had taken it for refused.
 *
 * It first makes sure that the money is really there (a report alone proves nothing once the payment was
 * refused), then finds it a home: the booking if it is still open, the same car or category held again if it is
 * still free, another car that the customer may choose (late-offers.ts), or back to the customer, who is told in any
 * case. `lateReport` (signal, sent with the start) brings each report; contradictions park, because money that M-Pesa
 * says it took never ends as "no money".
 */
import {
  allHandlersFinished,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { chargeWorkflowId, reservationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { LateOffer } from '../domain/late-offers.ts'
import type { PushState } from '../domain/payments.ts'
import type { ReclaimedHome, ReservationInput } from '../domain/reservations.ts'
import { HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import { decideOffer, openOfferDesk, waitForDecision, type OfferDesk } from './late-offers.ts'
import { createParking, type Parking } from './parking.ts'
import { books, questions } from './proxies.ts'
import { paymentSettled } from './reservation-messages.ts'
import type { reservation } from './reservation.ts'
import { startRefund } from './starting-refunds.ts'

/** A signal: a report is a fact. It carries the id of the stored message. */
export const lateReport = defineSignal<[{ messageId: string }]>('lateReport')

export type LateMoneyInput = { paymentId: string }
export type LateMoneyOutcome = { outcome: 'counted' | 'rebooked' | 'refunding' | 'no_money' }
type State = {
  paymentId: string
  parking: Parking
  reports: string[]
  unread: boolean
  desk: OfferDesk
}
type Home = Exclude<ReclaimedHome, { outcome: 'offered' }>

const ASK_AGAIN_MS = 2 * MINUTE_MS
const ASK_FOR_MS = 24 * HOUR_MS
const RESUME_WAIT_MS = 2_000
const TRIES = 30

export async function lateMoney({ paymentId }: LateMoneyInput): Promise<LateMoneyOutcome> {
  const state: State = {
    paymentId,
    parking: createParking(),
    reports: [],
    unread: false,
    desk: openOfferDesk(),
  }
  setHandler(lateReport, ({ messageId }) => {
    state.reports.push(messageId)
    state.unread = true
  })
  const outcome = (await isHomeless(state)) ? await findHome(state) : 'no_money'
  await condition(allHandlersFinished)
  return { outcome }
}

/** True when the books hold the money as settled and nobody has counted it yet. */
async function isHomeless(state: State): Promise<boolean> {
  const { paymentId, parking } = state
  const standing = await parking.insist('read the payment', () => books.readDecision(paymentId))
  if (standing.outcome === 'settled') {
    await settleFromReports(state)
    return !standing.ownerOpen
  }
  if (state.reports.length === 0) return false
  setCurrentDetails('A report came for a payment that had ended; asking M-Pesa whether it is true')
  const verified = await parking.attempt(
    'verify the late report',
    () => verify(state),
    () => state.unread,
  )
  if (verified.by === 'step') return verified.value === 'paid'
  const { resolution } = verified
  const decision = await parking.insist('record how it was resolved', () =>
    books.resolvePayment(paymentId, resolution),
  )
  return decision.outcome === 'settled'
}

/** Throws when the reports and M-Pesa's answer cannot both be true: then a person looks. */
async function verify(state: State): Promise<'paid' | 'nothing'> {
  state.unread = false
  const claim = await books.readClaim(state.paymentId, state.reports)
  if (!claim.paid) {
    await settleFromReports(state)
    return 'nothing'
  }
  if (!claim.checkoutRequestId)
    throw new Error('this payment has no checkout request id to ask about')
  const answer = await askUntilDefinite(claim.checkoutRequestId)
  if (answer.outcome === 'refused')
    throw new Error('a report says it was paid, M-Pesa’s answer says it was not')
  if (await settleFromReports(state)) return 'paid'
  throw new Error('M-Pesa says it was paid, but no report fits what we asked for')
}

async function askUntilDefinite(checkoutRequestId: string): Promise<PushState> {
  const until = Date.now() + ASK_FOR_MS
  while (Date.now() < until) {
    const answer = await questions
      .queryStkPush(checkoutRequestId)
      .catch((): PushState => ({ outcome: 'unknown', why: 'no answer' }))
    if (answer.outcome === 'paid' || answer.outcome === 'refused') return answer
    await condition(() => false, ASK_AGAIN_MS)
  }
  throw new Error('M-Pesa has not said in a day whether this was paid')
}

/** All of them, in the order they came: a success behind a refusal still wins. */
async function settleFromReports({ paymentId, parking, reports }: State): Promise<boolean> {
  let settled = false
  for (const messageId of reports) {
    const decision = await parking.insist('read the late report', () =>
      books.settleFromMessage(paymentId, messageId),
    )
    settled ||= decision.outcome === 'settled'
  }
  return settled
}

async function findHome(state: State): Promise<LateMoneyOutcome['outcome']> {
  const { paymentId, parking } = state
  const found = await parking.attempt('find a home for late money', () => lookForHome(state))
  if (found.by === 'hand') return 'counted'
  const home = found.value
  if (home.outcome === 'open') return 'counted'
  if (home.outcome === 'reclaimed') {
    await parking.insist('resume the booking', () => resume(home.input, paymentId))
    return 'rebooked'
  }
  await startRefund(paymentId, 'the money came too late', 'late-money', home.ownerNumber)
  return 'refunding'
}

/**
 * A booking may close between our look and our word; then we look again, now it is closed. An offer is met here too:
 * only a new answer of the books leads there, so earlier histories replay as they are.
 */
async function lookForHome(state: State): Promise<Home> {
  const { paymentId, parking } = state
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const home = await parking.insist('look for a home', () => books.reclaimReservation(paymentId))
    if (home.outcome === 'offered') {
      const decided = await meetOffer(state, home.offer)
      if (decided) return decided
      continue
    }
    if (home.outcome !== 'open' || (await isToldTo(homeOf(home), paymentId))) return home
    await condition(() => false, MINUTE_MS)
  }
  throw new Error('the booking is open in the books, but nobody runs it')
}

/** Null when another payment's story has decided: then the books say what became of this one. */
async function meetOffer({ paymentId, parking, desk }: State, offer: LateOffer) {
  if (offer.paymentId !== paymentId) return waitForDecision(desk, offer)
  const decision = await decideOffer(desk, offer, parking)
  return decision.outcome === 'taken'
    ? ({ outcome: 'reclaimed', input: decision.input } as const)
    : ({ outcome: 'refund', ownerNumber: decision.ownerNumber } as const)
}

const homeOf = ({
  reservationId,
  chargeId,
}: Extract<ReclaimedHome, { outcome: 'open' }>): string =>
  chargeId ? chargeWorkflowId(chargeId) : reservationWorkflowId(reservationId)

/** False when nobody runs under this id. */
async function isToldTo(workflowId: string, paymentId: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(paymentSettled, { paymentId })
    return true
  } catch {
    return false
  }
}

/** The earlier run may still be closing; its end frees the id. One that stays is told instead. */
async function resume(input: ReservationInput, paymentId: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await startChild<typeof reservation>('reservation', {
        workflowId: reservationWorkflowId(input.reservationId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        taskQueue: TASK_QUEUES.business,
        args: [{ ...input, resumed: true }],
        staticSummary: 'Booked again: the money came late and the car was free',
      })
      return
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      if (tries >= TRIES && (await isToldTo(reservationWorkflowId(input.reservationId), paymentId)))
        return
      await condition(() => false, RESUME_WAIT_MS)
    }
  }
}
