/** Accounts over REST: registering, tokens, and what nobody may learn from trying. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { select } from '../../db/connection.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  readProblem,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let api: TestApi

beforeAll(async () => {
  db = await createTestDatabase()
  api = createTestApi(buildDeps(db))
})
afterAll(() => db.drop())

const fieldsOf = (problem: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    (problem['fields'] as { path: string; message: string }[]).map((one) => [
      one.path,
      one.message,
    ]),
  )

const login = async (email: string, password = PASSWORD, headers = {}) =>
  api.post('/auth/login', { email, password }, headers)

const tokenOf = async (email: string): Promise<string> => {
  const { access_token } = (await (await login(email)).json()) as { access_token: string }
  return access_token
}

describe('registering', () => {
  it('makes a customer, keeps only a hash, and answers without the password', async () => {
    const response = await openAccount(db, api, buildRegistration())
    expect(response.status).toBe(201)
    const body = (await response.json()) as Record<string, unknown>
    expect(body).toEqual({
      id: expect.any(String),
      email: 'achieng@example.com',
      first_name: 'Achieng',
      last_name: 'Odhiambo',
      phone: '+254712000111',
    })
    const [row] = await select<{ hash: string; kind: string }>(
      db,
      'SELECT password_hash AS hash, kind FROM users WHERE id = $1',
      [body['id']],
    )
    expect(row?.kind).toBe('customer')
    expect(row?.hash).toMatch(/^\$argon2id\$/)
  })

  it('names every field that is wrong, in words', async () => {
    const wrong = { email: 'nobody', password: 'short', first_name: '', phone: '020 123456' }
    const response = await api.post('/auth/register', wrong)
    expect(response.status).toBe(400)
    const problem = await readProblem(response)
    expect(problem['code']).toBe('INVALID_INPUT')
    expect(fieldsOf(problem)).toEqual({
      email: 'This is not an e-mail address.',
      password: 'A password has at least 8 characters.',
      first_name: 'Say a name.',
      last_name: 'Say a name.',
      phone: 'Give a Kenyan mobile number, like 0712 345 678.',
    })
  })

  it.each([['password123'], ['PASSWORD123'], ['x'.repeat(129)]])(
    'refuses the password %s',
    async (password) => {
      const response = await api.post('/auth/register', buildRegistration({ password }))
      expect(response.status).toBe(400)
      expect(fieldsOf(await readProblem(response))).toHaveProperty('password')
    },
  )

  it('takes no kind, role or status from outside', async () => {
    const email = 'sly@example.com'
    const sly = { ...buildRegistration({ email }), kind: 'admin', roles: ['operations'] }
    expect((await openAccount(db, api, sly)).status).toBe(201)
    const [row] = await select<{ kind: string; roles: number }>(
      db,
      `SELECT kind, (SELECT count(*)::int FROM role_assignments WHERE user_id = id) AS roles
       FROM users WHERE email = $1`,
      [email],
    )
    expect(row).toEqual({ kind: 'customer', roles: 0 })
  })
})

describe('tokens', () => {
  const email = 'token@example.com'
  beforeAll(async () => {
    await openAccount(db, api, buildRegistration({ email }))
  })

  it('are given for the right password and open the profile until they are given back', async () => {
    const response = await login(email)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = (await response.json()) as Record<string, unknown>
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.any(String),
      device_token: expect.any(String),
    })
    const headers = { authorization: `Bearer ${String(body['access_token'])}` }
    const profile = await api.get('/auth/profile', headers)
    expect(await profile.json()).toMatchObject({ email, first_name: 'Achieng' })
    expect((await api.post('/auth/logout', {}, headers)).status).toBe(204)
    expect((await api.get('/auth/profile', headers)).status).toBe(401)
  })

  it('are stored as hashes only', async () => {
    const token = await tokenOf(email)
    const rows = await select<{ hash: Buffer }>(db, 'SELECT token_hash AS hash FROM sessions')
    expect(rows.length).toBeGreaterThan(0)
    for (const { hash } of rows) {
      expect(hash).toHaveLength(32)
      expect(hash.toString('utf8')).not.toContain(token)
    }
  })

  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer nonsense' }],
    ['another scheme', { authorization: 'Basic dG9rZW46' }],
  ])('are asked for: %s', async (_, headers) => {
    const response = await api.get('/auth/profile', headers)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect((await readProblem(response))['code']).toBe('SIGN_IN_REQUIRED')
  })
})

describe('guessing', () => {
  it('learns nothing: unknown, wrong and closed answer alike', async () => {
    const [known, closed] = ['known@example.com', 'closed@example.com']
    for (const email of [known, closed]) {
      await openAccount(db, api, buildRegistration({ email }))
    }
    await select(db, "UPDATE users SET status = 'suspended' WHERE email = $1", [closed])
    const answers = [
      await login(known, 'not the password'),
      await login('unknown@example.com', 'not the password'),
      await login(closed),
    ]
    const bodies = await Promise.all(
      answers.map(async (response) => {
        const { request_id: _request, ...rest } = await readProblem(response)
        return rest
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
  })

  it('costs an unknown account the work of a real check', async () => {
    let checks = 0
    const deps = buildDeps(db, {
      passwords: {
        hash: () => Promise.resolve(''),
        verify: () => Promise.resolve(false),
        verifyAgainstNothing: () => Promise.resolve(void (checks += 1)),
        findWeakness: () => null,
      },
    })
    const body = { email: 'ghost@example.com', password: 'whatever it is' }
    expect((await createTestApi(deps).post('/auth/login', body)).status).toBe(401)
    expect(checks).toBe(1)
  })

  it('ends after ten wrong tries on one account from one address, also when sent at once', async () => {
    const now = steadyClock()
    const guess = async (source: string) =>
      createTestApi(buildDeps(db, { now: () => now })).post(
        '/auth/login',
        { email: 'target@example.com', password: 'guess guess' },
        { 'x-forwarded-for': source },
      )
    const tries = Array.from({ length: 14 }, () => guess('203.0.113.7'))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(4)

    const refused = await guess('203.0.113.7')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await readProblem(refused))['code']).toBe('TOO_MANY_REQUESTS')
    expect((await guess('203.0.113.8')).status).toBe(401)
  })

  it('ends after twenty wrong tries an hour on one account, whatever the addresses', async () => {
    const now = steadyClock()
    const client = createTestApi(buildDeps(db, { now: () => now }))
    const guess = async (time: number, email: string) => {
      const body = { email, password: 'guess guess' }
      return client.post('/auth/login', body, { 'x-forwarded-for': `198.51.100.${time}` })
    }
    const statuses = []
    for (let time = 1; time <= 22; time += 1) {
      statuses.push((await guess(time, 'Spread@example.com')).status)
    }
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429, 429])
    const refused = await guess(23, 'spread@example.com')
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect((await guess(23, 'other@example.com')).status).toBe(401)
  })

  it('does not count those who know their password', async () => {
    const email = 'often@example.com'
    await openAccount(db, api, buildRegistration({ email }))
    const from = { 'x-forwarded-for': '203.0.113.9' }
    for (let time = 0; time < 12; time += 1) {
      expect((await login(email, PASSWORD, from)).status).toBe(200)
    }
  })
})
