/** Columns that stand open because processes of the release before read them; once they are gone, nothing open is written any more. */
import { select, type Tx } from './connection.ts'

/** SQL of whoever writes a sealed column: whether its open self is needed as well. */
export const isReadOpen = (table: string): string =>
  `EXISTS (SELECT FROM read_by_older_release WHERE table_name = '${table}')`

/** For good: there is no way back to the release before. */
export const stopWritingOpen = (tx: Tx, table: string) =>
  select(tx, 'DELETE FROM read_by_older_release WHERE table_name = $1 RETURNING table_name', [
    table,
  ])
