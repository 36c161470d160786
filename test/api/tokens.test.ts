/** Access and refresh tokens: what they open, for how long, and every way of making or keeping one that opens nothing. */
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { createAccessTokens } from '../../api/access-tokens.ts'
import { createApp } from '../../api/app.ts'
import { sha256 } from '../../api/tokens.ts'
import { select } from '../../db/connection.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  ORIGIN,
  PASSWORD,
  readProblem,
  TOKEN_KEY,
  type TestApi,
  type TestDeps,
} from '../support/api.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

type Pair = { access_token: string; refresh_token: string; expires_in: number }

let db: TestDatabase
let deps: TestDeps
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  deps = buildDeps(db)
  api = createTestApi(deps)
})
afterAll(() => db.drop())

async function register(): Promise<string> {
  const email = `${randomUUID()}@example.com`
  expect((await openAccount(db, api, buildRegistration({ email }))).status).toBe(201)
  return email
}
async function login(email: string): Promise<Pair> {
  const answer = await api.post('/auth/login', { email, password: PASSWORD })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Pair
}
const profileWith = async (token: string, client = api): Promise<number> =>
  (await client.get('/auth/profile', { authorization: `Bearer ${token}` })).status
const send = (refreshToken: string) => api.post('/auth/refresh', { refresh_token: refreshToken })
async function refreshed(refreshToken: string): Promise<Pair> {
  const answer = await send(refreshToken)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return (await answer.json()) as Pair
}
const later = (ms: number) => createTestApi(buildDeps(db, { now: () => new Date(Date.now() + ms) }))

describe('an access token', () => {
  it('says who, for whom, from whom and until when, and nothing of what they may do', async () => {
    const { access_token: token } = await login(await register())
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: deps.accessTokens.keys[0]?.kid,
    })
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token)
    expect(exp - iat).toBe(600)
    expect(claims).toEqual({
      iss: ORIGIN,
      aud: `${ORIGIN}/api/v1`,
      client_id: ORIGIN,
      sub: expect.any(String),
      sid: expect.any(String),
      jti: expect.any(String),
    })
  })

  it('is checked by anybody with the published keys, which hold nothing private', async () => {
    const { access_token: token } = await login(await register())
    const answer = await createApp(deps).request(`${ORIGIN}/.well-known/jwks.json`)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    const published = (await answer.json()) as { keys: Record<string, string>[] }
    expect(published.keys.map((key) => Object.keys(key).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ])
    const { payload } = await jwtVerify(token, createLocalJWKSet(published as never))
    expect(payload.iss).toBe(ORIGIN)
  })

  it('is good for ten minutes', async () => {
    const { access_token: token } = await login(await register())
    expect(await profileWith(token, later(9 * MINUTE_MS))).toBe(200)
    expect(await profileWith(token, later(11 * MINUTE_MS))).toBe(401)
  })

  it('is worth nothing from the moment at which its session or its owner is out', async () => {
    const email = await register()
    const [out, suspended] = [await login(email), await login(email)]
    const headers = { authorization: `Bearer ${out.access_token}` }
    expect((await api.post('/auth/logout', {}, headers)).status).toBe(204)
    expect(await profileWith(out.access_token)).toBe(401)
    expect((await send(out.refresh_token)).status).toBe(401)
    expect(await profileWith(suspended.access_token)).toBe(200)
    await select(db, "UPDATE users SET status = 'suspended' WHERE email = $1", [email])
    expect(await profileWith(suspended.access_token)).toBe(401)
    expect((await send(suspended.refresh_token)).status).toBe(401)
  })

  it('does not open a session of the pages, nor somebody else’s', async () => {
    const [mine, theirs] = [await login(await register()), await login(await register())]
    const facts = (pair: Pair) => {
      const { sub = '', sid } = decodeJwt(pair.access_token)
      return { userId: sub, sessionId: String(sid) }
    }
    const crossed = { userId: facts(mine).userId, sessionId: facts(theirs).sessionId }
    const token = await deps.accessTokens.sign(crossed, new Date())
    expect(await profileWith(token)).toBe(401)
    await select(db, "UPDATE sessions SET kind = 'page' WHERE token_hash = $1", [
      sha256(facts(mine).sessionId),
    ])
    expect(await profileWith(mine.access_token)).toBe(401)
  })
})

