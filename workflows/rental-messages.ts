/** What can be said to a rental, and why each is an update or a query. */
import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { Cents } from '../domain/money.ts'
import type { DamageClaim, RentalStatusView, ReturnAnswer, ReturnWish } from '../domain/rentals.ts'

/** An update: refused where the odometer runs backwards, or the place takes no cars. */
export const returnVehicle = defineUpdate<ReturnAnswer, [ReturnWish]>('returnVehicle')
/** An update: damage that is found later can be claimed until it is settled. */
export const claimDamage = defineUpdate<{ total: Cents }, [DamageClaim]>('claimDamage')
/** An update: the customer agrees, and waits until it is settled. */
export const agreeCharges = defineUpdate<void, [{ actorId: string }]>('agreeCharges')
/** An update: the customer does not agree, once, while nothing is settled. */
export const disputeCharges = defineUpdate<void, [{ actorId: string; because: string }]>(
  'disputeCharges',
)
/** An update: a manager says what stands of each line; by the ids of the lines. */
export const decideCharges = defineUpdate<
  void,
  [{ actorId: string; finals: Record<string, Cents> }]
>('decideCharges')
/** A query: where it stands, without names and phones. */
export const rentalStatus = defineQuery<RentalStatusView>('rentalStatus')
