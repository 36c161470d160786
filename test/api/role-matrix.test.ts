/**
 * Every route of the API × everybody: nobody signed in, the customer whose record it is, another customer, and each role of the
 * house. What each may do is written here by hand, beside no code of ours; a route that is not written here fails.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, selectOne } from '../../db/connection.ts'
import { issueInvoice } from '../../db/invoices.ts'
import { openPlan } from '../../db/payment-plans.ts'
import { issueReceipt } from '../../db/receipts.ts'
import { assignRole } from '../../db/role-assignments.ts'
import { createSession } from '../../db/sessions.ts'
import { sha256 } from '../../api/tokens.ts'
import { SYSTEM_ROLES, type UserKind } from '../../domain/accounts.ts'
import { shillings } from '../../domain/money.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { buildDeps, createTestApi, type TestApi, type TestDeps } from '../support/api.ts'
import { buildBooking, buildPaid, nextPhone, NOW } from '../support/builders.ts'
import { buildCar } from '../support/cars.ts'
import { buildCharge } from '../support/charges.ts'
import { customerRules, priceRules } from '../support/customer-rules.ts'
import { buildIdentity, identityRules, SIGNED_IN } from '../support/identity.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertRental, rentalRules } from '../support/rentals.ts'
import { askForCopy, exportRules } from '../support/exporting.ts'

const HOUSE = SYSTEM_ROLES.filter((role) => role !== 'customer' && role !== 'owner')
const EVERYBODY = ['theirs', 'another’s', 'owner', ...HOUSE] as const
type Who = (typeof EVERYBODY)[number]

const all: readonly Who[] = EVERYBODY
const house: readonly Who[] = HOUSE
const admins: readonly Who[] = ['admin']
const people: readonly Who[] = ['manager', 'admin']
const fleet: readonly Who[] = ['manager']
const money: readonly Who[] = ['finance', 'manager']
const finance: readonly Who[] = ['finance']
const counter: readonly Who[] = ['desk', 'manager']
const takers: readonly Who[] = ['desk', 'finance', 'manager']
const readers: readonly Who[] = ['desk', 'finance', 'manager', 'workshop']
const keepers: readonly Who[] = ['finance', 'manager', 'operations', 'admin']
const withTheirs = (who: readonly Who[]): readonly Who[] => ['theirs', ...who]

type Rule = {
  may: readonly Who[] | 'public'
  /** Fills the path. */
  id?: string
  body?: object | FormData
  /** Of a customer: hidden from whom it does not concern, so that nobody can try ids. */
  hidden?: true
}

let db: TestDatabase
let api: TestApi
let deps: TestDeps
let rules: Record<string, Rule>
const tokens = new Map<Who, string>()
type Operation = { method: string; path: string; secured: boolean }
let operations: Operation[] = []
let exportId = ''

async function enter(who: Who): Promise<string> {
  const kind: UserKind =
    who === 'admin' ? 'admin' : (HOUSE as readonly string[]).includes(who) ? 'employee' : 'customer'
  const token = randomUUID().replaceAll('-', '') + randomUUID().slice(0, 11).replaceAll('-', '_')
  const userId = await inTransaction(db, async (tx) => {
    const made = await createUser(tx, {
      kind,
      email: `${randomUUID()}@example.com`,
      passwordHash: null,
      firstName: 'Role',
      lastName: who,
      phone: nextPhone(),
    })
    const gift = { userId: made.userId, role: who, expiresAt: null }
    if (who === 'owner' || kind !== 'customer') await assignRole(tx, gift, 'test')
    const expiresAt = new Date(Date.now() + HOUR_MS)
    const session = { userId: made.userId, kind: 'bearer' as const, csrf: '', expiresAt }
    await createSession(tx, { ...session, tokenHash: sha256(token) })
    return made.userId
  })
  tokens.set(who, await deps.accessTokens.sign({ userId, sessionId: token }, new Date()))
  return userId
}

