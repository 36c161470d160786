/** Documents as lines of a page: all of a customer's, or those of one booking or charge. */
import type { Actor } from '../../domain/accounts.ts'
import type { DocumentLine } from '../../domain/invoice-pages.ts'
import { maySeeDocument } from '../../domain/policies.ts'
import { listCreditNotes } from '../../db/credit-notes.ts'
import { listInvoices } from '../../db/invoice-reads.ts'
import { listReceipts } from '../../db/receipts.ts'
import type { ApiDeps } from '../deps.ts'

const MOST_SHOWN = 100

type Wish = { customerId: string; ownerId?: string }

/** Newest first. */
export async function documentLines(deps: ApiDeps, wish: Wish): Promise<DocumentLine[]> {
  const { items } = await listInvoices(deps.db, { ...wish, limit: MOST_SHOWN })
  const notes = await listCreditNotes(
    deps.db,
    items.map(({ id }) => id),
  )
  const receipts = await listReceipts(deps.db, wish)
  const numbers = new Map(items.map(({ id, ownerNumber }) => [id, ownerNumber]))
  const lines: DocumentLine[] = [
    ...items.map((one) => ({
      kind: 'invoice' as const,
      number: one.number ?? '',
      ownerNumber: one.ownerNumber,
      at: one.issuedAt ?? one.createdAt,
      amount: one.gross,
      status: one.status,
      path: `/documents/invoices/${one.id}.pdf`,
    })),
    ...notes.map((one) => ({
      kind: 'credit_note' as const,
      number: one.number,
      ownerNumber: numbers.get(one.invoiceId) ?? '',
      at: one.issuedAt,
      amount: one.gross,
      status: null,
      path: `/documents/credit-notes/${one.id}.pdf`,
    })),
    ...receipts.map((one) => ({
      kind: 'receipt' as const,
      number: one.number,
      ownerNumber: one.ownerNumber,
      at: one.issuedAt,
      amount: one.amount,
      status: null,
      path: `/documents/receipts/${one.paymentId}.pdf`,
    })),
  ]
  return lines.toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

/** None for whoever may not open them: a share link, or the desk. */
export const documentsOf = async (
  deps: ApiDeps,
  actor: Actor | null,
  owner: { id: string; customerId: string },
): Promise<DocumentLine[]> =>
  actor && maySeeDocument(actor, owner)
    ? documentLines(deps, { customerId: owner.customerId, ownerId: owner.id })
    : []
