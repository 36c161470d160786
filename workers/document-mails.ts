/** Sends documents by e-mail, printed at that moment; a mail server that is away only delays them. */
import { composeDocumentMail, type MailWorld } from '../activities/document-mails.ts'
import { inTransaction } from '../db/connection.ts'
import {
  markDocumentMail,
  postponeDocumentMail,
  takeDocumentMails,
  type DocumentMail,
} from '../db/document-mails.ts'
import { recordInvoiceSent } from '../db/invoices.ts'
import type { Mail } from '../gateways/mail.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 2_000
const LONGEST_REST_MS = 30_000
const BATCH = 10

export async function sendDocumentMail(
  world: MailWorld,
  mail: Pick<Mail, 'send'>,
  queued: DocumentMail,
): Promise<void> {
  const letter = await composeDocumentMail(world, queued)
  if (letter) await mail.send(letter)
  await inTransaction(world.db, async (tx) => {
    const first = await markDocumentMail(tx, queued.id, letter ? 'sent' : 'failed')
    if (first && letter && queued.template === 'invoice')
      await recordInvoiceSent(tx, queued.invoiceId, new Date())
  })
}

export const startDocumentMails = (world: World, outside: MailWorld & { mail: Mail }): Running =>
  startLoop(world, {
    name: 'document-mails',
    restMs: REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const due = await takeDocumentMails(world.db, BATCH)
      for (const queued of due) {
        try {
          await sendDocumentMail(outside, outside.mail, queued)
        } catch (error) {
          await postponeDocumentMail(world.db, queued.id)
          world.log.warn({ id: queued.id, error: String(error) }, 'a document is sent later')
        }
      }
      return due.length === BATCH
    },
  })
