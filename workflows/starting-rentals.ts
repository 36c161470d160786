/** Starting a rental: it outlives its booking’s story, and a second attempt meets the first. */
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow'
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { rentalWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { StartedRental } from '../domain/rentals.ts'
import type { rental } from './rental.ts'
import { BOOKING_NUMBER, CUSTOMER_ID, VEHICLE_PLATE } from './search-attributes.ts'

/** Wrapped, so that waiting for its beginning is not waiting for its end. */
export type Drive = { ended: Promise<unknown> }

/** Resolves once it runs, with what ends when it does. */
export async function startDrive(started: StartedRental): Promise<Drive> {
  const { outcome: _outcome, ...input } = started
  try {
    const handle = await startChild<typeof rental>('rental', {
      workflowId: rentalWorkflowId(input.rentalId),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      taskQueue: TASK_QUEUES.business,
      args: [input],
      staticSummary: `${input.plate} for ${input.reservationNumber}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: BOOKING_NUMBER, value: input.reservationNumber },
        { key: CUSTOMER_ID, value: input.customerId },
        { key: VEHICLE_PLATE, value: input.plate },
      ]),
    })
    // Terminated by hand it is for people to see to; the booking does not fail with it.
    return { ended: handle.result().catch(() => null) }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    return { ended: Promise.resolve() }
  }
}
