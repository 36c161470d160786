/** What looks like an attack. For people to read; nothing in it is secret. */
import { select, type Tx } from './connection.ts'

export async function recordSecurityEvent(tx: Tx, kind: string, detail: object): Promise<void> {
  await select(tx, 'INSERT INTO security_events (kind, detail) VALUES ($1, $2::jsonb)', [
    kind,
    JSON.stringify(detail),
  ])
}
