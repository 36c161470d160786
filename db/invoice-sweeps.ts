/** Documents whose story is to be started. A row stays until Temporal has taken it, so none is lost. */
import { select, type Database } from './connection.ts'

export type Waiting = { id: string; kind: 'invoice' | 'credit_note' }

export const listToStart = (db: Database, limit: number): Promise<Waiting[]> =>
  select(
    db,
    `SELECT id, 'invoice' AS kind FROM invoices WHERE issue_wanted AND started_at IS NULL
     UNION ALL SELECT id, 'credit_note' FROM credit_notes WHERE started_at IS NULL LIMIT $1`,
    [limit],
  )

export async function markStarted(db: Database, { id, kind }: Waiting): Promise<void> {
  const table = kind === 'invoice' ? 'invoices' : 'credit_notes'
  await select(db, `UPDATE ${table} SET started_at = now() WHERE id = $1`, [id])
}
