/** What can be said to a plan. */
import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { OpenedPlan, PlanStatus } from '../domain/payment-plans.ts'

/** An update sent with the start: the page answers as soon as the plan is written down or refused. */
export const awaitPlan = defineUpdate<OpenedPlan>('awaitPlan')
/** An update: consent for today, and the phones that lacked money or said no are asked again. */
export const goOn = defineUpdate<void, [{ actorId: string }]>('goOn')
export type PlanPhoneWish = { phone: string; phoneHash: string; actorId: string }
/** An update: one more phone is asked from now on. Refused when there are enough, and after the end. */
export const addPhone = defineUpdate<void, [PlanPhoneWish]>('addPhone')
/** An update: no more requests; one that is on a phone may still be paid. */
export const stopPlan = defineUpdate<void, [{ actorId: string }]>('stopPlan')
/** A query: where it stands, without phones. */
export const planStatus = defineQuery<{ status: PlanStatus; waitingFor: string }>('planStatus')
