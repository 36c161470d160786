/** What can be said to a payment that is not a prompt, and why each is an update or a signal. */
import { defineSignal, defineUpdate } from '@temporalio/workflow'
import type { SettleDecision } from '../domain/payments.ts'

/** A signal: a line of the bank's list is a fact. It carries the id of the stored line. */
export const bankMoneyArrived = defineSignal<[{ bankLineId: string }]>('bankMoneyArrived')
/** An update: somebody of finance saw the money in the bank; refused when nothing is waited for. */
export const confirmTransfer = defineUpdate<
  SettleDecision,
  [{ reference: string; actorId: string }]
>('confirmTransfer')
/** An update: it will not come. Refused when it came already. */
export const withdrawTransfer = defineUpdate<SettleDecision, [{ reason: string; actorId: string }]>(
  'withdrawTransfer',
)
