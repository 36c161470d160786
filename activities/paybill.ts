/** Database steps of money sent by hand: one transaction each, safe to repeat. */
import { inTransaction, type Database } from '../db/connection.ts'
import { allocateMoney } from '../db/paybill-allocation.ts'
import { matchPaybill } from '../db/paybill.ts'
import type { Cents } from '../domain/money.ts'
import type { Allocation, AllocationAnswer, PaybillStanding } from '../domain/paybill.ts'

type World = { db: Database; now: () => Date; creditAlone?: Cents }

export const createPaybillActivities = ({ db, now, creditAlone }: World) => ({
  matchPaybill: (paymentId: string, messageId: string | null): Promise<PaybillStanding> =>
    inTransaction(db, (tx) => matchPaybill(tx, paymentId, messageId, now())),

  allocateMoney: (paymentId: string, allocation: Allocation): Promise<AllocationAnswer> =>
    inTransaction(db, (tx) => allocateMoney(tx, paymentId, allocation, now(), creditAlone)),
})
