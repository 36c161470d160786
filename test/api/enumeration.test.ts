/**
 * Whoever tries out names learns nothing: known, unknown and closed accounts hear the same words for the same work. Work is
 * counted in statements and password checks; a clock would tell more of the machine than of us.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createApp } from '../../api/app.ts'
import { createUser, findByEmail, findContact } from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { buildDeps, buildRegistration, createTestApi, steadyClock } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { hashPassword, verifyAgainstNothing, verifyPassword } from '../../gateways/passwords.ts'

const KNOWN = 'known@example.com'
const CLOSED = 'closed@example.com'
const GUEST = 'guest@example.com'
const UNKNOWN = 'unknown@example.com'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
  const passwordHash = await hashPassword('the right password')
  for (const email of [KNOWN, CLOSED, GUEST])
    await inTransaction(db, (tx) =>
      createUser(tx, {
        kind: 'customer',
        email,
        passwordHash: email === GUEST ? null : passwordHash,
        firstName: 'Known',
        lastName: 'One',
        phone: nextPhone(),
      }),
    )
  await select(db, `UPDATE users SET status = 'suspended' WHERE email = $1`, [CLOSED])
})
afterAll(() => db.drop())

/** The app, with its work counted. */
function setUp() {
  const work = { checks: 0, statements: 0 }
  const deps = buildDeps(db, {
    passwords: {
      hash: (password) => ((work.checks += 1), hashPassword(password)),
      verify: (hash, password) => ((work.checks += 1), verifyPassword(hash, password)),
      verifyAgainstNothing: (password) => ((work.checks += 1), verifyAgainstNothing(password)),
      findWeakness: () => null,
    },
  })
  const query = db.sequelize.query.bind(db.sequelize)
  const counted = ((...args: Parameters<typeof query>) => {
    work.statements += 1
    return query(...args)
  }) as typeof query
  return { deps, app: createApp(deps), work, counted }
}

/** What an answer says, without what differs from one request to the next. */
async function heard(answer: Response) {
  const text = await answer.text()
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    text: text
      .replaceAll(/"request_id":"[^"]+"/g, '')
      .replaceAll(/[\w.]+@example\.com/g, 'E-MAIL')
      .replaceAll(/[\w.]+%40example\.com/g, 'E-MAIL')
      .replaceAll(/name="_csrf" value="[^"]+"|data-csrf="[^"]+"/g, '')
      .replaceAll(/\b0?7\d\d[ *]*\d{3}[ *]*\d{3}\b/g, 'PHONE'),
  }
}

async function ask(path: string, body: object) {
  const { deps, app, work, counted } = setUp()
  db.sequelize.query = counted
  try {
    const answer = await createTestApi(deps, app).post(path, body)
    return { ...(await heard(answer)), work }
  } finally {
    Reflect.deleteProperty(db.sequelize, 'query')
  }
}

describe('a wrong password', () => {
  it('hears and costs the same, whoever has an account', async () => {
    const guess = (email: string) => ask('/auth/login', { email, password: 'a wrong password' })
    const unknown = await guess(UNKNOWN)
    expect(unknown.status).toBe(401)
    expect(unknown.work.checks).toBe(1)
    expect(unknown.work.statements).toBeGreaterThan(3)
    for (const email of [KNOWN, CLOSED, GUEST]) expect(await guess(email)).toEqual(unknown)
  })

  it('hears the same as the right one of an account that is closed', async () => {
    const right = { email: CLOSED, password: 'the right password' }
    const wrong = { email: UNKNOWN, password: 'the right password' }
    expect(await ask('/auth/login', right)).toEqual(await ask('/auth/login', wrong))
  })

  it('shows the same page', async () => {
    const guess = async (email: string) => {
      const visitor = createVisitor(setUp().app)
      await visitor.token()
      return heard(await visitor.post('/sign-in', { email, password: 'a wrong password' }))
    }
    const unknown = await guess(UNKNOWN)
    expect(unknown.status).toBe(401)
    for (const email of [KNOWN, CLOSED, GUEST]) expect(await guess(email)).toEqual(unknown)
  })
})

