/** Money whose payment is known is told to the payment; one whose story has ended is settled in the books here. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow'
import { paymentWorkflowId, refundWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { BankHandOver, HandOver } from '../domain/reconciliation.ts'
import { bankMoneyArrived } from './desk-messages.ts'
import type { Parking } from './parking.ts'
import type { paybillPayment } from './paybill-payment.ts'
import { receiptFound } from './payment-messages.ts'
import { books } from './proxies.ts'
import { lookNow } from './refund-messages.ts'
import { startLateMoney, tellOwner } from './telling-owners.ts'

export async function handOverMoney(money: HandOver, parking: Parking): Promise<void> {
  const { paymentId, receipt, amount, source } = money
  if (await tellPayment(paymentId, { receipt, amount, source })) return
  const decision = await parking.insist('settle money that was found', () =>
    books.settleFromReceipt(paymentId, { receipt, amount, source }),
  )
  if (decision.outcome !== 'settled') return
  if (decision.ownerOpen) await tellOwner(money)
  else await startLateMoney(paymentId, null)
  if (patched('refunds-hear-of-receipts')) await tellRefund(paymentId)
}

/** The same story as for a confirmation of money sent by hand; one that runs already knows more than we do. */
export async function startStoryOfMoney(storyId: string): Promise<void> {
  try {
    await startChild<typeof paybillPayment>('paybillPayment', {
      workflowId: paymentWorkflowId(storyId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ paymentId: storyId }],
      staticSummary: 'Money that was found in M-Pesa’s list',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** One that was withdrawn, and whose story has ended, comes home all the same. */
export async function handOverTransfer(found: BankHandOver, parking: Parking): Promise<void> {
  const { paymentId, lineId: bankLineId } = found
  if (await tellTransfer(paymentId, bankLineId)) return
  if (!patched('withdrawn-transfers-come-home')) return
  const decision = await parking.insist('settle a transfer that came after all', () =>
    books.settleTransfer(paymentId, { by: 'line', bankLineId }),
  )
  if (decision.outcome !== 'settled') return
  if (decision.ownerOpen) await tellOwner(found)
  else await startLateMoney(paymentId, null)
}

/** Its reversal may wait for this receipt; mostly there is none, and then nobody hears. */
async function tellRefund(paymentId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(refundWorkflowId(paymentId)).signal(lookNow)
  } catch {
    // It looks again by itself, if it is there at all.
  }
}

async function tellTransfer(paymentId: string, bankLineId: string): Promise<boolean> {
  try {
    const payment = getExternalWorkflowHandle(paymentWorkflowId(paymentId))
    await payment.signal(bankMoneyArrived, { bankLineId })
    return true
  } catch {
    return false
  }
}

async function tellPayment(
  paymentId: string,
  found: { receipt: string; amount: HandOver['amount']; source: HandOver['source'] },
): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(paymentWorkflowId(paymentId)).signal(receiptFound, found)
    return true
  } catch {
    return false
  }
}
