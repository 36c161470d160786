/** Documents by e-mail: with their PDF, once, and never a reminder of what is settled. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createInvoiceBooks } from '../../activities/invoices.ts'
import type { MailWorld } from '../../activities/document-mails.ts'
import { billByItself } from '../../db/billing-by-itself.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import {
  postponeDocumentMail,
  queueDocumentMail,
  takeDocumentMails,
} from '../../db/document-mails.ts'
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

async function buildIssued(etims = false, billEmail?: string | null) {
  const booking = await buildBooking(db)
  const ownerId = booking.input.reservationId
  await inTransaction(db, (tx) => billByItself(tx, 'reservation', ownerId))
  const draft = await selectOne<{ id: string }>(db, 'SELECT id FROM invoices WHERE owner_id = $1', [
    ownerId,
  ])
  const id = draft?.id ?? ''
  if (billEmail !== undefined)
    await select(
      db,
      `UPDATE invoices SET bill_to = bill_to || jsonb_build_object('email', $2::text)
       WHERE id = $1 RETURNING id`,
      [id, billEmail],
    )
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

it('an invoice leaves with its PDF, and stands as sent', async () => {
  const { id, number } = await buildIssued()
  for (let n = 0; n < 2; n += 1) await deliver(id, 'invoice')
  const ours = sent.filter(({ subject }) => subject.includes(number))
  expect(ours).toHaveLength(1)
  expect(ours[0]?.attachments?.map(({ filename }) => filename)).toEqual([`${number}.pdf`])
  expect(await count(db, "invoices WHERE id = $1 AND status = 'sent'", [id])).toBe(1)
})

it('goes to the address that was billed, before the customer’s own', async () => {
  const billed = await buildIssued(false, 'bills@simba.example')
  await deliver(billed.id, 'invoice')
  expect(lettersOf(billed.number).map(({ to }) => to)).toEqual(['bills@simba.example'])
})

it('of whom nobody has an address stands as not sent', async () => {
  const { booking, id, number } = await buildIssued(false, null)
  const { customerId } = booking.input
  await select(db, 'UPDATE users SET email = NULL WHERE id = $1 RETURNING id', [customerId])
  await deliver(id, 'invoice')
  expect(lettersOf(number)).toEqual([])
  expect(await count(db, "invoices WHERE id = $1 AND status = 'issued'", [id])).toBe(1)
  expect(await count(db, "document_mails WHERE invoice_id = $1 AND status = 'failed'", [id])).toBe(
    1,
  )
})

it('is one sender’s for a while, and tried less and less often until it counts as failed', async () => {
  const { id } = await buildIssued()
  await books().mailInvoice(id)
  const [taken] = await takeDocumentMails(db, 10)
  expect(await takeDocumentMails(db, 10)).toEqual([])
  const waits: number[] = []
  for (let time = 1; time <= 40; time += 1) {
    const row = await inTransaction(db, async (tx) => {
      await postponeDocumentMail(tx, taken?.id ?? '')
      return selectOne<{ wait: number; status: string }>(
        tx,
        `SELECT extract(epoch FROM next_try_at - now())::int AS wait, status
         FROM document_mails WHERE id = $1`,
        [taken?.id],
      )
    })
    waits.push(row?.wait ?? -1)
    expect(row?.status).toBe(time < 40 ? 'queued' : 'failed')
  }
  expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40])
  expect(Math.max(...waits)).toBe(1_800)
})

it('leaves when its story says so where no control number is waited for, once', async () => {
  const { id, number } = await buildIssued()
  for (let n = 0; n < 2; n += 1) await books().mailInvoice(id)
  await sendAll()
  expect(lettersOf(number)).toHaveLength(1)
  const lines = await readLines(db, id)
  const wish = { id: randomUUID(), invoiceId: id, reason: 'a day less', actorId: 'finance', lines }
  const note = await inTransaction(db, (tx) => creditInvoice(tx, wish, NOW))
  for (let n = 0; n < 2; n += 1) await books().mailCreditNote(note.id)
  await sendAll()
  expect(lettersOf(note.number)).toHaveLength(1)
})

it('the oldest leave first, and none again once they are sent', async () => {
  const ids = [(await buildIssued()).id, (await buildIssued()).id]
  for (const id of ids) await books().mailInvoice(id)
  // As if the second one had been written down first.
  const earlier = "created_at = created_at - interval '1 hour'"
  await select(db, `UPDATE document_mails SET ${earlier} WHERE invoice_id = $1 RETURNING id`, [
    ids[1],
  ])
  const [first] = await takeDocumentMails(db, 1)
  expect(first?.invoiceId).toBe(ids[1])
  if (first) await sendDocumentMail(world, mail, first)
  await sendAll()
  const due = "next_try_at = now() - interval '1 minute'"
  await select(db, `UPDATE document_mails SET ${due} WHERE invoice_id = ANY($1) RETURNING id`, [
    ids,
  ])
  expect(await takeDocumentMails(db, 10)).toEqual([])
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

it('an invoice that waits for its control number leaves when the number comes, once', async () => {
  const { id, number } = await buildIssued(true)
  await deliver(id, 'invoice')
  await deliver(id, 'invoice')
  expect(lettersOf(number)).toEqual([])
  expect(await count(db, "invoices WHERE id = $1 AND status = 'issued'", [id])).toBe(1)
  const other = await buildIssued(true)
  // The story says it a second time when its step is repeated, and a third time when it goes on.
  for (let n = 0; n < 2; n += 1) await books().recordRegistered('invoice', other.id, UNIT)
  await sendAll()
  expect(lettersOf(other.number)).toHaveLength(1)
  await books().mailInvoice(other.id)
  await sendAll()
  expect(lettersOf(other.number)).toHaveLength(1)
  expect(lettersOf(number)).toEqual([])
  await books().recordUnregistered('invoice', id, 'read on the portal')
  await sendAll()
  expect(lettersOf(number)).toHaveLength(1)
})

it('the first word of the authority stays, whatever is said later', async () => {
  const { id } = await buildIssued(true)
  await books().recordRegistered('invoice', id, UNIT)
  await books().recordRegistered('invoice', id, { ...UNIT, invoiceNumber: 'KRACU0100000001/8' })
  await books().recordUnregistered('invoice', id, 'read on the portal')
  const kept = "invoices WHERE id = $1 AND etims_status = 'registered' AND etims = $2::jsonb"
  expect(await count(db, kept, [id, JSON.stringify(UNIT)])).toBe(1)
  await sendAll()
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
