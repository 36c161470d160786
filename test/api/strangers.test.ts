/**
 * Strangers who guess, and one who knows the password: none of them keeps the owner out, in a browser or with a program, and the
 * owner hears of the last.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { generateSync } from 'otplib'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { takeWaitingLinks } from '../../db/account-links.ts'
import { select } from '../../db/connection.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import {
  buildDeps,
  buildRegistration,
  createTestApi,
  PASSWORD,
  readProblem,
  steadyClock,
  type TestApi,
} from '../support/api.ts'
import { createVisitor, type Visitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

let db: TestDatabase
let app: Hono<Env>
let api: TestApi
let now = steadyClock().getTime()

beforeAll(async () => {
  db = await createTestDatabase()
  const deps = buildDeps(db, { now: () => new Date(now) })
  app = createApp(deps)
  api = createTestApi(deps, app)
})
afterAll(() => db.drop())

const STEP = '/sign-in/second-step'
const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(now / 1000) })
/** Each code counts once. */
const wait = () => {
  now += MINUTE_MS
}

async function register(): Promise<string> {
  const email = `${randomUUID()}@example.com`
  expect((await openAccount(db, api, buildRegistration({ email }))).status).toBe(201)
  return email
}
async function signIn(email: string, visitor = createVisitor(app), from = '192.0.2.1') {
  await visitor.token()
  const fields = { email, password: PASSWORD, next: '' }
  await visitor.post('/sign-in', fields, { 'x-forwarded-for': from })
  return visitor
}
const step = async (visitor: Visitor, code: string) => {
  await visitor.get(STEP)
  return (await visitor.post(STEP, { code })).status
}
async function enrol(email: string) {
  const visitor = await signIn(email)
  await visitor.get('/account/two-factor')
  await visitor.post('/account/two-factor/app', {})
  const page = await (await visitor.get('/account/two-factor/app')).text()
  const secret = /class="secret">([A-Z2-7 ]+)</.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
  const done = await visitor.post('/account/two-factor/app/confirm', { code: codeOf(secret) })
  expect(done.status).toBe(200)
  wait()
  // From here on this browser has shown a code.
  const again = await signIn(email, visitor)
  expect(await step(again, codeOf(secret))).toBe(303)
  wait()
  return { visitor, secret }
}
const wrongStatuses = async (visitor: Visitor, tries: number): Promise<number[]> => {
  const statuses: number[] = []
  for (let n = 0; n < tries; n += 1) statuses.push(await step(visitor, '111111'))
  return statuses
}
const notices = (email: string) =>
  count(db, `account_links WHERE purpose = 'wrong_codes' AND email = '${email}'`)

describe('a stranger who knows the password', () => {
  it('cannot use up the codes of a browser that has shown one before', async () => {
    const email = await register()
    const { visitor, secret } = await enrol(email)
    const stranger = await signIn(email)
    expect((await wrongStatuses(stranger, 11)).at(-1)).toBe(429)
    expect(await step(stranger, codeOf(secret))).toBe(429)
    await signIn(email, visitor)
    expect(await step(visitor, codeOf(secret))).toBe(303)
    wait()
  })

  it('is no known browser by the password alone, and neither by another account of theirs', async () => {
    const [email, own] = [await register(), await register()]
    const { secret } = await enrol(email)
    const { visitor: stranger } = await enrol(own)
    await signIn(email, stranger)
    expect((await wrongStatuses(stranger, 11)).at(-1)).toBe(429)
    const another = await signIn(email, await signIn(email))
    expect(await step(another, codeOf(secret))).toBe(429)
  })

  it('is told of to the owner after several wrong codes, once a day', async () => {
    const email = await register()
    await enrol(email)
    const stranger = await signIn(email)
    await wrongStatuses(stranger, 4)
    expect(await notices(email)).toBe(0)
    await wrongStatuses(stranger, 4)
    expect(await notices(email)).toBe(1)
    const waiting = (await takeWaitingLinks(db, 1_000)).filter((one) => one.email === email)
    expect(waiting.map(({ purpose }) => purpose)).toContain('wrong_codes')
    const aDayAgo =
      "UPDATE account_links SET asked_at = asked_at - interval '1 day' WHERE email = $1"
    await select(db, aDayAgo, [email])
    await wrongStatuses(stranger, 1)
    expect(await notices(email)).toBe(2)
  })

  it('is told of as well when it is a program, whose right code of before is known again', async () => {
    const email = await register()
    const { secret } = await enrol(email)
    const login = async (over: object) =>
      api.post('/auth/login', { email, password: PASSWORD, ...over })
    const mine = await login({ code: codeOf(secret) })
    const { device_token } = (await mine.json()) as { device_token: string }
    wait()
    for (let n = 0; n < 10; n += 1) expect((await login({ code: '111111' })).status).toBe(401)
    expect(await notices(email)).toBe(1)
    expect((await login({ code: codeOf(secret) })).status).toBe(429)
    expect((await login({ code: codeOf(secret), device_token })).status).toBe(200)
    wait()
  })
})

describe('strangers who guess', () => {
  const login = (body: object, from: string) =>
    api.post('/auth/login', body, { 'x-forwarded-for': from })
  const tokenOf = async (email: string): Promise<string> => {
    const answer = await login({ email, password: PASSWORD }, '192.0.2.7')
    return ((await answer.json()) as { device_token: string }).device_token
  }

  it('do not lock out a program that has signed in before, nor one like it', async () => {
    const [email, other] = [await register(), await register()]
    const [mine, theirs] = [await tokenOf(email), await tokenOf(other)]
    for (let n = 0; n < 20; n += 1)
      await login({ email, password: 'a wrong password' }, `198.51.100.${n}`)
    const right = { email, password: PASSWORD }
    const refused = await login(right, '192.0.2.7')
    expect([refused.status, (await readProblem(refused))['detail']]).toEqual([
      429,
      expect.stringContaining('device_token'),
    ])
    for (const device_token of [theirs, 'nonsense', '', `${mine}x`.slice(1)])
      expect((await login({ ...right, device_token }, '192.0.2.8')).status).toBe(429)
    expect((await login({ ...right, device_token: mine }, '192.0.2.7')).status).toBe(200)
  })

  it('with a token that they got hold of are counted too, and open nothing by it', async () => {
    const email = await register()
    const device_token = await tokenOf(email)
    const wrong = { email, password: 'a wrong password', device_token }
    for (let n = 0; n < 20; n += 1) expect((await login(wrong, `203.0.113.${n}`)).status).toBe(401)
    expect((await login(wrong, '203.0.113.99')).status).toBe(429)
    expect((await login({ email, password: PASSWORD }, '203.0.113.99')).status).toBe(200)
  })
})
