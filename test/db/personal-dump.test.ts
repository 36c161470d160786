/** What people tell us is planted by the doors they use, and looked for in every column of the database. */
import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findOrCreateGuest } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import type { LineWords } from '../../db/line-words.ts'
import { openPlan } from '../../db/payment-plans.ts'
import { inviteColleague } from '../../db/people.ts'
import { PERSONAL_COLUMNS, type Said } from '../../db/personal-columns.ts'
import { addPlanPhone } from '../../db/plan-phones.ts'
import { listPlanPhones } from '../../db/plan-reads.ts'
import { importLines } from '../../db/provider-lines.ts'
import { storeMessage } from '../../db/provider-messages.ts'
import { openRun } from '../../db/reconciliation-runs.ts'
import { holdMoney } from '../../db/unmatched-money.ts'
import { shillings } from '../../domain/money.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { buildDeps, buildRegistration, createTestApi, type TestApi } from '../support/api.ts'
import { buildBankLine } from '../support/bank.ts'
import { bearerOf, signInAs } from '../support/bearers.ts'
import {
  buildBooking,
  buildCompany,
  buildPaid,
  buildParty,
  COMPANY,
  nextReceipt,
  NOW,
} from '../support/builders.ts'
import { buildCharge } from '../support/charges.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'
import { readLines, readPayers, readTold } from '../support/told.ts'

let db: TestDatabase
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
})
afterAll(() => db.drop())

/** Of nobody else: no other test plants such ones, and no sample has them. */
const phone = () => `+25479${randomInt(1_000_000, 9_999_999)}`
const born = () => `19${randomInt(31, 39)}-0${randomInt(1, 9)}-${randomInt(10, 28)}`
const licence = () => `ZQ-${randomUUID().slice(0, 8).toUpperCase()}`

type Column = { name: string; text: string }

/** Every row of every column, as words and as the words that its bytes could be. */
async function dump(): Promise<Column[]> {
  const columns = await select<{ table: string; column: string; type: string }>(
    db.owner,
    `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public'`,
  )
  const dumped: Column[] = []
  for (const { table, column, type } of columns) {
    const words = type === 'bytea' ? `encode(${column}, 'escape')` : `${column}::text`
    const [row] = await select<{ text: string | null }>(
      db.owner,
      `SELECT string_agg(${words}, E'\\n') AS text FROM ${table}`,
    )
    dumped.push({ name: `${table}.${column}`, text: row?.text ?? '' })
  }
  return dumped
}

/** Digits without their country are the same phone, and a licence is the same without what the printer puts in. */
const heart = (value: string) => value.replace('+254', '').replace('ZQ-', '')
const whereIs = (dumped: Column[], value: string): string[] =>
  dumped.flatMap(({ name, text }) => (text.includes(heart(value)) ? [name] : []))

const kept = (how: string, says?: Said): string[] =>
  [...PERSONAL_COLUMNS].flatMap(([name, column]) =>
    column.kept === how && (!says || column.says === says) ? [name] : [],
  )

