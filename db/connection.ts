/** The way to PostgreSQL: one pool, plain SQL with bound values, whole transactions that may be repeated. */
import { setTimeout as rest } from 'node:timers/promises'
import { DatabaseError, QueryTypes, Sequelize, Transaction } from 'sequelize'
import type { Vault } from '../domain/vault.ts'
import { nameStatements, type Connection } from './prepared.ts'

export type Tx = Transaction
export type Database = {
  sequelize: Sequelize
  ping(): Promise<{ version: string }>
  close(): Promise<void>
}

type Options = {
  url: string
  pool?: number
  /** How long one waits for a connection of the pool; then a part of Gari is away for them. */
  acquireMs?: number
  applicationName: string
  log?: (sql: string) => void
  /** For work that takes as long as it takes; nobody waits for it. */
  isUnhurried?: boolean
  /** Reads and writes personal columns; who has none can do neither. */
  vault?: Vault
}

const STATEMENT_MS = 10_000
const IDLE_IN_TRANSACTION_MS = 15_000
const ACQUIRE_MS = 5_000
const DEFAULT_POOL = 10

export function connectDatabase(options: Options): Database {
  const sequelize = new Sequelize(options.url, {
    dialect: 'postgres',
    logging: options.log ?? false,
    hooks: { afterConnect: (connection) => nameStatements(connection as Connection) },
    pool: {
      max: options.pool ?? DEFAULT_POOL,
      acquire: options.acquireMs ?? ACQUIRE_MS,
      idle: 30_000,
    },
    dialectOptions: {
      application_name: options.applicationName,
      ...(options.isUnhurried
        ? {}
        : {
            statement_timeout: STATEMENT_MS,
            idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
          }),
    },
  })
  if (options.vault) vaults.set(sequelize, options.vault)
  const db: Database = {
    sequelize,
    ping: async () => {
      const rows = await select<{ version: string }>(
        db,
        "SELECT current_setting('server_version') AS version",
      )
      return { version: rows[0]?.version ?? '' }
    },
    close: () => sequelize.close(),
  }
  return db
}

/** Serialization failure, deadlock, lock not available: nothing was done, so the whole may be repeated. */
const REPEAT_AFTER_MS: Record<string, number> = { '40001': 20, '40P01': 30, '55P03': 50 }
const TRIES = 6

/** For what lost a race and must give its locks back before it may wait for others. */
export class RepeatTransaction extends Error {}
const LOST_RACE_MS = 20

const pauseFor = (error: unknown): number | null => {
  if (error instanceof RepeatTransaction) return LOST_RACE_MS
  if (!(error instanceof DatabaseError)) return null
  return REPEAT_AFTER_MS[(error.parent as { code?: string }).code ?? ''] ?? null
}

/** READ COMMITTED; the constraints decide. Connection errors are the caller's, who knows what to say. */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.sequelize.transaction(work)
    } catch (error) {
      const pause = pauseFor(error)
      if (pause === null || attempt === TRIES) throw error
      await rest(pause * attempt + Math.random() * pause)
    }
  }
}

/** Sequelize keeps itself on its transactions, though its types do not say so. */
type Carrier = { sequelize: Sequelize }

const vaults = new WeakMap<Sequelize, Vault>()

/** Throws where this process was given no master key. */
export function vaultOf(on: Database | Tx): Vault {
  const vault = vaults.get((on as unknown as Carrier).sequelize)
  if (!vault) throw new Error('this process has no master key, so it reads no personal columns')
  return vault
}

/** Runs one statement and answers its rows (also those of RETURNING). Values are always bound. */
export async function select<R extends object>(
  on: Database | Tx,
  sql: string,
  bind: unknown[] = [],
): Promise<R[]> {
  const { sequelize } = on as unknown as Carrier
  return sequelize.query<R>(sql, {
    ...(bind.length > 0 ? { bind } : {}),
    type: QueryTypes.SELECT,
    ...(on instanceof Transaction ? { transaction: on } : {}),
  })
}

/**
 * In the FROM of a statement: what it writes need not survive a crash of the database within milliseconds, so
 * nobody waits for the disk. Never for money, holds or events.
 */
export const WITHOUT_WAITING = "(SELECT set_config('synchronous_commit', 'off', true)) AS unhurried"

/** The same for one row or none. */
export const selectOne = async <R extends object>(
  on: Database | Tx,
  sql: string,
  bind: unknown[] = [],
): Promise<R | null> => (await select<R>(on, sql, bind))[0] ?? null
