/** What each role of the database may do, written by hand: a new table must be thought about here. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, inTransaction, select } from '../../db/connection.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { HIDDEN_FROM_REPORTS } from '../../db/rights.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** s: read, i: add, u: change, d: delete; (s): some columns only. */
const TABLES = `
  account_links            app siud
  allocation_wishes        app siu   read (s)
  api_key_uses             app siud  read s
  api_keys                 app siud
  audit_chain              app si              audit s
  audit_checks             app siu             audit s
  audit_entries            app si              audit s
  audit_heads              app si              audit s
  authenticators           app siud
  bank_allocation_wishes   app siu   read (s)
  booking_tries            app siud  read s
  car_places               app si    read s
  charge_parties           app siu   read (s)
  charges                  app siu   read (s)
  companies                app siu   read (s)
  company_members          app siud  read s
  condition_photos         app siu
  consumed_events          app si    read s
  correction_wishes        app siu   read (s)
  credit_notes             app siu   read (s)
  customer_addresses       app siud
  customer_ratings         app sid   read (s)
  customers                app siu   read (s)
  day_close_lines          app si    read (s)
  day_closes               app si    read s
  desk_tenders             app siu   read s
  document_mails           app siu   read s
  document_series          app siu   read s
  erasure_letters          app siu
  erasures                 app siu   read s
  export_files             app siud
  export_pieces            app siud
  exports                  app siu   read s
  extras                   app siu   read s
  features                 app s     read s
  finance_cases            app siu   read (s)
  heartbeats               app siud  read s
  holds                    app siu   read s
  idempotency_keys         app siud
  identity_documents       app siud
  identity_pictures        app siud
  invoice_lines            app si    read s
  invoice_payments         app si    read s
  invoices                 app siu   read (s)
  key_rotations            app siu   read s
  late_offer_options       app siu   read s
  late_offers              app siu   read s
  ledger_accounts          app s     read s
  ledger_entries           app si    read s
  ledger_postings          app si    read s
  legal_holds              app siu   read (s)
  location_fees            app siu   read s
  locations                app siu   read s
  loyalty_entries          app si    read (s)
  marketing_choices        app si    read s
  marketing_refusals       app siud
  migrations               app s     read s
  mpesa_receipts           app siu   read (s)
  notifications            app siu   read (s)
  oauth_clients            app siud
  oauth_records            app siud
  one_time_codes           app siud
  outages                  app siu   read s
  outbox                   app siud  read s
  passkey_challenges       app siud
  passkeys                 app siud
  payment_plan_phones      app siu   read (s)
  payment_plans            app siu   read s
  payments                 app siu   read (s)
  permissions              app s     read s
  pricing_rules            app siu   read s
  promo_uses               app si    read s
  provider_lines           app siu   read (s)
  provider_messages        app siu
  push_pace                app siu   read s
  quotes                   app siud  read s
  rate_limits              app siud
  rating_reviews           app siud  read (s)
  read_by_older_release    app sd    read s
  receipts                 app si    read s
  reconciliation_findings  app siu   read (s)
  reconciliations          app siu   read (s)
  recovery_codes           app siud
  refresh_tokens           app siud
  refund_hand_wishes       app siu   read (s)
  refunds                  app siu   read (s)
  refused_bookings         app siud  read (s)
  registrations            app siud
  rental_charges           app siu   read s
  rental_checks            app si    read s
  rental_refunds           app si    read s
  rentals                  app siu   read (s)
  reservation_extras       app si    read s
  reservation_parties      app siu   read (s)
  reservations             app siu   read (s)
  resources                app si    read s
  retention_runs           app siu   read s
  role_assignments         app siud  read s
  role_permissions         app siud  read s
  roles                    app siud  read s
  security_events          app siud
  sessions                 app siud
  subject_keys             app siud
  terminal_totals          app si    read s
  till_deposits            app si    read s
  till_sessions            app siu   read (s)
  tills                    app siu   read s
  users                    app siu   read (s)
  vehicle_categories       app siu   read s
  vehicle_features         app s     read s
  vehicles                 app siu   read s
`

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** As PostgreSQL itself answers, whoever granted what: also by another role, also to everybody. */
const ASKED = `
  SELECT c.relname AS name, string_agg(r.short || ' ' || r.rights, ' ' ORDER BY r.short) AS rights
  FROM pg_class c, LATERAL (
    SELECT short, concat(
      CASE WHEN has_table_privilege(role, c.oid, 'SELECT') THEN 's'
           WHEN has_any_column_privilege(role, c.oid, 'SELECT') THEN '(s)' END,
      CASE WHEN has_any_column_privilege(role, c.oid, 'INSERT') THEN 'i' END,
      CASE WHEN has_any_column_privilege(role, c.oid, 'UPDATE') THEN 'u' END,
      CASE WHEN has_table_privilege(role, c.oid, 'DELETE') THEN 'd' END,
      CASE WHEN has_table_privilege(role, c.oid, 'TRUNCATE, TRIGGER, REFERENCES') THEN '!' END) AS rights
    FROM (VALUES ('app', 'gari_app'), ('audit', 'gari_audit'), ('read', 'gari_read')) AS one (short, role)) r
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND r.rights <> ''
  GROUP BY c.relname`

