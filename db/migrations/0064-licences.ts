/** Driving licences of customers: the number sealed from the first one on, and found by a keyed hash. */
import { buildIndex, givingWay, type Migration } from './migration.ts'

export const licences: Migration = {
  name: '0064-licences',
  steps: [
    givingWay(`ALTER TABLE customers ADD COLUMN IF NOT EXISTS licence_sealed bytea, ADD COLUMN IF NOT EXISTS licence_index bytea,
      ADD COLUMN IF NOT EXISTS licence_country text, ADD COLUMN IF NOT EXISTS licence_state text,
      ADD COLUMN IF NOT EXISTS licence_expires_on date`),
    ...buildIndex(
      'customers_licence_index',
      'customers (licence_index) WHERE licence_index IS NOT NULL',
    ),
  ],
}
