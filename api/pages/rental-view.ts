/** A rental as its pages show it. */
import type { RentalPage } from '../../domain/rental-pages.ts'
import type { RentalDetail } from '../../db/rental-reads.ts'

export const toRentalPage = (rental: RentalDetail, now: Date): RentalPage => ({
  number: rental.number,
  bookingId: rental.reservationId,
  bookingNumber: rental.reservationNumber,
  plate: rental.plate,
  status: rental.status,
  pickedUpAt: rental.pickedUpAt,
  dueAt: rental.dueAt,
  returnedAt: rental.returnedAt,
  deposit: rental.deposit,
  kept: rental.kept,
  owed: rental.owed,
  owedPath: rental.owedChargeId && `/charges/${rental.owedChargeId}`,
  disputedBecause: rental.disputedBecause,
  lines: rental.charges.map(({ id, kind, facts, quantity, unitPrice, amount, final }) => ({
    id,
    kind,
    facts,
    quantity,
    unitPrice,
    amount,
    stands: final,
  })),
  refunds: rental.refunds.map(({ amount, status }) => ({ amount, isSent: status === 'settled' })),
  now,
})
