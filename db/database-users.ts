/**
 * The users that Gari connects as, made by whoever owns the server: one that owns the tables and migrates, one that works.
 * Safe to repeat; brings over a database whose tables belonged to another user until now.
 */
import { connectDatabase, select, selectOne, type Database } from './connection.ts'
import { makeRoles } from './granting.ts'
import { ROLES } from './rights.ts'

export type DatabasePasswords = { migrate: string; app: string }

/** Nobody waits longer for us than this while a table changes its owner; then it is to be run again. */
const LOCK_TIMEOUT = '2s'

/** `adminUrl` is a superuser's, in the database that Gari is to have. */
export async function prepareDatabaseUsers(
  adminUrl: string,
  passwords: DatabasePasswords,
): Promise<void> {
  const db = connectDatabase({ url: adminUrl, pool: 1, applicationName: 'gari-users' })
  try {
    await makeRoles(db)
    await letIn(db, ROLES.migrate, passwords.migrate)
    await letIn(db, ROLES.app, passwords.app)
    await handOver(db)
  } finally {
    await db.close()
  }
}

async function letIn(db: Database, role: string, password: string): Promise<void> {
  const row = await selectOne<{ statement: string }>(
    db,
    "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text) AS statement",
    [role, password],
  )
  if (row) await db.sequelize.query(row.statement)
}

/** Everything of ours that belongs to somebody else; parts of extensions stay with those who installed them. */
const ELSEWHERE = `
  WITH owner AS (SELECT oid FROM pg_roles WHERE rolname = $1)
  SELECT format('ALTER DATABASE %I OWNER TO %I', datname, $1::text) AS statement FROM pg_database, owner
  WHERE datname = current_database() AND datdba <> owner.oid
  UNION ALL
  SELECT format('ALTER %s %s OWNER TO %I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass, $1::text)
  FROM pg_class c, owner WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') AND relowner <> owner.oid
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'a', 'i') AND d.classid = 'pg_class'::regclass)
  UNION ALL
  SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, $1::text)
  FROM pg_proc p, owner WHERE pronamespace = 'public'::regnamespace AND proowner <> owner.oid
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass)`

async function handOver(db: Database): Promise<void> {
  const statements = await select<{ statement: string }>(db, ELSEWHERE, [ROLES.migrate])
  for (const { statement } of statements)
    await db.sequelize.transaction(async (transaction) => {
      await db.sequelize.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`, { transaction })
      await db.sequelize.query(statement, { transaction })
    })
}
