/** What the api room says to charges and plans. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import type { ChargeAnswer, ChargeCancellation, ChargeEnd, ChargeInput } from '../domain/charges.ts'
import { chargeWorkflowId, ownerWorkflowId, planWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import type { Cents } from '../domain/money.ts'
import type { OpenedPlan, PlanInput } from '../domain/payment-plans.ts'
import type { PaymentRequest } from '../domain/reservations.ts'
import type { TenderRequest } from '../domain/tenders.ts'
import {
  awaitCharge,
  cancelCharge,
  coverShare,
  shrinkOrder,
  type CoverWish,
} from '../workflows/charge-messages.ts'
import type { charge } from '../workflows/charge.ts'
import {
  addPhone,
  awaitPlan,
  goOn,
  stopPlan,
  type PlanPhoneWish,
} from '../workflows/payment-plan-messages.ts'
import type { paymentPlan } from '../workflows/payment-plan.ts'
import { declineShare, receivePayment, requestPayment } from '../workflows/reservation-messages.ts'
import { closedAs, type Call } from './closed-stories.ts'

type Owner = 'reservation' | 'charge'

export type ChargeWorkflows = {
  /** Starts the charge, or meets the one with this id. */
  open(input: ChargeInput): Promise<ChargeAnswer>
  requestPayment(chargeId: string, request: PaymentRequest): Promise<void>
  /** Cash, a card slip, a transfer, a company's account, credit; `awaitPrompt` tells whether it was taken. */
  receivePayment(chargeId: string, request: TenderRequest): Promise<void>
  declineShare(chargeId: string, partyId: string): Promise<void>
  /** Of a paid one, too: then its story begins again (`input`, without people). */
  cancel(input: ChargeInput, wish: ChargeCancellation): Promise<ChargeEnd>
  coverShare(owner: Owner, ownerId: string, wish: CoverWish): Promise<{ added: Cents }>
  shrink(chargeId: string, partyId: string, actorId: string): Promise<{ total: Cents }>
  startPlan(input: PlanInput): Promise<OpenedPlan>
  goOn(planId: string, actorId: string): Promise<void>
  addPlanPhone(planId: string, wish: PlanPhoneWish): Promise<void>
  stopPlan(planId: string, actorId: string): Promise<void>
}

const chargeStart = (input: ChargeInput) =>
  new WithStartWorkflowOperation<typeof charge>('charge', {
    workflowId: chargeWorkflowId(input.chargeId),
    taskQueue: TASK_QUEUES.business,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A paid charge has no story any more; another one begins, and reads what stands.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A charge, until it is paid',
  })

const planStart = (input: PlanInput) =>
  new WithStartWorkflowOperation<typeof paymentPlan>('paymentPlan', {
    workflowId: planWorkflowId(input.planId),
    taskQueue: TASK_QUEUES.payments,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: 'A big amount in steps',
  })

export function createChargeWorkflows(client: Client, callAny: Call): ChargeWorkflows {
  const call = closedAs(callAny, 'CHARGE_CLOSED', 'This charge is no longer open.')
  const callPlan = closedAs(callAny, 'PLAN_OVER', 'This plan is over.')
  const { workflow } = client
  const story = (id: string) => workflow.getHandle(chargeWorkflowId(id))
  const plan = (id: string) => workflow.getHandle(planWorkflowId(id))
  return {
    open: (input) =>
      call(() =>
        workflow.executeUpdateWithStart(awaitCharge, {
          startWorkflowOperation: chargeStart(input),
          updateId: `open:${input.chargeId}`,
        }),
      ),
    requestPayment: async (id, request) => {
      const updateId = `pay:${request.paymentId}`
      await call(() => story(id).executeUpdate(requestPayment, { args: [request], updateId }))
    },
    receivePayment: async (id, request) => {
      const updateId = `receive:${request.paymentId}`
      await call(() => story(id).executeUpdate(receivePayment, { args: [request], updateId }))
    },
    declineShare: (id, partyId) =>
      call(() => story(id).executeUpdate(declineShare, { args: [{ partyId }] })),
    cancel: (input, wish) =>
      call(() =>
        workflow.executeUpdateWithStart(cancelCharge, {
          startWorkflowOperation: chargeStart(input),
          args: [wish],
        }),
      ),
    coverShare: (owner, id, wish) =>
      (owner === 'charge' ? call : callAny)(() =>
        workflow
          .getHandle(ownerWorkflowId(owner, id) ?? '')
          .executeUpdate(coverShare, { args: [wish] }),
      ),
    shrink: (id, partyId, actorId) =>
      call(() => story(id).executeUpdate(shrinkOrder, { args: [{ partyId, actorId }] })),
    startPlan: (input) =>
      callAny(() =>
        workflow.executeUpdateWithStart(awaitPlan, {
          startWorkflowOperation: planStart(input),
          updateId: `plan:${input.planId}`,
        }),
      ),
    goOn: (id, actorId) => callPlan(() => plan(id).executeUpdate(goOn, { args: [{ actorId }] })),
    addPlanPhone: (id, wish) => callPlan(() => plan(id).executeUpdate(addPhone, { args: [wish] })),
    stopPlan: (id, actorId) =>
      callPlan(() => plan(id).executeUpdate(stopPlan, { args: [{ actorId }] })),
  }
}
