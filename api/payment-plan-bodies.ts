/** What the API says about a big amount in steps. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { NEVER, type PlanStep } from '../domain/payment-plans.ts'
import { maskPhone } from '../domain/payments.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { PlanRow } from '../db/payment-plans.ts'
import type { PlanState } from './planning.ts'

const lineFields = {
  id: z.string(),
  purpose: z.string().openapi({ description: 'reservation or charge' }),
  owner_id: z.string(),
  owner_number: z.string(),
  customer_id: z.string(),
  status: z.string().openapi({ description: 'running, done, stopped or expired' }),
  currency: z.string(),
  amount: z.string(),
  deadline: z.string(),
  consented_at: z.string().openapi({ description: 'Counts for that day in Nairobi' }),
  created_at: z.string(),
}
export const planLine = z.object(lineFields).openapi('PaymentPlanLine')

export const planBody = z
  .object({
    ...lineFields,
    paid: z.string(),
    asked: z.string().openapi({ description: 'On a phone now' }),
    left: z.string().openapi({ description: 'Neither paid nor asked yet' }),
    next: z.object({
      step: z.string().openapi({ description: 'push, wait, ask or end' }),
      why: z.string().nullable().openapi({
        description:
          'wait: answer, spacing, resting or day_limit; ask: consent or no_phone (then `go-on`)',
      }),
      at: z.string().nullable(),
      amount: z.string().nullable(),
    }),
    phones: z.array(
      z.object({
        phone: z.string().openapi({ description: 'Masked' }),
        refused_code: z.string().nullable(),
        rests_until: z.string().nullable(),
        asked_again: z.boolean().openapi({ description: 'false: not again in this plan' }),
      }),
    ),
  })
  .openapi('PaymentPlan')

export const toPlanLine = (plan: PlanRow): z.infer<typeof planLine> => ({
  id: plan.id,
  purpose: plan.purpose,
  owner_id: plan.ownerId,
  owner_number: plan.ownerNumber,
  customer_id: plan.customerId,
  status: plan.status,
  currency: CURRENCY,
  amount: toDecimal(plan.amount),
  deadline: toNairobiIso(plan.deadline),
  consented_at: toNairobiIso(plan.consentedAt),
  created_at: toNairobiIso(plan.createdAt),
})

const toNext = (step: PlanStep): z.infer<typeof planBody>['next'] => ({
  step: step.do,
  why: step.do === 'wait' || step.do === 'ask' ? step.why : null,
  at: step.do === 'wait' ? toNairobiIso(new Date(step.until)) : null,
  amount: step.do === 'push' ? toDecimal(step.amount) : null,
})

type NamedPhone = { position: number; phone: string }

export const toPlanBody = (
  plan: PlanRow,
  { paid, asked, left, step, phones }: PlanState,
  named: NamedPhone[],
  now: Date,
): z.infer<typeof planBody> => ({
  ...toPlanLine(plan),
  paid: toDecimal(paid),
  asked: toDecimal(asked),
  left: toDecimal(left),
  next: toNext(step),
  phones: named.map(({ position, phone }) => {
    const rest = phones.find((one) => one.position === position)
    const until = rest?.restsUntil ?? 0
    const resting = until !== NEVER && until > now.getTime()
    return {
      phone: maskPhone(phone),
      refused_code: rest?.restCode ?? null,
      rests_until: resting ? toNairobiIso(new Date(until)) : null,
      asked_again: until !== NEVER,
    }
  }),
})
