/** What somebody at the desk types is found among a hundred thousand bookings: parts of names, numbers, plates and phones. */
import { buildIndex } from './migration.ts'

export const deskSearch = {
  name: '0036-desk-search',
  steps: [
    'CREATE EXTENSION IF NOT EXISTS pg_trgm',
    ...buildIndex(
      'users_words',
      "users USING gin ((first_name || ' ' || last_name) gin_trgm_ops, phone gin_trgm_ops)",
    ),
    ...buildIndex(
      'reservation_parties_words',
      'reservation_parties USING gin (name gin_trgm_ops, phone gin_trgm_ops)',
    ),
    ...buildIndex(
      'charge_parties_words',
      'charge_parties USING gin (name gin_trgm_ops, phone gin_trgm_ops)',
    ),
    ...buildIndex('reservations_words', 'reservations USING gin (number gin_trgm_ops)'),
    ...buildIndex('reservations_vehicle', 'reservations (vehicle_id)'),
    ...buildIndex('charges_words', 'charges USING gin (number gin_trgm_ops)'),
    ...buildIndex('vehicles_words', "vehicles USING gin (replace(plate, ' ', '') gin_trgm_ops)"),
  ],
}
