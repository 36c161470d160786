/** Who waits for whom when many sign in at once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { createSignInLine, type Comer, type SignInLine } from '../../api/sign-in-line.ts'
import { buildDeps, buildRegistration, createTestApi, ORIGIN, readProblem } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openAccount } from '../support/registering.ts'

const stranger = (source: string): Comer => ({ source, known: false })
const known = (source: string): Comer => ({ source, known: true })

/** Work that ends when the test says so, and the order in which it began. */
function desk(line: SignInLine) {
  const began: string[] = []
  const ends: (() => void)[] = []
  const come = (name: string, comer: Comer) =>
    line(comer, () => {
      began.push(name)
      return new Promise<string>((resolve) => ends.push(() => resolve(name)))
    }).catch((error: unknown) => (error as { code: string }).code)
  /** Ends what is under way, one after another, until nobody is inside. */
  const serveAll = async () => {
    for (;;) {
      const end = ends.shift()
      if (!end) return
      end()
      await new Promise(setImmediate)
    }
  }
  return { began, come, serveAll }
}

describe('the line of those who sign in', () => {
  it('lets in as many at once as it was told, and the next when one is done', async () => {
    const { began, come, serveAll } = desk(createSignInLine({ atOnce: 2 }))
    const all = ['one', 'two', 'three'].map((name) => come(name, stranger('here')))
    await new Promise(setImmediate)
    expect(began).toEqual(['one', 'two'])
    await serveAll()
    expect(await Promise.all(all)).toEqual(['one', 'two', 'three'])
  })

  it('serves addresses in turn, however many come from one', async () => {
    const { began, come, serveAll } = desk(createSignInLine({ atOnce: 1 }))
    for (const nth of [1, 2, 3, 4]) void come(`flood ${nth}`, stranger('flood'))
    void come('honest', stranger('home'))
    await new Promise(setImmediate)
    await serveAll()
    expect(began).toEqual(['flood 1', 'flood 2', 'honest', 'flood 3', 'flood 4'])
  })

  it('lets those who signed in before and strangers take turns', async () => {
    const { began, come, serveAll } = desk(createSignInLine({ atOnce: 1 }))
    for (const nth of [1, 2, 3]) void come(`stranger ${nth}`, stranger(`net ${nth}`))
    for (const nth of [1, 2]) void come(`known ${nth}`, known(`home ${nth}`))
    await new Promise(setImmediate)
    await serveAll()
    expect(began).toEqual(['stranger 1', 'known 1', 'stranger 2', 'known 2', 'stranger 3'])
  })

  it('goes on after work that failed', async () => {
    const line = createSignInLine({ atOnce: 1 })
    const failed = line(stranger('a'), () => Promise.reject(new Error('the database is away')))
    const next = line(stranger('a'), () => Promise.resolve('done'))
    await expect(failed).rejects.toThrow('the database is away')
    expect(await next).toBe('done')
  })

  it('turns away the last of the longest line when it is full, not who comes from elsewhere', async () => {
    const { began, come, serveAll } = desk(createSignInLine({ atOnce: 1, mostWaiting: 3 }))
    const flood = [1, 2, 3, 4].map((nth) => come(`flood ${nth}`, stranger('flood')))
    const fifth = come('flood 5', stranger('flood'))
    expect(await fifth).toBe('TEMPORARILY_UNAVAILABLE')
    const honest = come('honest', stranger('home'))
    expect(await flood[3]).toBe('TEMPORARILY_UNAVAILABLE')
    await serveAll()
    expect(await honest).toBe('honest')
    expect(began).toEqual(['flood 1', 'flood 2', 'honest', 'flood 3'])
  })

  it('keeps a place for those who signed in before when strangers from everywhere fill it', async () => {
    const { come, serveAll } = desk(createSignInLine({ atOnce: 1, mostWaiting: 3 }))
    const flood = [1, 2, 3, 4].map((nth) => come(`stranger ${nth}`, stranger(`net ${nth}`)))
    expect(await come('stranger 5', stranger('net 5'))).toBe('TEMPORARILY_UNAVAILABLE')
    const owner = come('owner', known('home'))
    await serveAll()
    expect(await owner).toBe('owner')
    expect(await Promise.all(flood)).toEqual([
      'stranger 1',
      'TEMPORARILY_UNAVAILABLE',
      'stranger 3',
      'stranger 4',
    ])
  })

  it('tells who would wait too long to come again, and forgets them', async () => {
    const { began, come, serveAll } = desk(createSignInLine({ atOnce: 1, longestMs: 20 }))
    const first = come('first', stranger('a'))
    expect(await come('second', stranger('a'))).toBe('TEMPORARILY_UNAVAILABLE')
    await serveAll()
    expect(await first).toBe('first')
    expect(began).toEqual(['first'])
  })
})

describe('a sign-in when the line is full', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  afterAll(() => db.drop())

  /** Nobody is ever let in, and nobody may wait. */
  const full = () => createSignInLine({ atOnce: 0, mostWaiting: 0 })
  const account = { email: 'achieng@example.com', password: 'a long enough password' }

  it('is refused with words and a time, over REST and on the page', async () => {
    const deps = buildDeps(db, { signInLine: full() })
    const app = createApp(deps)
    const answer = await createTestApi(deps, app).post('/auth/login', account)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await readProblem(answer)).toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      detail: 'Too many people are signing in. Try again.',
    })
    const visitor = createVisitor(app, ORIGIN)
    await visitor.token()
    const page = await visitor.post('/sign-in', account)
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('5')
    expect(await page.text()).toContain('Too many people are signing in. Try again.')
  })

  it('counts as no guess, and a registration leaves nothing behind', async () => {
    const api = createTestApi(buildDeps(db, { signInLine: full() }))
    for (let nth = 0; nth < 12; nth += 1)
      expect((await api.post('/auth/login', account)).status).toBe(503)
    expect((await api.post('/auth/register', buildRegistration())).status).toBe(503)
    expect(await count(db, 'registrations')).toBe(0)
    const later = createTestApi(buildDeps(db))
    expect((await openAccount(db, later, buildRegistration())).status).toBe(201)
    expect((await later.post('/auth/login', account)).status).toBe(200)
  })
})
