/** Turns a queued e-mail into the letter it is, with its document attached. */
import type { Database } from '../db/connection.ts'
import type { DocumentMail } from '../db/document-mails.ts'
import { findCreditNoteDocument, findInvoiceDocument, type VerifyUrl } from '../db/documents.ts'
import { readInvoice } from '../db/invoice-rows.ts'
import { findContact } from '../db/invoice-reads.ts'
import { documentMail, type MailTemplate } from '../domain/invoice-texts.ts'
import { isOpenInvoice, openAmount } from '../domain/invoices.ts'
import type { Documents } from '../gateways/documents.ts'
import type { MailMessage } from '../gateways/mail.ts'
import { renderMail } from '../views/emails/message.tsx'

export type MailWorld = {
  db: Database
  documents: Documents
  verifyUrl: VerifyUrl
  publicUrl: string
  paybill: string
}

const REMINDERS = new Set<MailTemplate>(['before_due', 'due', 'overdue_7', 'overdue_14'])

/** Null when there is nobody to write to, or nothing to send. */
export async function composeDocumentMail(
  { db, documents, verifyUrl, publicUrl, paybill }: MailWorld,
  { id, invoiceId, creditNoteId, template }: DocumentMail,
): Promise<MailMessage | null> {
  const invoice = await readInvoice(db, invoiceId)
  const contact = invoice && (await findContact(db, invoice.customerId))
  const printed = creditNoteId
    ? await findCreditNoteDocument(db, creditNoteId, verifyUrl)
    : await findInvoiceDocument(db, invoiceId, verifyUrl)
  const to = invoice?.billTo.email ?? contact?.email
  if (!invoice?.dueAt || !contact || !printed || !to) return null
  // Paid between the reminder and its sending: nobody is reminded of what is settled.
  if (REMINDERS.has(template) && !isOpenInvoice(invoice.status)) return null
  const facts = {
    name: invoice.billTo.name,
    number: printed.number,
    ownerNumber: invoice.ownerNumber,
    gross: printed.totals.gross,
    open: openAmount(invoice),
    dueAt: invoice.dueAt,
    paybill,
    link: `${publicUrl}/documents`,
  }
  const { subject, text, ...rest } = documentMail(template, facts, contact.language)
  const content = await documents.print(printed)
  return {
    to,
    subject,
    text,
    html: await renderMail({ subject, text, sms: '', ...rest }, contact.language),
    messageId: `${id}@gari`,
    attachments: [{ filename: `${printed.number}.pdf`, content, contentType: 'application/pdf' }],
  }
}
