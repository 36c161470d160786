/** Customers over REST, as staff look after them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createUser, findContact, findOrCreateGuest } from '../../db/accounts.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { rateByHand } from '../../db/ratings.ts'
import { DAY_MS } from '../../domain/time.ts'
import { buildDeps, createTestApi, type TestApi } from '../support/api.ts'
import { signInAs, type Bearer } from '../support/bearers.ts'
import {
  buildBooking,
  buildCustomer,
  buildPaid,
  count,
  KSH_1000,
  nextPhone,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

const byNumber = (one: number, other: number) => one - other

type Customer = Record<string, unknown> & { id: string; number: string }
type List = { items: Customer[]; next: string | null }

let db: TestDatabase
let api: TestApi
let desk: Bearer
let finance: Bearer
let manager: Bearer
let admin: Bearer
let idOf: (who: string) => Promise<string>

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
  desk = await signInAs(api, 'desk')
  finance = await signInAs(api, 'finance')
  manager = await signInAs(api, 'manager')
  admin = await signInAs(api, 'admin')
  idOf = async (email) =>
    (await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [email]))?.id ??
    ''
})
afterAll(() => db.drop())

const HOME = { kind: 'home', line1: 'Ngong Road 1', city: 'Nairobi', primary: true }
const someone = (over: Record<string, unknown> = {}) => ({
  first_name: 'Njeri',
  last_name: 'Mwangi',
  phone: nextPhone(),
  ...over,
})
const add = (over: Record<string, unknown> = {}): Promise<Customer> =>
  desk.read(201, 'POST', '/customers', { body: someone(over) })
const tagOf = async (id: string) =>
  (await desk.ask('GET', `/customers/${id}`)).headers.get('etag') ?? ''

describe('a customer who is written down', () => {
  it('gets a number, addresses, and nothing that was proven', async () => {
    const phone = nextPhone()
    const email = `${randomUUID()}@example.com`
    const made = await add({ phone, email, addresses: [HOME], date_of_birth: '1990-01-31' })
    expect(made.number).toMatch(/^CUS-\d{6,}$/)
    expect(made).toMatchObject({
      phone,
      email,
      status: 'active',
      phone_verified: false,
      email_verified: false,
      date_of_birth: '1990-01-31',
      masked: false,
      addresses: [{ ...HOME, line2: '', state: '', postcode: '', country: 'Kenya' }],
    })
    expect(await desk.read(200, 'GET', `/customers/${made.id}`)).toEqual(made)
  })

  it('is one, however often the same request comes', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = someone()
    const first = await desk.read<Customer>(201, 'POST', '/customers', { body, headers })
    expect(await desk.read(201, 'POST', '/customers', { body, headers })).toEqual(first)
    expect((await desk.refused(422, 'POST', '/customers', { body: someone(), headers })).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ['phone', { phone: '12' }],
    ['email', { email: 'nobody' }],
    ['first_name', { first_name: '<b>' }],
    ['date_of_birth', { date_of_birth: '2999-01-01' }],
    ['addresses.0.line1', { addresses: [{ ...HOME, line1: '' }] }],
    ['addresses', { addresses: [HOME, HOME] }],
    ['addresses', { addresses: [HOME, { ...HOME, kind: 'work' }] }],
  ])('is refused with a word about %s', async (path, over) => {
    const { fields } = await desk.refused(400, 'POST', '/customers', { body: someone(over) })
    expect(fields).toMatchObject([{ path }])
  })

  it.each<[string, unknown]>([
    ['number', 'CUS-000001'],
    ['status', 'active'],
    ['kind', 'admin'],
    ['phone_verified', true],
    ['roles', ['admin']],
    ['loyalty_points', 1_000],
    ['risk_level', 'low'],
    ['credit_score', 100],
    ['password_hash', 'x'],
  ])('says nothing of its own %s', async (name, value) => {
    const problem = await desk.refused(400, 'POST', '/customers', {
      body: someone({ [name]: value }),
    })
    expect(problem.detail).toContain(name)
  })

  it('has an e-mail that nobody else has', async () => {
    const email = `${randomUUID()}@example.com`
    await add({ email })
    const body = someone({ email: email.toUpperCase() })
    expect(await desk.refused(409, 'POST', '/customers', { body })).toMatchObject({
      code: 'EMAIL_TAKEN',
      fields: [{ path: 'email' }],
    })
  })
})

describe('a customer who is changed', () => {
  it('is replaced by whoever has seen how they stand', async () => {
    const { id } = await add({ addresses: [HOME], notes: 'Wants a child seat' })
    const path = `/customers/${id}`
    const body = { first_name: 'Njeri', last_name: 'Otieno', language: 'sw' }
    expect((await desk.refused(428, 'PUT', path, { body })).code).toBe('VERSION_REQUIRED')
    const headers = { 'if-match': await tagOf(id) }
    const replaced = await desk.read(200, 'PUT', path, { body, headers })
    expect(replaced).toMatchObject({ ...body, phone: null, notes: null, addresses: [] })
    expect((await desk.refused(412, 'PUT', path, { body, headers })).code).toBe('CHANGED_MEANWHILE')
  })

  it('is not changed by whoever meant to say a version and said none', async () => {
    const { id } = await add()
    const sent = { body: { language: 'sw' }, headers: { 'if-match': '' } }
    const refused = await desk.refused(412, 'PATCH', `/customers/${id}`, sent)
    expect(refused.code).toBe('CHANGED_MEANWHILE')
  })

  it('keeps what is not named, and the audit tells no phone, name or address', async () => {
    const made = await add({ addresses: [HOME] })
    const work = { ...HOME, kind: 'work', primary: false }
    const body = { phone: nextPhone(), language: 'sw', addresses: [work, HOME] }
    const path = `/customers/${made.id}`
    const changed = await desk.read<Customer>(200, 'PATCH', path, { body })
    expect(changed).toMatchObject({ first_name: 'Njeri', phone: body.phone, language: 'sw' })
    expect(changed['addresses']).toMatchObject([{ kind: 'work' }, { kind: 'home' }])
    const entries = await select<{ said: string }>(
      db,
      'SELECT row_to_json(a)::text AS said FROM audit_entries a WHERE entity_id = $1 ORDER BY id',
      [made.id],
    )
    const said = entries.map((one) => one.said).join()
    expect(said).toContain('"changed": ["addresses", "language", "phone"]')
    for (const secret of [body.phone.slice(4), 'Ngong', 'Njeri']) expect(said).not.toContain(secret)
  })

  it('is a newer version whoever writes it, but not by signing in', async () => {
    const { id } = await add()
    const first = await tagOf(id)
    await select(db, 'UPDATE users SET last_login_at = now() WHERE id = $1 RETURNING id', [id])
    expect(await tagOf(id)).toBe(first)
    await select(db, "UPDATE users SET first_name = 'Wairimu' WHERE id = $1 RETURNING id", [id])
    expect(await tagOf(id)).not.toBe(first)
  })

  it('keeps the e-mail and the phone by which they come in', async () => {
    const guest = await inTransaction(db, (tx) =>
      findOrCreateGuest(tx, { phone: nextPhone(), firstName: 'Guest', lastName: 'One' }),
    )
    for (const [id, body] of [
      [guest.userId, { phone: nextPhone() }],
      [guest.userId, { email: 'desk-owned@example.com' }],
      [await buildCustomer(db), { email: 'desk-owned@example.com' }],
    ] as const) {
      const problem = await desk.refused(409, 'PATCH', `/customers/${id}`, { body })
      expect(problem.code).toBe('CONTACT_PROVEN')
      expect(problem.fields).toMatchObject([{ path: Object.keys(body)[0] }])
    }
    await desk.read(200, 'PATCH', `/customers/${guest.userId}`, { body: { notes: 'Came back' } })
  })

  it('is never oneself, under whatever name', async () => {
    const id = await idOf('desk@example.com')
    const own = await findContact(db, id)
    const made = await add({ phone: own?.phone })
    const body = { phone: nextPhone() }
    expect((await desk.refused(409, 'PATCH', `/customers/${made.id}`, { body })).code).toBe(
      'SECOND_PERSON',
    )
  })

  it('is a customer: staff are no customers', async () => {
    const id = await idOf('finance@example.com')
    await desk.refused(404, 'GET', `/customers/${id}`)
    await desk.refused(404, 'PATCH', `/customers/${id}`, { body: { notes: 'x' } })
  })
})

describe('a driving licence', () => {
  const LICENCE = { number: 'DL-77 031/9', country: 'Kenya', state: '', expires_on: '2031-05-31' }

  it('is kept as it is printed, found however it is typed, and taken away again', async () => {
    const { number, ...rest } = LICENCE
    const own = { ...rest, number: `${number}${randomUUID().slice(0, 8)}` }
    const { id } = await add({ licence: { number: own.number, expires_on: own.expires_on } })
    expect(await desk.read(200, 'GET', `/customers/${id}`)).toMatchObject({ licence: own })
    const found = async (q: string) =>
      (await desk.read<List>(200, 'GET', `/customers?q=${encodeURIComponent(q)}`)).items
    for (const q of [own.number, own.number.toLowerCase().replaceAll(/[ /-]/g, '')])
      expect((await found(q)).map((one) => one.id)).toEqual([id])
    expect(await found(own.number.slice(-6))).toEqual([])
    await desk.read(200, 'PATCH', `/customers/${id}`, { body: { notes: 'Drives well' } })
    expect(await desk.read(200, 'GET', `/customers/${id}`)).toMatchObject({ licence: own })
    await desk.read(200, 'PATCH', `/customers/${id}`, { body: { licence: null } })
    expect(await found(own.number)).toEqual([])
  })

  it.each([
    ['licence.number', { ...LICENCE, number: '' }],
    ['licence.number', { ...LICENCE, number: '<b>12</b>' }],
    ['licence.number', { ...LICENCE, number: 'A'.repeat(41) }],
    ['licence.country', { ...LICENCE, country: '' }],
    ['licence.expires_on', { ...LICENCE, expires_on: 'soon' }],
  ])('is refused with its field named: %s', async (path, licence) => {
    const { fields } = await desk.refused(400, 'POST', '/customers', { body: someone({ licence }) })
    expect(fields).toMatchObject([{ path }])
  })

  it('is not in the tables in clear, nor shown to who need not reach people', async () => {
    const number = `SECRET${randomUUID().slice(0, 8)}`
    const { id } = await add({ licence: { ...LICENCE, number } })
    expect(await finance.read(200, 'GET', `/customers/${id}`)).toMatchObject({ licence: null })
    const rows = await select<{ row: string }>(db, 'SELECT c::text AS row FROM customers c')
    const entries = await select<{ row: string }>(db, 'SELECT a::text AS row FROM audit_entries a')
    expect(JSON.stringify([rows, entries])).not.toContain(number)
  })
})

describe('what is seen', () => {
  it('is masked for who has no need to reach people', async () => {
    const phone = '+254712345678'
    const email = `njeri.${randomUUID()}@example.com`
    const { id } = await add({ phone, email, addresses: [HOME], date_of_birth: '1990-01-31' })
    const shown = await finance.read(200, 'GET', `/customers/${id}`)
    expect(shown).toMatchObject({
      masked: true,
      phone: '0712 *** 678',
      email: 'n***@example.com',
      date_of_birth: null,
      addresses: [],
    })
    expect(JSON.stringify(shown)).not.toMatch(/345|Ngong|njeri\./)
  })

  it('cannot be found out by trying phones or e-mails, nor by anybody by the end of a phone', async () => {
    const phone = nextPhone()
    const email = `${randomUUID()}@example.com`
    const made = await add({ phone, email, last_name: 'Zawadi' })
    const find = async (who: Bearer, q: string) =>
      (await who.read<List>(200, 'GET', `/customers?q=${encodeURIComponent(q)}`)).items.map(
        ({ id }) => id,
      )
    for (const q of [phone.slice(-6), phone.slice(4, -1)]) expect(await find(desk, q)).toEqual([])
    for (const q of [phone, phone.replace('+254', '0'), email]) {
      expect(await find(desk, q)).toEqual([made.id])
      expect(await find(finance, q)).toEqual([])
    }
    for (const q of ['zawadi', made.number]) expect(await find(finance, q)).toEqual([made.id])
  })

  it('is filtered by risk, by state and by when they came', async () => {
    const { id } = await add({ last_name: 'Filtered' })
    const until = new Date(Date.now() + 9 * DAY_MS).toISOString().slice(0, 10)
    const wish = { id: randomUUID(), customerId: id, actorId: 'x', why: 'as tested', until }
    const level = 'high' as const
    await inTransaction(db, (tx) => rateByHand(tx, { ...wish, level, now: new Date() }))
    const list = async (query: string) =>
      (await desk.read<List>(200, 'GET', `/customers?limit=100${query}`)).items.map((one) => one.id)
    expect(await list('&risk_level=high')).toContain(id)
    expect(await list('&risk_level=low')).not.toContain(id)
    expect(await list('&status=suspended')).not.toContain(id)
    const soon = encodeURIComponent(new Date(Date.now() + 60_000).toISOString())
    expect(await list(`&created_before=${soon}`)).toContain(id)
    expect(await list(`&created_from=${soon}`)).toEqual([])
  })
})

describe('what belongs to a customer', () => {
  it('is their bookings, payments and documents, and nobody else’s', async () => {
    const customerId = await buildCustomer(db)
    const booking = await buildBooking(db, { customerId })
    const { paymentId } = await buildPaid(db, booking, KSH_1000)
    await buildPaid(db, await buildBooking(db), KSH_1000)
    const ids = async (who: Bearer, what: string) =>
      (await who.read<List>(200, 'GET', `/customers/${customerId}/${what}`)).items.map(
        ({ id }) => id,
      )
    expect(await ids(desk, 'reservations')).toEqual([booking.input.reservationId])
    expect(await ids(desk, 'payments')).toEqual([paymentId])
    await inTransaction(db, (tx) =>
      select(
        tx,
        "INSERT INTO receipts (payment_id, number, issued_at) VALUES ($1, 'RCT-26-900001', now())",
        [paymentId],
      ),
    )
    const { items } = await finance.read<List>(200, 'GET', `/customers/${customerId}/documents`)
    expect(items).toMatchObject([{ kind: 'receipt', number: 'RCT-26-900001', amount: '1000.00' }])
    expect(
      await finance.read(200, 'GET', `/customers/${customerId}/documents?kind=invoice`),
    ).toEqual({ items: [], next: null })
    await desk.refused(403, 'GET', `/customers/${customerId}/documents`)
    await desk.refused(404, 'GET', `/customers/${randomUUID()}/reservations`)
  })
})

describe('an account that is closed', () => {
  const enter = async () => {
    const email = `${randomUUID()}@example.com`
    const registration = {
      email,
      password: 'a long enough password',
      first_name: 'A',
      last_name: 'B',
    }
    const made = await openAccount(db, api, { ...registration, phone: nextPhone() })
    const { id } = (await made.json()) as { id: string }
    const signIn = () => api.post('/auth/login', { email, password: registration.password })
    const { access_token: token } = (await (await signIn()).json()) as { access_token: string }
    const profile = async () =>
      (await api.get('/auth/profile', { authorization: `Bearer ${token}` })).status
    return { id, signIn, profile }
  }
  const put = (id: string, status: string) =>
    admin.ask('PUT', `/users/${id}/status`, { body: { status, why: 'they asked' } })

  it.each(['suspended', 'inactive', 'deleted'])(
    'is out at once when it is %s, and comes back when it is opened',
    async (status) => {
      const { id, signIn, profile } = await enter()
      expect(await profile()).toBe(200)
      expect((await put(id, status)).status).toBe(200)
      expect([await profile(), (await signIn()).status]).toEqual([401, 401])
      expect((await put(id, 'active')).status).toBe(200)
      expect([await profile(), (await signIn()).status]).toEqual([401, 200])
    },
  )

  it.each(['suspended', 'deleted'])(
    'is not opened by a code to its phone when it is %s',
    async (status) => {
      const phone = nextPhone()
      const prove = () =>
        inTransaction(db, (tx) =>
          findOrCreateGuest(tx, { phone, firstName: 'Guest', lastName: 'Two' }),
        )
      const { userId } = await prove()
      await put(userId, status)
      await expect(prove()).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await put(userId, 'active')
      expect(await prove()).toEqual({ userId })
    },
  )

  it('is in no list when it is deleted, unless deleted ones are asked for', async () => {
    const { id } = await enter()
    await put(id, 'deleted')
    const list = async (query: string) =>
      (await desk.read<List>(200, 'GET', `/customers?limit=100${query}`)).items.map((one) => one.id)
    expect(await list('')).not.toContain(id)
    expect(await list('&status=deleted')).toContain(id)
    expect(await desk.read(200, 'GET', `/customers/${id}`)).toMatchObject({ status: 'deleted' })
    await desk.refused(404, 'PATCH', `/customers/${id}`, { body: { notes: 'x' } })
  })

  it('is not deleted while something is open', async () => {
    const customerId = await buildCustomer(db)
    await buildBooking(db, { customerId })
    const problem = await put(customerId, 'deleted')
    expect(problem.status).toBe(409)
    expect(await problem.json()).toMatchObject({
      code: 'ACCOUNT_NEEDED',
      detail: expect.stringContaining('booking'),
    })
    expect((await put(customerId, 'suspended')).status).toBe(200)
  })
})

it('two who write the same e-mail at once make one account', async () => {
  const email = `${randomUUID()}@example.com`
  const answers = await Promise.all(
    [1, 2, 3].map(() => desk.ask('POST', '/customers', { body: someone({ email }) })),
  )
  expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([201, 409, 409])
  expect(await count(db, 'users WHERE email = $1', [email])).toBe(1)
})

it('managers look after customers as the desk does', async () => {
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: null,
      passwordHash: null,
      firstName: 'Nobody',
      lastName: 'Proven',
      phone: nextPhone(),
    }),
  )
  const body = { email: `${randomUUID()}@example.com` }
  expect(await manager.read(200, 'PATCH', `/customers/${userId}`, { body })).toMatchObject(body)
})
