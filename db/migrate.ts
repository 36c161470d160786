/**
 * Applies what is missing. Two processes at once: the second waits, then finds nothing. People go on booking meanwhile, so
 * nothing here may stand in the queue for a table's lock for longer than a moment: whoever comes after would stand behind it.
 */
import { setTimeout as rest } from 'node:timers/promises'
import { DatabaseError } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'
import { connectDatabase, select, selectOne, type Database, type Tx } from './connection.ts'
import { grantRights } from './granting.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Migration, Work } from './migrations/migration.ts'
import type { Vault } from '../domain/vault.ts'

const LOCK = 7_261_401
const LOCK_TIMEOUT = '150ms'
const NOT_AVAILABLE = '55P03'
const AGAIN_MS = 400
const TRIES = 300

const US = { pool: 2, applicationName: 'gari-migrate', isUnhurried: true } as const

/**
 * Answers the names of what it applied. The roles' rights are looked after each time. Without a vault it throws where rows have to be
 * sealed; an empty database has none.
 */
export async function migrateDatabase(
  url: string,
  migrations: readonly Migration[] = MIGRATIONS,
  vault?: Vault,
): Promise<string[]> {
  const db = connectDatabase({ url, ...US, ...(vault ? { vault } : {}) })
  try {
    return await apply(db, migrations)
  } finally {
    await db.close()
  }
}

/** What this release knows of and the database does not; all of it where there are no tables yet. */
export async function listMissingMigrations(db: Database): Promise<string[]> {
  const there = await selectOne<{ any: boolean }>(
    db,
    "SELECT to_regclass('migrations') IS NOT NULL AS any",
  )
  const applied = there?.any
    ? await select<{ name: string }>(db, 'SELECT name FROM migrations')
    : []
  const known = new Set(applied.map(({ name }) => name))
  return MIGRATIONS.map(({ name }) => name).filter((name) => !known.has(name))
}

function apply(db: Database, migrations: readonly Migration[]): Promise<string[]> {
  const umzug = new Umzug({
    migrations: migrations.map((one) => ({
      name: one.name,
      up: () => ('up' in one ? inOneTransaction(db, one.up) : oneByOne(db, one.steps)),
    })),
    storage: new SequelizeStorage({ sequelize: db.sequelize, tableName: 'migrations' }),
    logger: undefined,
  })
  // umzug takes no lock of its own; this one is held by a transaction beside it.
  return db.sequelize.transaction(async (tx) => {
    while (!(await isLeader(tx))) await rest(AGAIN_MS)
    const applied = await umzug.up()
    await grantRights(db)
    return applied.map(({ name }) => name)
  })
}

/**
 * Building an index waits for everybody who may still see the table as it was. So nobody waits in the database for this lock,
 * they ask again and again; and no value is bound, because a bound statement keeps its view until the next one.
 */
async function isLeader(tx: Tx): Promise<boolean> {
  const ask = `SELECT pg_try_advisory_xact_lock(${LOCK}) AS led`
  const row = await selectOne<{ led: boolean }>(tx, ask)
  return row?.led ?? false
}

/** Gives up its place in the queue, lets the others through, and comes again. */
async function inOneTransaction({ sequelize }: Database, up: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await sequelize.transaction(async (transaction) => {
        await sequelize.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`, { transaction })
        await sequelize.query(up, { transaction })
      })
      return
    } catch (error) {
      if (!isLocked(error) || tries === TRIES) throw error
      await rest(AGAIN_MS)
    }
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.parent as { code?: string }).code === NOT_AVAILABLE

async function oneByOne(db: Database, steps: (string | Work)[]): Promise<void> {
  for (const step of steps) await (typeof step === 'string' ? db.sequelize.query(step) : step(db))
}