const inOrder = (rights: string) => (rights.match(/\w+ \S+/g) ?? []).toSorted().join(', ')

const WRITTEN = Object.fromEntries(
  TABLES.trim()
    .split('\n')
    .map((line) => /^\s*(\w+)\s+(.*)$/.exec(line))
    .map((found) => [found?.[1], inOrder((found?.[2] ?? '').replaceAll(/\s+/g, ' '))]),
)

async function rightsNow(): Promise<Record<string, string>> {
  const rows = await select<{ name: string; rights: string }>(db.owner, ASKED)
  return Object.fromEntries(rows.map(({ name, rights }) => [name, inOrder(rights)]))
}

/** One statement of another role's, in a transaction that is thrown away where it fails. */
const as = (role: string, statement: string) =>
  inTransaction(db.owner, async (tx) => {
    await select(tx, `SET LOCAL ROLE ${role}`)
    return select(tx, statement)
  })

describe('the rights of the roles', () => {
  it('are those written by hand, for every table', async () => {
    expect(await rightsNow()).toEqual(WRITTEN)
  })

  it('come back when somebody has changed them, also where the tables stay as they are', async () => {
    await select(db.owner, 'GRANT ALL ON audit_entries, payments TO gari_app, gari_read')
    await select(db.owner, 'GRANT SELECT (password_hash) ON users TO gari_read')
    await select(db.owner, 'REVOKE INSERT ON payments FROM gari_app')
    expect(await migrateDatabase(db.migrationUrl)).toEqual([])
    expect(await rightsNow()).toEqual(WRITTEN)
  })

  it('are there for a table of a later migration, which Gari works with and reports read', async () => {
    const later = { name: '9001-later', up: 'CREATE TABLE later (id int)' }
    await migrateDatabase(db.migrationUrl, [...MIGRATIONS, later])
    const all = { ...WRITTEN, later: 'app siud, read s' }
    expect(await rightsNow()).toEqual(all)
    await select(db.owner, 'DROP TABLE later')
  })

  it('are there from the moment in which the owner makes a table', async () => {
    await inTransaction(db.owner, async (tx) => {
      await select(tx, 'SET LOCAL ROLE gari_migrate')
      await select(tx, 'CREATE TABLE at_once (id int GENERATED ALWAYS AS IDENTITY)')
      await select(tx, 'SET LOCAL ROLE gari_app')
      await select(tx, 'INSERT INTO at_once DEFAULT VALUES RETURNING id')
      await select(tx, 'RESET ROLE')
      await select(tx, 'DROP TABLE at_once')
    })
  })
})

describe('what Gari connects as', () => {
  it('is its own role and owns nothing', async () => {
    const [row] = await select(
      db,
      `SELECT current_user AS me, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS mighty,
         (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname = current_user`,
    )
    expect(row).toEqual({ me: 'gari_app', mighty: false, owned: 0 })
  })

  it.each([
    'UPDATE audit_entries SET actor = actor',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    'UPDATE audit_chain SET hash = hash',
    'DELETE FROM audit_heads',
    'UPDATE ledger_postings SET amount_cents = 0',
    'DELETE FROM ledger_entries',
    'DELETE FROM payments',
    'DELETE FROM users',
    "INSERT INTO permissions (name, resource, action, description) VALUES ('a:b', 'a', 'b', 'c')",
    "INSERT INTO migrations (name) VALUES ('9999-later')",
    'DROP TRIGGER audit_fixed ON audit_entries',
    'ALTER TABLE audit_entries DISABLE TRIGGER USER',
    'DROP TABLE audit_entries',
    'CREATE TABLE mine (id int)',
    'CREATE TEMPORARY TABLE mine (id int)',
    'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    "SELECT setval('audit_entries_id_seq', 1)",
    'CREATE ROLE mine',
    'SET ROLE gari_migrate',
    "SET session_replication_role = 'replica'",
  ])('may not %s', async (statement) => {
    await migrateDatabase(db.migrationUrl)
    await expect(select(db, statement)).rejects.toThrow(/permission denied|must be owner/)
  })

  it('adds to the audit', async () => {
    const rows = await select(
      db,
      `INSERT INTO audit_entries (actor, action, entity, entity_id) VALUES ('me', 'look', 'thing', '1') RETURNING actor`,
    )
    expect(rows).toEqual([{ actor: 'me' }])
  })
})

