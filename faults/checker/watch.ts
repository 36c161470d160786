/**
 * A witness beside Gari's tables: triggers note, in the very transaction, each event that was committed and each status
 * that a payment, a refund and a booking ever had. Gari deletes its outbox rows; the witness keeps what they said. It writes
 * in its own name: Gari's role may not touch what the witness keeps.
 */
import pg from 'pg'
import { insistOnWords } from './words.ts'
import type { Sql } from './world.ts'

const WATCH = `
CREATE SCHEMA IF NOT EXISTS checker;
CREATE TABLE IF NOT EXISTS checker.events (nth bigint PRIMARY KEY, event_id uuid NOT NULL, topic text NOT NULL,
  key text NOT NULL, version bigint NOT NULL, type text NOT NULL);
CREATE TABLE IF NOT EXISTS checker.changes (nth bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL,
  id uuid NOT NULL, before text, after text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE OR REPLACE FUNCTION checker.note_events() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO checker.events SELECT id, event_id, topic, key, version, type FROM added;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION checker.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO checker.changes (what, id, after) VALUES (TG_TABLE_NAME, NEW.id, NEW.status);
  ELSIF NEW.status <> OLD.status THEN
    INSERT INTO checker.changes (what, id, before, after) VALUES (TG_TABLE_NAME, NEW.id, OLD.status, NEW.status);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER checker_events AFTER INSERT ON outbox REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION checker.note_events();
`
const WATCHED = ['reservations', 'payments', 'refunds', 'charges']
const watchStatus = (table: string) => `
CREATE OR REPLACE TRIGGER checker_${table} AFTER INSERT OR UPDATE OF status ON ${table}
  FOR EACH ROW EXECUTE FUNCTION checker.note_change();`

/** Before the first action; harmless when done again. Throws when the checker was written for other tables. */
export const startWatching = async (sql: Sql): Promise<void> => {
  await insistOnWords(sql)
  await sql([WATCH, ...WATCHED.map(watchStatus)].join('\n'))
}

/** Before anything of ours runs: what Gari does by itself when it starts is witnessed too. */
export async function watchDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'checker' })
  await client.connect()
  try {
    await startWatching(async (text, values = []) => (await client.query(text, values)).rows)
  } finally {
    await client.end()
  }
}
