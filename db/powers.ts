/** What whoever is connected may do beyond Gari's work, in words. */
import { selectOne, type Database } from './connection.ts'

type Raw = { user: string } & Record<keyof typeof WORDS, boolean>

const WORDS = {
  superuser: 'is a superuser and may do anything on the server',
  roles: 'may make and change users of the server',
  databases: 'may make databases',
  rows: 'passes over the rules for rows',
  replication: 'may copy the whole server',
  owner: 'owns tables and may change or drop them, with the triggers that keep the audit',
  creator: 'may make tables',
  temporary: 'may make temporary tables',
  audit: 'may change or take away entries of the audit',
  books: 'may change or take away what stands in the books',
}

const ASKED = `
  SELECT current_user AS "user", rolsuper AS superuser, rolcreaterole AS roles, rolcreatedb AS databases,
    rolbypassrls AS rows, rolreplication AS replication,
    EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND pg_has_role(relowner, 'MEMBER')) AS owner,
    has_schema_privilege('public', 'CREATE') AS creator,
    has_database_privilege(current_database(), 'TEMPORARY') AS temporary,
    EXISTS (SELECT FROM unnest(ARRAY['audit_entries', 'audit_chain', 'audit_heads']) AS name
      WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE')) AS audit,
    EXISTS (SELECT FROM unnest(ARRAY['ledger_entries', 'ledger_postings', 'receipts']) AS name
      WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE')) AS books
  FROM pg_roles WHERE rolname = current_user`

/** A superuser may everything else as well, so nothing else is said of one; an owner likewise. */
export async function readOwnPowers(db: Database): Promise<{ user: string; powers: string[] }> {
  const row = await selectOne<Raw>(db, ASKED)
  if (!row) throw new Error('PostgreSQL does not know who is asking')
  const { user } = row
  if (row.superuser) return { user, powers: [WORDS.superuser] }
  const beside = row.owner ? ['audit', 'books', 'creator', 'temporary'] : []
  const named = Object.entries(WORDS).filter(
    ([power]) => row[power as keyof typeof WORDS] && !beside.includes(power),
  )
  return { user, powers: named.map(([, words]) => words) }
}
