/** What the checker of `faults/` looks at, made by hand around a test's own database. */
import type pg from 'pg'
import { createSearch } from '../../faults/checker/secrets.ts'
import type { Provider, Sql, World } from '../../faults/checker/world.ts'

export const sqlOn =
  (on: Pick<pg.Pool, 'query'>): Sql =>
  async <T extends object>(text: string, values: unknown[] = []) =>
    ((await on.query(text, values)).rows ?? []) as T[]

/** Whatever is done in there is undone. */
export const pretendOn =
  (pool: () => pg.Pool) =>
  async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const client = await pool().connect()
    try {
      await client.query('BEGIN')
      return await work(sqlOn(client))
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  }

export const NOTHING: Provider = {
  transactions: [],
  movements: [],
  reversals: [],
  payouts: [],
  handPayments: [],
}

export const worldOf = (sql: Sql, over: Partial<World> = {}): World => ({
  sql,
  provider: NOTHING,
  registered: [],
  actions: [],
  awaited: new Set(),
  events: [],
  committed: [],
  stories: new Map(),
  troubles: async () => [],
  written: async () => '',
  readLogs: async () => [],
  search: createSearch([]),
  stores: [],
  ...over,
})
