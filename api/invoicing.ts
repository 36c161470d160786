/** What doors and pages share of invoicing: who may see what, the PDF, and wishes by an Idempotency-Key. */
import type { Context } from 'hono'
import type { Actor } from '../domain/accounts.ts'
import type { PrintedDocument } from '../domain/documents.ts'
import { BusinessError } from '../domain/errors.ts'
import { mayInvoice, maySeeDocument } from '../domain/policies.ts'
import { inTransaction } from '../db/connection.ts'
import { queueDocumentMail, queueInvoiceMail } from '../db/document-mails.ts'
import { wishIssue } from '../db/invoice-drafts.ts'
import { readInvoice, type InvoiceRow } from '../db/invoice-rows.ts'
import type { ApiDeps } from './deps.ts'
import { sha256 } from './tokens.ts'

const none = () => new BusinessError('NOT_FOUND', 'We have no such document.')

/** Drafts are finance's own. */
export async function findOwnInvoice(deps: ApiDeps, actor: Actor, id: string): Promise<InvoiceRow> {
  const row = await readInvoice(deps.db, id)
  if (!row || !maySeeDocument(actor, row) || (!row.number && !mayInvoice(actor))) throw none()
  return row
}

export function assertMayInvoice(actor: Actor): void {
  if (!mayInvoice(actor)) throw new BusinessError('FORBIDDEN', 'Only finance writes invoices.')
}

/** The same document has the same ETag, so a browser need not load it again. */
export async function answerPdf(
  c: Context,
  deps: ApiDeps,
  document: PrintedDocument | null,
): Promise<Response> {
  if (!document) throw none()
  const etag = `"${sha256(JSON.stringify(document)).toString('base64url').slice(0, 32)}"`
  c.header('ETag', etag)
  c.header('Cache-Control', 'private, no-cache')
  if (c.req.header('if-none-match') === etag) return c.body(null, 304)
  const bytes = await deps.printDocument(document)
  c.header('Content-Type', 'application/pdf')
  c.header('Content-Disposition', `inline; filename="${document.number}.pdf"`)
  return c.body(new Uint8Array(bytes))
}

/**
 * A draft is issued and sent by its story; one that has gone out goes out again, once for each key. Before its control
 * number has come there is only the one letter that waits for it.
 */
export const sendInvoice = (
  deps: ApiDeps,
  actor: Actor,
  invoice: InvoiceRow,
  key: string,
): Promise<InvoiceRow> =>
  inTransaction(deps.db, async (tx) => {
    if (invoice.status === 'cancelled')
      throw new BusinessError('INVOICE_CLOSED', 'This invoice is cancelled.')
    if (invoice.status === 'draft') return wishIssue(tx, invoice.id, actor.userId)
    if (invoice.etimsStatus === 'pending') await queueInvoiceMail(tx, invoice.id)
    if (invoice.etimsStatus === 'pending') return invoice
    const mail = { invoiceId: invoice.id, creditNoteId: null, template: 'invoice' } as const
    await queueDocumentMail(tx, { ...mail, key: `again:${invoice.id}:${key}` })
    return invoice
  })
