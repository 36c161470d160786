/** Plans in memory, beside the fake books. Days pass in them, so the time is the test server's own. */
import type { createPlanActivities } from '../../activities/payment-plans.ts'
import { cents, ZERO, type Cents } from '../../domain/money.ts'
import {
  endsByGoingOn,
  type PlanInput,
  type PlanPayment,
  type PlanStatus,
} from '../../domain/payment-plans.ts'
import { reasonFor } from '../../domain/payment-results.ts'
import { isOpenPayment, type PaymentInput, type PaymentStatus } from '../../domain/payments.ts'

type Row = {
  input: Pick<PaymentInput, 'amount'> & { phone?: string }
  status: PaymentStatus
  reason: string
  at?: number
}
export type FakePlan = {
  input: PlanInput | null
  status: PlanStatus
  consentedAt: number
  rests: Map<number, { until: number | null; code: string }>
  /** When each request was opened, for which phone and how much. */
  asked: { phone: string; amount: Cents; at: number }[]
}
type World = {
  plan: FakePlan
  time: () => Promise<number>
  payments: () => Map<string, Row>
  note: <A extends unknown[], R>(
    name: string,
    work: (...args: A) => R,
  ) => (...args: A) => Promise<Awaited<R>>
}

export const emptyPlan = (): FakePlan => ({
  input: null,
  status: 'running',
  consentedAt: 0,
  rests: new Map(),
  asked: [],
})

export const createFakePlans = ({ plan, time, payments, note }: World) => {
  const rows = () => [...payments().values()]
  const sum = (wanted: (row: Row) => boolean) =>
    rows()
      .filter(wanted)
      .reduce((all, { input }) => cents(all + input.amount), ZERO)
  const paymentsOf = (input: PlanInput): PlanPayment[] =>
    rows().map(({ input: { phone, amount }, status, at = 0 }) => ({
      position: input.phones.findIndex((one) => one.phone === phone),
      amount,
      at,
      state: isOpenPayment(status) ? 'open' : status === 'refused' ? 'refused' : 'paid',
    }))
  const activities: ReturnType<typeof createPlanActivities> = {
    openPlan: note('openPlan', async (input: PlanInput) => {
      if (!plan.input) Object.assign(plan, { input, consentedAt: await time() })
      return { outcome: 'opened' as const, ownerNumber: 'RSV-26-000001', customerId: 'c1' }
    }),
    readPlanFacts: note('readPlanFacts', () => {
      const input = plan.input as PlanInput
      const owed = cents(input.amount - sum(({ status }) => status === 'settled'))
      return {
        status: plan.status,
        payable: true,
        owed,
        free: cents(owed - sum(({ status }) => isOpenPayment(status))),
        deadline: Date.parse(input.deadline),
        consentedAt: plan.consentedAt,
        phones: input.phones.map((_, position) => {
          const rest = plan.rests.get(position)
          return { position, restsUntil: rest ? rest.until : 0, restCode: rest?.code ?? null }
        }),
        payments: paymentsOf(input),
      }
    }),
    restPlanPhone: note(
      'restPlanPhone',
      ({ position, code, until }: { position: number; code: string; until: number | null }) => {
        plan.rests.set(position, { code, until })
      },
    ),
    addPlanPhone: note('addPlanPhone', ({ phone }: { phone: string }) => {
      const input = plan.input as PlanInput
      const phones = [...input.phones, { phone, phoneHash: phone }]
      plan.input = { ...input, phones }
      return { outcome: 'added' as const, position: input.phones.length }
    }),
    goOnWithPlan: note('goOnWithPlan', async () => {
      plan.consentedAt = await time()
      for (const [position, { code }] of plan.rests)
        if (endsByGoingOn(reasonFor(code))) plan.rests.delete(position)
    }),
    endPlan: note('endPlan', (_id: string, as: Exclude<PlanStatus, 'running'>) => {
      plan.status = as
      return as
    }),
  }
  return activities
}
