/** What can be said to money that was sent by hand, and why each is an update or a signal. */
import { defineSignal, defineUpdate } from '@temporalio/workflow'
import type { AllocatedMoney, Allocation, MoneyReturn } from '../domain/paybill.ts'

/** A signal: Safaricom's confirmation is a fact. It carries the id of the stored message, never its content. */
export const paybillReported = defineSignal<[{ messageId: string }]>('paybillReported')
/** An update: refused when somebody else was faster, or when what it should count for has ended. */
export const allocatePayment = defineUpdate<AllocatedMoney, [Allocation]>('allocatePayment')
/** An update: refused when the money has found its owner meanwhile. */
export const returnMoney = defineUpdate<void, [MoneyReturn]>('returnMoney')
