/** My documents, their PDFs, and the public check that one is genuine. */
import { Hono } from 'hono'
import { BusinessError } from '../../domain/errors.ts'
import { maySeeDocument } from '../../domain/policies.ts'
import { findCreditNote } from '../../db/credit-notes.ts'
import {
  findCreditNoteDocument,
  findInvoiceDocument,
  findReceiptDocument,
} from '../../db/documents.ts'
import { findByNumber } from '../../db/invoice-reads.ts'
import { findReceipt } from '../../db/receipts.ts'
import { MyDocumentsView, VerifyView } from '../../views/documents.tsx'
import type { ApiDeps, Env } from '../deps.ts'
import { isId } from '../input.ts'
import { answerPdf, findOwnInvoice } from '../invoicing.ts'
import { assertCan } from '../permitted.ts'
import { signedIn } from '../sessions.ts'
import { documentLines } from './document-lines.ts'
import { viewerOf } from './viewer.ts'

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
    assertCan(actor, 'own_documents:read')
    const page = { rows: await documentLines(deps, { customerId: actor.userId }), now: deps.now() }
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
