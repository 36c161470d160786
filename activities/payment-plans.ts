/** Database steps of a plan for a big amount: one transaction each, safe to repeat. */
import { inTransaction, type Database } from '../db/connection.ts'
import { endPlan, goOnWithPlan, openPlan, readPlanFacts } from '../db/payment-plans.ts'
import { addPlanPhone, restPlanPhone } from '../db/plan-phones.ts'
import {
  endsByGoingOn,
  NEVER,
  type AddedPhone,
  type OpenedPlan,
  type PlanFacts,
  type PlanInput,
  type PlanStatus,
} from '../domain/payment-plans.ts'
import { reasonFor } from '../domain/payment-results.ts'

type World = { db: Database; now: () => Date }
/** JSON knows no Infinity: null = never again. */
type Rest = { planId: string; position: number; code: string; until: number | null }
export type WrittenFacts = Omit<PlanFacts, 'phones'> & {
  phones: { position: number; restsUntil: number | null; restCode: string | null }[]
}

const forTheWire = (facts: PlanFacts): WrittenFacts => ({
  ...facts,
  phones: facts.phones.map((phone) => ({
    ...phone,
    restsUntil: phone.restsUntil === NEVER ? null : phone.restsUntil,
  })),
})

export const createPlanActivities = ({ db, now }: World) => ({
  openPlan: (input: PlanInput): Promise<OpenedPlan> =>
    inTransaction(db, (tx) => openPlan(tx, input, now())),

  readPlanFacts: async (planId: string): Promise<WrittenFacts> =>
    forTheWire(await readPlanFacts(db, planId, now())),

  restPlanPhone: ({ until, ...rest }: Rest): Promise<void> =>
    restPlanPhone(db, { ...rest, until: until ?? NEVER }),

  addPlanPhone: (wish: { planId: string; phone: string; actorId: string }): Promise<AddedPhone> =>
    inTransaction(db, (tx) => addPlanPhone(tx, wish)),

  goOnWithPlan: async (planId: string, actorId: string): Promise<void> => {
    const facts = await readPlanFacts(db, planId, now())
    const codes = facts.phones.flatMap(({ restCode }) => (restCode ? [restCode] : []))
    const endedCodes = codes.filter((code) => endsByGoingOn(reasonFor(code)))
    await inTransaction(db, (tx) => goOnWithPlan(tx, { planId, actorId, endedCodes }, now()))
  },

  endPlan: (
    planId: string,
    as: Exclude<PlanStatus, 'running'>,
    actorId: string,
  ): Promise<PlanStatus> => inTransaction(db, (tx) => endPlan(tx, planId, as, actorId)),
})
