/** Daraja's door: whatever comes to a secret path is kept; what comes to another is refused and noted. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { buildDeps, ORIGIN, readProblem, steadyClock, type TestDeps } from '../support/api.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { readTold } from '../support/told.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const setUp = (over: Partial<ApiDeps> = {}) => ({
  deps: buildDeps(db, {
    callbackTokenFits: (_kind, _id, token) => token === 'secret',
    now: steadyClock,
    ...over,
  }),
})

const post = async (deps: TestDeps, path: string, body: string, source = '203.0.113.5') =>
  createApp(deps).request(`${ORIGIN}/callbacks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': source },
    body,
  })

/** What waits to be handed on. */
const bodiesOf = async (subjectId: string) =>
  (await readTold(db, 'subject_id = $1 AND delivered_at IS NULL', [subjectId])).map(
    ({ body }) => body,
  )

describe('a secret path', () => {
  it('from an unknown address is an alarm, and is kept all the same', async () => {
    const { deps } = setUp({ isDarajaSource: (address) => address === '196.201.214.200' })
    const [known, unknown] = [randomUUID(), randomUUID()]
    const body = JSON.stringify({ Body: { stkCallback: { ResultCode: 0 } } })
    await post(deps, `stk/${known}/secret`, body, '196.201.214.200')
    expect(await count(db, "security_events WHERE kind = 'callback_unknown_source'")).toBe(0)
    const answer = await post(deps, `stk/${unknown}/secret`, body, '203.0.113.77')
    expect(await answer.json()).toEqual({ ResultCode: 0, ResultDesc: 'Accepted' })
    for (const id of [known, unknown]) expect(await bodiesOf(id)).toEqual([JSON.parse(body)])
    expect(await count(db, "security_events WHERE kind = 'callback_unknown_source'")).toBe(1)
  })

  it('keeps what Daraja says, once, for the worker to hand on', async () => {
    const { deps } = setUp()
    const id = randomUUID()
    const body = JSON.stringify({ Body: { stkCallback: { ResultCode: 0 } } })
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(deps, `stk/${id}/secret`, body)
      expect(await answer.json()).toEqual({ ResultCode: 0, ResultDesc: 'Accepted' })
    }
    expect(await bodiesOf(id)).toEqual([JSON.parse(body)])
  })

  it.each([
    ['an escaped NUL', String.raw`{"ResultDesc":"\u0000"}`, String.raw`{"ResultDesc":"\u0000"}`],
    ['a string of NUL', String.raw`"\u0000"`, String.raw`"\u0000"`],
    ['NUL itself', 'a\u0000b', 'ab'],
    ['half a pair', String.raw`{"a":"\ud83d"}`, String.raw`{"a":"\ud83d"}`],
    ['no JSON', '<xml/>', '<xml/>'],
    ['nothing', '', ''],
  ])('keeps %s as text', async (_, body, kept) => {
    const { deps } = setUp()
    const id = randomUUID()
    expect((await post(deps, `stk/${id}/secret`, body)).status).toBe(200)
    expect(await bodiesOf(id)).toEqual([{ unreadable: kept }])
  })

  it('keeps thirty thousand brackets as text', async () => {
    const { deps } = setUp()
    const [id, body] = [randomUUID(), '['.repeat(30_000) + ']'.repeat(30_000)]
    expect((await post(deps, `stk/${id}/secret`, body)).status).toBe(200)
    expect(await bodiesOf(id)).toEqual([{ unreadable: body }])
  })

  it('writes down what nobody expected, and answers without detail', async () => {
    const wrong = () => {
      throw new Error('a secret detail')
    }
    const { deps } = setUp({ callbackTokenFits: wrong })
    const answer = await post(deps, `stk/${randomUUID()}/secret`, '{}')
    expect(answer.status).toBe(500)
    const problem = await readProblem(answer)
    expect(JSON.stringify(problem)).not.toContain('a secret detail')
    expect(deps.logged).toMatchObject([
      { level: 'error', detail: { requestId: problem['request_id'] }, message: 'unexpected' },
    ])
  })
})

describe('a path that is not secret', () => {
  const noted = (source: string) =>
    count(db, "security_events WHERE kind = 'callback_forged_path' AND detail ->> 'source' = $1", [
      source,
    ])

  it('is refused always, and noted twenty times an hour for one address', async () => {
    const { deps } = setUp()
    const [one, other] = ['203.0.113.11', '203.0.113.12']
    for (let time = 0; time < 25; time += 1) {
      expect((await post(deps, `stk/${randomUUID()}/guess`, '{}', one)).status).toBe(404)
    }
    expect(await noted(one)).toBe(20)
    expect(deps.logged).toHaveLength(20)
    await post(deps, 'stk/no-id/guess', '{}', other)
    expect(await noted(other)).toBe(1)
  })
})
