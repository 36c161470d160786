/** What the api room says to rentals, and to the booking whose keys go out. */
import type { Client } from '@temporalio/client'
import { rentalWorkflowId, reservationWorkflowId } from '../domain/ids.ts'
import type { Cents } from '../domain/money.ts'
import type {
  DamageClaim,
  PickUpAnswer,
  PickUpWish,
  ReturnAnswer,
  ReturnWish,
} from '../domain/rentals.ts'
import {
  agreeCharges,
  claimDamage,
  decideCharges,
  disputeCharges,
  returnVehicle,
} from '../workflows/rental-messages.ts'
import { pickUp } from '../workflows/reservation-messages.ts'
import { closedAs, type Call } from './closed-stories.ts'

export type RentalWorkflows = {
  pickUp(wish: PickUpWish): Promise<PickUpAnswer>
  bringBack(rentalId: string, wish: ReturnWish): Promise<ReturnAnswer>
  claim(rentalId: string, claim: DamageClaim): Promise<{ total: Cents }>
  agree(rentalId: string, actorId: string): Promise<void>
  dispute(rentalId: string, wish: { actorId: string; because: string }): Promise<void>
  decide(rentalId: string, wish: { actorId: string; finals: Record<string, Cents> }): Promise<void>
}

export function createRentalWorkflows({ workflow }: Client, callAny: Call): RentalWorkflows {
  const call = closedAs(callAny, 'RENTAL_REFUSED', 'This rental has ended.')
  const story = (id: string) => workflow.getHandle(rentalWorkflowId(id))
  return {
    pickUp: (wish) =>
      callAny(() =>
        workflow
          .getHandle(reservationWorkflowId(wish.reservationId))
          .executeUpdate(pickUp, { args: [wish] }),
      ),
    bringBack: (id, wish) => call(() => story(id).executeUpdate(returnVehicle, { args: [wish] })),
    claim: (id, claim) => call(() => story(id).executeUpdate(claimDamage, { args: [claim] })),
    agree: (id, actorId) =>
      call(() => story(id).executeUpdate(agreeCharges, { args: [{ actorId }] })),
    dispute: (id, wish) => call(() => story(id).executeUpdate(disputeCharges, { args: [wish] })),
    decide: (id, wish) => call(() => story(id).executeUpdate(decideCharges, { args: [wish] })),
  }
}
