/**
 * What providers say is sealed (decision 0064). A release from before reads and hands on what this one has stored, so as long as one may
 * be at work it is written in the clear as well.
 */
import { sealOpenMessages, UNSEALED_BODY } from '../sealing-provider-messages.ts'
import { buildIndex, givingWay, type Migration } from './migration.ts'

export const sealedMessages: Migration = {
  name: '0114-sealed-messages',
  steps: [
    `INSERT INTO read_by_older_release (table_name) SELECT 'provider_messages'
     WHERE EXISTS (SELECT FROM heartbeats) ON CONFLICT DO NOTHING`,
    givingWay(`ALTER TABLE provider_messages ADD COLUMN IF NOT EXISTS body_sealed bytea,
      ALTER COLUMN body DROP NOT NULL`),
    `CREATE OR REPLACE FUNCTION forget_sealed_message() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.body IS DISTINCT FROM OLD.body AND NEW.body_sealed IS NOT DISTINCT FROM OLD.body_sealed THEN
         NEW.body_sealed := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER provider_messages_forget_sealed BEFORE UPDATE OF body ON provider_messages
      FOR EACH ROW WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on')
      EXECUTE FUNCTION forget_sealed_message()`),
    // Both empty soon, and go with the open column.
    ...buildIndex('provider_messages_unsealed', `provider_messages (id) WHERE ${UNSEALED_BODY}`),
    ...buildIndex('provider_messages_open', 'provider_messages (id) WHERE body IS NOT NULL'),
    async (db) => {
      while (await sealOpenMessages(db));
    },
  ],
}