/** As finance does. */
async function make(path: string, body: object): Promise<string> {
  const answer = await api.post(path, body, {
    authorization: `Bearer ${tokens.get('finance')}`,
    'idempotency-key': randomUUID(),
  })
  const made = (await answer.json()) as { id?: string; items?: { id: string }[] }
  const id = made.id ?? made.items?.[0]?.id
  if (!id) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(made)}`)
  return id
}

/** One record of each kind, of the customer who is called `theirs`. */
async function buildRecords(customerId: string) {
  const booking = await buildBooking(db, { customerId })
  const { paymentId } = await buildPaid(db, booking, shillings(1_000))
  await inTransaction(db, (tx) => issueReceipt(tx, paymentId, NOW))
  const charge = await buildCharge(db, { customerId })
  const partyId = charge.input.parties[0]?.id ?? ''
  const planId = randomUUID()
  const plan = {
    planId,
    purpose: 'charge' as const,
    ownerId: charge.input.chargeId,
    partyId,
    actorId: customerId,
    amount: shillings(1_000),
    phones: [{ phone: nextPhone(), phoneHash: 'of a phone' }],
    deadline: new Date(NOW.getTime() + DAY_MS).toISOString(),
  }
  await inTransaction(db, (tx) => openPlan(tx, plan, NOW))
  const billed = await buildCharge(db, { customerId })
  const invoiceId = await make('/invoices', {
    charge_id: billed.input.chargeId,
    bill_to: [{ name: 'Wanjiku Kamau' }],
    issue: true,
  })
  await inTransaction(db, (tx) => issueInvoice(tx, invoiceId, { now: NOW, etims: false }))
  const credit = { invoice_id: invoiceId, reason: 'too much', amount: '100' }
  const noteId = await make('/credit-notes', credit)
  return {
    customerId,
    identityId: await buildIdentity(db, customerId),
    reservationId: booking.input.reservationId,
    rentalId: await insertRental(db, booking.input.reservationId),
    paymentId,
    chargeId: charge.input.chargeId,
    partyId,
    planId,
    invoiceId,
    noteId,
  }
}

const REASON = { reason: 'for the matrix', note: 'for the matrix' }

function rulesOf(r: Awaited<ReturnType<typeof buildRecords>>, personId: string): typeof rules {
  const nothing = randomUUID()
  const cover = { party_id: r.partyId, for_party_id: randomUUID() }
  const trip = {
    pickup_location: 'NBO-JKIA',
    return_location: 'NBO-JKIA',
    pickup_at: new Date(NOW.getTime() + 300 * DAY_MS).toISOString(),
    return_at: new Date(NOW.getTime() + 301 * DAY_MS).toISOString(),
    category: 'economy',
  }
  const phone = '0712345678'
  const allocation = { purpose: 'credit', owner_id: personId, why: 'for the matrix' }
  const statement = new FormData()
  statement.set('file', new Blob(['no statement'], { type: 'text/csv' }), 'statement.csv')
  const roleFacts = { description: 'For the matrix', parent: null, permissions: [] }
  const billing = { line1: 'Moi Avenue 1', city: 'Nairobi' }
  const company = {
    name: 'Matrix Ltd',
    kra_pin: 'P051234567A',
    billing,
    contact: { name: 'Otieno', email: 'otieno@example.com', phone },
    credit_limit: '1000',
  }
  return {
    'GET /status': { may: 'public' },
    'POST /auth/register': { may: 'public' },
    'POST /auth/register/confirm': { may: 'public' },
    'POST /auth/login': { may: 'public' },
    'POST /auth/refresh': { may: 'public' },
    'GET /auth/profile': { may: all },
    'PATCH /auth/profile': { may: all, body: { language: 'sw' } },
    'POST /auth/forgot-password': { may: 'public' },
    'POST /auth/reset-password': { may: 'public' },
    'POST /auth/change-password': {
      may: all,
      body: { current_password: 'not this one', new_password: 'another long password' },
    },
    'GET /auth/sessions': { may: all },
    'DELETE /auth/sessions': { may: all },
    'DELETE /auth/sessions/{id}': { may: all, id: '0123456789abcdef' },
    'GET /auth/api-keys': { may: keepers },
    'POST /auth/api-keys': {
      may: keepers,
      body: { name: 'Matrix', scopes: ['own_reservations:read'] },
    },
    'DELETE /auth/api-keys/{id}': { may: keepers, id: nothing },
    'GET /auth/programs': { may: all },
    'DELETE /auth/programs/{id}': { may: all, id: nothing },
    'GET /oauth-clients': { may: people },
    'POST /oauth-clients': {
      may: people,
      body: { kind: 'server', name: 'Matrix', scopes: ['own_reservations:read'] },
    },
    'DELETE /oauth-clients/{id}': { may: people, id: nothing },
    'POST /oauth-clients/{id}/secret': { may: people, id: nothing },
    'GET /locations': { may: 'public' },
    'GET /vehicle-categories': { may: 'public' },
    'GET /vehicles': { may: 'public' },
    'GET /vehicles/{id}': { may: 'public' },
    'GET /vehicles/availability': { may: 'public' },
    'POST /vehicles': { may: fleet, body: buildCar() },
    'PUT /vehicles/{id}': { may: fleet, id: nothing, body: buildCar() },
    'PATCH /vehicles/{id}': { may: fleet, id: nothing, body: { colour: 'red' } },
    'DELETE /vehicles/{id}': { may: fleet, id: nothing },
    ...customerRules(r.customerId, { takers, counter, money, people, fleet }, withTheirs),
    ...priceRules(nothing, { takers, fleet }, all),
    ...identityRules(r, withTheirs(counter), counter),
    ...exportRules(r.customerId, withTheirs(people)),
    'GET /users': { may: people },
    'POST /users': {
      may: admins,
      body: { email: `${randomUUID()}@example.com`, first_name: 'New', last_name: 'One' },
    },
    'GET /users/{id}': { may: people, id: personId },
    'GET /users/{id}/roles': { may: people, id: personId },
    'POST /users/{id}/second-factor/removal': { may: admins, id: personId, body: { why: 'x' } },
    'PUT /users/{id}/status': { may: admins, id: personId, body: { status: 'active', why: 'x' } },
    'PUT /users/{id}/roles/{role}': { may: admins, id: personId, body: {} },
    'DELETE /users/{id}/roles/{role}': { may: admins, id: personId },
    'GET /permissions': { may: people },
    'GET /roles': { may: people },
    'GET /roles/{name}': { may: people },
    'POST /roles': { may: admins, body: { name: 'for_the_matrix', ...roleFacts } },
    'PUT /roles/{name}': { may: admins, body: roleFacts },
    'DELETE /roles/{name}': { may: admins },

    'POST /reservations': { may: all, body: { ...trip, parties: [{ name: 'Wanjiku', phone }] } },
    'GET /reservations': { may: all },
    'GET /reservations/{id}': { hidden: true, may: withTheirs(house), id: r.reservationId },
    'PATCH /reservations/{id}': {
      hidden: true,
      may: withTheirs(counter),
      id: r.reservationId,
      body: { special_requests: 'A child seat' },
    },
    'DELETE /reservations/{id}': { hidden: true, may: withTheirs(counter), id: r.reservationId },
    'POST /reservations/{id}/cancel': {
      hidden: true,
      may: withTheirs(counter),
      id: r.reservationId,
      body: {},
    },
    ...rentalRules(r, { all, counter, readers, theirs: withTheirs([]), managers: fleet }),
    'POST /reservations/{id}/contact-reveals': { may: counter, id: r.reservationId },
    'POST /reservations/{id}/cover': {
      hidden: true,
      may: withTheirs(takers),
      id: r.reservationId,
      body: cover,
    },

    'POST /payments': {
      hidden: true,
      may: withTheirs(takers),
      body: { reservation_id: r.reservationId, amount: '100', phone },
    },
    'GET /payments': { may: [...withTheirs(takers), 'another’s', 'owner', ...house] },
    'GET /payments/{id}': { hidden: true, may: withTheirs(takers), id: r.paymentId },
    'GET /payments/{id}/receipt': { hidden: true, may: withTheirs(money), id: r.paymentId },
    'POST /payments/{id}/refund': { may: takers, id: r.paymentId, body: REASON },
    'GET /payments/{id}/refunds': { hidden: true, may: withTheirs(takers), id: r.paymentId },
    'GET /refunds/{id}': { may: money, id: nothing },
    'POST /refunds/{id}/paid-by-hand': {
      may: money,
      id: nothing,
      body: { reason: 'by the bank', reference: 'FT26001' },
    },
    'POST /refunds/{id}/paid-by-hand/decision': {
      may: money,
      id: nothing,
      body: { answer: 'agree' },
    },
    'POST /payment-plans': {
      hidden: true,
      may: withTheirs(takers),
      body: { reservation_id: r.reservationId, phones: [phone] },
    },
    'GET /payment-plans': { may: all },
    'GET /payment-plans/{id}': { hidden: true, may: withTheirs(house), id: r.planId },
    'POST /payment-plans/{id}/go-on': { hidden: true, may: withTheirs(takers), id: r.planId },
    'POST /payment-plans/{id}/stop': { hidden: true, may: withTheirs(takers), id: r.planId },
    'POST /payment-plans/{id}/phones': {
      hidden: true,
      may: withTheirs(takers),
      id: r.planId,
      body: { phone },
    },

    'POST /charges': {
      may: takers,
      body: {
        type: 'additional',
        amount: '500',
        description: 'A seat',
        customer_id: personId,
        parties: [{ name: 'Wanjiku', phone }],
      },
    },
    'GET /charges': { may: all },
    'GET /charges/{id}': { hidden: true, may: withTheirs(house), id: r.chargeId },
    'POST /charges/{id}/cancel': { hidden: true, may: takers, id: r.chargeId, body: {} },
    'POST /charges/{id}/cover': {
      hidden: true,
      may: withTheirs(takers),
      id: r.chargeId,
      body: cover,
    },
    'POST /charges/{id}/shrink': {
      hidden: true,
      may: withTheirs(takers),
      id: r.chargeId,
      body: { party_id: r.partyId },
    },
    'POST /charges/{id}/payments': {
      hidden: true,
      may: withTheirs(takers),
      id: r.chargeId,
      body: { amount: '100', phone },
    },
    'GET /tills': { may: takers },
    'POST /tills': { may: money, body: { place: 'NBO-JKIA', name: 'Matrix' } },
    'POST /tills/{id}/sessions': { may: counter, id: nothing, body: { float: '0' } },
    'POST /till-sessions/{id}/close': { may: counter, id: nothing, body: { counts: {} } },
    'POST /till-sessions/{id}/deposits': {
      may: counter,
      id: nothing,
      body: { amount: '100', reference: 'FT26001' },
    },
    'GET /day-closes': { may: money },
    'POST /day-closes': { may: money, body: { day: '2026-01-01' } },
    'GET /day-closes/{day}': { may: money, id: '2026-01-01' },
    'POST /day-closes/{day}/terminals': {
      may: money,
      id: '2026-01-01',
      body: { terminal: 'T1', total: '0' },
    },
    'GET /companies': { may: money },
    'POST /companies': { may: money, body: company },
    'GET /companies/{id}': { may: money, id: nothing },
    'GET /unmatched-payments': { may: money },
    'POST /unmatched-payments/{receipt}/allocate': {
      may: money,
      id: 'UKL0000001',
      body: allocation,
    },
    'GET /bank-lines': { may: money },
    'POST /bank-lines/{id}/allocate': { may: money, id: nothing, body: allocation },
    'GET /invoices': { may: all },
    'POST /invoices': {
      may: money,
      body: { reservation_id: r.reservationId, bill_to: [{ name: 'W' }] },
    },
    'GET /invoices/{id}': { hidden: true, may: withTheirs(money), id: r.invoiceId },
    'GET /invoices/{id}/pdf': { hidden: true, may: withTheirs(money), id: r.invoiceId },
    'POST /invoices/{id}/send': { hidden: true, may: money, id: r.invoiceId },
    'POST /credit-notes': {
      may: money,
      body: { invoice_id: r.invoiceId, reason: 'too much', amount: '100' },
    },
    'GET /credit-notes/{id}': { hidden: true, may: withTheirs(money), id: r.noteId },
    'GET /credit-notes/{id}/pdf': { hidden: true, may: withTheirs(money), id: r.noteId },
    'GET /ledger/accounts': { may: money },
    'GET /ledger/entries': { may: money },
    'GET /ledger/trial-balance': { may: money },
    'GET /reconciliations': { may: money },
    'POST /reconciliations': { may: finance, body: { kind: 'pull' } },
    'POST /reconciliations/statements': { may: finance, body: statement },
    'GET /reconciliations/{id}': { may: money, id: nothing },
    'GET /reconciliations/{id}/lines': { may: money, id: nothing },

    // The token is gone afterwards, so it comes last.
    'POST /auth/logout': { may: all },
  }
}

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db)
  api = createTestApi(deps, createApp(deps))
  let owner = ''
  for (const who of EVERYBODY) {
    const id = await enter(who)
    if (who === 'theirs') owner = id
  }
  const person = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'desk@example.com'",
  )
  rules = rulesOf(await buildRecords(owner), person?.id ?? '')
  exportId = (await askForCopy(db, owner)).id
  const document = (await (await api.get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { security?: object[] }>>
  }
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path,
      // `{}` among the ways to sign in is none at all.
      secured: !!security?.length && security.every((way) => Object.keys(way).length > 0),
    })),
  )
})
afterAll(() => db.drop())

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`

