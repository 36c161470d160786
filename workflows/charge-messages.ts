/** What can be said to a charge. Paying and declining are said as to a reservation (reservation-messages.ts). */
import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type {
  ChargeAnswer,
  ChargeCancellation,
  ChargeEnd,
  ChargeStatusView,
} from '../domain/charges.ts'
import type { Cents } from '../domain/money.ts'

/** An update sent with the start: the page answers as soon as the charge is written down or refused. */
export const awaitCharge = defineUpdate<ChargeAnswer>('awaitCharge')
/** An update: the caller waits until the charge has ended and the refunds have begun. */
export const cancelCharge = defineUpdate<ChargeEnd, [ChargeCancellation]>('cancelCharge')
export type CoverWish = { partyId: string; forPartyId: string; actorId: string }
/** An update: refused while whoever it belongs to may still pay, and after the end. Bookings take it too. */
export const coverShare = defineUpdate<{ added: Cents }, [CoverWish]>('coverShare')
/** An update: refused for what is one thing, like one car. Bookings take it, and always refuse. */
export const shrinkOrder = defineUpdate<{ total: Cents }, [{ partyId: string; actorId: string }]>(
  'shrinkOrder',
)
/** A query: where it stands, without names and phones. */
export const chargeStatus = defineQuery<ChargeStatusView>('chargeStatus')
