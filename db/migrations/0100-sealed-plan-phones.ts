/**
 * Phones of plans are sealed (decision 0058). A release from before asks them, so as long as one may be at work beside this one they
 * are written in the clear as well: `read_by_older_release` says so, and says nothing in a database that no release before has used.
 */
import { sealOpenPlanPhones } from '../sealing-plan-phones.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

const ONCE = 'payment_plan_phones_once'

export const sealedPlanPhones: Migration = {
  name: '0100-sealed-plan-phones',
  steps: [
    `CREATE TABLE IF NOT EXISTS read_by_older_release (
       table_name text PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())`,
    `INSERT INTO read_by_older_release (table_name) SELECT 'payment_plan_phones'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    givingWay(`ALTER TABLE payment_plan_phones ADD COLUMN IF NOT EXISTS phone_sealed bytea,
      ADD COLUMN IF NOT EXISTS phone_index bytea, ALTER COLUMN phone DROP NOT NULL`),
    `CREATE OR REPLACE FUNCTION forget_sealed_plan_phone() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.phone IS DISTINCT FROM OLD.phone AND NEW.phone_sealed IS NOT DISTINCT FROM OLD.phone_sealed THEN
         NEW.phone_sealed := NULL; NEW.phone_index := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER payment_plan_phones_forget_sealed BEFORE UPDATE OF phone ON payment_plan_phones
      FOR EACH ROW WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on')
      EXECUTE FUNCTION forget_sealed_plan_phone()`),
    `DROP INDEX CONCURRENTLY IF EXISTS ${ONCE}`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${ONCE} ON payment_plan_phones (plan_id, phone_index)`,
    ...buildIndex(
      'payment_plan_phones_phone_index',
      'payment_plan_phones (phone_index) WHERE phone_index IS NOT NULL',
    ),
    // Empty soon, and goes with the open column.
    ...buildIndex(
      'payment_plan_phones_open',
      'payment_plan_phones (plan_id, position) WHERE phone IS NOT NULL',
    ),
    async (db) => {
      while (await sealOpenPlanPhones(db));
    },
  ],
}
