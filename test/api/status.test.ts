/** The status route: health for everybody, addresses for who runs Gari, and no look at others for each request. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { rememberParts } from '../../api/parts.ts'
import type { PartStatus } from '../../domain/staff-pages.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, createTestApi } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const DOWN: PartStatus = {
  name: 'Temporal',
  address: '10.0.0.7:7233',
  version: null,
  health: 'down',
  detail: 'does not answer',
}
const WORKER: PartStatus = {
  name: 'worker: payments',
  address: 'host-7-1234',
  version: '0.1.0',
  health: 'up',
  detail: null,
}
const parts = () => Promise.resolve([DOWN, WORKER])
const setUp = (over: Partial<ApiDeps> = {}) => buildDeps(db, { parts, ...over })

type Asker = { peer?: string; host?: string; headers?: Record<string, string> }
async function ask(deps: ApiDeps, { peer, host = '127.0.0.1:3000', headers = {} }: Asker = {}) {
  const env = peer ? { incoming: { socket: { remoteAddress: peer } } } : undefined
  const url = `http://${host}/api/v1/status`
  return (await createApp(deps).request(url, { headers }, env)).json()
}

const whole = {
  status: 'degraded',
  version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  started_at: expect.stringMatching(/\+03:00$/),
  outbox_waiting: 0,
  parts: [DOWN, WORKER],
}
const bare = {
  ...whole,
  outbox_waiting: null,
  parts: [
    { ...DOWN, address: null },
    { ...WORKER, address: null },
  ],
}

describe('the status route', () => {
  it.each([['customer'], ['desk'], ['finance'], ['manager'], ['operations']])(
    'tells %s what they may know',
    async (role) => {
      const email = role === 'customer' ? 'wanjiku@example.com' : `${role}@example.com`
      const deps = setUp({ production: true })
      const login = { email, password: SAMPLE_PASSWORD }
      const answer = await createTestApi(deps).post('/auth/login', login)
      const { access_token: token } = (await answer.json()) as { access_token: string }
      const headers = { authorization: `Bearer ${token}` }
      const knows = role === 'manager' || role === 'operations'
      expect(await ask(deps, { peer: '198.51.100.4', headers })).toEqual(knows ? whole : bare)
    },
  )

  it('tells strangers what is up, but not where', async () => {
    expect(await ask(setUp(), { peer: '198.51.100.4' })).toEqual(bare)
    expect(await ask(setUp())).toEqual(bare)
    const headers = { authorization: 'Bearer nonsense' }
    expect(await ask(setUp(), { peer: '198.51.100.4', headers })).toEqual(bare)
  })

  it('tells all at the machine of a stack that is not production, and only there', async () => {
    expect(await ask(setUp(), { peer: '127.0.0.1' })).toEqual(whole)
    expect(await ask(setUp(), { peer: '::1', host: '[::1]:3000' })).toEqual(whole)
    expect(await ask(setUp({ production: true }), { peer: '127.0.0.1' })).toEqual(bare)
    const headers = { 'x-forwarded-for': '198.51.100.4' }
    expect(await ask(setUp(), { peer: '127.0.0.1', headers })).toEqual(bare)
    expect(await ask(setUp(), { peer: '127.0.0.1', host: 'evil.test:3000' })).toEqual(bare)
  })
})

describe('looking at the parts', () => {
  it('happens once in five seconds, however many ask, unless a younger answer is wanted', async () => {
    let [looks, now] = [0, 0]
    const remembered = rememberParts(
      () => Promise.resolve([{ ...DOWN, detail: String((looks += 1)) }]),
      () => now,
    )
    await Promise.all(Array.from({ length: 50 }, () => remembered()))
    expect(looks).toBe(1)
    now = 4_999
    await remembered()
    expect(looks).toBe(1)
    now = 5_000
    expect((await remembered())[0]?.detail).toBe('2')
    await remembered(0)
    expect(looks).toBe(3)
  })

  it('is one look for all who ask at once, and a failed one is not kept for ever', async () => {
    let looks = 0
    const remembered = rememberParts(() => {
      looks += 1
      return looks === 1 ? Promise.reject(new Error('away')) : Promise.resolve([DOWN])
    })
    const asked = await Promise.allSettled([remembered(0), remembered(0)])
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await remembered()).toEqual([DOWN])
    expect(looks).toBe(2)
  })
})
