/** Statements that PostgreSQL plans once for each connection, and not again at every use. */

/** A connection of the driver, as far as we need it. */
export type Connection = { query(text: unknown, ...more: unknown[]): unknown }

const names = new Map<string, string>()

/**
 * For what is asked often and costs more to plan than to do. PostgreSQL keeps such a plan on each connection for as long as
 * that lives, so the text must not be put together anew at each call. After five uses it may settle for one plan for all
 * values: where a value decides which way is quick, write two statements.
 */
export const prepared = (sql: string): string => {
  // Sequelize trims what it is given, and it must be known again behind it.
  const text = sql.trim()
  if (!names.has(text)) names.set(text, `gari_${names.size + 1}`)
  return text
}

/** The driver prepares what has a name, once for each connection; Sequelize gives no names. */
export function nameStatements(connection: Connection): void {
  const query = connection.query.bind(connection)
  connection.query = (text, ...more) => {
    const name = typeof text === 'string' ? names.get(text) : undefined
    if (!name) return query(text, ...more)
    // Without values the callback comes in their place.
    const [values, ...others] = more
    return Array.isArray(values)
      ? query({ name, text, values }, ...others)
      : query({ name, text }, ...more)
  }
}