async function ask({ method, path }: Operation, { id, body }: Rule, token: string | null) {
  const address = path
    .replace('/roles/{role}', '/roles/sales')
    .replace(/\{(?:name|kind)\}/, (place) => (place === '{kind}' ? 'home' : 'captain'))
    .replace('{exportId}', exportId)
    .replace('{code}', 'TESTED')
    .replace(/\{\w+\}/, id ?? randomUUID())
  const sent = body instanceof FormData ? body : JSON.stringify(body ?? {})
  const { status } = await api.request(address, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      'idempotency-key': randomUUID(),
      'if-match': '"1"',
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: sent }),
  })
  return status
}

describe('who may do what', () => {
  it('is written down for every route of the description, and for no other', () => {
    expect(operations.map(nameOf).toSorted()).toEqual(Object.keys(rules).toSorted())
  })

  it('is public where no token is needed, and nowhere else', () => {
    const open = operations.filter(({ secured }) => !secured).map(nameOf)
    const told = Object.entries(rules).filter(([, { may }]) => may === 'public')
    expect(open.toSorted()).toEqual(told.map(([name]) => name).toSorted())
  })

  it('holds for everybody on every route', async () => {
    const wrong: string[] = []
    let asked = 0
    for (const name of Object.keys(rules)) {
      const operation = operations.find((one) => nameOf(one) === name)
      const rule = rules[name]
      if (!operation || !rule || rule.may === 'public') continue
      const nobody = await ask(operation, rule, null)
      if (nobody !== 401) wrong.push(`${name}: nobody got ${nobody}`)
      for (const who of EVERYBODY) {
        const status = await ask(operation, rule, tokens.get(who) ?? null)
        const may = rule.may.includes(who)
        const refused = rule.hidden ? [403, 404] : [403]
        asked += 1
        if (status === 401 || refused.includes(status) === may)
          wrong.push(`${name}: ${who} ${may ? 'may' : 'may not'}, but got ${status}`)
      }
    }
    console.log(`role matrix: ${asked} answers, ${operations.length} routes × ${EVERYBODY.length}`)
    expect(wrong).toEqual([])
  })

  const keyOf = async (who: Who, scopes: readonly string[]): Promise<string> => {
    const wish = { name: `For the matrix ${randomUUID()}`, scopes }
    // The one of before has signed out meanwhile.
    await enter(who)
    const headers = { authorization: `Bearer ${tokens.get(who)}` }
    const answer = await api.post('/auth/api-keys', wish, headers)
    return ((await answer.json()) as { key: string }).key
  }

  it('lets a key do what its scopes say, and nothing that is about the account itself', async () => {
    const own = await selectOne<{ names: string[] }>(
      db,
      `SELECT array_agg(permission) AS names FROM role_permissions
       WHERE role IN ('customer', 'staff', 'desk', 'manager') AND permission NOT IN ('api_keys:create', 'oauth_clients:create')`,
    )
    const wide = await keyOf('manager', own?.names ?? [])
    // Allows no route of the API.
    const narrow = await keyOf('manager', ['audit:read'])
    const wrong: string[] = []
    for (const operation of operations.filter(({ secured }) => secured)) {
      const name = nameOf(operation)
      const rule = rules[name]
      if (!rule || rule.may === 'public') continue
      const refused = rule.hidden ? [403, 404] : [403]
      const isOpen = rule.may.includes('manager') && !SIGNED_IN.test(operation.path)
      const byWide = await ask(operation, rule, wide)
      if (byWide === 401 || refused.includes(byWide) === isOpen)
        wrong.push(`${name}: the wide key got ${byWide}`)
      const byNarrow = await ask(operation, rule, narrow)
      if (!refused.includes(byNarrow)) wrong.push(`${name}: the narrow key got ${byNarrow}`)
    }
    expect(wrong).toEqual([])
  })
})
