import type { Database } from '../connection.ts'

/** What a statement alone cannot do, as it needs keys that the database does not know; safe to repeat. */
export type Work = (db: Database) => Promise<void>

/**
 * `up`: in one transaction. `steps`: one by one without any, each safe to repeat, for what takes long on a large table
 * (CREATE INDEX CONCURRENTLY).
 */
export type Migration = { name: string } & ({ up: string } | { steps: (string | Work)[] })

/** What an interrupted try has left behind is thrown away first: it would be there and serve nobody. */
export const buildIndex = (name: string, what: string): string[] => [
  `DROP INDEX CONCURRENTLY IF EXISTS ${name}`,
  `CREATE INDEX CONCURRENTLY ${name} ON ${what}`,
]

/**
 * A step that needs a table for itself for a moment. It leaves the queue for the table's lock again and again, as a migration in one
 * transaction does, so that nobody stands behind it.
 */
export const givingWay = (statement: string): string => `DO $$ BEGIN
  FOR tries IN 1..300 LOOP
    BEGIN
      SET LOCAL lock_timeout = '150ms';
      ${statement};
      RETURN;
    EXCEPTION WHEN lock_not_available THEN PERFORM pg_sleep(0.4);
    END;
  END LOOP;
  RAISE lock_not_available USING MESSAGE = 'the table was never free';
END $$`
