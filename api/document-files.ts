/** Invoices, credit notes and receipts as PDF. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { maySeeDocument } from '../domain/policies.ts'
import { findCreditNote, type CreditNote } from '../db/credit-notes.ts'
import {
  findCreditNoteDocument,
  findInvoiceDocument,
  findReceiptDocument,
} from '../db/documents.ts'
import { findReceipt } from '../db/receipts.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { idParam } from './input.ts'
import { answerPdf, findOwnInvoice } from './invoicing.ts'
import { createOpenApi, idPath, NOT_MODIFIED, problems, SECURED } from './open-api.ts'
import { bearerSession } from './sessions.ts'
import { knownHeader } from './versions.ts'

const pdf = <P extends string>(path: P, summary: string) =>
  createRoute({
    method: 'get',
    path,
    summary,
    security: SECURED,
    request: { params: idPath, headers: knownHeader },
    responses: {
      200: {
        description: 'The document',
        content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      },
      ...NOT_MODIFIED,
      ...problems([404, 'Not yours, or none']),
    },
  })

const none = () => new BusinessError('NOT_FOUND', 'We have no such document.')

/** Throws NOT_FOUND for what is somebody else's. */
export async function findOwnNote(deps: ApiDeps, actor: Actor, id: string): Promise<CreditNote> {
  const note = await findCreditNote(deps.db, id)
  if (note && maySeeDocument(actor, note)) return note
  throw none()
}

export function createDocumentFilesApi(deps: ApiDeps) {
  const api = createOpenApi<ApiEnv>()
  const { db, verifyUrl } = deps
  for (const path of ['/invoices/:id/pdf', '/credit-notes/:id/pdf', '/payments/:id/receipt'])
    api.use(path, bearerSession(deps))
  api.openapi(pdf('/invoices/{id}/pdf', 'An issued invoice to print'), async (c) => {
    const { id } = await findOwnInvoice(deps, c.get('actor'), idParam(c))
    return answerPdf(c, deps, await findInvoiceDocument(db, id, verifyUrl))
  })
  api.openapi(pdf('/credit-notes/{id}/pdf', 'A credit note to print'), async (c) => {
    const { id } = await findOwnNote(deps, c.get('actor'), idParam(c))
    return answerPdf(c, deps, await findCreditNoteDocument(db, id, verifyUrl))
  })
  api.openapi(pdf('/payments/{id}/receipt', 'The receipt of a payment to print'), async (c) => {
    const receipt = await findReceipt(db, idParam(c))
    if (!receipt || !maySeeDocument(c.get('actor'), receipt)) throw none()
    const document = await findReceiptDocument(db, receipt.paymentId, verifyUrl)
    return answerPdf(c, deps, document)
  })
  return api
}
