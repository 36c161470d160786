/** Phones of those who share a booking are sealed, in both forms while a release from before may be at work (decision 0058). */
import { sealOpenPhones } from '../sealing-payer-phones.ts'
import type { Migration } from './migration.ts'
import { sealedPhoneColumns } from './sealed-phone-columns.ts'

export const sealedBookingPhones: Migration = {
  name: '0112-sealed-booking-phones',
  steps: [
    ...sealedPhoneColumns('reservation_parties'),
    async (db) => {
      while (await sealOpenPhones(db, 'reservation_parties'));
    },
  ],
}
