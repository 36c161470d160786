/** What each table's way from open columns to sealed ones has in common (db/sealing-people.ts tells the way). */
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'

/** Rows of one transaction: some hundredths of a second. */
export const SEALED_AT_ONCE = 500

/** The triggers that forget what no longer fits let these changes through, and nobody's version is counted up. */
export const beginSealing = (tx: Tx) => select(tx, "SELECT set_config('gari.sealing', 'on', true)")

type Done = { table: string; what: 'sealed' | 'emptied'; rows: number }

export const tellSealing = (tx: Tx, { table, what, rows }: Done): Promise<void> =>
  appendAudit(tx, {
    actor: 'gari',
    action: `personal_columns.${what}`,
    entity: 'personal_columns',
    entityId: table,
    after: { rows },
  })
