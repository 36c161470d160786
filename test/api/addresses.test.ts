/** Pages that answer a form: whoever changes the language or signs in again comes back to where they were. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { toFormTime } from '../../domain/time.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps } from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { at } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
let app: Hono<Env>
beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
})
afterAll(() => db.drop())

const NEXT = '/book?category=SUV&pickup_location=NBO-JKIA'
const TRIP = {
  category: 'SUV',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: toFormTime(at(7)),
  return_at: toFormTime(at(9)),
}
const customer = async (): Promise<Visitor> => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD })
  return visitor
}
const linkIn = (html: string, pattern: RegExp): string =>
  pattern.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
const switchIn = (html: string) => linkIn(html, /href="(\/language\/sw[^"]*)"/)

it.each<[string, string, Record<string, string>]>([
  ['a wrong password', '/sign-in', { email: 'nobody@example.com', password: 'wrong-one' }],
  ['a wrong phone', '/sign-in/phone', { name: 'Kip', phone: '020' }],
  ['the code page', '/sign-in/phone', { name: 'Kip', phone: '0712345678' }],
  ['a wrong code', '/sign-in/code', { name: 'Kip', phone: '0712345678', code: '1' }],
  ['a wrong registration', '/register', { email: 'x' }],
])(
  'the language switch of %s leads to a page that is there and keeps what comes next',
  async (_, path, fields) => {
    const visitor = createVisitor(app)
    await visitor.token()
    const html = await (await visitor.post(path, { ...fields, next: NEXT })).text()
    const switched = await visitor.get(switchIn(html))
    const to = switched.headers.get('location') ?? ''
    expect((await visitor.get(to)).status).toBe(200)
    const shown = await (await visitor.get(to)).text()
    expect(shown).toContain('<html lang="sw">')
    expect(shown).toContain(`name="next" value="${NEXT.replaceAll('&', '&amp;')}"`)
  },
)

it('the language switch of a booking form that was refused leads to the same car and time', async () => {
  const visitor = await customer()
  await visitor.token('/')
  const form = { ...TRIP, 'parties[0][name]': '', 'parties[0][phone]': '' }
  const answer = await visitor.post('/book', form)
  expect(answer.status).toBe(400)
  const to = (await visitor.get(switchIn(await answer.text()))).headers.get('location') ?? ''
  const again = await visitor.get(to)
  expect(again.status).toBe(200)
  expect(await again.text()).toContain(`name="pickup_at" value="${TRIP.pickup_at}"`)
})

it('who was signed out in another tab is offered a way back to the booking form', async () => {
  const visitor = await customer()
  const token = await visitor.token('/')
  await visitor.post('/sign-out', {})
  const answer = await visitor.post('/book', { ...TRIP, _csrf: token })
  expect(answer.status).toBe(403)
  const html = await answer.text()
  expect(html).toContain('Sign in to come back to this form.')
  const to = linkIn(html, /class="button" href="(\/sign-in\?next=[^"]+)"/)
  await visitor.token(to)
  const next = new URL(to, 'http://gari.test').searchParams.get('next') ?? ''
  const person = { email: 'wanjiku@example.com', password: SAMPLE_PASSWORD, next }
  const inside = await visitor.post('/sign-in', person)
  const form = await visitor.get(inside.headers.get('location') ?? '')
  expect(form.status).toBe(200)
  expect(await form.text()).toContain(`name="return_at" value="${TRIP.return_at}"`)
})

it('who signed in again in another tab loads the form again', async () => {
  const visitor = await customer()
  const html = await (await visitor.post('/book', { ...TRIP, _csrf: 'of another session' })).text()
  expect(linkIn(html, /class="button" href="([^"]+)"/)).toContain('/book?category=SUV')
})

it('an expired sign-in form is simply loaded again', async () => {
  const visitor = createVisitor(app)
  await visitor.token()
  const html = await (await visitor.post('/sign-in', { _csrf: 'old', next: NEXT })).text()
  expect(html).not.toContain('signed out')
  expect(linkIn(html, /class="button" href="([^"]+)"/)).toBe(
    `/sign-in?next=${encodeURIComponent(NEXT)}`,
  )
})

it('a customer who may not see a page is not sent to a manager', async () => {
  const html = await (await (await customer()).get('/desk')).text()
  expect(html).not.toContain('manager')
})
