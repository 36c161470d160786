/**
 * Addresses of people are sealed, all lines of one together; the columns that stand open stay for the release before, as with people
 * (0062). That release never changes a row, it writes another one, so nothing needs to be forgotten when it does.
 */
import { sealOpenAddresses } from '../sealing-addresses.ts'
import { givingWay, type Migration } from './migration.ts'

export const sealedAddresses: Migration = {
  name: '0092-sealed-addresses',
  steps: [
    givingWay(`ALTER TABLE customer_addresses ADD COLUMN IF NOT EXISTS address_sealed bytea,
      ALTER COLUMN line1 DROP NOT NULL, ALTER COLUMN city DROP NOT NULL, ALTER COLUMN country DROP NOT NULL`),
    async (db) => {
      while (await sealOpenAddresses(db));
    },
  ],
}
