/**
 * Stops whoever changes a table in the middle of their transaction, so that they can be killed exactly there. A trigger
 * waits for a lock that we hold; nothing in Gari knows of it.
 */
import pg from 'pg'

const KEY = 40_417

export type Gate = {
  /** Somebody waits in the middle of a transaction. */
  isReached: () => Promise<boolean>
  /** Lets everybody through, for good. */
  open: () => Promise<void>
}

export async function closeGate(
  databaseUrl: string,
  table: string,
  event: 'INSERT' | 'UPDATE' | 'DELETE',
): Promise<Gate> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'gate' })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('SELECT pg_advisory_lock($1)', [KEY])
  await client.query(`
    CREATE OR REPLACE FUNCTION checker.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(${KEY}); RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER checker_gate AFTER ${event} ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION checker.wait_at_gate();`)
  return {
    isReached: async () => {
      const { rowCount } = await client.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1`,
        [KEY],
      )
      return (rowCount ?? 0) > 0
    },
    open: async () => {
      await client.query('SELECT pg_advisory_unlock($1)', [KEY])
      await client.query(`DROP TRIGGER checker_gate ON ${table}`)
      await client.end()
    },
  }
}
