/** Programs of others, people who let them in, and servers: as tests of OAuth need them. */
import { createHash, randomBytes } from 'node:crypto'
import { expect } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi, ORIGIN } from './api.ts'
import { createVisitor, type Visitor } from './browser.ts'
import type { TestDatabase } from './database.ts'

export const ISSUER = `${ORIGIN}/oauth`
export const BACK = 'https://app.example/back'
export const SCOPE = 'own_reservations:read roles:read'
export const emailOf = (who: string) => `${who}@example.com`

export const pathOf = (address: string | null): string => {
  const { pathname, search } = new URL(address ?? '', ORIGIN)
  return `${pathname}${search}`
}
export const newVerifier = () => randomBytes(32).toString('base64url')
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** What a good program asks for, but for what is said here; an empty text leaves it out. */
export const asking = (id: string, verifier: string, over: Record<string, string> = {}): string => {
  const query = new URLSearchParams({
    client_id: id,
    response_type: 'code',
    redirect_uri: BACK,
    scope: SCOPE,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    state: 'a state',
    ...over,
  })
  for (const [name, value] of Object.entries(over)) if (value === '') query.delete(name)
  return `/oauth/authorize?${query.toString()}`
}

export const codeFields = (id: string, code: string, verifier: string) => ({
  grant_type: 'authorization_code',
  client_id: id,
  code,
  redirect_uri: BACK,
  code_verifier: verifier,
})

export type Registered = { client_id: string; client_secret: string | null }
export type Given = {
  access_token: string
  refresh_token: string
  scope: string
  expires_in: number
}

export const errorOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { error: string }).error,
]

const program = (over: object) => ({
  kind: 'public',
  name: 'Fleet Helper',
  scopes: ['own_reservations:read', 'roles:read', 'users:read'],
  redirect_uris: [BACK],
  ...over,
})

/** Whoever is signed in there decides; answers where the program is told. */
export async function decide(visitor: Visitor, path: string, decision = 'allow'): Promise<URL> {
  const sent = await visitor.get(path)
  expect(sent.status).toBe(303)
  const page = pathOf(sent.headers.get('location'))
  expect((await visitor.get(page)).status).toBe(200)
  const decided = await visitor.post(page, { decision })
  expect(decided.status).toBe(200)
  const next = /^0; url=(.+)$/.exec(decided.headers.get('refresh') ?? '')?.[1] ?? ''
  const back = await visitor.get(pathOf(next))
  expect(back.status).toBe(303)
  return new URL(back.headers.get('location') ?? '')
}

export function createOauthSite(db: TestDatabase) {
  const deps = buildDeps(db)
  const app = createApp(deps)
  const api = createTestApi(deps, app)
  const tokens = new Map<string, string>()

  async function as(who: string): Promise<Record<string, string>> {
    if (!tokens.has(who)) {
      const account = { email: emailOf(who), password: SAMPLE_PASSWORD }
      const answer = await api.post('/auth/login', account)
      tokens.set(who, ((await answer.json()) as { access_token: string }).access_token)
    }
    return { authorization: `Bearer ${tokens.get(who)}` }
  }
  const register = async (over: object = {}) =>
    api.post('/oauth-clients', program(over), await as('manager'))
  async function registered(over: object = {}): Promise<Registered> {
    const answer = await register(over)
    expect(answer.status).toBe(201)
    return (await answer.json()) as Registered
  }
  const server = (scopes = ['roles:read']) =>
    registered({ kind: 'server', scopes, redirect_uris: undefined })
  const enter = async (who: string): Promise<Visitor> => {
    const visitor = createVisitor(app)
    await visitor.token()
    await visitor.post('/sign-in', { email: emailOf(who), password: SAMPLE_PASSWORD })
    return visitor
  }
  const exchange = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.request(`${ISSUER}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  async function letIn(who = 'manager', over: Record<string, string> = {}, one?: Registered) {
    const { client_id: id } = one ?? (await registered())
    const verifier = newVerifier()
    const back = await decide(await enter(who), asking(id, verifier, over))
    const code = back.searchParams.get('code') ?? ''
    const answer = await exchange(codeFields(id, code, verifier))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    return { id, code, verifier, given: (await answer.json()) as Given }
  }
  const statusWith = async (token: string, path = '/roles') =>
    (await api.get(path, { authorization: `Bearer ${token}` })).status
  const refresh = (id: string, token: string) =>
    exchange({ grant_type: 'refresh_token', client_id: id, refresh_token: token })
  return {
    deps,
    app,
    api,
    as,
    register,
    registered,
    server,
    enter,
    exchange,
    letIn,
    statusWith,
    refresh,
  }
}
export type OauthSite = ReturnType<typeof createOauthSite>
