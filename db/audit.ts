/** Who changed what, when and why. Append-only; never a phone, a hash or a token. */
import { select, type Tx } from './connection.ts'

export type AuditEntry = {
  actor: string
  action: string
  entity: string
  entityId: string
  before?: object
  after?: object
  why?: string | null
}

const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value))

export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const { actor, action, entity, entityId, before, after, why = null } = entry
  await select(
    tx,
    `INSERT INTO audit_entries (actor, action, entity, entity_id, before, after, why)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)`,
    [actor, action, entity, entityId, json(before), json(after), why],
  )
}
