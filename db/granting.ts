/** Makes the rights of the database's roles what rights.ts says. Safe to repeat: what is right already is left alone. */
import { DatabaseError } from 'sequelize'
import { select, selectOne, type Database } from './connection.ts'
import { RIGHTS_BY_DEFAULT, rightsOf, ROLES, sequenceRightsOf, type GrantedRole } from './rights.ts'

/** Made by somebody else in the same moment: roles belong to the whole server, our lock to one database. */
const THERE_ALREADY = ['42710', '23505']

const GRANTED: readonly GrantedRole[] = [ROLES.app, ROLES.read, ROLES.audit]

/**
 * `granted`: the roles are there and have their rights. `one user`: there are no roles and whoever migrates may make none;
 * then everything runs as the user that owns the tables, as with a database of one's own.
 */
export type Granting = 'granted' | 'one user'

export async function grantRights(db: Database): Promise<Granting> {
  if (!(await makeRoles(db))) return 'one user'
  const { user, schemaIsOurs, databaseIsOurs } = await whoAmI(db)
  const roles = GRANTED.filter((role) => role !== user)
  if (schemaIsOurs) await closeSchema(db, roles)
  // Temporary tables are tables: with this, no role but the owner can make any.
  if (databaseIsOurs) await closeDatabase(db)
  for (const statement of DEFAULTS) await db.sequelize.query(statement)
  const rightsNow = await readRights(db)
  for (const one of await select<Relation>(db, OWN))
    for (const role of roles) {
      const wanted = wantedOf(one, role)
      if (rightsNow(one.name, role) !== wanted) await grantOne(db, one, role, wanted)
    }
  return 'granted'
}

const wantedOf = ({ kind, name, columns }: Relation, role: GrantedRole): string =>
  kind === 'TABLE' ? rightsOf(role, name, columns) : sequenceRightsOf(role, name)

/** Without a way in: that is given to them by whoever looks after the server. False when they cannot be had. */
export async function makeRoles(db: Database): Promise<boolean> {
  const names = Object.values(ROLES)
  const known = await select<{ name: string }>(
    db,
    'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)',
    [names],
  )
  const missing = names.filter((name) => !known.some((one) => one.name === name))
  if (missing.length === 0) return true
  const me = await selectOne<{ may: boolean }>(
    db,
    'SELECT rolsuper OR rolcreaterole AS may FROM pg_roles WHERE rolname = current_user',
  )
  if (!me?.may) return false
  for (const name of missing) await makeRole(db, name)
  return true
}

async function makeRole(db: Database, name: string): Promise<void> {
  try {
    await db.sequelize.query(`CREATE ROLE ${name} NOLOGIN`)
  } catch (error) {
    const code = error instanceof DatabaseError && (error.parent as { code?: string }).code
    if (!code || !THERE_ALREADY.includes(code)) throw error
  }
}

type Me = { user: string; schemaIsOurs: boolean; databaseIsOurs: boolean }

async function whoAmI(db: Database): Promise<Me> {
  const row = await selectOne<Me>(
    db,
    `SELECT current_user AS "user",
       (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public') AS "schemaIsOurs",
       (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()) AS "databaseIsOurs"`,
  )
  return row ?? { user: '', schemaIsOurs: false, databaseIsOurs: false }
}

async function closeSchema({ sequelize }: Database, roles: readonly string[]): Promise<void> {
  await sequelize.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
  await sequelize.query(`GRANT USAGE ON SCHEMA public TO ${roles.join(', ')}`)
}

async function closeDatabase(db: Database): Promise<void> {
  const row = await selectOne<{ name: string; open: boolean }>(
    db,
    `SELECT quote_ident(current_database()) AS name, has_database_privilege('public', current_database(), 'TEMPORARY') AS open`,
  )
  if (row?.open) await db.sequelize.query(`REVOKE TEMPORARY ON DATABASE ${row.name} FROM PUBLIC`)
}

/** For what the next migrations make, from the moment they make it. */
const DEFAULTS = [
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${RIGHTS_BY_DEFAULT} ON TABLES TO ${ROLES.app}`,
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${ROLES.app}`,
]

type Relation = { kind: 'TABLE' | 'SEQUENCE'; name: string; columns: string[] }

/** What the migrating user may give rights to. */
const OWN = `
  SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relname AS name,
    ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S') AND pg_has_role(c.relowner, 'USAGE')
  ORDER BY c.relname`

/** One row for each right of a table, or of one of its columns. */
const RIGHTS_NOW = `
  SELECT c.relname AS name, a.grantee::regrole::text AS role, a.privilege_type AS right, NULL AS "column"
  FROM pg_class c, aclexplode(c.relacl) a
  WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = ANY ($1::text[]::regrole[])
  UNION ALL
  SELECT c.relname, a.grantee::regrole::text, a.privilege_type, t.attname
  FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped, aclexplode(t.attacl) a
  WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = ANY ($1::text[]::regrole[])`

type Right = { name: string; role: string; right: string; column: string | null }

/** Written as rights.ts writes them, by the table and the role. */
async function readRights(db: Database): Promise<(name: string, role: string) => string> {
  const found = await select<Right>(db, RIGHTS_NOW, [GRANTED])
  const lists = new Map<string, string[]>()
  for (const { name, role, right, column } of found) {
    const key = `${name} ${role} ${column === null ? '' : right}`
    lists.set(key, [...(lists.get(key) ?? []), column ?? right])
  }
  const list = (key: string) => (lists.get(key) ?? []).toSorted().join(', ')
  return (name, role) => {
    const columns = list(`${name} ${role} SELECT`)
    const whole = list(`${name} ${role} `)
    const parts = columns === '' ? [whole] : [whole, `SELECT (${columns})`]
    return parts.filter((part) => part !== '').join(', ')
  }
}

async function grantOne(
  { sequelize }: Database,
  { kind, name }: Relation,
  role: string,
  rights: string,
): Promise<void> {
  // In one transaction, so that whoever works meanwhile never stands without any.
  await sequelize.transaction(async (transaction) => {
    await sequelize.query(`REVOKE ALL ON ${kind} ${name} FROM ${role}`, { transaction })
    if (rights === '') return
    await sequelize.query(`GRANT ${rights} ON ${kind} ${name} TO ${role}`, { transaction })
  })
}
