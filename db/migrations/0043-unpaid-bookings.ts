/**
 * What is not paid yet stands on the day sheet, soonest to lapse first. Few bookings are unpaid at a time, and without
 * this every booking of the days to come is read to find them.
 */
import { buildIndex } from './migration.ts'

export const unpaidBookings = {
  name: '0043-unpaid-bookings',
  steps: buildIndex(
    'reservations_unpaid',
    "reservations (hold_expires_at) WHERE status IN ('pending', 'processing')",
  ),
}
