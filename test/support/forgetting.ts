/** Somebody of whom every table knows something, and a look through all that the database holds. */
import { randomUUID } from 'node:crypto'
import { createUser } from '../../db/accounts.ts'
import { bill } from '../../db/billing.ts'
import { sealOpenAddresses } from '../../db/sealing-addresses.ts'
import { emptyOpenPayersPhones, sealOpenPayersPhones } from '../../db/sealing-payer-phones.ts'
import { inTransaction, select, selectOne, type Database } from '../../db/connection.ts'
import { askForErasure, lookAtErasure, type Erasure } from '../../db/erasures.ts'
import { endErasure, eraseSome } from '../../db/erasing-steps.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { endPlan, openPlan } from '../../db/payment-plans.ts'
import { importLines } from '../../db/provider-lines.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { beginAuthenticator } from '../../db/second-factors.ts'
import { ERASURE_PARTS, type ErasurePart } from '../../domain/erasures.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildBankLine } from './bank.ts'
import {
  buildBooking,
  buildCallback,
  buildPaid,
  KSH_1000,
  nextPhone,
  NOW,
  type Booking,
} from './builders.ts'
import { buildCharge } from './charges.ts'
import type { TestDatabase } from './database.ts'
import { matchTold, tellOfPaybill } from './paybill.ts'
import { readLines, readPayers, readTold } from './told.ts'

const PHONE = '+254733912345'
/** None of these may stand anywhere afterwards; phones by their last digits, however they are written. */
/** Told of nobody but those who share or pay: stands sealed wherever it stands. */
export const SEALED_PHONE = '733954321'
const FRIENDS_PHONE = `+254${SEALED_PHONE}`
export const PLANTED = [
  'zawadi',
  'mwakitele',
  '733912345',
  '1987-03-05',
  'plot 77 nyali',
  'goats',
  'tumaini',
  'baraka',
  SEALED_PHONE,
  'nokia of hers',
] as const

export type Known = {
  userId: string
  number: string
  booking: Booking
  otherBooking: Booking
  invoiceId: string
}

async function openAccount(db: TestDatabase): Promise<{ userId: string; number: string }> {
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: 'zawadi@example.com',
      passwordHash: 'not-a-hash',
      firstName: 'Zawadi',
      lastName: 'Mwakitele',
      phone: PHONE,
      phoneVerified: true,
    }),
  )
  await select(db, "UPDATE users SET date_of_birth = '1987-03-05' WHERE id = $1", [userId])
  await select(db, "UPDATE customers SET notes = 'Is afraid of goats' WHERE user_id = $1", [userId])
  await select(
    db,
    `INSERT INTO customer_addresses (user_id, kind, line1, city, country, created_by, updated_by)
     VALUES ($1, 'home', 'Plot 77 Nyali', 'Mombasa', 'Kenya', 'x', 'x')`,
    [userId],
  )
  await sealOpenAddresses(db)
  const row = await selectOne<{ number: string }>(
    db,
    'SELECT number FROM customers WHERE user_id = $1',
    [userId],
  )
  return { userId, number: row?.number ?? '' }
}

async function letIn(db: TestDatabase, userId: string): Promise<void> {
  const statements = [
    `INSERT INTO sessions (token_hash, user_id, kind, csrf, expires_at, device, address)
     VALUES (sha256('a'), $1, 'page', 'x', now() + interval '1 day', 'Nokia of hers', '41.90.3.7')`,
    `INSERT INTO refresh_tokens (token_hash, session_hash) SELECT sha256('b'), token_hash FROM sessions WHERE user_id = $1`,
    `INSERT INTO api_keys (user_id, name, key_hash, beginning, scopes)
     VALUES ($1, 'Zawadi’s own', sha256('c'), 'gari_abc', '{own_reservations:read}')`,
    `INSERT INTO account_links (user_id, purpose, email, expires_at)
     VALUES ($1, 'verify_email', 'zawadi@example.com', now() + interval '1 day')`,
    `INSERT INTO oauth_records (model, id_hash, account_id, sealed, expires_at)
     VALUES ('Grant', sha256('d'), $1, 'x', now() + interval '1 day')`,
    `INSERT INTO passkeys (user_id, credential_id, public_key, name) VALUES ($1, 'x', 'x', 'Nokia of hers')`,
    `INSERT INTO idempotency_keys (scope, key, request_hash, subject_id, response)
     VALUES ('x', 'y', 'z', $1, '{"name": "Zawadi"}')`,
  ]
  for (const statement of statements) await select(db, statement, [userId])
  await inTransaction(db, (tx) => beginAuthenticator(tx, userId, 'SECRET'))
}

