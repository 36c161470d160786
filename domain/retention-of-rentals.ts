/** Of the register in retention.ts: what is kept of bookings and of cars that somebody drove. */
import { TAX, type DataKind } from './data-kinds.ts'

export const RENTED = {
  bookings: {
    tables: [
      'reservations',
      'reservation_parties',
      'late_offers',
      'rentals',
      'rental_checks',
      'rental_charges',
      'rental_refunds',
    ],
    basis: 'contract',
    period: TAX,
    from: 'the end of the booking',
    erasure: 'overwritten',
    why: 'What was booked, by whom, and who shares the price.',
    erased: 'Trip and price stay; names, phones and wishes of everybody in it are overwritten.',
  },
  condition: {
    tables: ['condition_photos'],
    basis: 'contract',
    period: TAX,
    from: 'the day it was taken',
    erasure: 'overwritten',
    why: 'Photographs of the car when it left and came back, and of damage: so that nobody pays for what they did not do.',
    erased: 'That there was a photograph stays; the picture is gone.',
  },
} as const satisfies Record<string, DataKind>
