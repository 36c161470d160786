/** Hands a stored provider report to the workflow it is about: the workers' part of the way from Daraja's door (0027). */
import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { hearerOf, type Hearer, type MessageKind } from '../domain/callbacks.ts'
import {
  lateMoneyWorkflowId,
  paymentWorkflowId,
  reconciliationWorkflowId,
  refundWorkflowId,
  TASK_QUEUES,
} from '../domain/ids.ts'

export type Report = {
  kind: MessageKind
  subjectId: string
  messageId: string
}

/** Far below what the transaction that holds the report may rest (workers/reports.ts). */
const DEADLINE_MS = 3_000

/**
 * Throws when Temporal is away or does not answer in time: then the report is handed on again. A refund's result that
 * nobody waits for any more is handed to `orphaned`: money may have gone back twice.
 */
export const createReportDelivery =
  (client: Client, orphaned: (report: Report) => Promise<void>) =>
  async (report: Report): Promise<void> => {
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      TELL[hearerOf(report.kind)](client, report, orphaned),
    )
  }

type Tell = (
  client: Client,
  report: Report,
  orphaned: (report: Report) => Promise<void>,
) => Promise<void>
const TELL: Record<Hearer, Tell> = {
  payment: toPayment,
  refund: toRefund,
  paybill: toPaybill,
  reconciliation: toReconciliation,
  nobody: async () => undefined,
}

async function toPayment(client: Client, { subjectId, messageId }: Report): Promise<void> {
  try {
    await client.workflow
      .getHandle(paymentWorkflowId(subjectId))
      .signal('paymentReported', { messageId })
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    await startLateMoney(client, subjectId, messageId)
  }
}

/** The payment's story has ended, yet a report comes: perhaps money after all. */
async function startLateMoney(client: Client, paymentId: string, messageId: string) {
  await client.workflow.signalWithStart('lateMoney', {
    workflowId: lateMoneyWorkflowId(paymentId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ paymentId }],
    signal: 'lateReport',
    signalArgs: [{ messageId }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A report for a payment that had ended',
  })
}

/** A repeat meets the same story, or a new one that finds the money known. */
async function toPaybill(client: Client, { subjectId, messageId }: Report): Promise<void> {
  await client.workflow.signalWithStart('paybillPayment', {
    workflowId: paymentWorkflowId(subjectId),
    taskQueue: TASK_QUEUES.payments,
    args: [{ paymentId: subjectId }],
    signal: 'paybillReported',
    signalArgs: [{ messageId }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Money sent to the paybill by hand',
  })
}

async function toRefund(
  client: Client,
  report: Report,
  orphaned: (report: Report) => Promise<void>,
): Promise<void> {
  const { subjectId, messageId } = report
  try {
    await client.workflow
      .getHandle(refundWorkflowId(subjectId))
      .signal('refundReported', { messageId })
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    await orphaned(report)
  }
}

/** A balance that comes after its run has ended is history. */
async function toReconciliation(client: Client, { subjectId, messageId }: Report): Promise<void> {
  try {
    await client.workflow
      .getHandle(reconciliationWorkflowId(subjectId))
      .signal('balanceReported', { messageId })
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}