const friend = () => ({
  id: randomUUID(),
  name: 'Baraka Chengo',
  phone: FRIENDS_PHONE,
  share: null,
})
const herself = () => ({ id: randomUUID(), name: 'Zawadi M', phone: PHONE, share: null })

async function bookAndPay(db: TestDatabase, userId: string): Promise<Booking> {
  const booking = await buildBooking(db, {
    customerId: userId,
    parties: [herself(), friend()],
    specialRequests: 'A seat for little Tumaini',
  })
  const { number } = booking.held
  await matchTold(
    db,
    await tellOfPaybill(db, { reference: number, phone: '254733912345', name: 'ZAWADI' }),
  )
  const paid = await buildPaid(db, booking, KSH_1000)
  await select(db, 'UPDATE payments SET phone = $2, checkout_request_id = $3 WHERE id = $1', [
    paid.paymentId,
    PHONE,
    'ws_CO_21112026101010733912345',
  ])
  await sealOpenPayersPhones(db)
  await emptyOpenPayersPhones(db)
  const body = buildCallback({ ...paid, phone: PHONE })
  await storeMessage(db, { kind: 'stk_callback', subjectId: paid.paymentId, body, sourceIp: null })
  await select(
    db,
    `INSERT INTO refunds (id, payment_id, amount_cents, method, reason, status, requested_by, asked_by, phone, decision_note)
     VALUES ($1, $2, 10000, 'payout', 'Zawadi was ill', 'settled', 'fin', 'person', $3, 'Zawadi rang')`,
    [randomUUID(), paid.paymentId, PHONE],
  )
  return booking
}

/** What M-Pesa's list says of every receipt there is. */
async function listReceipts(db: TestDatabase): Promise<void> {
  const rows = await select<{ receipt: string }>(db, 'SELECT receipt FROM mpesa_receipts')
  const runId = randomUUID()
  const lines = rows.map(({ receipt }) =>
    buildBankLine({
      source: 'statement',
      key: receipt,
      party: 'ZAWADI MWAKITELE',
      phone: '254733912345',
      details: 'Pay Bill from 254733912345 - ZAWADI MWAKITELE',
      raw: { Details: '254733912345 - ZAWADI' },
    }),
  )
  await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'statement', from: NOW, to: NOW, actorId: 'amina' })
    await importLines(tx, runId, lines)
  })
}

async function charge(db: TestDatabase, userId: string): Promise<void> {
  const { input } = await buildCharge(db, { customerId: userId, parties: [herself(), friend()] })
  const planId = randomUUID()
  const plan = {
    planId,
    purpose: 'charge' as const,
    ownerId: input.chargeId,
    partyId: input.parties[0]?.id ?? '',
    actorId: userId,
    amount: KSH_1000,
    phones: [PHONE, FRIENDS_PHONE].map((phone) => ({ phone, phoneHash: 'of a phone' })),
    deadline: new Date(NOW.getTime() + DAY_MS).toISOString(),
  }
  await inTransaction(db, (tx) => openPlan(tx, plan, NOW))
  await inTransaction(db, (tx) => endPlan(tx, planId, 'stopped', userId))
  await select(
    db,
    "UPDATE charges SET status = 'cancelled', end_note = 'Zawadi called' WHERE id = $1",
    [input.chargeId],
  )
}

