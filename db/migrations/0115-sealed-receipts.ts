/**
 * Who sent the money of a receipt is sealed (decision 0064), in both forms while a release from before may be at work, which shows it to
 * finance and goes by it.
 */
import { SAID } from '../receipt-payers.ts'
import { OPEN_PAYER, sealOpenReceipts, UNSEALED_PAYER } from '../sealing-receipts.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

const NOT_SEALING = "current_setting('gari.sealing', true) IS DISTINCT FROM 'on'"

const forgets = (column: string) => `
       IF NEW.${column} IS DISTINCT FROM OLD.${column} AND NEW.${column}_sealed IS NOT DISTINCT FROM OLD.${column}_sealed THEN
         NEW.${column}_sealed := NULL;
       END IF;`

export const sealedReceipts: Migration = {
  name: '0115-sealed-receipts',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'mpesa_receipts'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    givingWay(
      `ALTER TABLE mpesa_receipts ${SAID.map((one) => `ADD COLUMN IF NOT EXISTS ${one}_sealed bytea`).join(', ')}`,
    ),
    `CREATE OR REPLACE FUNCTION forget_sealed_payer() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN ${SAID.map(forgets).join('')}
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER mpesa_receipts_forget_sealed BEFORE UPDATE OF ${SAID.join(', ')} ON mpesa_receipts
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION forget_sealed_payer()`),
    givingWay(`CREATE OR REPLACE TRIGGER mpesa_receipts_touch BEFORE UPDATE ON mpesa_receipts
      FOR EACH ROW WHEN (${NOT_SEALING}) EXECUTE FUNCTION touch()`),
    // Both empty soon, and go with the open columns.
    ...buildIndex('mpesa_receipts_unsealed', `mpesa_receipts (receipt) WHERE ${UNSEALED_PAYER}`),
    ...buildIndex('mpesa_receipts_open', `mpesa_receipts (receipt) WHERE ${OPEN_PAYER}`),
    async (db) => {
      while (await sealOpenReceipts(db));
    },
  ],
}
