/** Database steps of a rental: one transaction each. Refusals come back as values. */
import { inTransaction, type Database } from '../db/connection.ts'
import { releaseRest, settleRental, type Settling } from '../db/rental-settling.ts'
import { returnRental } from '../db/rental-returning.ts'
import { startRental } from '../db/rental-starting.ts'
import { claimDamage, disputeRental, remindOfReturn, tellOverdue } from '../db/rental-telling.ts'
import {
  DEFAULT_RENTAL_POLICY,
  type DamageClaim,
  type PickUpWish,
  type ReturnWish,
} from '../domain/rentals.ts'

type World = { db: Database; now: () => Date }

export const createRentalActivities = ({ db, now }: World) => ({
  startRental: (wish: PickUpWish) =>
    inTransaction(db, (tx) => startRental(tx, wish, { now: now(), policy: DEFAULT_RENTAL_POLICY })),

  returnRental: (rentalId: string, wish: ReturnWish) =>
    inTransaction(db, (tx) => returnRental(tx, rentalId, wish, now())),

  remindOfReturn: (rentalId: string): Promise<void> =>
    inTransaction(db, (tx) => remindOfReturn(tx, rentalId)),

  tellOverdue: (rentalId: string): Promise<void> =>
    inTransaction(db, (tx) => tellOverdue(tx, rentalId)),

  disputeRental: (dispute: { rentalId: string; actorId: string; because: string }): Promise<void> =>
    inTransaction(db, (tx) => disputeRental(tx, dispute)),

  claimDamage: (rentalId: string, claim: DamageClaim) =>
    inTransaction(db, (tx) => claimDamage(tx, rentalId, claim)),

  releaseRest: (rentalId: string) => inTransaction(db, (tx) => releaseRest(tx, rentalId, now())),

  settleRental: (settling: Settling) =>
    inTransaction(db, (tx) => settleRental(tx, settling, now())),
})
