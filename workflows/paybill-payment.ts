/**
 * Money that somebody sent to our paybill by hand. Its id follows from M-Pesa's receipt, so a repeat meets this story.
 *
 * (looking) -> settled | waiting for a prompt | unmatched -> settled | on its way back.
 * - `paybillReported` (signal, from Daraja's door): a confirmation was stored. A fact, so it cannot be refused.
 * - the clock: a prompt for the same amount was on a phone, and this may be its money; we look again until that is
 *   known. Money that nobody has claimed for a day needs attention.
 * - finance: `allocatePayment` says whose it is, `returnMoney` sends it back; the first of them wins.
 * The row in the books decides; this story never ends as failed, and never while its money has no owner.
 */
import {
  allHandlersFinished,
  condition,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { formatKes } from '../domain/money.ts'
import {
  ESCALATE_AFTER_MS,
  type AllocatedMoney,
  type Allocation,
  type MoneyReturn,
  type PaybillStanding,
} from '../domain/paybill.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'
import { tellOfMoney, tellPrompt, type ByHandOwner } from './paybill-owner.ts'
import { allocatePayment, paybillReported, returnMoney } from './paybill-messages.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import { NEEDS_ATTENTION } from './search-attributes.ts'
import { startReturn } from './starting-returns.ts'

export type PaybillInput = { paymentId: string }
export type PaybillOutcome = { outcome: 'settled' | 'returned' | 'unreadable' }

/** Looks again after these, then every five minutes. */
const LOOKS_MS = [15_000, 15_000, 30_000, MINUTE_MS, 2 * MINUTE_MS]
const LAST_LOOK_MS = 5 * MINUTE_MS

type State = {
  paymentId: string
  parking: Parking
  reports: string[]
  standing: PaybillStanding | null
  looks: number
  /** A person's decision is being carried out, or was. */
  decided: boolean
  unmatchedSince: number | null
  escalated: boolean
  outcome: PaybillOutcome['outcome'] | null
}

export async function paybillPayment({ paymentId }: PaybillInput): Promise<PaybillOutcome> {
  const state: State = {
    paymentId,
    parking: createParking(),
    reports: [],
    standing: null,
    looks: 0,
    decided: false,
    unmatchedSince: null,
    escalated: false,
    outcome: null,
  }
  setHandler(paybillReported, ({ messageId }) => void state.reports.push(messageId))
  setHandler(allocatePayment, (wish) => allocate(state, wish), {
    validator: (_wish) => refuseWhenDecided(state),
  })
  setHandler(returnMoney, (wish) => giveBack(state, wish), {
    validator: (_wish) => refuseWhenDecided(state),
  })
  const outcome = await run(state)
  state.outcome = outcome
  if (state.escalated) markAttention(false)
  await condition(allHandlersFinished)
  return { outcome }
}

async function run(state: State): Promise<PaybillOutcome['outcome']> {
  for (;;) {
    await condition(() => !state.decided || state.outcome !== null)
    if (state.outcome) return state.outcome
    const before = state.standing
    const standing = await look(state)
    if (standing.standing === 'settled') return settled(standing, before)
    if (standing.standing === 'returned') return 'returned'
    if (standing.standing === 'unreadable') return unreadable(state, standing.why)
    await waitForNews(state, standing)
  }
}

/** Every report is read; the last word is what the books say then. */
async function look(state: State): Promise<PaybillStanding> {
  state.looks += 1
  const messageId = state.reports.shift() ?? null
  const standing = await state.parking.insist('match the money', () =>
    books.matchPaybill(state.paymentId, messageId),
  )
  state.standing = standing
  return state.reports.length > 0 ? look(state) : standing
}

type Settled = Extract<PaybillStanding, { standing: 'settled' }>

/** Its story may still watch a prompt whose money this was, and then learns of it here. */
async function settled(standing: Settled, before: PaybillStanding | null): Promise<'settled'> {
  setCurrentDetails('Counted in the books')
  if (before?.standing === 'waiting' && patched('tell-the-prompt'))
    await tellPrompt(standing.paymentId, before)
  await tellOfMoney(standing)
  return 'settled'
}

/** A report that names no money is for a person to read; nothing was counted. */
async function unreadable(state: State, why: string): Promise<'unreadable'> {
  await state.parking.attempt('read a report about money', () => Promise.reject(new Error(why)))
  return 'unreadable'
}

type Homeless = Extract<PaybillStanding, { standing: 'unmatched' | 'waiting' }>

/** A prompt may claim it, a person may decide, or another report may come. */
async function waitForNews(state: State, standing: Homeless): Promise<void> {
  const { receipt, amount } = standing
  const why =
    standing.standing === 'waiting'
      ? 'may be the answer to a request on a phone'
      : 'nobody knows yet whose it is'
  setCurrentDetails(`${formatKes(amount)}, ${receipt}: ${why}`)
  await condition(() => state.decided || state.reports.length > 0, restOf(state, standing))
}

function restOf(state: State, { standing }: Homeless): number {
  if (standing === 'waiting') return LOOKS_MS[state.looks - 1] ?? LAST_LOOK_MS
  state.unmatchedSince ??= Date.now()
  const left = state.unmatchedSince + ESCALATE_AFTER_MS - Date.now()
  if (left > 0) return Math.min(left, HOUR_MS)
  if (!state.escalated) markAttention(true)
  state.escalated = true
  return DAY_MS
}

const markAttention = (needed: boolean) =>
  upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: needed }])

const refuseWhenDecided = ({ decided, outcome, standing }: State): void => {
  if (decided || outcome || standing?.standing === 'settled' || standing?.standing === 'returned')
    refuse('MONEY_TAKEN', 'Somebody else has decided about this money already.')
  if (standing?.standing === 'waiting')
    refuse(
      'MONEY_WAITING',
      'This may be the answer to a request on a phone. We know within a few minutes.',
    )
}

/** An update may come with the start, before the first look. One decision is carried out at a time. */
async function decide<T>(state: State, carryOut: () => Promise<T>): Promise<T> {
  await condition(() => state.standing !== null)
  refuseWhenDecided(state)
  state.decided = true
  try {
    return await carryOut()
  } finally {
    state.decided = state.outcome !== null
  }
}

const allocate = (state: State, wish: Allocation): Promise<AllocatedMoney> =>
  decide(state, async () => {
    const answer = await state.parking.insist('count the money', () =>
      books.allocateMoney(state.paymentId, wish),
    )
    if (answer.outcome === 'refused') return refuse(answer.code, answer.why)
    const { paymentId, applied, credited, told } = answer
    const owner: ByHandOwner = { paymentId, ownerOpen: true, told }
    await tellOfMoney(owner)
    setCurrentDetails('Counted by hand')
    state.outcome = 'settled'
    return { paymentId, applied, credited }
  })

/** A second person may have to agree, so the story goes on until the books say that the money is on its way back. */
const giveBack = (state: State, { actorId, why }: MoneyReturn): Promise<void> =>
  decide(state, async () => {
    const { paymentId, standing } = state
    const receipt = standing?.standing === 'unmatched' ? standing.receipt : nothingToReturn()
    await refuseSecondReturn(receipt)
    await startReturn({ paymentId, receipt, actorId, why })
  })

const nothingToReturn = () => refuse('NOT_FOUND', 'There is nothing to send back.')

/** One that waits for a second person, or is on its way: whoever asks again should hear so. */
async function refuseSecondReturn(receipt: string): Promise<void> {
  if (patched('a-second-return-is-refused') && (await books.isReturnAskedFor(receipt)))
    refuse('MONEY_TAKEN', 'Somebody has asked to send this money back already.')
}
