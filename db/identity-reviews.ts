/** What waits to be looked at, and looks at it. */
import type { IdentityKind } from '../domain/identity-documents.ts'
import { appendAudit } from './audit.ts'
import { select, type Database, type Tx } from './connection.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'

export type WaitingIdentity = {
  id: string
  kind: IdentityKind
  customerName: string
  customerNumber: string
  receivedAt: Date
}

const REVIEW_SORTS = {
  received_at: { column: 'd.received_at', type: 'time' },
} as const satisfies Keys<string>

export type ReviewWish = PageWish<keyof typeof REVIEW_SORTS>

/** Who has waited longest comes first. */
export async function listWaitingIdentity(
  db: Database,
  wish: ReviewWish,
): Promise<Page<WaitingIdentity>> {
  const by = paged(REVIEW_SORTS, wish, { from: 1, id: 'd.id' })
  const rows = await select<WaitingIdentity & { pageKey: string }>(
    db,
    `SELECT d.id, d.kind, trim(u.first_name || ' ' || u.last_name) AS "customerName", coalesce(c.number, '') AS "customerNumber",
       d.received_at AS "receivedAt", ${by.columns}
     FROM identity_documents d JOIN users u ON u.id = d.user_id LEFT JOIN customers c ON c.user_id = u.id
     WHERE d.status = 'received' AND ${by.after} ${by.order}`,
    by.bind,
  )
  return by.page(rows, (row) => row)
}

type Look = { actorId: string; customerId: string; documentId: string }

/** Written down before anything is shown. */
export const noteIdentityLook = (tx: Tx, { actorId, customerId, documentId }: Look) =>
  appendAudit(tx, {
    actor: actorId,
    action: 'identity_document.revealed',
    entity: 'user',
    entityId: customerId,
    after: { documentId, shown: ['picture', 'licence', 'date_of_birth'] },
  })
