/** What a table needs so that its phones stand sealed in it, and open beside a release from before (decision 0058). */
import { buildIndex, givingWay } from './migration.ts'

const NOT_SEALING = "current_setting('gari.sealing', true) IS DISTINCT FROM 'on'"

/** `forget_sealed_phone` comes with 0110. A forgotten phone leaves neither form, so no constraint asks for one of them. */
export const sealedPhoneColumns = (table: 'charge_parties' | 'reservation_parties'): string[] => [
  `INSERT INTO read_by_older_release (table_name) SELECT '${table}'
   WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
  givingWay(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS phone_sealed bytea,
    ADD COLUMN IF NOT EXISTS phone_index bytea, ALTER COLUMN phone DROP NOT NULL`),
  givingWay(`CREATE OR REPLACE TRIGGER ${table}_forget_sealed BEFORE UPDATE OF phone ON ${table}
    FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION forget_sealed_phone()`),
  ...buildIndex(`${table}_phone_index`, `${table} (phone_index) WHERE phone_index IS NOT NULL`),
  // Empty soon, and goes with the open column.
  ...buildIndex(`${table}_open_phone`, `${table} (id) WHERE phone IS NOT NULL`),
]
