/**
 * Collecting: take this amount from these people until this deadline.
 *
 * Shared by everything that is sold. It knows the total, what is settled, and which prompts are out; it starts
 * one `payment` child for each request and hands the results to its owner, who alone emits events.
 * Balance = total - settled, and what is on somebody's phone right now cannot be asked for twice.
 */
import {
  condition,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
  type ChildWorkflowHandle,
} from '@temporalio/workflow'
import { TypedSearchAttributes } from '@temporalio/common'
import { paymentWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { cents, formatKes, isWholeShillings, toShillings, type Cents } from '../domain/money.ts'
import {
  MAXIMUM_PUSH,
  MINIMUM_PUSH,
  PROMPT_LIFE_MS,
  type PaymentInput,
  type PaymentResult,
} from '../domain/payments.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { bookedAmount, changeFor, type TenderInput, type TenderRequest } from '../domain/tenders.ts'
import type { payment } from './payment.ts'
import { refuse } from './refusing.ts'
import { AMOUNT_KES, BOOKING_NUMBER, CUSTOMER_ID, PHONE_HASH } from './search-attributes.ts'

type OpenPush = { phone: string; amount: Cents; since: number; result: Promise<void> }

export type Collecting = {
  total: Cents
  paid: Cents
  /** Milliseconds since the epoch. */
  deadline: number
  open: Map<string, OpenPush>
  /** Results that the owner has not looked at yet. */
  results: PaymentResult[]
}

export const startCollecting = (total: Cents, paid: Cents, deadline: number): Collecting => ({
  total,
  paid,
  deadline,
  open: new Map(),
  results: [],
})

export const balanceOf = (state: Collecting): Cents => cents(state.total - state.paid)

/** Prompts that may still be paid. One that outlived every prompt no longer stands in anybody's way. */
export const livePushes = (state: Collecting): OpenPush[] =>
  [...state.open.values()].filter((push) => Date.now() - push.since < PROMPT_LIFE_MS)

export const openAmount = (state: Collecting): Cents =>
  cents(livePushes(state).reduce((sum, push) => sum + push.amount, 0))

const refuseAbove = (free: Cents) =>
  refuse(
    'AMOUNT_ABOVE_BALANCE',
    free > 0
      ? `Only ${formatKes(free)} is left to pay.`
      : 'Everything that is left is on somebody’s phone right now. Wait for the answer.',
  )
type Words = readonly [code: ErrorCode, message: string]
const BOOKING_PAID: Words = ['RESERVATION_PAID', 'This booking is already paid in full.']

/** For an update's validator: throws the refusal in the customer's words. */
export const assertMayRequest = (
  state: Collecting,
  phone: string,
  amount: Cents,
  whenPaid: Words = BOOKING_PAID,
): void => {
  const free = cents(balanceOf(state) - openAmount(state))
  if (!isWholeShillings(amount) || amount < MINIMUM_PUSH || amount > MAXIMUM_PUSH)
    refuse('AMOUNT_OUT_OF_RANGE', 'M-Pesa takes whole shillings from 1 to 250,000 at a time.')
  if (balanceOf(state) <= 0) refuse(...whenPaid)
  if (livePushes(state).some((push) => push.phone === phone))
    refuse('PUSH_OPEN', 'A request is already open on that phone. Answer it first.')
  if (amount > free) refuseAbove(free)
}

/** The same for what rings no phone. Cash may be more: the rest is change, or credit when the customer wants that. */
export const assertMayReceive = (
  state: Collecting,
  { amount, tender }: TenderRequest,
  whenPaid: Words = BOOKING_PAID,
): void => {
  const free = cents(balanceOf(state) - openAmount(state))
  if (!isWholeShillings(amount) || amount < MINIMUM_PUSH)
    refuse('AMOUNT_OUT_OF_RANGE', 'Write the amount in whole shillings, like 4,500.')
  if (tender.method === 'cash' && changeFor(amount, tender.given) === null)
    refuse('TENDER_REFUSED', 'This is less cash than the amount to pay.')
  if (balanceOf(state) <= 0) refuse(...whenPaid)
  if (amount > free) refuseAbove(free)
}

const watch = async (
  state: Collecting,
  paymentId: string,
  handle: ChildWorkflowHandle<typeof payment>,
) => {
  try {
    state.results.push(await handle.result())
  } catch {
    // Terminated by hand: what it settled, if anything, stands in the books and is counted from there.
    state.results.push({ outcome: 'unknown', paymentId })
  } finally {
    state.open.delete(paymentId)
  }
}

const booked = (input: PaymentInput | TenderInput): Cents =>
  'tender' in input ? bookedAmount(input) : input.amount

/** Starts the payment as a child that outlives us, because its money may come after our end. */
export async function requestMoney(
  state: Collecting,
  input: PaymentInput | TenderInput,
): Promise<void> {
  const push: OpenPush = {
    phone: 'phone' in input ? input.phone : '',
    amount: input.amount,
    since: Date.now(),
    result: Promise.resolve(),
  }
  state.open.set(input.paymentId, push)
  const handle = await startChild<typeof payment>('payment', {
    workflowId: paymentWorkflowId(input.paymentId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    taskQueue: TASK_QUEUES.payments,
    args: [input],
    staticSummary: `${formatKes(booked(input))} for ${input.ownerNumber}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: BOOKING_NUMBER, value: input.ownerNumber },
      { key: CUSTOMER_ID, value: input.customerId },
      { key: AMOUNT_KES, value: toShillings(booked(input)) },
      ...('phoneHash' in input && input.phoneHash
        ? [{ key: PHONE_HASH, value: input.phoneHash }]
        : []),
    ]),
  })
  push.result = watch(state, input.paymentId, handle)
}

/** Waits for a result or until the instant, whichever comes first; `interrupted` ends the wait early. */
export const waitForMoney = async (
  state: Collecting,
  until: number,
  interrupted: () => boolean,
): Promise<void> => {
  const left = Math.max(0, until - Date.now())
  await condition(() => state.results.length > 0 || interrupted(), left)
}
