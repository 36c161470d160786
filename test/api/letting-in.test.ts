/** People who let programs of others in or not, servers that act by themselves, and what is kept of it all. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serve } from '@hono/node-server'
import { createApp } from '../../api/app.ts'
import { sha256 } from '../../api/tokens.ts'
import { select } from '../../db/connection.ts'
import { sweepTables } from '../../db/housekeeping.ts'
import { isRedirectUri } from '../../domain/oauth.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, readProblem } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  asking,
  codeFields,
  createOauthSite,
  decide,
  emailOf,
  newVerifier,
  pathOf,
  type Given,
  type OauthSite,
  type Registered,
} from '../support/oauth.ts'

let db: TestDatabase
let site: OauthSite
beforeAll(async () => {
  db = await createTestDatabase()
  site = createOauthSite(db)
})
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers) close()
  await db.drop()
})

describe('the person who decides', () => {
  it('signs in first, and comes back to the question', async () => {
    const { client_id: id } = await site.registered()
    const visitor = createVisitor(site.app)
    const sent = await visitor.get(asking(id, newVerifier()))
    const page = pathOf(sent.headers.get('location'))
    const door = await visitor.get(page)
    expect(pathOf(door.headers.get('location'))).toBe(`/sign-in?next=${encodeURIComponent(page)}`)
    await visitor.token()
    const credentials = { email: emailOf('manager'), password: SAMPLE_PASSWORD, next: page }
    const entered = await visitor.post('/sign-in', credentials)
    expect(entered.headers.get('location')).toBe(page)
    const text = await (await visitor.get(page)).text()
    expect(text).toContain('Let Fleet Helper act for you?')
    expect(text).toContain('See roles and what they allow')
    expect(text).toContain('app.example')
    expect(text).not.toContain('See who has an account')
  })

  it('says no, and the program is told', async () => {
    const { client_id: id } = await site.registered()
    const back = await decide(await site.enter('manager'), asking(id, newVerifier()), 'deny')
    expect([back.searchParams.get('error'), back.searchParams.get('code')]).toEqual([
      'access_denied',
      null,
    ])
  })

  it('cannot allow what they may not do', async () => {
    const { client_id: id } = await site.registered()
    const path = asking(id, newVerifier(), { scope: 'roles:read' })
    const back = await decide(await site.enter('wanjiku'), path)
    expect(back.searchParams.get('error')).toBe('access_denied')
    const visitor = await site.enter('wanjiku')
    const sent = await visitor.get(path)
    const text = await (await visitor.get(pathOf(sent.headers.get('location')))).text()
    expect(text).toContain('asks for nothing that you may do yourself')
    expect(text).not.toContain('value="allow"')
  })

  it('is not shown one question in the place of another', async () => {
    const { client_id: id } = await site.registered()
    const visitor = await site.enter('manager')
    const begin = async () =>
      pathOf((await visitor.get(asking(id, newVerifier()))).headers.get('location'))
    const [first, second] = [await begin(), await begin()]
    expect((await visitor.get(second)).status).toBe(200)
    expect((await visitor.get(first)).status).toBe(409)
    expect((await visitor.post(first, { decision: 'allow' })).status).toBe(409)
  })

  it('shuts every program out on the page of their account, also from their only device', async () => {
    const button = 'action="/account/security/sessions/end-all"'
    const visitor = await site.enter('desk')
    const page = async () => (await visitor.get('/account/security')).text()
    expect(await page()).not.toContain(button)
    const one = await site.registered()
    const verifier = newVerifier()
    const back = await decide(visitor, asking(one.client_id, verifier))
    const code = back.searchParams.get('code') ?? ''
    const answer = await site.exchange(codeFields(one.client_id, code, verifier))
    const { access_token: token } = (await answer.json()) as Given
    expect(await site.statusWith(token, '/reservations')).toBe(200)
    expect(await page()).toContain(button)
    await visitor.post('/account/security/sessions/end-all', {})
    expect(await site.statusWith(token, '/reservations')).toBe(401)
    expect(await page()).not.toContain(button)
  })

  it('is asked every time, also in a browser that somebody else has used', async () => {
    const one = await site.registered()
    const visitor = await site.enter('manager')
    await decide(visitor, asking(one.client_id, newVerifier()))
    await visitor.token('/')
    await visitor.post('/sign-out', {})
    await visitor.token()
    await visitor.post('/sign-in', { email: emailOf('wanjiku'), password: SAMPLE_PASSWORD })
    const verifier = newVerifier()
    const back = await decide(visitor, asking(one.client_id, verifier))
    const code = back.searchParams.get('code') ?? ''
    const given = (await (
      await site.exchange(codeFields(one.client_id, code, verifier))
    ).json()) as Given
    expect(given.scope).toBe('own_reservations:read')
  })

  it('decides by their own form, in the browser that was sent', async () => {
    const { client_id: id } = await site.registered()
    const visitor = await site.enter('manager')
    const page = pathOf((await visitor.get(asking(id, newVerifier()))).headers.get('location'))
    await visitor.get(page)
    expect((await visitor.post(page, { _csrf: 'x', decision: 'allow' })).status).toBe(403)
    const other = await site.enter('manager')
    await other.token('/')
    expect((await other.get(page)).status).toBe(409)
    expect((await other.post(page, { decision: 'allow' })).status).toBe(409)
  })
})

describe('a server', () => {
  const basic = ({ client_id: id, client_secret: secret }: Registered) => ({
    authorization: `Basic ${btoa(`${id}:${secret}`)}`,
  })
  const ask = (one: Registered, over: object = {}) =>
    site.exchange({ grant_type: 'client_credentials', scope: 'roles:read', ...over }, basic(one))

  it('acts by itself for whoever registered it, and no further', async () => {
    const one = await site.server()
    const answer = await ask(one, { scope: 'roles:read users:read' })
    const given = (await answer.json()) as Given
    expect([given.scope, given.refresh_token]).toEqual(['roles:read', undefined])
    expect(await site.statusWith(given.access_token)).toBe(200)
    expect(await site.statusWith(given.access_token, '/users')).toBe(403)
    const held = "role = 'manager' AND permission = 'oauth_clients:create'"
    await select(db, `DELETE FROM role_permissions WHERE ${held}`)
    expect(await site.statusWith(given.access_token)).toBe(401)
    await select(
      db,
      `INSERT INTO role_permissions (role, permission, granted_by)
       VALUES ('manager', 'oauth_clients:create', 'test')`,
    )
  })

  it('needs its secret, of which we keep a hash', async () => {
    const one = await site.server()
    const rows = await select<{ row: string }>(
      db,
      'SELECT c::text AS row FROM oauth_clients c WHERE id = $1',
      [one.client_id],
    )
    expect(rows[0]?.row).not.toContain(one.client_secret)
    const hash = sha256(one.client_secret ?? '').toString('hex')
    for (const secret of ['wrong', hash, ''])
      expect((await ask({ ...one, client_secret: secret })).status).toBeGreaterThanOrEqual(400)
    expect((await ask(one)).status).toBe(200)
  })

  it('is out from the next request on when it is taken back', async () => {
    const one = await site.server()
    const { access_token: token } = (await (await ask(one)).json()) as Given
    expect(await site.statusWith(token)).toBe(200)
    const gone = await site.api.request(`/oauth-clients/${one.client_id}`, {
      method: 'DELETE',
      headers: await site.as('admin'),
    })
    expect(gone.status).toBe(204)
    expect(await site.statusWith(token)).toBe(401)
    expect((await ask(one)).status).toBe(401)
  })

  it('gets nothing from a token that was given in the moment in which it was taken back', async () => {
    const one = await site.server()
    const { access_token: token } = (await (await ask(one)).json()) as Given
    await select(db, 'UPDATE oauth_clients SET revoked_at = now() WHERE id = $1', [one.client_id])
    expect(await site.statusWith(token)).toBe(401)
  })

  it('cannot be registered for what its owner may not do', async () => {
    for (const scopes of [['ledger:create'], ['api_keys:create'], ['oauth_clients:create']]) {
      const answer = await site.register({ kind: 'server', scopes, redirect_uris: undefined })
      expect(answer.status).toBe(400)
      expect((await readProblem(answer))['fields']).toMatchObject([{ path: 'scopes' }])
    }
  })
})

describe('behind a proxy with TLS', () => {
  it('speaks of our own address, whatever the request says, and its cookies are for TLS only', async () => {
    const app = createApp(buildDeps(db, { publicUrl: 'https://rent.example' }))
    const headers = { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'http' }
    const { client_id: id } = await site.registered()
    const answer = await app.request(`http://10.0.0.7:3000${asking(id, newVerifier())}`, {
      headers,
    })
    expect(answer.headers.get('location')).toMatch(/^https:\/\/rent\.example\/let-in\/[\w-]+$/)
    const cookies = answer.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) expect(cookie).toMatch(/; secure; httponly/i)
    const found = await app.request('http://10.0.0.7:3000/oauth/.well-known/openid-configuration', {
      headers,
    })
    expect(await found.json()).toMatchObject({
      issuer: 'https://rent.example/oauth',
      token_endpoint: 'https://rent.example/oauth/token',
    })
  })
})

describe('over a port', () => {
  it('answers as without one, also to a body that comes in pieces', async () => {
    const one = await site.server()
    const port = await new Promise<number>((resolve) => {
      const server = serve({ fetch: site.app.fetch, port: 0, hostname: '127.0.0.1' }, (info) =>
        resolve(info.port),
      )
      closers.push(() => {
        server.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    })
    const fields = { grant_type: 'client_credentials', scope: 'roles:read' }
    const bytes = new TextEncoder().encode(new URLSearchParams(fields).toString())
    const pieces = new ReadableStream({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const sent = {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${one.client_id}:${one.client_secret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: pieces,
      duplex: 'half',
    }
    const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, sent)
    expect([answer.status, answer.headers.get('x-frame-options')]).toEqual([200, 'DENY'])
    const { access_token: token } = (await answer.json()) as Given
    const read = await fetch(`http://127.0.0.1:${port}/api/v1/roles`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(read.status).toBe(200)
    const large = await fetch(`http://127.0.0.1:${port}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=${'x'.repeat(70_000)}`,
    })
    expect(large.status).toBe(413)
  })
})

describe('what is kept', () => {
  it('opens nothing for whoever reads it', async () => {
    const { id, code, given } = await site.letIn()
    const rows = await select<{ row: string }>(db, 'SELECT r::text AS row FROM oauth_records r')
    const all = rows.map(({ row }) => row).join()
    for (const secret of [code, given.access_token, given.refresh_token]) {
      expect(all).not.toContain(secret)
      expect(all).not.toContain(Buffer.from(secret).toString('hex'))
    }
    for (const hash of [sha256(given.refresh_token), sha256(given.access_token)])
      expect((await site.refresh(id, hash.toString('base64url'))).status).toBe(400)
  })

  it('is taken away when it is over', async () => {
    const { given } = await site.letIn()
    const hash = sha256(given.access_token)
    await select(
      db,
      "UPDATE oauth_records SET expires_at = now() - interval '1 second' WHERE id_hash = $1",
      [hash],
    )
    await sweepTables(db, new Date())
    expect(await count(db, 'oauth_records WHERE id_hash = $1', [hash])).toBe(0)
  })
})

describe('registering', () => {
  it.each([
    [{ redirect_uris: [] }, 'redirect_uris'],
    [{ redirect_uris: undefined }, 'redirect_uris'],
    [{ redirect_uris: ['http://app.example/back'] }, 'redirect_uris.0'],
    [{ scopes: ['no_such:thing'] }, 'scopes'],
    [{ scopes: ['api_keys:create'] }, 'scopes'],
    [{ name: '' }, 'name'],
    [{ kind: 'confidential' }, 'kind'],
    [{ client_secret: 'mine' }, ''],
  ])('is refused in words: %j', async (over, path) => {
    const answer = await site.register(over)
    expect(answer.status).toBe(400)
    expect((await readProblem(answer))['fields']).toMatchObject([{ path }])
  })

  it.each([
    ['https://app.example/back', true],
    ['http://127.0.0.1:8123/back', true],
    ['http://[::1]/back', true],
    ['com.example.app:/back', true],
    ['http://localhost/back', false],
    ['http://127.0.0.1.example/back', false],
    ['https://app.example/back#here', false],
    ['https://somebody:secret@app.example/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['myapp:/back', false],
    ['/back', false],
  ])('takes %s for a place of answers: %s', (uri, good) => {
    expect(isRedirectUri(uri)).toBe(good)
  })
})
