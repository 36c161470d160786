/**
 * A witness of the audit: triggers that note each change of a business row in the very transaction that made it, so that changes
 * without an entry are found. It knows nothing of the code that should have written one. For tests, and for a house that tries a
 * release out; it costs every write a little and belongs on no busy one. It writes in its own name: Gari's role may not touch it.
 */
import { ALWAYS_OTHER, BUSINESS_TABLES, OTHER_COLUMNS } from './audit-scope.ts'
import { select, type Database } from './connection.ts'

const BEGIN = `
CREATE SCHEMA IF NOT EXISTS audit_witness;
CREATE TABLE IF NOT EXISTS audit_witness.changes (
  xid xid8 NOT NULL, at timestamptz NOT NULL DEFAULT now(), what text NOT NULL, how text NOT NULL, id text,
  statement text NOT NULL);
CREATE TABLE IF NOT EXISTS audit_witness.entries (xid xid8 PRIMARY KEY);
CREATE OR REPLACE FUNCTION audit_witness.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV END;
  stands jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV END;
BEGIN
  IF was IS DISTINCT FROM stands THEN
    INSERT INTO audit_witness.changes (xid, what, how, id, statement)
    VALUES (pg_current_xact_id(), TG_TABLE_NAME, TG_OP, coalesce(stands, was) ->> 'id', left(current_query(), 300));
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION audit_witness.note_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO audit_witness.entries VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_witness AFTER INSERT ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_witness.note_entry();`

const watched = (table: (typeof BUSINESS_TABLES)[number]): string => {
  const other = [...ALWAYS_OTHER, ...(OTHER_COLUMNS[table] ?? [])].map((name) => `'${name}'`)
  return `
CREATE OR REPLACE TRIGGER audit_witness AFTER INSERT OR UPDATE OR DELETE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION audit_witness.note_change(${other.join(', ')});`
}

/** Harmless when done again. Its user must own the tables. */
export const beginWitness = async (db: Database): Promise<void> => {
  for (const statement of [BEGIN, ...BUSINESS_TABLES.map(watched)])
    await db.sequelize.query(statement)
}

/** Takes the triggers away and what they noted. */
export const endWitness = async (db: Database): Promise<void> => {
  await db.sequelize.query('DROP SCHEMA IF EXISTS audit_witness CASCADE')
}

export type Unwritten = { what: string; how: string; statement: string; times: number }

/** Ways in which something was changed by transactions without an entry; the busiest first. */
export const listUnwritten = (db: Database): Promise<Unwritten[]> =>
  select(
    db,
    `SELECT what, how, statement, count(DISTINCT xid)::int AS times FROM audit_witness.changes c
     WHERE NOT EXISTS (SELECT FROM audit_witness.entries e WHERE e.xid = c.xid)
     GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 200`,
  )

export const countWitnessed = async (db: Database): Promise<number> => {
  const [row] = await select<{ n: number }>(
    db,
    'SELECT count(*)::int AS n FROM audit_witness.changes',
  )
  return row?.n ?? 0
}
