/** Documents by e-mail: with their PDF, once, and never a reminder of what is settled. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { MailWorld } from '../../activities/document-mails.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { queueDocumentMail, takeDocumentMails } from '../../db/document-mails.ts'
import { recountInvoices } from '../../db/invoice-counting.ts'
import { issueInvoice } from '../../db/invoices.ts'
import type { MailTemplate } from '../../domain/invoice-texts.ts'
import { createDocuments } from '../../gateways/documents.ts'
import type { MailMessage } from '../../gateways/mail.ts'
import { sendDocumentMail } from '../../workers/document-mails.ts'
import { buildBooking, buildPaid, count, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let world: MailWorld
const sent: MailMessage[] = []
const mail = {
  send: async (message: MailMessage) => {
    sent.push(message)
  },
}
beforeAll(async () => {
  db = await createTestDatabase()
  const company = { name: 'Gari', pin: 'P051234567X', address: ['Nairobi'] }
  world = {
    db,
    documents: createDocuments({ company, paybill: '174379' }),
    verifyUrl: (number) => `https://gari.example/documents/verify/${number}/x`,
    publicUrl: 'https://gari.example',
    paybill: '174379',
  }
})
afterAll(() => db.drop())

async function buildIssued() {
  const booking = await buildBooking(db)
  const ownerId = booking.input.reservationId
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', ownerId))
  const draft = await selectOne<{ id: string }>(db, 'SELECT id FROM invoices WHERE owner_id = $1', [
    ownerId,
  ])
  const id = draft?.id ?? ''
  const issued = await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims: false }))
  return { booking, ownerId, id, number: issued.number ?? '' }
}
async function deliver(invoiceId: string, template: MailTemplate) {
  const queued = { invoiceId, creditNoteId: null, template, key: `${invoiceId}:${template}` }
  await inTransaction(db, (tx) => queueDocumentMail(tx, queued))
  for (const one of await takeDocumentMails(db, 10)) await sendDocumentMail(world, mail, one)
}

it('an invoice leaves with its PDF, and stands as sent', async () => {
  const { id, number } = await buildIssued()
  for (let n = 0; n < 2; n += 1) await deliver(id, 'invoice')
  const ours = sent.filter(({ subject }) => subject.includes(number))
  expect(ours).toHaveLength(1)
  expect(ours[0]?.attachments?.map(({ filename }) => filename)).toEqual([`${number}.pdf`])
  expect(await count(db, "invoices WHERE id = $1 AND status = 'sent'", [id])).toBe(1)
})

it('a reminder leaves while something is open, and never once it is paid', async () => {
  const { booking, ownerId, id, number } = await buildIssued()
  const reminders = () =>
    sent.filter(({ subject }) => subject.includes(number) && /due/.test(subject)).length
  await deliver(id, 'due')
  expect(reminders()).toBe(1)
  await buildPaid(db, booking, booking.held.total)
  await inTransaction(db, (tx) => recountInvoices(tx, ownerId, NOW))
  await deliver(id, 'overdue_7')
  expect(reminders()).toBe(1)
})
