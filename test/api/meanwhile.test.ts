/**
 * Somebody who knows a password alone makes what lasts, in the very moment in which its owner turns a second factor on and so ends
 * every session: a consent, a key, a program, another pair of tokens. Whichever comes first, nothing of it opens anything afterwards.
 */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { beginAuthenticator, confirmAuthenticator } from '../../db/second-factors.ts'
import type { Visitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { underWay } from '../support/moments.ts'
import {
  asking,
  codeFields,
  createOauthSite,
  decide,
  emailOf,
  newVerifier,
  pathOf,
  SCOPE,
  type Given,
  type OauthSite,
} from '../support/oauth.ts'

const OWNER = 'admin'
let db: TestDatabase
let site: OauthSite
let ownerId: string
beforeAll(async () => {
  db = await createTestDatabase()
  const found = await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE email = $1', [
    emailOf(OWNER),
  ])
  ownerId = found?.id ?? ''
})
afterAll(() => db.drop())
beforeEach(async () => {
  // Bearers of the test before have ended with their sessions.
  site = createOauthSite(db)
  await select(db, 'DELETE FROM authenticators WHERE user_id = $1', [ownerId])
  await select(db, 'DELETE FROM rate_limits')
  await inTransaction(db, (tx) => beginAuthenticator(tx, ownerId, 'A'.repeat(32)))
})

const elsewhere = () => createHash('sha256').update(randomUUID()).digest()

/** While the owner's change is made and not yet done, `act` comes as far as it can; answers what became of it. */
async function whileTurningOn<T>(act: () => Promise<T>): Promise<T> {
  const { answer } = await inTransaction(db, async (tx) => {
    expect(await confirmAuthenticator(tx, { userId: ownerId, step: 1, keep: elsewhere() })).toBe(
      true,
    )
    const answer = act()
    await underWay(db, answer)
    return { answer }
  })
  return answer
}

const keys = () => count(db, 'api_keys WHERE user_id = $1', [ownerId])
const programs = () => count(db, 'oauth_clients WHERE owner_id = $1', [ownerId])
const grants = () => count(db, "oauth_records WHERE account_id = $1 AND model = 'Grant'", [ownerId])

describe('while a second factor is turned on', () => {
  it('no consent is given in a session that ends with it', async () => {
    const { client_id: id } = await site.registered()
    const thief = await site.enter(OWNER)
    const sent = await thief.get(asking(id, newVerifier()))
    const page = pathOf(sent.headers.get('location'))
    await thief.get(page)
    const answer = await whileTurningOn(() => thief.post(page, { decision: 'allow' }))
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(/^\/sign-in/)
    expect(answer.headers.get('refresh')).toBeNull()
    expect(await grants()).toBe(0)
  })

  it('a code that is exchanged opens nothing', async () => {
    const { client_id: id } = await site.registered()
    const verifier = newVerifier()
    const back = await decide(await site.enter(OWNER), asking(id, verifier))
    const code = back.searchParams.get('code') ?? ''
    const answer = await whileTurningOn(() => site.exchange(codeFields(id, code, verifier)))
    const given = (await answer.json()) as Partial<Given>
    expect(await site.statusWith(given.access_token ?? 'none')).toBe(401)
    expect((await site.refresh(id, given.refresh_token ?? 'none')).status).toBe(400)
  })

  it('a program that refreshes gets nothing that is good', async () => {
    const { id, given } = await site.letIn(OWNER, { scope: SCOPE })
    expect(await site.statusWith(given.access_token)).toBe(200)
    const answer = await whileTurningOn(() => site.refresh(id, given.refresh_token))
    const next = (await answer.json()) as Partial<Given>
    expect(await site.statusWith(next.access_token ?? 'none')).toBe(401)
    expect((await site.refresh(id, next.refresh_token ?? 'none')).status).toBe(400)
  })

  it('a sign-in over REST that refreshes is over', async () => {
    const account = { email: emailOf(OWNER), password: 'karibu-gari-2026' }
    const pair = (await (await site.api.post('/auth/login', account)).json()) as Given
    const answer = await whileTurningOn(() =>
      site.api.post('/auth/refresh', { refresh_token: pair.refresh_token }),
    )
    expect(answer.status).toBe(401)
    expect(await site.statusWith(pair.access_token)).toBe(401)
  })

  it.each([
    ['a key', '/auth/api-keys', { name: 'Export', scopes: ['roles:read'] }],
    ['a server', '/oauth-clients', { name: 'Books', kind: 'server', scopes: ['roles:read'] }],
  ])('%s is not made by a session that ends with it', async (_, path, wish) => {
    const headers = await site.as(OWNER)
    const before = [await keys(), await programs()]
    const answer = await whileTurningOn(() => site.api.post(path, wish, headers))
    expect(answer.status).toBe(401)
    expect([await keys(), await programs()]).toEqual(before)
  })

  it('a server keeps its secret', async () => {
    const made = await site.api.post(
      '/oauth-clients',
      { name: 'Books', kind: 'server', scopes: ['roles:read'] },
      await site.as(OWNER),
    )
    const { client_id: id } = (await made.json()) as { client_id: string }
    const secretOf = () =>
      selectOne<{ hash: string }>(
        db,
        "SELECT encode(secret_hash, 'hex') AS hash FROM oauth_clients WHERE id = $1",
        [id],
      )
    const before = await secretOf()
    const headers = await site.as(OWNER)
    const answer = await whileTurningOn(() =>
      site.api.post(`/oauth-clients/${id}/secret`, {}, headers),
    )
    expect(answer.status).toBe(401)
    expect(await secretOf()).toEqual(before)
  })

  const FORMS: [string, string, Record<string, string | string[]>][] = [
    ['a key', '/account/api-keys', { name: 'By a page', days: '90', scopes: ['roles:read'] }],
    ['a server', '/admin/programs', { name: 'By a page', kind: 'server', scopes: ['roles:read'] }],
  ]
  it.each(FORMS)('%s is not made on a page either', async (_, path, form) => {
    const thief: Visitor = await site.enter(OWNER)
    await thief.token(path)
    const before = [await keys(), await programs()]
    const answer = await whileTurningOn(() => thief.post(path, form))
    expect(answer.headers.get('location')).toMatch(/^\/sign-in/)
    expect([await keys(), await programs()]).toEqual(before)
  })
})
