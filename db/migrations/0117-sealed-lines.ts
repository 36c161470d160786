/**
 * What M-Pesa's lists say of somebody is sealed (decision 0064), in both forms while a release from before may be at work, which places
 * money by it.
 */
import { OPEN_LINE, sealOpenLines, UNSEALED_LINE } from '../sealing-lines.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

export const sealedLines: Migration = {
  name: '0117-sealed-lines',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'provider_lines'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    givingWay(`ALTER TABLE provider_lines ADD COLUMN IF NOT EXISTS said_sealed bytea,
      ADD COLUMN IF NOT EXISTS receipts_named text[]`),
    `CREATE OR REPLACE FUNCTION forget_sealed_line() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF (NEW.party, NEW.phone, NEW.reference, NEW.details, NEW.raw)
           IS DISTINCT FROM (OLD.party, OLD.phone, OLD.reference, OLD.details, OLD.raw)
         AND NEW.said_sealed IS NOT DISTINCT FROM OLD.said_sealed THEN
         NEW.said_sealed := NULL; NEW.receipts_named := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER provider_lines_forget_sealed BEFORE UPDATE OF party, phone, reference, details, raw
      ON provider_lines FOR EACH ROW WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on')
      EXECUTE FUNCTION forget_sealed_line()`),
    // Both empty soon, and go with the open columns of M-Pesa's lines.
    ...buildIndex('provider_lines_unsealed', `provider_lines (id) WHERE ${UNSEALED_LINE}`),
    ...buildIndex('provider_lines_open_words', `provider_lines (id) WHERE ${OPEN_LINE}`),
    async (db) => {
      while (await sealOpenLines(db));
    },
  ],
}