async function plantAccounts(): Promise<string[]> {
  const desk = await signInAs(api, 'desk')
  const [first, later, own, changed, guest, colleague] = Array.from({ length: 6 }, phone)
  const [birth, otherBirth, number, otherNumber] = [born(), born(), licence(), licence()]
  const { id } = await desk.read<{ id: string }>(201, 'POST', '/customers', {
    body: {
      first_name: 'Njeri',
      last_name: 'Mwangi',
      phone: first,
      date_of_birth: birth,
      licence: { number },
    },
  })
  await desk.read(200, 'PATCH', `/customers/${id}`, {
    body: { phone: later, date_of_birth: otherBirth, licence: { number: otherNumber } },
  })
  const registration = buildRegistration({ phone: own })
  expect((await openAccount(db, api, registration)).status).toBe(201)
  const answer = await api.post('/auth/login', {
    email: registration.email,
    password: registration.password,
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  await bearerOf(api, token).read(200, 'PATCH', '/auth/profile', { body: { phone: changed } })
  await inTransaction(db, (tx) =>
    findOrCreateGuest(tx, { phone: guest ?? '', firstName: 'A', lastName: 'Guest' }),
  )
  await inTransaction(db, (tx) =>
    inviteColleague(tx, {
      kind: 'employee',
      email: `${randomUUID()}@example.com`,
      firstName: 'A',
      lastName: 'Colleague',
      phone: colleague ?? '',
      actorId: 'test',
      until: new Date(Date.now() + HOUR_MS),
    }),
  )
  const phones = [first, later, own, changed, guest, colleague].map((one) => one ?? '')
  return [...phones, birth, otherBirth, number, otherNumber]
}

/** One named at once, one later. */
async function plantPlan(): Promise<string[]> {
  const { input } = await buildCharge(db)
  const [first, later] = [phone(), phone()]
  const planId = randomUUID()
  const actorId = input.customerId
  const wish = {
    planId,
    actorId,
    purpose: 'charge' as const,
    ownerId: input.chargeId,
    partyId: input.parties[0]?.id ?? '',
    amount: shillings(1_000),
    phones: [{ phone: first, phoneHash: '' }],
    deadline: new Date(NOW.getTime() + HOUR_MS).toISOString(),
  }
  expect(await inTransaction(db, (tx) => openPlan(tx, wish, NOW))).toMatchObject({
    outcome: 'opened',
  })
  await inTransaction(db, (tx) => addPlanPhone(tx, { planId, actorId, phone: later }))
  expect((await listPlanPhones(db, planId)).map((one) => one.phone)).toEqual([first, later])
  return [first, later]
}

describe('what the database holds', () => {
  it('of phones, days of birth and licences of accounts says nothing to who has the tables alone', async () => {
    const planted = await plantAccounts()
    const dumped = await dump()
    // The same look finds what is not sealed.
    expect(whereIs(dumped, 'Njeri')).toContain('users.first_name')
    expect(planted.map((value) => whereIs(dumped, value))).toEqual(planted.map(() => []))
  })

  it('of the phones of those who pay says nothing either', async () => {
    const party = buildParty({ phone: phone() })
    const booking = await buildBooking(db, { parties: [party] })
    const planned = await plantPlan()
    const charged = phone()
    await buildCharge(db, { parties: [buildParty({ phone: charged })] })
    const paid = await buildPaid(db, booking, shillings(1_000))
    const contact = phone()
    await buildCompany(db, { contact: { ...COMPANY.contact, phone: contact } })
    const dumped = await dump()
    for (const value of [contact, paid.phone, charged, party.phone, ...planned])
      expect(whereIs(dumped, value)).toEqual([])
  })
})

async function importLine(words: Omit<LineWords, 'raw'>): Promise<void> {
  const runId = randomUUID()
  const line = buildBankLine({ source: 'pull', key: nextReceipt(), ...words, raw: words })
  await inTransaction(db, async (tx) => {
    await openRun(tx, { runId, kind: 'pull', from: NOW, to: NOW, actorId: 'amina' })
    await importLines(tx, runId, [line])
  })
}

it('of what M-Pesa said, the database says nothing to who has the tables alone', async () => {
  const [subjectId, payer, name] = [randomUUID(), phone(), `WAKESHO${randomInt(1_000, 9_999)}`]
  const body = { Body: { MSISDN: payer.slice(1), FirstName: name } }
  const { messageId } = await storeMessage(db, {
    kind: 'paybill_confirmation',
    subjectId,
    body,
    sourceIp: null,
  })
  const receipt = nextReceipt()
  const money = { receipt, amount: shillings(1_000), heardFrom: 'pull' as const, paidAt: NOW }
  const said = { payer: payer.slice(1), payerName: name, reference: `for ${name}` }
  await inTransaction(db, (tx) => holdMoney(tx, { ...money, ...said }, null))
  const words = { party: name, phone: payer.slice(1), reference: name, details: `from ${payer}` }
  await importLine(words)
  const dumped = await dump()
  expect(whereIs(dumped, messageId)).toContain('provider_messages.id')
  expect([payer, name].map((value) => whereIs(dumped, value))).toEqual([[], []])
  expect(await readTold(db, 'm.id = $1', [messageId])).toMatchObject([{ body }])
  expect(await readPayers(db)).toContainEqual({ receipt, ...said })
  expect(await readLines(db)).toContainEqual({ ...words, raw: words })
})

/** What is open today. A line goes when its column is sealed; none is added. */
const STILL_OPEN: Partial<Record<Said, readonly string[]>> = {
  phone: [
    'charge_parties.phone',
    'companies.contact_phone',
    'mpesa_receipts.payer',
    'payment_plan_phones.phone',
    'payments.checkout_request_id',
    'payments.phone',
    'provider_lines.phone',
    'provider_messages.body',
    'refunds.named_phone',
    'refunds.phone',
    'reservation_parties.phone',
    'users.phone',
  ],
  birth: ['users.date_of_birth'],
  licence: [
    'customers.licence_country',
    'customers.licence_expires_on',
    'customers.licence_state',
    // Which papers are over is asked every time one is shown.
    'identity_documents.valid_until',
  ],
  picture: [],
  secret: [],
}

it.each(Object.entries(STILL_OPEN))('what is open of every %s becomes less', (says, open) => {
  expect(kept('open', says as Said).toSorted()).toEqual(open)
})

it('leaves the columns empty that stand open for the release before', async () => {
  const [row] = await select(
    db,
    `SELECT count(phone)::int AS phones, count(date_of_birth)::int AS births,
       (SELECT count(contact_phone)::int FROM companies) AS contacts,
       (SELECT count(body)::int FROM provider_messages) AS messages,
       (SELECT count(coalesce(payer, payer_name, reference))::int FROM mpesa_receipts) AS receipts,
       (SELECT count(coalesce(party, phone, reference, details, nullif(raw, '{}')::text))::int FROM provider_lines) AS lines,
       (SELECT count(phone)::int FROM charge_parties)
         + (SELECT count(phone)::int FROM reservation_parties)
         + (SELECT count(coalesce(phone, named_phone))::int FROM refunds) AS shares FROM users`,
  )
  expect(row).toEqual({
    phones: 0,
    births: 0,
    contacts: 0,
    messages: 0,
    receipts: 0,
    lines: 0,
    shares: 0,
  })
})
