/** Whoever waits for money hears that it has settled; what came too late gets a story that looks for its home. */
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow'
import { lateMoneyWorkflowId, ownerWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { PaymentPurpose } from '../domain/payments.ts'
import type { lateMoney } from './late-money.ts'
import { paymentSettled } from './reservation-messages.ts'
import { BOOKING_NUMBER } from './search-attributes.ts'

type Owned = { paymentId: string; purpose: PaymentPurpose; ownerId: string }

/**
 * Nothing is lost when nobody hears it: an owner that runs no more counts from the books when it begins again, and a
 * customer's credit has no story.
 */
export async function tellOwner({ purpose, ownerId, paymentId }: Owned): Promise<void> {
  const id = ownerWorkflowId(purpose, ownerId)
  if (!id) return
  const owner = getExternalWorkflowHandle(id)
  await owner.signal(paymentSettled, { paymentId }).catch(() => undefined)
}

const numbered = (value: string) => new TypedSearchAttributes([{ key: BOOKING_NUMBER, value }])

/** Resolves once it runs, which it does to its end whatever becomes of us. One that runs already has this money. */
export async function startLateMoney(paymentId: string, ownerNumber: string | null): Promise<void> {
  try {
    await startChild<typeof lateMoney>('lateMoney', {
      workflowId: lateMoneyWorkflowId(paymentId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.payments,
      args: [{ paymentId }],
      staticSummary: 'Money that came after the end of what it was for',
      ...(ownerNumber ? { typedSearchAttributes: numbered(ownerNumber) } : {}),
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
