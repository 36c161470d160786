/** What looks like an attack. For people to read; nothing in it is secret. */
import { select, type Database, type Tx } from './connection.ts'

export async function recordSecurityEvent(
  on: Database | Tx,
  kind: string,
  detail: object,
): Promise<void> {
  await select(on, 'INSERT INTO security_events (kind, detail) VALUES ($1, $2::jsonb)', [
    kind,
    JSON.stringify(detail),
  ])
}
