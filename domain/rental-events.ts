/** What is told of a rental. */
export const RENTAL_EVENT_TYPES = [
  'rental.started',
  'rental.reminded',
  'rental.overdue',
  'rental.returned',
  'rental.disputed',
  'rental.settled',
] as const
export type RentalEventType = (typeof RENTAL_EVENT_TYPES)[number]

export type RentalEventData = {
  rental_id: string
  number: string
  reservation_id: string
  customer_id: string
  vehicle_id: string
  status: string
  picked_up_at: string
  due_at: string
  returned_at: string | null
  return_location: string
  currency: string
  asked: string | null
  deposit: string
  kept: string | null
  owed: string | null
  reason: string | null
}
