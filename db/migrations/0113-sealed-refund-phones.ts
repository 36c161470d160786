/**
 * Phones that money goes back to are sealed (decision 0064), in both forms while a release from before may be at work, which sends money
 * by them.
 */
import { OPEN_REFUND, sealOpenRefunds, UNSEALED_REFUND } from '../sealing-refund-phones.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

const NOT_SEALING = "current_setting('gari.sealing', true) IS DISTINCT FROM 'on'"

export const sealedRefundPhones: Migration = {
  name: '0113-sealed-refund-phones',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'refunds'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    // A phone that is named waits for another person, in whichever form it stands there.
    givingWay(`ALTER TABLE refunds ADD COLUMN IF NOT EXISTS phone_sealed bytea,
      ADD COLUMN IF NOT EXISTS named_phone_sealed bytea,
      DROP CONSTRAINT IF EXISTS refunds_named_whole, DROP CONSTRAINT IF EXISTS refunds_named_waits,
      ADD CONSTRAINT refunds_named_whole CHECK (num_nonnulls(named_by, named_from) IN (0, 2)
        AND (named_by IS NOT NULL) = (num_nonnulls(named_phone, named_phone_sealed) > 0)) NOT VALID,
      ADD CONSTRAINT refunds_named_waits CHECK (named_by IS NULL OR status = 'awaiting_approval') NOT VALID`),
    'ALTER TABLE refunds VALIDATE CONSTRAINT refunds_named_whole',
    'ALTER TABLE refunds VALIDATE CONSTRAINT refunds_named_waits',
    `CREATE OR REPLACE FUNCTION forget_sealed_refund_phone() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.phone IS DISTINCT FROM OLD.phone AND NEW.phone_sealed IS NOT DISTINCT FROM OLD.phone_sealed THEN
         NEW.phone_sealed := NULL;
       END IF;
       IF NEW.named_phone IS DISTINCT FROM OLD.named_phone
         AND NEW.named_phone_sealed IS NOT DISTINCT FROM OLD.named_phone_sealed THEN
         NEW.named_phone_sealed := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER refunds_forget_sealed BEFORE UPDATE OF phone, named_phone ON refunds
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION forget_sealed_refund_phone()`),
    // Sealing changes nothing of a refund, and after a restore all of them would look as if somebody had.
    givingWay(`CREATE OR REPLACE TRIGGER refunds_touch BEFORE UPDATE ON refunds
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION touch()`),
    // Both empty soon, and go with the open columns.
    ...buildIndex('refunds_unsealed', `refunds (id) WHERE ${UNSEALED_REFUND}`),
    ...buildIndex('refunds_open_phone', `refunds (id) WHERE ${OPEN_REFUND}`),
    async (db) => {
      while (await sealOpenRefunds(db));
    },
  ],
}
