/** The fake books know no rentals: their stories are told on a real database (test/workflows/rental.test.ts). */
import type { createRentalActivities } from '../../activities/rentals.ts'

const unplayed = (): Promise<never> => Promise.reject(new Error('no rental is played here'))

export const fakeRentals: ReturnType<typeof createRentalActivities> = {
  startRental: unplayed,
  returnRental: unplayed,
  remindOfReturn: unplayed,
  tellOverdue: unplayed,
  disputeRental: unplayed,
  claimDamage: unplayed,
  releaseRest: unplayed,
  settleRental: unplayed,
}
