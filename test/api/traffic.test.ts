/** A flood from one caller is turned away for as long as it needs, in IETF headers, and nobody else is. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { createSharedCounts } from '../../api/shared-counts.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, ORIGIN, readProblem, steadyClock } from '../support/api.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { eventually } from '../support/stack.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** Each on a day of its own, because all processes that share a database count together. */
let days = 0

type Asked = Record<string, string>

function setUp(perMinute: number, sharedFactor = 1) {
  days += 1
  let now = new Date(steadyClock().getTime() + days * DAY_MS)
  const limits = { ...buildDeps(db).limits, requestsPerMinute: perMinute, sharedFactor }
  const deps = buildDeps(db, { limits, now: () => now })
  const app = createApp(deps)
  const asking =
    (of: typeof app) =>
    async (path: string, headers: Asked = {}, method = 'GET') =>
      of.request(`${ORIGIN}${path}`, { method, headers })
  return {
    deps,
    ask: asking(app),
    besides: () => asking(createApp(deps)),
    wait: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000)
    },
    signIn: async (email: string) => {
      const answer = await app.request(`${ORIGIN}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.200' },
        body: JSON.stringify({ email, password: SAMPLE_PASSWORD }),
      })
      const { access_token } = (await answer.json()) as { access_token: string }
      return { authorization: `Bearer ${access_token}` }
    },
  }
}
type Asking = ReturnType<typeof setUp>['ask']

/** How many pass before the first is refused, and that one. */
async function flood(ask: Asking, path: string, headers = {}, method = 'GET') {
  for (let passed = 0; passed < 200; passed += 1) {
    const answer = await ask(path, headers, method)
    if (answer.status === 429) return { passed, refused: answer }
  }
  throw new Error('nobody was refused')
}

const from = (source: string) => ({ 'x-forwarded-for': source })
const LOCATIONS = '/api/v1/locations'
const SEARCH = '/api/v1/vehicles/availability'

describe('an address', () => {
  it('may ask for so much in a minute, and another for as much', async () => {
    const { ask } = setUp(5)
    const { passed, refused } = await flood(ask, LOCATIONS, from('203.0.113.1'))
    expect(passed).toBe(20)
    expect((await readProblem(refused))['code']).toBe('TOO_MANY_REQUESTS')
    expect((await ask(LOCATIONS, from('203.0.113.2'))).status).toBe(200)
  })

  it('is a whole network of IPv6', async () => {
    const { ask } = setUp(1)
    for (const host of ['1', '2', '3', '4'])
      expect((await ask(LOCATIONS, from(`2001:db8:1:2::${host}`))).status).toBe(200)
    expect((await ask(LOCATIONS, from('2001:db8:1:2::ffff'))).status).toBe(429)
    expect((await ask(LOCATIONS, from('2001:db8:1:3::1'))).status).toBe(200)
  })

  it('may search less than it reads, and change as little', async () => {
    const { ask } = setUp(10)
    expect((await flood(ask, SEARCH)).passed).toBe(8)
    expect((await flood(ask, '/search', from('203.0.113.3'))).passed).toBe(8)
    expect((await flood(ask, '/api/v1/auth/login', {}, 'POST')).passed).toBe(8)
    expect((await ask(LOCATIONS)).status).toBe(200)
  })

  it('may ask for more where many share it', async () => {
    const { ask } = setUp(5, 2)
    expect((await flood(ask, LOCATIONS)).passed).toBe(40)
  })

  it('is turned away on pages in words', async () => {
    const { refused } = await flood(setUp(1).ask, '/search')
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d?$/)
    expect(await refused.text()).toContain('Wait a minute and try again.')
  })

  it('is always answered where Safaricom and watchers ask', async () => {
    const { ask } = setUp(1)
    await flood(ask, LOCATIONS)
    for (let time = 0; time < 20; time += 1) {
      expect((await ask('/healthz')).status).toBe(200)
      expect((await ask('/callbacks/stk/x/x', {}, 'POST')).status).toBe(404)
      expect((await ask('/static/gari.css')).status).toBe(200)
    }
  })
})

describe('somebody who has signed in', () => {
  it('has a measure of their own, whatever the address: staff a larger one, programs a smaller one', async () => {
    const { ask, signIn } = setUp(8, 100)
    const reads = async (email: string) => {
      const token = await signIn(email)
      let time = 0
      const moving: Asking = (path, headers) =>
        ask(path, { ...headers, ...from(`198.51.100.${(time += 1)}`) })
      return (await flood(moving, '/api/v1/auth/profile', token)).passed
    }
    expect(await reads('wanjiku@example.com')).toBe(4)
    expect(await reads('desk@example.com')).toBe(24)
  })

  it('cannot get another one by another token', async () => {
    const { ask, signIn } = setUp(8, 100)
    const [one, other] = [await signIn('wanjiku@example.com'), await signIn('wanjiku@example.com')]
    expect((await flood(ask, '/api/v1/auth/profile', one)).passed).toBe(4)
    expect((await ask('/api/v1/auth/profile', other)).status).toBe(429)
  })
})

describe('the answer', () => {
  it('says what may be asked, what is left, and until when', async () => {
    const { ask } = setUp(10)
    const { headers } = await ask(SEARCH)
    expect(headers.get('ratelimit-policy')).toBe('"search-from-address";q=8;w=60')
    expect(headers.get('ratelimit')).toBe('"search-from-address";r=7;t=30')
  })

  it('says both measures to whoever has signed in', async () => {
    const { ask, signIn } = setUp(10)
    const { headers } = await ask('/api/v1/auth/profile', await signIn('wanjiku@example.com'))
    expect(headers.get('ratelimit-policy')).toBe('"read-from-address";q=40;w=60, "read";q=5;w=60')
    expect(headers.get('ratelimit')).toBe('"read-from-address";r=39;t=30, "read";r=4;t=30')
  })

  it('says how long to wait, which is enough and no second more', async () => {
    const { ask, wait } = setUp(5)
    const { refused } = await flood(ask, LOCATIONS)
    expect(refused.headers.get('ratelimit')).toMatch(/^"read-from-address";r=0;t=\d+$/)
    const seconds = Number(refused.headers.get('retry-after'))
    expect((await readProblem(refused))['retry_after']).toBe(seconds)
    expect(seconds).toBeLessThan(60)
    wait(seconds - 2)
    expect((await ask('/healthz')).status).toBe(200)
    wait(2)
    expect((await ask(LOCATIONS)).status).toBe(200)
  })

  it('refuses on a moment before that', async () => {
    const { ask, wait } = setUp(5)
    const { refused } = await flood(ask, LOCATIONS)
    wait(Number(refused.headers.get('retry-after')) - 2)
    expect((await ask(LOCATIONS)).status).toBe(429)
  })
})

describe('several processes', () => {
  it('count together: who has asked all of one may ask next to nothing of another', async () => {
    const { ask, besides } = setUp(40)
    const other = besides()
    const source = from('203.0.113.77')
    expect((await flood(ask, LOCATIONS, source)).passed).toBe(160)
    let passed = 0
    await eventually('the other process has heard of it', async () => {
      if ((await other(LOCATIONS, source)).status === 429) return true
      passed += 1
      return undefined
    })
    expect(passed).toBeLessThan(20)
    expect((await other(LOCATIONS, from('203.0.113.78'))).status).toBe(200)
  })

  it('go on by themselves where the database does not answer', async () => {
    const gone = await createTestDatabase()
    await gone.drop()
    const { db: nowhere, ...deps } = buildDeps(gone)
    const keyedHash = (text: string) => deps.keyedHash(text)
    const count = createSharedCounts({ db: nowhere, keyedHash }, MINUTE_MS)
    const at = steadyClock()
    for (let hits = 1; hits <= 100; hits += 1) expect(count('somebody', 10, at)?.hits).toBe(hits)
  })
})
