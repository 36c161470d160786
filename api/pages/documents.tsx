/** My documents, their PDFs, and the public check that one is genuine. */
import { Hono } from 'hono'
import { BusinessError } from '../../domain/errors.ts'
import type { DocumentLine } from '../../domain/invoice-pages.ts'
import { maySeeDocument } from '../../domain/policies.ts'
import { findCreditNote, listCreditNotes } from '../../db/credit-notes.ts'
import {
  findCreditNoteDocument,
  findInvoiceDocument,
  findReceiptDocument,
} from '../../db/documents.ts'
import { findByNumber, listInvoices } from '../../db/invoice-reads.ts'
import { findReceipt, listReceipts } from '../../db/receipts.ts'
import { MyDocumentsView, VerifyView } from '../../views/documents.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { answerPdf, findOwnInvoice } from '../invoicing.ts'
import { signedIn } from '../sessions.ts'
import { viewerOf } from './viewer.ts'

const MOST_SHOWN = 100

async function documentsOf(deps: ApiDeps, customerId: string): Promise<DocumentLine[]> {
  const { items } = await listInvoices(deps.db, { customerId, limit: MOST_SHOWN })
  const notes = await listCreditNotes(
    deps.db,
    items.map(({ id }) => id),
  )
  const receipts = await listReceipts(deps.db, { customerId })
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

const none = () => new BusinessError('NOT_FOUND', 'There is nothing under this address.')
const idOf = (file = ''): string => {
  const id = file.replace(/\.pdf$/, '')
  if (!isId(id)) throw none()
  return id.toLowerCase()
}

export function createDocumentPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.get('/documents', async (c) => {
    const actor = signedIn(c)
    const page = { rows: await documentsOf(deps, actor.userId), now: deps.now() }
    return c.html(<MyDocumentsView viewer={await viewerOf(c, deps)} page={page} />)
  })
  pages.get('/documents/invoices/:file', async (c) => {
    const { id } = await findOwnInvoice(deps, signedIn(c), idOf(c.req.param('file')))
    return answerPdf(c, deps, await findInvoiceDocument(deps.db, id, deps.verifyUrl))
  })
  pages.get('/documents/credit-notes/:file', async (c) => {
    const actor = signedIn(c)
    const note = await findCreditNote(deps.db, idOf(c.req.param('file')))
    if (!note || !maySeeDocument(actor, note)) throw none()
    return answerPdf(c, deps, await findCreditNoteDocument(deps.db, note.id, deps.verifyUrl))
  })
  pages.get('/documents/receipts/:file', async (c) => {
    const actor = signedIn(c)
    const receipt = await findReceipt(deps.db, idOf(c.req.param('file')))
    if (!receipt || !maySeeDocument(actor, receipt)) throw none()
    const printed = await findReceiptDocument(deps.db, receipt.paymentId, deps.verifyUrl)
    return answerPdf(c, deps, printed)
  })
  pages.get('/documents/verify/:number/:token', async (c) => {
    const { number, token } = c.req.param()
    const found = deps.verifyTokenFits(number, token) ? await findByNumber(deps.db, number) : null
    const genuine = found && {
      number: found.number,
      amount: found.gross,
      at: found.issuedAt,
      cancelled: found.cancelled,
    }
    const viewer = await viewerOf(c, deps)
    return c.html(<VerifyView viewer={viewer} page={{ genuine }} />, genuine ? 200 : 404)
  })
  return pages
}
