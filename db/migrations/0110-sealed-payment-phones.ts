/**
 * Phones that payments are asked from are sealed, in both forms while a release from before may be at work (decision 0058). Each
 * release keeps the other from asking a phone a second time: by the open column while both write it, by the hash afterwards.
 */
import { sealOpenPhones } from '../sealing-payer-phones.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

const ONE_PROMPT = 'payments_one_prompt_sealed'
const NOT_SEALING = "current_setting('gari.sealing', true) IS DISTINCT FROM 'on'"

export const sealedPaymentPhones: Migration = {
  name: '0110-sealed-payment-phones',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'payments'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    // Whoever is still asked has a phone; what is over may be forgotten.
    givingWay(`ALTER TABLE payments ADD COLUMN IF NOT EXISTS phone_sealed bytea,
      ADD COLUMN IF NOT EXISTS phone_index bytea, DROP CONSTRAINT IF EXISTS payments_prompt_has_phone,
      ADD CONSTRAINT payments_prompt_has_phone CHECK (channel <> 'prompt' OR status NOT IN ('requested', 'prompted', 'unknown', 'unexplained')
        OR num_nonnulls(phone, phone_sealed) > 0) NOT VALID`),
    'ALTER TABLE payments VALIDATE CONSTRAINT payments_prompt_has_phone',
    `CREATE OR REPLACE FUNCTION forget_sealed_phone() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.phone IS DISTINCT FROM OLD.phone AND NEW.phone_sealed IS NOT DISTINCT FROM OLD.phone_sealed THEN
         NEW.phone_sealed := NULL; NEW.phone_index := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER payments_forget_sealed BEFORE UPDATE OF phone ON payments
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION forget_sealed_phone()`),
    // Sealing changes nothing of a payment, and after a restore all of them would look as if somebody had.
    givingWay(`CREATE OR REPLACE TRIGGER payments_touch BEFORE UPDATE ON payments
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION touch()`),
    `DROP INDEX CONCURRENTLY IF EXISTS ${ONE_PROMPT}`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${ONE_PROMPT} ON payments (phone_index) WHERE status IN ('requested', 'prompted')`,
    ...buildIndex(
      'payments_phone_index',
      'payments (phone_index, requested_at DESC) WHERE phone_index IS NOT NULL',
    ),
    // Empty soon, and goes with the open column.
    ...buildIndex('payments_open_phone', 'payments (id) WHERE phone IS NOT NULL'),
    async (db) => {
      while (await sealOpenPhones(db, 'payments'));
    },
  ],
}
