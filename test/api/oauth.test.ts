/** Programs of others on people's devices: how they are let in, for how long, and every way of getting in that there is not. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as client from 'openid-client'
import { sha256 } from '../../api/tokens.ts'
import { select } from '../../db/connection.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { ORIGIN } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  asking,
  BACK,
  codeFields,
  createOauthSite,
  decide,
  emailOf,
  errorOf,
  ISSUER,
  newVerifier,
  pathOf,
  SCOPE,
  type Given,
  type OauthSite,
} from '../support/oauth.ts'

let db: TestDatabase
let site: OauthSite
beforeAll(async () => {
  db = await createTestDatabase()
  site = createOauthSite(db)
})
afterAll(() => db.drop())

describe('a program on somebody’s device', () => {
  it('finds its way by the published document, as openid-client goes it', async () => {
    const { client_id: id } = await site.registered()
    const found = await client.discovery(new URL(ISSUER), id, undefined, client.None(), {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: async (url, init) => site.app.request(url, init as RequestInit),
    })
    found[client.customFetch] = async (url, init) => site.app.request(url, init as RequestInit)
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const address = client.buildAuthorizationUrl(found, {
      redirect_uri: BACK,
      scope: SCOPE,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    })
    const back = await decide(await site.enter('manager'), pathOf(address.href))
    const checks = { pkceCodeVerifier: verifier, expectedState: state }
    const given = await client.authorizationCodeGrant(found, back, checks)
    expect(given.scope).toBe(SCOPE)
    expect(given.expires_in).toBe(600)
    expect(await site.statusWith(given.access_token)).toBe(200)
    const next = await client.refreshTokenGrant(found, given.refresh_token ?? '')
    expect(await site.statusWith(next.access_token)).toBe(200)
    await client.tokenRevocation(found, next.refresh_token ?? '')
    expect(await site.statusWith(next.access_token)).toBe(401)
  })

  it('reads what we can do, and nothing of what OAuth 2.1 left behind', async () => {
    for (const path of [
      '/oauth/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/oauth',
    ]) {
      const answer = await site.app.request(`${ORIGIN}${path}`)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await answer.json()).toMatchObject({
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        revocation_endpoint: `${ISSUER}/revoke`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        grant_types_supported: expect.not.arrayContaining(['implicit', 'password']),
      })
    }
  })

  it('may do what was allowed, as far as its user may, and nothing about the account itself', async () => {
    const { given } = await site.letIn()
    expect(await site.statusWith(given.access_token)).toBe(200)
    expect(await site.statusWith(given.access_token, '/users')).toBe(403)
    for (const path of ['/auth/profile', '/auth/sessions', '/auth/api-keys', '/oauth-clients'])
      expect(await site.statusWith(given.access_token, path)).toBe(403)
  })

  it('gets no more than its user may do, and no more than it was registered for', async () => {
    const one = await site.registered({ scopes: ['own_reservations:read', 'roles:read'] })
    const { given } = await site.letIn('wanjiku', { scope: `${SCOPE} users:read` }, one)
    expect(given.scope).toBe('own_reservations:read')
    expect(await site.statusWith(given.access_token, '/reservations')).toBe(200)
    expect(await site.statusWith(given.access_token)).toBe(403)
  })

  it('loses at once what its user loses', async () => {
    const { given } = await site.letIn()
    const held = "role = 'manager' AND permission = 'roles:read'"
    await select(db, `DELETE FROM role_permissions WHERE ${held}`)
    expect(await site.statusWith(given.access_token)).toBe(403)
    await select(
      db,
      "INSERT INTO role_permissions (role, permission, granted_by) VALUES ('manager', 'roles:read', 'test')",
    )
    expect(await site.statusWith(given.access_token)).toBe(200)
  })

  it('is named in the audit beside its user', async () => {
    const { id } = await site.letIn()
    const rows = await select<{ action: string; actor: string }>(
      db,
      `SELECT action, u.email AS actor FROM audit_entries a JOIN users u ON u.id::text = a.actor
       WHERE entity_id = $1 ORDER BY a.id`,
      [id],
    )
    expect(rows).toEqual([
      { action: 'oauth_client.registered', actor: emailOf('manager') },
      { action: 'oauth_client.let_in', actor: emailOf('manager') },
    ])
  })
})

describe('a code', () => {
  const newCode = async () => {
    const { client_id: id } = await site.registered()
    const verifier = newVerifier()
    const back = await decide(await site.enter('manager'), asking(id, verifier))
    return { id, verifier, code: back.searchParams.get('code') ?? '', back }
  }

  it('comes with the state and the issuer, for a minute', async () => {
    const { back, id, code, verifier } = await newCode()
    expect(back.searchParams.get('state')).toBe('a state')
    expect(back.searchParams.get('iss')).toBe(ISSUER)
    const [row] = await select<{ seconds: number }>(
      db,
      `SELECT extract(epoch FROM expires_at - now())::float AS seconds FROM oauth_records
       WHERE model = 'AuthorizationCode' AND id_hash = $1`,
      [sha256(code)],
    )
    expect(row?.seconds).toBeGreaterThan(50)
    expect(row?.seconds).toBeLessThanOrEqual(60)
    await select(db, 'UPDATE oauth_records SET expires_at = now() WHERE id_hash = $1', [
      sha256(code),
    ])
    expect(await errorOf(await site.exchange(codeFields(id, code, verifier)))).toEqual([
      400,
      'invalid_grant',
    ])
  })

  it('is good once; the second time ends what the first one gave', async () => {
    const { id, code, verifier, given } = await site.letIn()
    expect(await site.statusWith(given.access_token)).toBe(200)
    expect(await errorOf(await site.exchange(codeFields(id, code, verifier)))).toEqual([
      400,
      'invalid_grant',
    ])
    expect(await site.statusWith(given.access_token)).toBe(401)
    expect(await errorOf(await site.refresh(id, given.refresh_token))).toEqual([
      400,
      'invalid_grant',
    ])
    expect(site.deps.logged.some(({ message }) => /came twice/.test(message))).toBe(true)
  })

  it('sent many times at once opens nothing that lasts', async () => {
    const { id, code, verifier } = await newCode()
    const tries = Array.from({ length: 6 }, () => site.exchange(codeFields(id, code, verifier)))
    const good = (await Promise.all(tries)).filter(({ status }) => status === 200)
    expect(good.length).toBeLessThanOrEqual(1)
    for (const answer of good) {
      const { access_token: token } = (await answer.json()) as Given
      expect(await site.statusWith(token)).toBe(401)
    }
  })

  it.each([
    ['another verifier', { code_verifier: newVerifier() }],
    ['no verifier', { code_verifier: '' }],
    ['another place', { redirect_uri: `${BACK}/else` }],
    ['another code', { code: 'x'.repeat(43) }],
    ['another program', { client_id: 'other' }],
  ])('is not exchanged with %s', async (_, over) => {
    const { id, code, verifier } = await newCode()
    const other = 'client_id' in over ? { client_id: (await site.registered()).client_id } : over
    const { status } = await site.exchange({ ...codeFields(id, code, verifier), ...other })
    expect(status).toBe(400)
  })
})

describe('a refresh token', () => {
  it('gives another, once; the second time ends the whole consent', async () => {
    const { id, given } = await site.letIn()
    const next = (await (await site.refresh(id, given.refresh_token)).json()) as Given
    expect(next.refresh_token).not.toBe(given.refresh_token)
    expect(await site.statusWith(next.access_token)).toBe(200)
    expect((await site.refresh(id, given.refresh_token)).status).toBe(400)
    expect(await site.statusWith(next.access_token)).toBe(401)
    expect((await site.refresh(id, next.refresh_token)).status).toBe(400)
  })

  it('ends two weeks after the consent, however often it was used', async () => {
    const { id, given } = await site.letIn()
    const leftOf = async (token: string) => {
      const [row] = await select<{ until: Date }>(
        db,
        "SELECT expires_at AS until FROM oauth_records WHERE model = 'RefreshToken' AND id_hash = $1",
        [sha256(token)],
      )
      return row?.until.getTime() ?? 0
    }
    const first = await leftOf(given.refresh_token)
    expect(first - Date.now()).toBeLessThanOrEqual(14 * 86_400_000)
    const next = (await (await site.refresh(id, given.refresh_token)).json()) as Given
    expect(await leftOf(next.refresh_token)).toBeLessThanOrEqual(first + 1_000)
  })

  it('does not get more than was allowed, and nothing for another program', async () => {
    const { id, given } = await site.letIn('manager', { scope: 'roles:read' })
    const more = { grant_type: 'refresh_token', client_id: id, refresh_token: given.refresh_token }
    expect(await errorOf(await site.exchange({ ...more, scope: 'users:read' }))).toEqual([
      400,
      'invalid_scope',
    ])
    const { client_id: other } = await site.registered()
    expect((await site.refresh(other, given.refresh_token)).status).toBe(400)
  })

  it('is over with the account, and with all sessions of its owner', async () => {
    const { id, given } = await site.letIn('operations', { scope: 'own_reservations:read' })
    const set = (to: string) =>
      select(db, 'UPDATE users SET status = $2 WHERE email = $1', [emailOf('operations'), to])
    await set('suspended')
    expect(await site.statusWith(given.access_token, '/reservations')).toBe(401)
    expect((await site.refresh(id, given.refresh_token)).status).toBe(400)
    await set('active')
    const again = await site.letIn('operations', { scope: 'own_reservations:read' })
    expect(await site.statusWith(again.given.access_token, '/reservations')).toBe(200)
    const headers = await site.as('operations')
    await site.api.request('/auth/sessions', { method: 'DELETE', headers })
    expect(await site.statusWith(again.given.access_token, '/reservations')).toBe(401)
    expect((await site.refresh(again.id, again.given.refresh_token)).status).toBe(400)
  })
})

describe('a program that asks wrongly', () => {
  const html = { accept: 'text/html' }
  it.each([
    ['for another place', { redirect_uri: 'https://app.example/elsewhere' }],
    ['for a place beneath', { redirect_uri: `${BACK}/` }],
    ['for a place with a question', { redirect_uri: `${BACK}?x=1` }],
    ['for no place', { redirect_uri: '' }],
    ['as nobody we know', { client_id: randomUUID() }],
  ])('%s is sent nowhere, and the person reads a page of ours', async (_, over) => {
    const { client_id: id } = await site.registered()
    const visitor = await site.enter('manager')
    const answer = await visitor.get(asking(id, newVerifier(), over), html)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(await answer.text()).toContain('Go back to it and begin again.')
  })

  it.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['for both at once', { response_type: 'code token' }, 'unsupported_response_type'],
    ['for another resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['without a word to the person', { prompt: 'none' }, 'login_required'],
  ])('%s is told so', async (_, over, error) => {
    const { client_id: id } = await site.registered()
    const visitor = await site.enter('manager')
    const answer = await visitor.get(asking(id, newVerifier(), over), html)
    const back = new URL(answer.headers.get('location') ?? '')
    expect(back.href.startsWith(BACK)).toBe(true)
    const said = new URLSearchParams(back.search || back.hash.slice(1))
    expect([said.get('error'), said.get('code')]).toEqual([error, null])
  })

  it.each([['password'], ['implicit'], ['client_credentials']])(
    'for a token by %s gets none',
    async (grantType) => {
      const { client_id: id } = await site.registered()
      const fields = { client_id: id, username: 'manager@example.com', password: SAMPLE_PASSWORD }
      const answer = await site.exchange({ ...fields, grant_type: grantType, scope: 'roles:read' })
      expect(answer.status).toBe(400)
    },
  )
})
