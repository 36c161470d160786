/** What points need beside workers of a release that knows none (db/loyalty-repair.ts). */
import { buildIndex, type Migration } from './migration.ts'

export const loyaltyBesideOlder: Migration = {
  name: '0118-loyalty-beside-older',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'loyalty_entries'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    ...buildIndex('reservations_ended', 'reservations (ended_at) WHERE ended_at IS NOT NULL'),
  ],
}