async function invoice(db: TestDatabase, { input }: Booking): Promise<string> {
  const billTo = {
    name: 'Zawadi Mwakitele',
    pin: 'A123456789Z',
    address: ['Plot 77 Nyali'],
    email: 'zawadi@example.com',
  }
  const [made] = await inTransaction(db, (tx) =>
    bill(tx, {
      purpose: 'reservation',
      ownerId: input.reservationId,
      bills: [{ id: randomUUID(), billTo, weight: 1 }],
      termsDays: 14,
      issue: false,
      actorId: 'fin',
    }),
  )
  const invoiceId = made?.id ?? ''
  await inTransaction(db, (tx) => issueInvoice(tx, invoiceId, { now: NOW, etims: false }))
  await select(db, "UPDATE invoices SET status = 'paid' WHERE id = $1", [invoiceId])
  return invoiceId
}

/** Everything about them is over: nothing stands in the way. */
export async function buildKnown(db: TestDatabase): Promise<Known> {
  const { userId, number } = await openAccount(db)
  await letIn(db, userId)
  const booking = await bookAndPay(db, userId)
  const invoiceId = await invoice(db, booking)
  const otherBooking = await buildBooking(db, {
    parties: [herself(), { ...friend(), phone: nextPhone(), name: 'Otieno' }],
  })
  await charge(db, userId)
  await listReceipts(db)
  await select(
    db,
    `INSERT INTO notifications (event_id, channel, template, reservation_id, detail)
     VALUES ('e1', 'sms', 'reminder', $1, '{"reason": "Zawadi"}')`,
    [booking.input.reservationId],
  )
  await select(db, 'UPDATE provider_messages SET delivered_at = now() WHERE delivered_at IS NULL')
  await endAll(db, userId)
  return { userId, number, booking, otherBooking, invoiceId }
}

async function endAll(db: TestDatabase, userId: string): Promise<void> {
  await select(db, "UPDATE reservations SET status = 'completed'")
  await select(
    db,
    "UPDATE reservations SET cancellation_note = 'She spoke of goats' WHERE customer_id = $1",
    [userId],
  )
}

export const ask = (db: Database, userId: string, over: object = {}): Promise<Erasure> =>
  inTransaction(db, (tx) =>
    askForErasure(tx, { userId, actorId: userId, now: NOW, coolingMs: 0, ...over }),
  )

export const look = (db: Database, id: string, now = NOW) =>
  inTransaction(db, (tx) => lookAtErasure(tx, id, now))

export async function erasePart(db: Database, id: string, part: ErasurePart): Promise<string> {
  for (;;) {
    const done = await inTransaction(db, (tx) => eraseSome(tx, id, part))
    if (done !== 'more') return done
  }
}

/** As the story does it. */
export async function eraseWhole(db: Database, id: string): Promise<void> {
  for (const part of ERASURE_PARTS) await erasePart(db, id, part)
  await inTransaction(db, (tx) => endErasure(tx, id, NOW))
}

const SEALED: Record<string, (db: Database) => Promise<object[]>> = {
  provider_messages: readTold,
  mpesa_receipts: readPayers,
  provider_lines: readLines,
}

/** Which tables still hold which of the words, anywhere in a row, also sealed by Gari's own key. */
export async function searchDump(db: TestDatabase, words: readonly string[]): Promise<string[]> {
  const tables = await select<{ name: string }>(
    db.owner,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await select<{ text: string }>(db.owner, `SELECT t::text AS text FROM ${name} t`)
    const sealed = await (SEALED[name]?.(db.owner) ?? [])
    const texts = [...rows.map(({ text }) => text), ...sealed.map((one) => JSON.stringify(one))]
    const all = texts.join('\n').toLowerCase()
    found.push(...words.filter((word) => all.includes(word)).map((word) => `${name}: ${word}`))
  }
  return found
}