describe('a token that we did not make so', () => {
  const SECOND = 1000
  let good: string
  let facts: { sub: string; sid: string }
  beforeAll(async () => {
    good = (await login(await register())).access_token
    const { sub, sid } = decodeJwt(good)
    facts = { sub: String(sub), sid: String(sid) }
  })

  /** As ours are, but for what is said here, and signed by a key of our choice. */
  const forge = (over: {
    header?: object
    claims?: object
    key?: Parameters<SignJWT['sign']>[0]
  }) => {
    const seconds = Math.floor(Date.now() / SECOND)
    const claims = { iss: ORIGIN, aud: `${ORIGIN}/api/v1`, iat: seconds, exp: seconds + 600 }
    const header = { alg: 'ES256', typ: 'at+jwt', kid: deps.accessTokens.keys[0]?.kid ?? '' }
    return new SignJWT({ ...claims, ...facts, ...over.claims })
      .setProtectedHeader({ ...header, ...over.header })
      .sign(over.key ?? ownKey())
  }
  const ownKey = () => {
    const { kty = '', crv = '', x = '', y = '' } = deps.accessTokens.keys[0] ?? {}
    return { kty, crv, x, y, d: TOKEN_KEY.toString('base64url'), alg: 'ES256' }
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('is good when nothing of it is changed, so that the others are refused for what they are', async () => {
    expect(await profileWith(await forge({}))).toBe(200)
  })

  it.each<[string, Parameters<typeof forge>[0]]>([
    ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['for another audience', { claims: { aud: 'https://elsewhere.example/api' } }],
    ['for nobody in particular', { claims: { aud: undefined } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['that never ends', { claims: { exp: undefined } }],
    ['that ended', { claims: { iat: 1_700_000_000, exp: 1_700_000_600 } }],
    ['that was made long ago and ends late', { claims: { iat: 1_700_000_000 } }],
    ['of tomorrow', { claims: { iat: Math.floor(Date.now() / 1000) + 86_400, exp: 4e9 } }],
    ['that is not good yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 3_600 } }],
    ['without a session', { claims: { sid: undefined } }],
    ['with a session that is no text', { claims: { sid: ['a'] } }],
    ['with a session that we never opened', { claims: { sid: 'x'.repeat(43) } }],
    ['without anybody', { claims: { sub: undefined } }],
    ['of somebody else', { claims: { sub: randomUUID() } }],
    ['of an unknown key', { header: { kid: 'another' } }],
  ])('is refused: one %s', async (_, over) => {
    expect(await profileWith(await forge(over))).toBe(401)
  })

  it('is refused when another key has signed it, also under our key’s name', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    expect(await profileWith(await forge({ key: privateKey }))).toBe(401)
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect(await profileWith(await forge({ header: { alg: 'RS256' }, key: rsa }))).toBe(401)
  })

  it('is refused when nobody signed it', async () => {
    const [, claims = ''] = good.split('.')
    for (const alg of ['none', 'None', 'NONE']) {
      const header = part({ ...decodeProtectedHeader(good), alg })
      expect(await profileWith(`${header}.${claims}.`)).toBe(401)
      expect(await profileWith(`${header}.${claims}`)).toBe(401)
    }
  })

  it('is refused when our public key was used as a shared secret', async () => {
    const [, claims = ''] = good.split('.')
    const { x = '', y = '' } = deps.accessTokens.keys[0] ?? {}
    const published = JSON.stringify(deps.accessTokens.keys[0])
    const point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
    const header = part({ ...decodeProtectedHeader(good), alg: 'HS256' })
    for (const secret of [published, point]) {
      const signature = createHmac('sha256', secret).update(`${header}.${claims}`)
      const token = `${header}.${claims}.${signature.digest('base64url')}`
      expect(await profileWith(token)).toBe(401)
    }
  })

  it('is refused when it brings its own key along', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const header = { jwk: publicKey.export({ format: 'jwk' }), jku: 'https://elsewhere.example' }
    expect(await profileWith(await forge({ header, key: privateKey }))).toBe(401)
  })

  it('is refused when a letter of it was changed', async () => {
    const [header = '', claims = '', signature = ''] = good.split('.')
    const sly = part({ ...decodeJwt(good), sub: randomUUID() })
    const turned = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    for (const token of [
      `${header}.${sly}.${signature}`,
      `${header}.${claims}.${turned}`,
      `${header}.${claims}`,
      `${good}.x`,
      'x'.repeat(5_000),
      '..',
    ])
      expect(await profileWith(token)).toBe(401)
  })
})

describe('another signing key', () => {
  const [first, second] = [TOKEN_KEY, Buffer.alloc(32, 6)]
  const tokensOf = (key: Buffer, otherKeys: Buffer[] = []) =>
    createAccessTokens({ key, otherKeys, issuer: ORIGIN })
  const readBy = async (token: string, key: Buffer, otherKeys: Buffer[] = []) =>
    profileWith(token, createTestApi(buildDeps(db, { accessTokens: tokensOf(key, otherKeys) })))

  it('takes over while the former one is good, and then alone', async () => {
    const { access_token: former } = await login(await register())
    expect(await readBy(former, second, [first])).toBe(200)
    expect(await readBy(former, second)).toBe(401)
  })

  it('can be known to every process before the first one signs with it', async () => {
    const { sub = '', sid } = decodeJwt((await login(await register())).access_token)
    const facts = { userId: sub, sessionId: String(sid) }
    const token = await tokensOf(second, [first]).sign(facts, new Date())
    expect(await readBy(token, first)).toBe(401)
    expect(await readBy(token, first, [second])).toBe(200)
  })
})

describe('a refresh token', () => {
  it('gives the next pair, once, of the same session', async () => {
    const first = await login(await register())
    const second = await refreshed(first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(decodeJwt(second.access_token)['sid']).toBe(decodeJwt(first.access_token)['sid'])
    expect(await profileWith(second.access_token)).toBe(200)
    expect(await profileWith(first.access_token)).toBe(200)
    await refreshed(second.refresh_token)
  })

  it('that is sent again ends everything that came of the sign-in, and is noted', async () => {
    const email = await register()
    const [first, other] = [await login(email), await login(email)]
    const second = await refreshed(first.refresh_token)
    const again = await send(first.refresh_token)
    expect(again.status).toBe(401)
    expect((await readProblem(again))['code']).toBe('SIGN_IN_REQUIRED')
    expect(await profileWith(first.access_token)).toBe(401)
    expect(await profileWith(second.access_token)).toBe(401)
    expect((await send(second.refresh_token)).status).toBe(401)
    // Another sign-in of the same person is not touched.
    expect(await profileWith(other.access_token)).toBe(200)
    const { sub } = decodeJwt(first.access_token)
    const noted = "security_events WHERE kind = 'refresh_token_reused' AND detail ->> 'userId' = $1"
    expect(await count(db, noted, [sub])).toBe(1)
  })

  it('gives one pair at most, however many ask at once', async () => {
    const { refresh_token: token } = await login(await register())
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(token)))
    expect(answers.filter(({ status }) => status === 200).length).toBe(1)
    expect(answers.filter(({ status }) => status === 401).length).toBe(7)
  })

  it('cannot be made from what we keep, nor from an access token', async () => {
    const { access_token, refresh_token: token } = await login(await register())
    const rows = await select<{ hash: Buffer }>(db, 'SELECT token_hash AS hash FROM refresh_tokens')
    for (const { hash } of rows) {
      expect(hash.toString('base64url')).not.toBe(token)
      expect((await send(hash.toString('base64url'))).status).toBe(401)
    }
    const sid = String(decodeJwt(access_token)['sid'])
    expect((await send(`${sid}.${'x'.repeat(43)}`)).status).toBe(401)
    expect((await send(access_token.slice(0, 200))).status).toBe(401)
    expect(await profileWith(token)).toBe(401)
    // All that guessing has not ended it.
    expect(await profileWith(access_token)).toBe(200)
  })

  it('ends with the session: after two weeks, after twelve hours of rest, with a new password', async () => {
    const email = await register()
    const change = async (pair: Pair, set: string) => {
      const sid = sha256(String(decodeJwt(pair.access_token)['sid']))
      await select(db, `UPDATE sessions SET ${set} WHERE token_hash = $1`, [sid])
      return (await send(pair.refresh_token)).status
    }
    expect(await change(await login(email), "expires_at = now() - interval '1 second'")).toBe(401)
    expect(await change(await login(email), "last_seen_at = now() - interval '12 hours'")).toBe(401)
    expect(await change(await login(email), "last_seen_at = now() - interval '11 hours'")).toBe(200)
    const [here, there] = [await login(email), await login(email)]
    const next = { current_password: PASSWORD, new_password: 'another long password' }
    const headers = { authorization: `Bearer ${here.access_token}` }
    expect((await api.post('/auth/change-password', next, headers)).status).toBe(204)
    expect((await send(there.refresh_token)).status).toBe(401)
    expect((await send(here.refresh_token)).status).toBe(200)
  })

  it('does not make a session live longer than two weeks', async () => {
    const pair = await refreshed((await login(await register())).refresh_token)
    const sid = sha256(String(decodeJwt(pair.access_token)['sid']))
    const [row] = await select<{ days: number }>(
      db,
      `SELECT extract(epoch FROM expires_at - created_at)::float / 86400 AS days FROM sessions
       WHERE token_hash = $1`,
      [sid],
    )
    expect(row?.days).toBeCloseTo(14, 2)
  })

  it.each([[{}], [{ refresh_token: '' }], [{ refresh_token: 'x'.repeat(201) }]])(
    'is asked for in words: %j',
    async (body) => {
      const answer = await api.post('/auth/refresh', body)
      expect(answer.status).toBe(400)
      expect((await readProblem(answer))['fields']).toMatchObject([{ path: 'refresh_token' }])
    },
  )
})

describe('one’s own profile', () => {
  const change = async (token: string, body: object) =>
    api.request('/auth/profile', {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('changes in what is said, and a proven number not by a token alone', async () => {
    const email = await register()
    await select(db, 'UPDATE users SET phone_verified = true WHERE email = $1', [email])
    const { access_token: token } = await login(email)
    const proven = () => count(db, 'users WHERE email = $1 AND phone_verified', [email])
    const named = await change(token, { first_name: 'Atieno', language: 'sw' })
    expect(await named.json()).toMatchObject({
      email,
      first_name: 'Atieno',
      last_name: 'Odhiambo',
      language: 'sw',
      roles: ['customer'],
    })
    expect(await proven()).toBe(1)
    const kept = await change(token, { phone: '0722 333 444', last_name: 'Were' })
    expect([kept.status, (await readProblem(kept))['code']]).toEqual([409, 'CONTACT_PROVEN'])
    await select(db, 'UPDATE users SET phone_verified = false WHERE email = $1', [email])
    const called = await change(token, { phone: '0722 333 444' })
    expect(await called.json()).toMatchObject({
      phone: '+254722333444',
      first_name: 'Atieno',
      last_name: 'Odhiambo',
    })
    expect(await proven()).toBe(0)
    const rows = await select<{ after: object }>(
      db,
      "SELECT after FROM audit_entries WHERE action = 'user.profile_changed' ORDER BY id",
    )
    expect(rows.map(({ after }) => after)).toEqual([
      { fields: ['firstName', 'language'] },
      { fields: ['phone'] },
    ])
  })

  it.each([
    [{}],
    [{ kind: 'admin' }],
    [{ roles: ['admin'], first_name: 'Sly' }],
    [{ email: 'other@example.com' }],
    [{ first_name: '' }],
    [{ phone: '020 123456' }],
    [{ language: 'fr' }],
  ])('refuses %j and changes nothing', async (body) => {
    const { access_token: token } = await login(await register())
    const answer = await change(token, body)
    expect(answer.status).toBe(400)
    const profile = await api.get('/auth/profile', { authorization: `Bearer ${token}` })
    expect(await profile.json()).toMatchObject({ first_name: 'Achieng', language: 'en' })
  })

  it('does not let people of the house choose which accounts are one person', async () => {
    const email = await register()
    await select(db, "UPDATE users SET kind = 'employee' WHERE email = $1", [email])
    const { access_token: token } = await login(email)
    const answer = await change(token, { phone: '0722 333 445' })
    expect(answer.status).toBe(400)
    expect((await readProblem(answer))['fields']).toMatchObject([{ path: 'phone' }])
    expect((await change(token, { last_name: 'Owino' })).status).toBe(200)
  })
})
