/** Documents by e-mail: with their PDF, once, and never a reminder of what is settled. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createInvoiceBooks } from '../../activities/invoices.ts'
import type { MailWorld } from '../../activities/document-mails.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { queueDocumentMail, takeDocumentMails } from '../../db/document-mails.ts'
import { recountInvoices } from '../../db/invoice-counting.ts'
import { creditInvoice } from '../../db/credit-notes.ts'
import { readLines } from '../../db/invoice-lines.ts'
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

async function buildIssued(etims = false) {
  const booking = await buildBooking(db)
  const ownerId = booking.input.reservationId
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', ownerId))
  const draft = await selectOne<{ id: string }>(db, 'SELECT id FROM invoices WHERE owner_id = $1', [
    ownerId,
  ])
  const id = draft?.id ?? ''
  const issued = await inTransaction(db, (tx) => issueInvoice(tx, id, { now: NOW, etims }))
  return { booking, ownerId, id, number: issued.number ?? '' }
}
async function deliver(invoiceId: string, template: MailTemplate) {
  const queued = { invoiceId, creditNoteId: null, template, key: `${invoiceId}:${template}` }
  await inTransaction(db, (tx) => queueDocumentMail(tx, queued))
  await sendAll()
}
async function sendAll() {
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

const UNIT = {
  serial: 'KRACU0100000001',
  invoiceNumber: 'KRACU0100000001/7',
  signature: 'EFGH',
  internalData: 'ABCD',
  url: 'https://etims.example/7',
  at: '2026-11-21T10:00:00+03:00',
}
const books = () => createInvoiceBooks({ db, now: () => NOW, etims: null })
const lettersOf = (number: string) => sent.filter(({ subject }) => subject.includes(number))

it('an invoice that waits for its control number leaves when the number comes, once', async () => {
  const { id, number } = await buildIssued(true)
  await deliver(id, 'invoice')
  await deliver(id, 'invoice')
  expect(lettersOf(number)).toEqual([])
  expect(await count(db, "invoices WHERE id = $1 AND status = 'issued'", [id])).toBe(1)
  const other = await buildIssued(true)
  // The story says it a second time when its step is repeated, and a third time when it goes on.
  for (let n = 0; n < 2; n += 1) await books().recordRegistered('invoice', other.id, UNIT)
  await books().mailInvoice(other.id)
  await sendAll()
  await sendAll()
  expect(lettersOf(other.number)).toHaveLength(1)
  expect(lettersOf(number)).toEqual([])
  await books().recordUnregistered('invoice', id, 'read on the portal')
  await sendAll()
  expect(lettersOf(number)).toHaveLength(1)
})

it('a credit note leaves when its own number comes', async () => {
  const { id } = await buildIssued(true)
  await books().recordRegistered('invoice', id, UNIT)
  const lines = await readLines(db, id)
  const wish = { id: randomUUID(), invoiceId: id, reason: 'a day less', actorId: 'finance', lines }
  const note = await inTransaction(db, (tx) => creditInvoice(tx, wish, NOW))
  await books().mailCreditNote(note.id)
  await sendAll()
  expect(lettersOf(note.number)).toEqual([])
  await books().recordRegistered('credit_note', note.id, UNIT)
  await sendAll()
  await sendAll()
  expect(lettersOf(note.number)).toHaveLength(1)
})
