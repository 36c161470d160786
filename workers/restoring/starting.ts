/** Stories begin again from their rows, in the ways that the product has for that; never two of one id. */
import type { Client, WorkflowStartOptions } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import type { PaymentRow } from '../../db/payment-rows.ts'
import type { RefundRow } from '../../db/refund-rows.ts'
import { paymentWorkflowId, refundWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { toShillings } from '../../domain/money.ts'
import type { PaymentInput } from '../../domain/payments.ts'
import type { RefundInput } from '../../domain/refunds.ts'
import type { TenderInput } from '../../domain/tenders.ts'
import type { StoryLook } from '../../gateways/histories.ts'
import {
  AMOUNT_KES,
  BOOKING_NUMBER,
  CUSTOMER_ID,
  PHONE_HASH,
} from '../../workflows/search-attributes.ts'

export type Begin = {
  type: string
  workflowId: string
  queue: keyof typeof TASK_QUEUES
  input: object
  typedSearchAttributes?: TypedSearchAttributes
}

const WHY = 'Begun again after a restore'

/** Begun after the copy was taken, so nothing of it can be in the time that is lost. */
export const isBegunByUs = ({ summary }: StoryLook): boolean => summary === WHY

/** One that runs is left as it is. */
export async function begin(client: Client, story: Begin): Promise<void> {
  const { type, workflowId, queue, input, typedSearchAttributes } = story
  const options: WorkflowStartOptions = {
    workflowId,
    taskQueue: TASK_QUEUES[queue],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    staticSummary: WHY,
    ...(typedSearchAttributes ? { typedSearchAttributes } : {}),
  }
  try {
    await client.workflow.start(type, options)
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/**
 * What it was about to do is done by nobody any more, a request that waits for a worker included. Between the two steps
 * it is an open row without a story, which the next run finds.
 */
export async function beginAnew(client: Client, story: Begin): Promise<void> {
  await end(client, story.workflowId)
  await begin(client, story)
}

export async function end(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).terminate(WHY)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

/** One that has ended meanwhile needs nothing any more. */
export async function signal(client: Client, workflowId: string, name: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(name)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

const promptOf = (row: PaymentRow, phoneHash: string): PaymentInput => ({
  ...ownerOf(row),
  phone: row.phone ?? '',
  phoneHash,
})

const ownerOf = (row: PaymentRow) => ({
  paymentId: row.id,
  purpose: row.purpose,
  type: row.type,
  ownerId: row.ownerId,
  ownerNumber: row.ownerNumber,
  partyId: row.partyId,
  customerId: row.customerId,
  actorId: row.createdBy,
  amount: row.amount,
})

const paymentStory = (
  row: PaymentRow,
  input: PaymentInput | TenderInput,
  hash?: string,
): Begin => ({
  type: 'payment',
  workflowId: paymentWorkflowId(row.id),
  queue: 'payments',
  input,
  typedSearchAttributes: new TypedSearchAttributes([
    { key: BOOKING_NUMBER, value: row.ownerNumber },
    { key: CUSTOMER_ID, value: row.customerId },
    { key: AMOUNT_KES, value: toShillings(row.amount) },
    ...(hash ? [{ key: PHONE_HASH, value: hash }] : []),
  ]),
})

export const promptStory = (row: PaymentRow, phoneHash: (phone: string) => string): Begin => {
  const hash = phoneHash(row.phone ?? '')
  return paymentStory(row, promptOf(row, hash), hash)
}

/** Announced, and waited for as before. */
export const transferStory = (row: PaymentRow): Begin =>
  paymentStory(row, {
    ...ownerOf(row),
    tender: { method: 'bank_transfer', reference: row.deskReference ?? '' },
  })

/** Its row stands, so nothing of this but the id is read again. */
export const refundStory = (row: RefundRow): Begin => {
  const input: RefundInput = {
    refundId: row.id,
    ...(row.paymentId ? { paymentId: row.paymentId } : {}),
    ...(row.sourceReceipt ? { receipt: row.sourceReceipt } : {}),
    ...(!row.paymentId && !row.sourceReceipt && row.customerId ? { creditOf: row.customerId } : {}),
    amount: row.amount,
    reason: row.reason,
    actorId: row.requestedBy,
    askedBy: row.askedBy,
  }
  return refundOf(input, row.ownerNumber)
}

export const refundOf = (input: RefundInput, ownerNumber: string): Begin => ({
  type: 'refund',
  workflowId: refundWorkflowId(input.refundId),
  queue: 'payments',
  input,
  typedSearchAttributes: new TypedSearchAttributes([{ key: BOOKING_NUMBER, value: ownerNumber }]),
})