describe('a forgotten password', () => {
  it('hears and costs the same, whoever has an account', async () => {
    const forget = (email: string) => ask('/auth/forgot-password', { email })
    const unknown = await forget(UNKNOWN)
    expect(unknown.status).toBeLessThan(300)
    for (const email of [KNOWN, CLOSED, GUEST]) expect(await forget(email)).toEqual(unknown)
  })

  it('shows the same page', async () => {
    const forget = async (email: string) => {
      const visitor = createVisitor(setUp().app)
      await visitor.token()
      return heard(await visitor.post('/forgot-password', { email }))
    }
    expect(await forget(KNOWN)).toEqual(await forget('nobody@example.com'))
  })
})

describe('a code by SMS', () => {
  it('is promised in the same words to phones that we know and to others', async () => {
    const known = (await findByEmail(db, KNOWN))?.userId ?? ''
    const phone = (await findContact(db, known))?.phone ?? ''
    expect(phone).toMatch(/^\+254/)
    const promised = async (given: string) => {
      const { app, deps } = setUp()
      const visitor = createVisitor(app)
      await visitor.token()
      const answer = await heard(
        await visitor.post('/sign-in/phone', { phone: given, name: 'Somebody' }),
      )
      return { ...answer, sent: deps.sent.length }
    }
    const [one, other] = [await promised(phone), await promised(nextPhone())]
    expect(one.sent).toBe(1)
    expect({ ...one, text: one.text.length }).toEqual({ ...other, text: other.text.length })
  })
})

describe('a new account', () => {
  it('hears and costs the same over REST, whoever has one with this e-mail', async () => {
    const open = (email: string) => ask('/auth/register', buildRegistration({ email }))
    const free = await open('new@example.com')
    expect([free.status, free.work.checks]).toEqual([202, 1])
    expect(free.work.statements).toBeGreaterThan(2)
    for (const email of [KNOWN, CLOSED, GUEST]) expect(await open(email)).toEqual(free)
  })

  it('hears and costs the same on the page', async () => {
    const open = async (email: string) => {
      const { app, work, counted } = setUp()
      const visitor = createVisitor(app)
      await visitor.token('/register')
      db.sequelize.query = counted
      try {
        return {
          ...(await heard(await visitor.post('/register', buildRegistration({ email })))),
          work,
        }
      } finally {
        Reflect.deleteProperty(db.sequelize, 'query')
      }
    }
    const free = await open('newer@example.com')
    expect([free.status, free.work.checks]).toEqual([200, 1])
    expect(free.text).toContain('We have sent a mail to')
    for (const email of [KNOWN, CLOSED, GUEST]) expect(await open(email)).toEqual(free)
  })

  it('leaves as much behind', async () => {
    await select(db, 'DELETE FROM registrations')
    for (const email of [KNOWN, UNKNOWN])
      await ask('/auth/register', buildRegistration({ email, phone: '0712000111' }))
    const rows = await select<{ row: object }>(
      db,
      `SELECT jsonb_build_object('sealed', length(sealed), 'lives', expires_at - asked_at, 'sent', sent_at) AS row
       FROM registrations`,
    )
    // The two addresses differ by two letters.
    const sizes = rows.map(({ row }) => (row as { sealed: number }).sealed)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBe(UNKNOWN.length - KNOWN.length)
    expect(rows).toHaveLength(2)
  })

  it('is refused alike when it was asked for too often', async () => {
    const often = async (email: string) => {
      const { deps } = setUp()
      const client = createTestApi(deps, createApp({ ...deps, now: steadyClock }))
      const from = { 'x-forwarded-for': '203.0.113.77' }
      const answers = []
      for (let time = 1; time <= 4; time += 1)
        answers.push(
          await heard(await client.post('/auth/register', buildRegistration({ email }), from)),
        )
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429])
      return answers
    }
    expect(await often(KNOWN)).toEqual(await often('newest@example.com'))
  })
})
