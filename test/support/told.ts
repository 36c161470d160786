/** What providers said, opened as Gari opens it. */
import { select, type Database } from '../../db/connection.ts'
import { BODY_COLUMNS, openBody, type RawBody } from '../../db/provider-message-bodies.ts'

/** In the order in which they came; `where` is of `m`. */
export async function readTold(
  on: Database,
  where = 'true',
  values: unknown[] = [],
): Promise<{ kind: string; body: unknown }[]> {
  const rows = await select<RawBody & { kind: string }>(
    on,
    `SELECT m.kind, ${BODY_COLUMNS} FROM provider_messages m WHERE ${where} ORDER BY m.received_at`,
    values,
  )
  return rows.map((row) => ({ kind: row.kind, body: openBody(on, row) }))
}
