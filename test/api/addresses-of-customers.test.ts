/** Where people live: they keep it themselves, staff who need it see it and are written down, and the tables say nothing of it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { findCustomer } from '../../db/customers.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { emptyOpenAddresses, sealOpenAddresses } from '../../db/sealing-addresses.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  type TestApi,
} from '../support/api.ts'
import { bearerOf, signInAs, type Bearer } from '../support/bearers.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'
import { openAccountOnPages } from '../support/registering.ts'

const PAGE = '/account/addresses'
let db: TestDatabase
let app: Hono<Env>
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, { limits: { ...buildDeps(db).limits, sharedFactor: 100 } })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

type Customer = { id: string; visitor: Visitor; email: string }

async function enter(): Promise<Customer> {
  const email = `${randomUUID()}@example.com`
  const visitor = createVisitor(app)
  await visitor.token('/register')
  const fields = buildRegistration({ email }) as Record<string, string>
  expect((await openAccountOnPages(db, visitor, fields)).status).toBe(303)
  const row = await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [email])
  await visitor.token(PAGE)
  return { id: row?.id ?? '', visitor, email }
}
async function tokenOf({ email }: Customer): Promise<Bearer> {
  const answer = await api.post('/auth/login', { email, password: PASSWORD })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return bearerOf(api, token)
}
const versionOf = async (id: string) => (await findCustomer(db, id))?.version ?? 0
const addressesOf = async (id: string) => (await findCustomer(db, id))?.addresses ?? []

const HOME = {
  kind: 'home',
  line1: 'Maua House, Ngong Road',
  line2: 'Kilimani',
  po_box: 'P.O. Box 30197',
  city: 'Nairobi',
  state: 'Nairobi County',
  postcode: '00100',
  country: 'Kenya',
}

async function post({ id, visitor }: Customer, fields: Record<string, string>, deed = '') {
  const version = String(await versionOf(id))
  return visitor.post(`${PAGE}${deed}`, { version, ...fields })
}

describe('one’s own page', () => {
  it('adds an address, which is the usual one while it is the only one', async () => {
    const who = await enter()
    expect(await (await who.visitor.get(PAGE)).text()).toContain('You have no address with us yet.')
    const saved = await post(who, HOME)
    expect(saved.headers.get('location')).toBe(`${PAGE}?done=kept`)
    const html = await (await who.visitor.get(`${PAGE}?done=kept`)).text()
    for (const words of ['Maua House, Ngong Road', 'Kilimani', 'P.O. Box 30197', '00100 Nairobi'])
      expect(html).toContain(words)
    expect(await addressesOf(who.id)).toMatchObject([
      { kind: 'home', poBox: '30197', primary: true },
    ])
  })

  it('changes one, makes another the usual one, and takes one away', async () => {
    const who = await enter()
    await post(who, HOME)
    await post(who, { ...HOME, kind: 'work', line1: 'Two Rivers', primary: 'yes' })
    const form = await (await who.visitor.get(`${PAGE}?kind=home`)).text()
    expect(form).toContain('Change the address: Home')
    expect(form).toContain('value="Maua House, Ngong Road"')
    await post(who, { ...HOME, line1: 'Kijani Court', po_box: '' })
    expect(await addressesOf(who.id)).toMatchObject([
      { kind: 'work', line1: 'Two Rivers', primary: true },
      { kind: 'home', line1: 'Kijani Court', poBox: '', primary: false },
    ])
    const removed = await post(who, { kind: 'work' }, '/remove')
    expect(removed.headers.get('location')).toBe(`${PAGE}?done=removed`)
    expect(await addressesOf(who.id)).toMatchObject([{ kind: 'home', primary: true }])
    expect((await post(who, { kind: 'work' }, '/remove')).status).toBe(404)
  })

  it('is for nobody from whose role this was taken', async () => {
    const who = await enter()
    const taken = async (permission: string) =>
      select(db, "DELETE FROM role_permissions WHERE role = 'customer' AND permission = $1", [
        permission,
      ])
    const give = async (permission: string) =>
      select(
        db,
        "INSERT INTO role_permissions (role, permission, granted_by) VALUES ('customer', $1, 'test')",
        [permission],
      )
    await taken('own_addresses:update')
    expect((await post(who, HOME)).status).toBe(403)
    expect((await who.visitor.get(PAGE)).status).toBe(200)
    await taken('own_addresses:read')
    expect((await who.visitor.get(PAGE)).status).toBe(403)
    await taken('own_identity_documents:read')
    expect((await who.visitor.get('/account/identity')).status).toBe(403)
    for (const one of ['own_addresses:read', 'own_addresses:update', 'own_identity_documents:read'])
      await give(one)
    expect((await who.visitor.get('/account/identity')).status).toBe(200)
  })

  it('takes a box without a road, and neither without either', async () => {
    const who = await enter()
    expect((await post(who, { ...HOME, line1: '', line2: '' })).status).toBe(303)
    const wrong = await post(who, { ...HOME, kind: 'work', line1: '', po_box: '', line2: 'Umoja' })
    expect(wrong.status).toBe(400)
    const html = await wrong.text()
    expect(html).toContain('Say a building and road, or a P.O. Box.')
    expect(html).toContain('value="Umoja"')
  })

  it.each([
    [{ city: '' }, 'city', 'Write something here.'],
    [{ po_box: 'twelve' }, 'po_box', 'Give the number of the box'],
    [{ postcode: '<b>' }, 'postcode', 'Letters and digits only.'],
    [{ line1: 'x'.repeat(121) }, 'line1', 'At most 120 characters.'],
    [{ line2: 'a\u0007b' }, 'line2', 'No control characters.'],
    [{ kind: 'castle' }, 'kind', 'Choose what the address is for.'],
    [{ kind: '__proto__' }, 'kind', 'Choose what the address is for.'],
  ])('says beside the field what is wrong with %j', async (over, path, words) => {
    const who = await enter()
    const answer = await post(who, { ...HOME, ...over })
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain(words)
    expect(html).toContain(`href="#field-${path}"`)
    expect(await addressesOf(who.id)).toEqual([])
  })

  it('writes over nothing that another device has changed meanwhile, and keeps what was typed', async () => {
    const who = await enter()
    await post(who, HOME)
    const version = String(await versionOf(who.id))
    await post(who, { ...HOME, line1: 'Kijani Court' })
    const late = await post(who, { ...HOME, line1: 'Jacaranda Flats', version })
    expect(late.status).toBe(412)
    const html = await late.text()
    expect(html).toContain('Your addresses were changed meanwhile')
    expect(html).toContain('value="Jacaranda Flats"')
    expect(await addressesOf(who.id)).toMatchObject([{ line1: 'Kijani Court' }])
    expect((await post(who, { kind: 'home', version }, '/remove')).status).toBe(412)
  })

  it('is no page for people who work here', async () => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email: 'desk@example.com', password: 'gari-demo' })
    expect((await visitor.get(PAGE)).status).not.toBe(200)
  })
})

describe('over REST', () => {
  const pathOf = (id: string, kind = '') => `/customers/${id}/addresses${kind && `/${kind}`}`
  const HOME_BODY = { line1: 'Maua House', city: 'Nairobi', po_box: '30197' }

  it('somebody keeps their own, with the version that they have read', async () => {
    const who = await enter()
    const own = await tokenOf(who)
    const read = await own.ask('GET', pathOf(who.id))
    const tag = read.headers.get('etag') ?? ''
    expect(await read.json()).toEqual({ items: [], next: null, masked: false })
    await own.refused(428, 'PUT', pathOf(who.id, 'home'), { body: HOME_BODY })
    const put = await own.ask('PUT', pathOf(who.id, 'home'), {
      body: HOME_BODY,
      headers: { 'if-match': tag },
    })
    expect(put.status).toBe(200)
    expect(await put.json()).toMatchObject({ kind: 'home', ...HOME_BODY, primary: true })
    const stale = { headers: { 'if-match': tag } }
    await own.refused(412, 'PUT', pathOf(who.id, 'work'), { ...stale, body: HOME_BODY })
    await own.refused(412, 'DELETE', pathOf(who.id, 'home'), stale)
    const known = { headers: { 'if-none-match': put.headers.get('etag') ?? '' } }
    expect((await own.ask('GET', pathOf(who.id), known)).status).toBe(304)
    expect((await own.ask('DELETE', pathOf(who.id, 'home'))).status).toBe(204)
    await own.refused(404, 'DELETE', pathOf(who.id, 'home'))
  })

  it('refuses what it does not know, and names the field', async () => {
    const who = await enter()
    const own = await tokenOf(who)
    const headers = { 'if-match': `"${await versionOf(who.id)}"` }
    for (const [body, path] of [
      [{ ...HOME_BODY, kind: 'work' }, ''],
      [{ ...HOME_BODY, county: 'Kwale' }, ''],
      [{ city: 'Nairobi' }, 'line1'],
      [{ ...HOME_BODY, city: 7 }, 'city'],
    ] as const) {
      const refused = await own.refused(400, 'PUT', pathOf(who.id, 'home'), { body, headers })
      expect(refused.fields?.map((one) => one.path)).toContain(path)
    }
    await own.refused(400, 'PUT', pathOf(who.id, 'castle'), { body: HOME_BODY, headers })
  })

  it('another customer learns nothing, staff see by their role, and each look is written down', async () => {
    const who = await enter()
    await post(who, HOME)
    const stranger = await tokenOf(await enter())
    await stranger.refused(404, 'GET', pathOf(who.id))
    await stranger.refused(404, 'DELETE', pathOf(who.id, 'home'))
    const [desk, finance] = [await signInAs(api, 'desk'), await signInAs(api, 'finance')]
    const whole = await desk.read<{ items: object[] }>(200, 'GET', pathOf(who.id))
    expect(whole.items).toMatchObject([{ kind: 'home', line1: HOME.line1 }])
    expect(await finance.read(200, 'GET', pathOf(who.id))).toEqual({
      items: [],
      next: null,
      masked: true,
    })
    const looks = await select<{ after: object }>(
      db,
      "SELECT after FROM audit_entries WHERE entity_id = $1 AND action = 'contacts.revealed'",
      [who.id],
    )
    expect(looks).toEqual([{ after: { shown: ['addresses'] } }])
    const headers = { 'if-match': `"${await versionOf(who.id)}"` }
    await finance.refused(403, 'PUT', pathOf(who.id, 'home'), { body: HOME_BODY, headers })
    await desk.read(200, 'PUT', pathOf(who.id, 'home'), { body: HOME_BODY, headers })
    const [entry] = await select<{ after: object }>(
      db,
      "SELECT after FROM audit_entries WHERE entity_id = $1 AND action = 'customer.address_kept' ORDER BY id DESC",
      [who.id],
    )
    expect(entry?.after).toEqual({ kind: 'home' })
  })
})

describe('the tables', () => {
  const dump = async () =>
    JSON.stringify(
      await select<{ text: string }>(
        db,
        `SELECT a::text || encode(address_sealed, 'escape') AS text FROM customer_addresses a`,
      ),
    )

  /** As the release before writes one. */
  const writtenBefore = async (id: string, line1: string) =>
    select(
      db,
      `INSERT INTO customer_addresses (user_id, kind, line1, line2, city, state, postcode, country, is_primary, created_by, updated_by)
       VALUES ($1, 'billing', $2, '', 'Kisumu', '', '40100', 'Kenya', true, 'x', 'x') RETURNING kind`,
      [id, line1],
    )
  const standing = () => count(db, 'customer_addresses WHERE line1 IS NOT NULL OR city IS NOT NULL')

  it('say nothing of what was typed', async () => {
    const who = await enter()
    await post(who, { ...HOME, line1: 'Zebra Lodge 4711' })
    expect(await dump()).not.toContain('Zebra')
    expect(await standing()).toBe(0)
  })

  it('are sealed where the release before has written, and emptied when it is gone', async () => {
    const who = await enter()
    await writtenBefore(who.id, 'Lake Road 7')
    while (await emptyOpenAddresses(db));
    expect(await standing()).toBe(1)
    while (await sealOpenAddresses(db));
    expect(await addressesOf(who.id)).toMatchObject([{ line1: 'Lake Road 7', postcode: '40100' }])
    expect(await standing()).toBe(1)
    while (await emptyOpenAddresses(db));
    expect(await standing()).toBe(0)
    expect(await addressesOf(who.id)).toMatchObject([{ line1: 'Lake Road 7', city: 'Kisumu' }])
  })

  it('are sealed by the migration, however often it begins', async () => {
    const who = await enter()
    await writtenBefore(who.id, 'Oginga Odinga Street')
    const name = '0092-sealed-addresses'
    const again = async (vault?: typeof testVault) => {
      await select(db.owner, 'DELETE FROM migrations WHERE name = $1', [name])
      return migrateDatabase(db.migrationUrl, MIGRATIONS, vault)
    }
    await expect(again()).rejects.toThrow('no master key')
    expect(await again(testVault)).toEqual([name])
    expect(await addressesOf(who.id)).toMatchObject([{ line1: 'Oginga Odinga Street' }])
    while (await emptyOpenAddresses(db));
  })

  it('cannot be read by whoever moves a row to somebody else', async () => {
    const [one, other] = [await enter(), await enter()]
    await post(one, HOME)
    await post(other, { ...HOME, line1: 'Elsewhere 1' })
    await select(
      db,
      `UPDATE customer_addresses a SET address_sealed = (SELECT address_sealed FROM customer_addresses WHERE user_id = $1)
       WHERE user_id = $2 RETURNING kind`,
      [one.id, other.id],
    )
    await expect(findCustomer(db, other.id)).rejects.toThrow('changed or moved')
    await inTransaction(db, (tx) =>
      select(tx, 'DELETE FROM subject_keys WHERE subject_id = $1', [one.id]),
    )
    expect(await addressesOf(one.id)).toEqual([])
  })
})
