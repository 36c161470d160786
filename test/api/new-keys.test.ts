/** A key outlives the sign-in in which it is made: it takes a fresh one, and its owner hears of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { composeAccountMail } from '../../activities/account-mails.ts'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { takeWaitingLinks } from '../../db/account-links.ts'
import { select } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, ORIGIN, readProblem, type TestApi } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const ADMIN = { email: 'admin@example.com', password: SAMPLE_PASSWORD }
let db: TestDatabase
let app: Hono<Env>
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db)
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const PATHS = {
  '/auth/api-keys': { name: 'Export', scopes: ['roles:read'] },
  '/oauth-clients': { name: 'Books', kind: 'server', scopes: ['roles:read'] },
}
const enter = async () => {
  const answer = await api.post('/auth/login', ADMIN)
  const { access_token } = (await answer.json()) as { access_token: string }
  return { authorization: `Bearer ${access_token}` }
}
const ageSessions = () =>
  select(db, "UPDATE sessions SET created_at = created_at - interval '16 minutes' RETURNING kind")
const made = async () => (await count(db, 'api_keys')) + (await count(db, 'oauth_clients'))
const letters = async () => {
  const waiting = await takeWaitingLinks(db, 100)
  const notices = waiting.filter(({ purpose }) => purpose === 'key_made')
  return Promise.all(notices.map((one) => composeAccountMail(one, (id) => `${ORIGIN}/${id}`)))
}

describe.each(Object.entries(PATHS))('%s', (path, wish) => {
  it('asks for a fresh sign-in', async () => {
    const headers = await enter()
    await ageSessions()
    const before = await made()
    const refused = await api.post(path, wish, headers)
    expect([refused.status, (await readProblem(refused))['code']]).toEqual([403, 'SIGN_IN_AGAIN'])
    expect(await made()).toBe(before)
    expect(await letters()).toEqual([])
  })

  it('tells its owner how it begins and what it may do, of each', async () => {
    const headers = await enter()
    const beginnings: string[] = []
    for (const name of ['One', 'Two']) {
      const answer = await api.post(path, { ...wish, name }, headers)
      expect(answer.status).toBe(201)
      const body = (await answer.json()) as Record<'beginning' | 'client_id', string>
      beginnings.push(body.beginning ?? body.client_id)
    }
    const mails = await letters()
    expect(mails.map(({ to }) => to)).toEqual([ADMIN.email, ADMIN.email])
    for (const one of beginnings)
      expect(mails.some(({ text }) => text.includes(`${one} and may: roles:read.`))).toBe(true)
  })
})

it('is asked for on the page too, which keeps what was typed', async () => {
  const visitor = createVisitor(app)
  await visitor.token()
  await visitor.post('/sign-in', { ...ADMIN, next: '' })
  await visitor.get('/account/api-keys')
  await ageSessions()
  const before = await made()
  const fields = { name: 'Typed before', days: '90', scopes: ['roles:read'] }
  const answer = await visitor.post('/account/api-keys', fields)
  expect(answer.status).toBe(403)
  const page = await answer.text()
  expect(page).toContain('Sign in again first')
  expect(page).toContain('value="Typed before"')
  expect(await made()).toBe(before)
})
