/** Programs of others: administrators look after them on a page, people take back what they allowed. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import type { Visitor } from '../support/browser.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createOauthSite, SCOPE, type Given, type OauthSite } from '../support/oauth.ts'

const PATH = '/admin/programs'
let db: TestDatabase
let site: OauthSite
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  await select(db, 'DELETE FROM rate_limits')
  site = createOauthSite(db)
})

type Shown = {
  client_id: string
  registered_by: string
  people: number
  last_used_at: string | null
  last_used_from: string | null
}
const shown = async (id: string): Promise<Shown | undefined> => {
  const answer = await site.api.get('/oauth-clients', await site.as('manager'))
  const { items } = (await answer.json()) as { items: Shown[] }
  return items.find(({ client_id }) => client_id === id)
}
const textOf = async (visitor: Visitor, path = PATH) => (await visitor.get(path)).text()
const codesIn = (html: string) =>
  [...html.matchAll(/<code class="subject">([^<]+)<\/code>/g)].map(([, text]) => text ?? '')
const tokenOf = async (id: string, secret: string) =>
  site.exchange({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
    scope: 'roles:read',
  })
const actions = async (id: string) =>
  (
    await select<{ action: string }>(
      db,
      'SELECT action FROM audit_entries WHERE entity_id = $1 ORDER BY id',
      [id],
    )
  ).map(({ action }) => action)

describe('the page of programs', () => {
  it('registers a public one with its addresses, one a line, and shows its id and no secret', async () => {
    const manager = await site.enter('manager')
    await manager.token(PATH)
    const name = `Fleet ${randomUUID()}`
    const answer = await manager.post(PATH, {
      name,
      kind: 'public',
      redirect_uris: 'https://fleet.example/back\r\n\r\n  http://127.0.0.1/back\r\n',
      scopes: ['own_reservations:read', 'roles:read'],
    })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const html = await answer.text()
    const [id = ''] = codesIn(html)
    expect(html).toContain('It has no secret')
    expect(html).toContain('https://fleet.example/back')
    expect(html).toContain('http://127.0.0.1/back')
    expect(html).toContain('See roles and what they allow')
    expect(await shown(id)).toMatchObject({
      registered_by: 'Njeri Mwangi',
      people: 0,
      last_used_at: null,
    })
    expect(await actions(id)).toEqual(['oauth_client.registered'])
  })

  it('shows the secret of a server once; a new one ends the old one and all it gave', async () => {
    const manager = await site.enter('manager')
    await manager.token(PATH)
    const form = { name: `Books ${randomUUID()}`, kind: 'server', scopes: ['roles:read'] }
    const [id = '', secret = ''] = codesIn(await (await manager.post(PATH, form)).text())
    const given = (await (await tokenOf(id, secret)).json()) as Given
    expect(await site.statusWith(given.access_token)).toBe(200)
    expect(await textOf(manager)).not.toContain(secret)
    const renewed = await manager.post(`${PATH}/secret`, { program: id })
    expect([renewed.status, renewed.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const [, next = ''] = codesIn(await renewed.text())
    expect(next).toMatch(/^[\w-]{43}$/)
    expect(next).not.toBe(secret)
    expect(await site.statusWith(given.access_token)).toBe(401)
    expect((await tokenOf(id, secret)).status).toBe(401)
    expect((await tokenOf(id, next)).status).toBe(200)
    expect(await actions(id)).toEqual(['oauth_client.registered', 'oauth_client.secret_renewed'])
  })

  it('gives the secret of a server to nobody but for whom it acts, by page or by REST', async () => {
    const { client_id: id, client_secret: secret } = await site.server()
    const admin = await site.enter('admin')
    const html = await textOf(admin)
    expect(html).toContain(id)
    expect(html).not.toContain(`${PATH}/secret`)
    expect((await admin.post(`${PATH}/secret`, { program: id })).status).toBe(404)
    const asked = await site.api.post(`/oauth-clients/${id}/secret`, {}, await site.as('admin'))
    expect(asked.status).toBe(404)
    expect((await tokenOf(id, secret ?? '')).status).toBe(200)
    const own = await site.api.post(`/oauth-clients/${id}/secret`, {}, await site.as('manager'))
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { client_secret: next } = (await own.json()) as { client_secret: string }
    expect((await tokenOf(id, next)).status).toBe(200)
    const { client_id: open } = await site.registered()
    const none = await site.api.post(`/oauth-clients/${open}/secret`, {}, await site.as('manager'))
    expect(none.status).toBe(404)
  })

  it('asks for a fresh sign-in for a secret, keeps what was typed, and says which line is wrong', async () => {
    const manager = await site.enter('manager')
    await manager.token(PATH)
    const form = {
      name: 'Typed before',
      kind: 'public',
      redirect_uris: 'https://fleet.example/back\nhttp://fleet.example/back',
      scopes: ['roles:read'],
    }
    const wrong = await manager.post(PATH, form)
    expect(wrong.status).toBe(400)
    const html = await wrong.text()
    expect(html).toContain('Line 2: Use https')
    expect(html).toContain('value="Typed before"')
    expect(html).toContain('http://fleet.example/back</textarea>')
    expect(html).toMatch(/value="roles:read" checked/)
    const none = await (await manager.post(PATH, { ...form, redirect_uris: '' })).text()
    expect(none).toContain('Say where its answers go.')
    const { client_id: id } = await site.server()
    await select(db, "UPDATE sessions SET created_at = created_at - interval '16 minutes'")
    for (const path of [PATH, `${PATH}/secret`]) {
      const stale = await manager.post(path, { ...form, program: id })
      expect(stale.status).toBe(403)
      expect(await stale.text()).toContain('Sign in again first')
    }
    expect(await actions(id)).toEqual(['oauth_client.registered'])
  })

  it('switches one off, with all that it was given', async () => {
    const { id, given } = await site.letIn()
    const manager = await site.enter('admin')
    await manager.token(PATH)
    expect((await manager.post(`${PATH}/end`, { program: id })).status).toBe(303)
    expect(await site.statusWith(given.access_token)).toBe(401)
    expect(await textOf(manager)).not.toContain(id)
    expect((await actions(id)).at(-1)).toBe('oauth_client.revoked')
  })

  it('is for whom may register programs, and by their own form only', async () => {
    const { client_id: id } = await site.registered()
    for (const who of ['wanjiku', 'desk', 'finance', 'operations']) {
      const visitor = await site.enter(who)
      await visitor.token('/')
      for (const path of [PATH, `${PATH}/secret`, `${PATH}/end`])
        expect((await visitor.post(path, { program: id })).status).toBe(403)
      expect((await visitor.get(PATH)).status).toBe(403)
    }
    const manager = await site.enter('manager')
    await manager.token(PATH)
    expect((await manager.post(`${PATH}/end`, { _csrf: 'guess', program: id })).status).toBe(403)
    expect(await shown(id)).toBeDefined()
  })
})

describe('when a program was used', () => {
  it('is known to the minute, and of a server also where from', async () => {
    const one = await site.server()
    const given = (await (await tokenOf(one.client_id, one.client_secret ?? '')).json()) as Given
    expect((await shown(one.client_id))?.last_used_at).toBeNull()
    await site.statusWith(given.access_token)
    const used = await shown(one.client_id)
    expect(Date.parse(used?.last_used_at ?? '')).toBeGreaterThan(Date.now() - 60_000)
    expect(used?.last_used_from).toMatch(/\S/)
    await site.statusWith(given.access_token)
    expect(await shown(one.client_id)).toEqual(used)
    await select(
      db,
      "UPDATE oauth_clients SET last_used_at = now() - interval '2 days' WHERE id = $1",
      [one.client_id],
    )
    await site.statusWith(given.access_token)
    expect(Date.parse((await shown(one.client_id))?.last_used_at ?? '')).toBeGreaterThan(
      Date.now() - 60_000,
    )
  })

  it('says of people’s own programs how many let it in, and not where they are', async () => {
    const one = await site.registered()
    for (const who of ['manager', 'wanjiku']) {
      const { given } = await site.letIn(who, {}, one)
      await site.statusWith(given.access_token, '/reservations')
    }
    const used = await shown(one.client_id)
    expect(used).toMatchObject({ people: 2, last_used_from: null })
    expect(used?.last_used_at).not.toBeNull()
  })
})

describe('who let a program in', () => {
  type Own = { id: string; name: string; scopes: string[]; expires_at: string }
  const own = async (who: string) => {
    const answer = await site.api.get('/auth/programs', await site.as(who))
    return ((await answer.json()) as { items: Own[] }).items
  }

  it('sees which it is, what it may do and until when, and takes it back without the others', async () => {
    const [one, other] = [await site.registered({ name: 'One' }), await site.registered()]
    const first = await site.letIn('operations', { scope: SCOPE }, one)
    const second = await site.letIn('operations', { scope: SCOPE }, other)
    const theirs = await site.letIn('desk', { scope: SCOPE }, one)
    const visitor = await site.enter('operations')
    const html = await textOf(visitor, '/account/security')
    expect(html).toContain('<strong>One</strong>')
    expect(html).toContain('<strong>Fleet Helper</strong>')
    expect(html).toContain('See one’s own bookings')
    await visitor.post('/account/security/programs/end', { program: one.client_id })
    expect(await site.statusWith(first.given.access_token, '/reservations')).toBe(401)
    expect((await site.refresh(one.client_id, first.given.refresh_token)).status).toBe(400)
    expect(await site.statusWith(second.given.access_token, '/reservations')).toBe(200)
    expect(await site.statusWith(theirs.given.access_token, '/reservations')).toBe(200)
    expect(await textOf(visitor, '/account/security')).not.toContain('<strong>One</strong>')
    expect((await actions(one.client_id)).at(-1)).toBe('oauth_client.shut_out')
  })

  it('does the same over REST, signed in and by no program', async () => {
    const { id, given } = await site.letIn('finance', { scope: 'own_reservations:read' })
    expect(await own('finance')).toEqual([
      expect.objectContaining({ id, name: 'Fleet Helper', scopes: ['own_reservations:read'] }),
    ])
    expect(await site.statusWith(given.access_token, '/auth/programs')).toBe(403)
    const end = async (who: string, which: string) =>
      (
        await site.api.request(`/auth/programs/${which}`, {
          method: 'DELETE',
          headers: await site.as(who),
        })
      ).status
    expect(await end('desk', id)).toBe(404)
    expect(await site.statusWith(given.access_token, '/reservations')).toBe(200)
    expect(await end('finance', id)).toBe(204)
    expect(await end('finance', id)).toBe(404)
    expect(await site.statusWith(given.access_token, '/reservations')).toBe(401)
    expect(await own('finance')).toEqual([])
  })
})