describe('reports', () => {
  /** How columns are called that open something or reach somebody. */
  const TELLING =
    /password|hash|secret|token|csrf|phone|email|first_name|last_name|birth|licence|payer|raw/
  /** Telling by their name only: proofs of what was sealed, settings, and the numbers of our own places. */
  const HARMLESS = ['locations.phone', 'users.email_verified', 'users.phone_verified']

  it('see no column that is called like a secret or a way to somebody', async () => {
    const seen = await select<{ name: string }>(
      db.owner,
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND has_column_privilege('gari_read', format('%I', table_name), column_name, 'SELECT')`,
    )
    const telling = seen
      .map(({ name }) => name)
      .filter((name) => TELLING.test(name.split('.')[1] ?? ''))
    expect(telling.toSorted()).toEqual(HARMLESS)
    // What people typed freely: names and numbers of others stand in it.
    const typed = seen.filter(({ name }) => /[._](?:notes?|why)$/.test(name))
    expect(typed.map(({ name }) => name)).toEqual([])
  })

  it('hide only columns that there are', async () => {
    const columns = await select<{ table: string; column: string }>(
      db.owner,
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns WHERE table_schema = 'public'`,
    )
    const known = new Set(columns.map((one) => `${one.table}.${one.column}`))
    const hidden = Object.entries(HIDDEN_FROM_REPORTS).flatMap(([table, names]) =>
      names.map((name) => `${table}.${name}`),
    )
    expect(hidden.filter((name) => !known.has(name))).toEqual([])
  })

  it('read payments and users, but neither phones nor passwords, nor the audit, and write nothing', async () => {
    await as('gari_read', 'SELECT id, amount_cents FROM payments')
    await as('gari_read', 'SELECT id, kind, status FROM users')
    for (const statement of [
      'SELECT phone FROM payments',
      'SELECT password_hash FROM users',
      'SELECT * FROM users',
      'SELECT * FROM sessions',
      'SELECT * FROM audit_entries',
      "UPDATE vehicles SET colour = 'red'",
      'CREATE TABLE mine (id int)',
    ])
      await expect(as('gari_read', statement)).rejects.toThrow(/permission denied/)
  })

  it('of the audit see the audit and nothing else', async () => {
    await as('gari_audit', 'SELECT * FROM audit_entries, audit_chain, audit_heads, audit_checks')
    for (const statement of [
      'SELECT * FROM payments',
      'SELECT id FROM users',
      'DELETE FROM audit_entries',
    ])
      await expect(as('gari_audit', statement)).rejects.toThrow(/permission denied/)
  })
})

describe('a database of one user', () => {
  it('is migrated and worked with by its owner, who may make no roles', async () => {
    const name = new URL(db.url).pathname.slice(1)
    const own = `one_${name}`
    await select(db.owner, `CREATE ROLE ${own} LOGIN PASSWORD 'tests'`)
    await select(db.owner, `ALTER DATABASE ${name} OWNER TO ${own}`)
    try {
      await select(db.owner, 'DROP SCHEMA public CASCADE')
      await select(db.owner, 'CREATE SCHEMA public')
      await select(db.owner, `ALTER SCHEMA public OWNER TO ${own}`)
      const url = new URL(db.url)
      url.username = own
      const applied = await migrateDatabase(url.href)
      expect(applied).toHaveLength(MIGRATIONS.length)
      const one = connectDatabase({ url: url.href, pool: 1, applicationName: 'gari-tests' })
      await expect(select(one, 'SELECT id FROM payments')).resolves.toEqual([])
      await one.close()
    } finally {
      await select(db.owner, `ALTER DATABASE ${name} OWNER TO gari_migrate`)
      await select(db.owner, `DROP OWNED BY ${own} CASCADE`)
      await select(db.owner, `DROP ROLE ${own}`)
    }
  })
})
