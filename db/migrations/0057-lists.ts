/** Every order in which a list can be asked for is one of an index, so that no page of it reads the whole table. */
import { buildIndex, givingWay } from './migration.ts'

export const lists = {
  name: '0057-lists',
  steps: [
    givingWay('ALTER TABLE vehicles ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1'),
    // Numbers below stand for what was there before: sample cars have theirs from a list.
    'CREATE SEQUENCE IF NOT EXISTS vehicle_number_seq START 1001',
    `SELECT setval('vehicle_number_seq', greatest(nextval('vehicle_number_seq'), (
       SELECT max(substr(number, 5)::bigint) + 1 FROM vehicles WHERE number ~ '^VEH-[0-9]{1,15}$')), false)`,
    ...buildIndex('vehicles_newest', 'vehicles (created_at DESC, id DESC)'),
    ...buildIndex('vehicles_year', 'vehicles (year DESC, id DESC)'),
    ...buildIndex('vehicles_models', "vehicles USING gin ((make || ' ' || model) gin_trgm_ops)"),
    ...buildIndex('users_newest', 'users (created_at DESC, id DESC)'),
    ...buildIndex('users_last_name', 'users (last_name, id)'),
    ...buildIndex('reservations_status', 'reservations (status, created_at DESC, id DESC)'),
    ...buildIndex('payments_requested', 'payments (requested_at DESC, id DESC)'),
    ...buildIndex('payments_customer', 'payments (customer_id, requested_at DESC, id DESC)'),
    ...buildIndex('payments_status', 'payments (status, requested_at DESC, id DESC)'),
    ...buildIndex('invoices_status', 'invoices (status, created_at DESC, id DESC)'),
  ],
}
