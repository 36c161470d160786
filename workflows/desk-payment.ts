/**
 * One payment that rings no phone: cash, a card slip, a company's account, the customer's own credit, a bank transfer.
 *
 * All but the transfer are decided by one step in the books: taken or refused. A transfer is announced and then
 * waited for:
 * - `bankMoneyArrived` (signal, from the bank's list): the money is there.
 * - `confirmTransfer`, `withdrawTransfer` (updates, finance): it was seen by hand, or it will not come.
 * - the clock: after two weeks a person is asked to look; nobody but a person says that nothing came.
 * Money that comes after its owner's end goes to `lateMoney`, like every other.
 */
import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { formatKes } from '../domain/money.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import type { PaymentResult, PromptAnswer, SettleDecision } from '../domain/payments.ts'
import {
  bookedAmount,
  TRANSFER_LIMIT_MS,
  type TenderInput,
  type TransferFound,
} from '../domain/tenders.ts'
import { bankMoneyArrived, confirmTransfer, withdrawTransfer } from './desk-messages.ts'
import { createParking, type Parking } from './parking.ts'
import { awaitPrompt, paymentStatus } from './payment-messages.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'
import { NEEDS_ATTENTION } from './search-attributes.ts'
import { startLateMoney, tellOwner } from './telling-owners.ts'

type State = {
  input: TenderInput
  parking: Parking
  answer: PromptAnswer | null
  lines: string[]
  /** Of a transfer; null while it is waited for. */
  decided: SettleDecision | null
  awaited: boolean
  waitingFor: string
}

const describe = (state: State, waitingFor: string) => {
  state.waitingFor = waitingFor
  const amount = formatKes(bookedAmount(state.input))
  setCurrentDetails(`${amount} for ${state.input.ownerNumber}: ${waitingFor}`)
}

const assertAwaited = ({ awaited, decided }: State): void => {
  if (!awaited || decided !== null) refuse('NOT_FOUND', 'Nothing is waited for here any more.')
}

/** Refused by the books, it is waited for as before. */
async function settle({ input, parking }: State, found: TransferFound): Promise<SettleDecision> {
  const answer = await parking.insist('settle the transfer', () =>
    books.settleTransfer(input.paymentId, found),
  )
  return answer.outcome === 'needs_list' ? refuse('SECOND_PERSON', answer.why) : answer
}

function registerHandlers(state: State): void {
  const { paymentId } = state.input
  setHandler(awaitPrompt, async () => {
    await condition(() => state.answer !== null)
    return state.answer as PromptAnswer
  })
  setHandler(paymentStatus, () => state.waitingFor)
  setHandler(bankMoneyArrived, ({ bankLineId }) => {
    state.lines.push(bankLineId)
  })
  setHandler(
    confirmTransfer,
    async (seen) => (state.decided = await settle(state, { by: 'hand', ...seen })),
    { validator: (_said) => assertAwaited(state) },
  )
  setHandler(
    withdrawTransfer,
    async (why) =>
      (state.decided = await state.parking.insist('withdraw the transfer', () =>
        books.withdrawTransfer(paymentId, why),
      )),
    { validator: (_said) => assertAwaited(state) },
  )
}

export async function deskPayment(input: TenderInput): Promise<PaymentResult> {
  const state: State = {
    input,
    parking: createParking(),
    answer: null,
    lines: [],
    decided: null,
    awaited: false,
    waitingFor: 'writing it down',
  }
  registerHandlers(state)
  const result = await run(state)
  await condition(allHandlersFinished)
  return result
}

async function run(state: State): Promise<PaymentResult> {
  const { input, parking } = state
  const taken = await parking.insist('write the payment down', () => books.takePayment(input))
  state.answer =
    taken.outcome === 'refused' ? taken : { outcome: 'prompted', checkoutRequestId: null }
  if (taken.outcome === 'refused') return end(state, taken)
  if (taken.outcome === 'taken') return end(state, taken.decision)
  state.awaited = true
  // The hold is longer from now on.
  await tellOwner(input)
  return end(state, await awaitTransfer(state))
}

async function awaitTransfer(state: State): Promise<SettleDecision> {
  describe(state, 'waiting for the bank to show the transfer')
  const stirred = () => state.decided !== null || state.lines.length > 0
  if (!(await condition(stirred, TRANSFER_LIMIT_MS))) {
    describe(state, 'the transfer has not come in two weeks; finance confirms or withdraws it')
    upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: true }])
    await condition(stirred)
    upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: false }])
  }
  const [bankLineId] = state.lines
  if (state.decided || !bankLineId) return state.decided as SettleDecision
  return (state.decided = await settle(state, { by: 'line', bankLineId }))
}

async function end(state: State, decided: SettleDecision): Promise<PaymentResult> {
  const { paymentId } = state.input
  if (decided.outcome === 'undecided') return { outcome: 'unknown', paymentId }
  if (decided.outcome === 'refused') {
    describe(state, `refused: ${reasonSentence(decided.reason.code)}`)
    return { outcome: 'refused', paymentId, reason: decided.reason }
  }
  describe(state, 'paid')
  const { amount, ownerOpen } = decided
  if (!ownerOpen) await startLateMoney(paymentId, state.input.ownerNumber)
  else if (state.awaited) await tellOwner(state.input)
  return { outcome: 'settled', paymentId, amount, ownerOpen }
}
