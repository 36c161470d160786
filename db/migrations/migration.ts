/**
 * `up`: in one transaction. `steps`: one by one without any, each safe to repeat, for what takes long on a large table
 * (CREATE INDEX CONCURRENTLY).
 */
export type Migration = { name: string } & ({ up: string } | { steps: string[] })

/** What an interrupted try has left behind is thrown away first: it would be there and serve nobody. */
export const buildIndex = (name: string, what: string): string[] => [
  `DROP INDEX CONCURRENTLY IF EXISTS ${name}`,
  `CREATE INDEX CONCURRENTLY ${name} ON ${what}`,
]
