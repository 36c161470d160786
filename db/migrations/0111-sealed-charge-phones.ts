/** Phones of those who share a charge are sealed, in both forms while a release from before may be at work (decision 0058). */
import { sealOpenPhones } from '../sealing-payer-phones.ts'
import type { Migration } from './migration.ts'
import { sealedPhoneColumns } from './sealed-phone-columns.ts'

export const sealedChargePhones: Migration = {
  name: '0111-sealed-charge-phones',
  steps: [
    ...sealedPhoneColumns('charge_parties'),
    async (db) => {
      while (await sealOpenPhones(db, 'charge_parties'));
    },
  ],
}
