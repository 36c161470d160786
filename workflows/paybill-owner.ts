/** Money by hand that has found its owner: whoever waits for it is told, and what came too late looks for a home. */
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow'
import { lateMoneyWorkflowId, ownerWorkflowId, paymentWorkflowId } from '../domain/ids.ts'
import type { Cents } from '../domain/money.ts'
import type { SettledOwner } from '../domain/paybill.ts'
import type { lateMoney } from './late-money.ts'
import { receiptFound } from './payment-messages.ts'
import { paymentSettled } from './reservation-messages.ts'
import { BOOKING_NUMBER } from './search-attributes.ts'

export type ByHandOwner = { paymentId: string; ownerOpen: boolean; told: SettledOwner }

/** A booking that runs no more counts from the books when it begins again. */
export async function tellOfMoney({ paymentId, ownerOpen, told }: ByHandOwner): Promise<void> {
  if (!told) return
  if (!ownerOpen) return startLateMoney(paymentId, told.number)
  const id = ownerWorkflowId(told.purpose, told.ownerId)
  if (!id) return
  const owner = getExternalWorkflowHandle(id)
  await owner.signal(paymentSettled, { paymentId }).catch(() => undefined)
}

type Found = { receipt: string; amount: Cents }

/** A prompt's story that has ended knows already. */
export async function tellPrompt(paymentId: string, { receipt, amount }: Found): Promise<void> {
  const story = getExternalWorkflowHandle(paymentWorkflowId(paymentId))
  const found = { receipt, amount, source: 'confirmation' } as const
  await story.signal(receiptFound, found).catch(() => undefined)
}

async function startLateMoney(paymentId: string, number: string): Promise<void> {
  try {
    await startChild<typeof lateMoney>('lateMoney', {
      workflowId: lateMoneyWorkflowId(paymentId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ paymentId }],
      staticSummary: 'Money that came after the end of what it was for',
      typedSearchAttributes: new TypedSearchAttributes([{ key: BOOKING_NUMBER, value: number }]),
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
