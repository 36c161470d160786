/** Who changed what, when, why and from where. Append-only; never a phone, a hash or a token. */
import { select, type Tx } from './connection.ts'
import { originNow } from './origin.ts'
import { prepared } from './prepared.ts'

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

const APPEND = prepared(
  `INSERT INTO audit_entries (actor, action, entity, entity_id, before, after, why, origin)
   VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8)`,
)

export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const { actor, action, entity, entityId, before, after, why = null } = entry
  const [was, is] = [json(before), json(after)]
  await select(tx, APPEND, [actor, action, entity, entityId, was, is, why, originNow()])
}

type OwnEntry = { action: string; entity: string; id: string; after: string; origin: string }

/**
 * Ends a statement that begins with `WITH changed AS (UPDATE … RETURNING …)`: what it changes it writes down itself, without another
 * way to the database. All parts are SQL of ours; `origin` is the place of `originNow()` among the values.
 */
export const ownEntry = ({ action, entity, id, after, origin }: OwnEntry): string =>
  `INSERT INTO audit_entries (actor, action, entity, entity_id, after, origin)
   SELECT 'gari', '${action}', '${entity}', ${id}::text, ${after}, ${origin} FROM changed`
