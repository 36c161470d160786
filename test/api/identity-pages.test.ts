/** Pictures of papers by the pages, without a script: sent from a phone, looked at and decided about at the desk, gone in their time. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { makeNameless } from '../../db/erasing-account.ts'
import { listIdentity } from '../../db/identity-documents.ts'
import { forgetOldIdentity } from '../../db/identity-retention.ts'
import { setLegalHold } from '../../db/legal-holds.ts'
import { IDENTITY_KEPT_DAYS } from '../../domain/identity-documents.ts'
import { DAY_MS } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { createPictures } from '../../gateways/pictures.ts'
import { buildDeps, buildRegistration, ORIGIN } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { buildBooking, buildCustomer, count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildIdentity } from '../support/identity.ts'
import { photograph } from '../support/pictures.ts'
import { openAccountOnPages } from '../support/registering.ts'

const OWN = '/account/identity'
let db: TestDatabase
let app: Hono<Env>
beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db, { pictures: createPictures() }))
})
afterAll(() => db.drop())

async function register(): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token('/register')
  const email = `${randomUUID()}@example.com`
  const fields = buildRegistration({ email, phone: nextPhone() }) as Record<string, string>
  expect((await openAccountOnPages(db, visitor, fields)).status).toBe(303)
  return visitor
}

async function enterDesk(): Promise<Visitor> {
  const visitor = createVisitor(app)
  await visitor.token()
  const fields = { email: 'desk@example.com', password: SAMPLE_PASSWORD, next: '/desk' }
  expect((await visitor.post('/sign-in', fields)).status).toBe(303)
  return visitor
}

async function send(visitor: Visitor, path: string, fields: object, bytes: Buffer) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value))
  form.set('_csrf', await visitor.token(path))
  form.set('picture', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'a.jpg')
  return app.request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { origin: ORIGIN, cookie: `__Host-sid=${visitor.session}` },
    body: form,
  })
}

const textOf = async (visitor: Visitor, path: string) => (await visitor.get(path)).text()
const pictureIn = (html: string) => /src="(\/identity-documents\/[^"]+)"/.exec(html)?.[1] ?? ''

it('a customer sends a picture, the desk looks at it and refuses it, and the customer reads why', async () => {
  const [customer, desk] = [await register(), await enterDesk()]
  const sent = await send(customer, OWN, { kind: 'licence_front' }, await photograph())
  expect([sent.status, sent.headers.get('location')]).toEqual([303, `${OWN}?done=licence_front`])
  const path = pictureIn(await textOf(customer, OWN))
  const own = await customer.get(path)
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(own.headers.get('content-type')).toBe('image/jpeg')
  // Copied to another session, also to one that may see it by an address of its own.
  expect((await desk.get(path)).status).toBe(409)
  expect((await (await register()).get(path)).status).toBe(404)

  const id = path.split('/')[2] ?? ''
  const review = `/desk/identity-documents/${id}`
  expect(await textOf(desk, '/desk/identity-documents')).toContain(review)
  expect(pictureIn(await textOf(desk, review))).toBe('')
  const looks = "audit_entries WHERE action = 'identity_document.revealed'"
  expect(await count(db, looks)).toBe(0)
  const shown = await (await desk.post(review, {})).text()
  expect(await count(db, looks)).toBe(1)
  expect((await desk.get(pictureIn(shown))).status).toBe(200)
  expect((await desk.post(`${review}/acceptance`, { valid_until: '' })).status).toBe(400)
  expect((await desk.post(`${review}/refusal`, { reason: 'cut_off' })).status).toBe(303)
  expect(await textOf(customer, OWN)).toContain('All four corners must be on the picture.')
  expect(await textOf(desk, '/desk/identity-documents')).not.toContain(review)
})

it('what is wrong with a picture stands beside it, in the reader’s language, and what was typed stays', async () => {
  const customer = await register()
  const typed = { kind: 'licence_front', licence_number: 'DL 77-KE' }
  const answer = await send(customer, OWN, typed, Buffer.from('%PDF-1.7'))
  const html = await answer.text()
  expect(answer.status).toBe(400)
  expect(html).toContain('id="field-picture-error"')
  expect(html).toContain('Send a photograph of the paper instead')
  expect(html).toContain('value="DL 77-KE"')
  customer.setCookie('lang', 'sw')
  const large = await send(customer, OWN, { kind: 'passport' }, Buffer.alloc(11 * 1024 * 1024))
  expect([large.status, (await large.text()).includes('Send at most 10 MB')]).toEqual([413, true])
})

it('a form without its token changes nothing', async () => {
  const customer = await register()
  const answer = await send(customer, OWN, { kind: 'passport' }, await photograph())
  expect(answer.status).toBe(303)
  const form = new FormData()
  form.set('kind', 'passport')
  form.set('picture', new Blob([new Uint8Array(await photograph())]), 'a.jpg')
  const headers = { origin: ORIGIN, cookie: `__Host-sid=${customer.session}` }
  const forged = await app.request(`${ORIGIN}${OWN}`, { method: 'POST', headers, body: form })
  expect(forged.status).toBe(403)
})

it('the desk sends one for a customer at the counter, and a customer for nobody else', async () => {
  const id = await buildCustomer(db)
  const path = `/desk/customers/${id}/identity`
  const sent = await send(await enterDesk(), path, { kind: 'passport' }, await photograph())
  expect(sent.status).toBe(303)
  expect((await listIdentity(db, id, new Date()))[0]?.kind).toBe('passport')
  const customer = await register()
  expect((await send(customer, path, { kind: 'passport' }, await photograph())).status).toBe(403)
})

it('papers go a year after the last booking, sooner when refused, never under a hold, and with their owner', async () => {
  const old = new Date(Date.now() - (IDENTITY_KEPT_DAYS + 1) * DAY_MS)
  const people = await Promise.all(Array.from({ length: 6 }, () => buildCustomer(db)))
  const [stranger = '', renting = '', held = '', recent = '', refused = '', erased = ''] = people
  for (const id of [stranger, renting, held]) await buildIdentity(db, id, 'passport', old)
  for (const id of [recent, refused, erased]) await buildIdentity(db, id)
  await buildBooking(db, { customerId: renting })
  await inTransaction(db, (tx) =>
    setLegalHold(tx, { userId: held, why: 'A file', actorId: 'test' }),
  )
  await select(
    db.owner,
    `UPDATE identity_documents SET status = 'refused', refusal = 'over', decided_by = 'test', decided_at = now() - interval '31 days'
     WHERE user_id = $1`,
    [refused],
  )
  await inTransaction(db, (tx) => makeNameless(tx, erased))
  expect(await forgetOldIdentity(db, new Date())).toBe(false)
  const left = await Promise.all(
    people.map(async (id) => (await listIdentity(db, id, new Date())).length),
  )
  expect(left).toEqual([0, 1, 1, 1, 0, 0])
  const gone = [stranger, refused, erased]
  expect(await count(db, 'identity_pictures WHERE user_id = ANY ($1::uuid[])', [gone])).toBe(0)
  expect(
    await count(db, "audit_entries WHERE action = 'retention.destroyed' AND after->>'rows' = '2'"),
  ).toBe(1)
})
