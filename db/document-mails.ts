/** E-mails with a document attached: written down when they become due, taken by whoever sends, repeated until taken. */
import type { MailTemplate } from '../domain/invoice-texts.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'

export type DocumentMail = {
  id: string
  invoiceId: string
  creditNoteId: string | null
  template: MailTemplate
}

type NewMail = Omit<DocumentMail, 'id'> & { key: string }

/** Once for each key. */
export async function queueDocumentMail(tx: Tx, mail: NewMail): Promise<void> {
  await select(
    tx,
    `INSERT INTO document_mails (invoice_id, credit_note_id, template, key) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) DO NOTHING`,
    [mail.invoiceId, mail.creditNoteId, mail.template, mail.key],
  )
}

/** The letter of an invoice itself; each has one of its own, whoever asks for it first. */
export const queueInvoiceMail = (tx: Tx, invoiceId: string): Promise<void> =>
  queueDocumentMail(tx, {
    invoiceId,
    creditNoteId: null,
    template: 'invoice',
    key: `invoice:${invoiceId}`,
  })

export const queueCreditNoteMail = (
  tx: Tx,
  note: { id: string; invoiceId: string },
): Promise<void> =>
  queueDocumentMail(tx, {
    invoiceId: note.invoiceId,
    creditNoteId: note.id,
    template: 'credit_note',
    key: `credit_note:${note.id}`,
  })

/** Of what is mailed itself: a tax document is no such thing before the authority has answered. */
const REGISTERED = `NOT EXISTS (SELECT FROM invoices i WHERE m.credit_note_id IS NULL AND i.id = m.invoice_id
    AND i.etims_status = 'pending')
  AND NOT EXISTS (SELECT FROM credit_notes n WHERE n.id = m.credit_note_id AND n.etims_status = 'pending')`

/** Nobody else takes it for five minutes. What waits for its control number waits here, without losing a try. */
export const takeDocumentMails = (db: Database, limit: number): Promise<DocumentMail[]> =>
  select(
    db,
    `WITH taken AS (UPDATE document_mails SET next_try_at = now() + interval '5 minutes'
       WHERE id IN (SELECT m.id FROM document_mails m
         WHERE m.status = 'queued' AND m.next_try_at <= now() AND ${REGISTERED}
         ORDER BY m.created_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *)
     SELECT id, invoice_id AS "invoiceId", credit_note_id AS "creditNoteId", template
     FROM taken ORDER BY created_at, id`,
    [limit],
  )

/** True the first time. */
export async function markDocumentMail(
  tx: Tx,
  id: string,
  status: 'sent' | 'failed',
): Promise<boolean> {
  const row = await selectOne(
    tx,
    `UPDATE document_mails SET status = $2, attempts = attempts + 1,
       sent_at = CASE WHEN $2 = 'sent' THEN now() END WHERE id = $1 AND status = 'queued' RETURNING id`,
    [id, status],
  )
  return row !== null
}

const ATTEMPTS = 40

/** Again after 5 s, then twice as long each time, up to half an hour; for most of a day. */
export async function postponeDocumentMail(on: Database | Tx, id: string): Promise<void> {
  await select(
    on,
    `UPDATE document_mails SET attempts = attempts + 1,
       next_try_at = now() + least(interval '5 seconds' * power(2, least(attempts, 20)), interval '30 minutes'),
       status = CASE WHEN attempts + 1 >= ${ATTEMPTS} THEN 'failed' ELSE status END WHERE id = $1`,
    [id],
  )
}
