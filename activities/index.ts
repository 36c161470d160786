/** The activities of each task queue, made over their outside world. Workflows see the types only. */
import type { Database } from '../db/connection.ts'
import { isSaidPaid } from '../db/refund-hand-rows.ts'
import type { CallbackKind } from '../domain/callbacks.ts'
import type { Cents } from '../domain/money.ts'
import type { CollectingPolicy } from '../domain/reservations.ts'
import type { Daraja } from '../gateways/daraja.ts'
import { createChargeActivities } from './charges.ts'
import { createDarajaActivities } from './daraja.ts'
import { createDeskActivities } from './desk.ts'
import { createPaybillActivities } from './paybill.ts'
import { createPlanActivities } from './payment-plans.ts'
import { createPaymentActivities } from './payments.ts'
import { createPullActivities, createReconciliationActivities } from './reconciliation.ts'
import { createRefundActivities } from './refunds.ts'
import { createRentalActivities } from './rentals.ts'
import { createReservationActivities } from './reservations.ts'

export type Clock = () => Date
export type ActivityWorld = {
  db: Database
  daraja: Daraja
  now: Clock
  /** Above this a refund that a person asks for needs a second person. */
  refundApprovalAbove?: Cents
  /** More than this becomes credit only when two people say so. */
  creditAlone?: Cents
  /** For bookings that late money brings back to life. */
  policy: CollectingPolicy
  /** The absolute address under which Daraja reaches us for this payment or refund. */
  callbackUrl: (kind: CallbackKind, subjectId: string) => string
}

export const createBookActivities = (
  world: Pick<ActivityWorld, 'db' | 'now' | 'policy' | 'refundApprovalAbove' | 'creditAlone'>,
) => ({
  ...createReservationActivities(world),
  ...createRentalActivities(world),
  ...createPaymentActivities(world),
  ...createDeskActivities(world),
  ...createPaybillActivities(world),
  ...createRefundActivities(world),
  ...createReconciliationActivities(world),
  ...createChargeActivities(world),
  ...createPlanActivities(world),
})
export type BookActivities = ReturnType<typeof createBookActivities>

export const createActivities = (world: ActivityWorld) => ({
  ...createBookActivities(world),
  ...createDarajaActivities({ ...world, isSaidPaid: (id) => isSaidPaid(world.db, id) }),
  ...createPullActivities(world),
})
export type Activities = ReturnType<typeof createActivities>
