import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash, randomUUID } from 'node:crypto'
import {
  type NewUser,
  createUser,
  findActor,
  findByEmail,
  findOrCreateGuest,
} from '../../db/accounts.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { createCode, recentCodes, useCode } from '../../db/one-time-codes.ts'
import { assignRole } from '../../db/role-assignments.ts'
import { createSession, endSession, endSessionsOf, findSession } from '../../db/sessions.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { buildCustomer, count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const sha = (text: string) => createHash('sha256').update(text).digest()
const newEmail = () => `${randomUUID()}@example.com`
const create = (over: Partial<NewUser> = {}) =>
  inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: newEmail(),
      passwordHash: 'hash',
      firstName: 'Otieno',
      lastName: 'Ouma',
      phone: nextPhone(),
      ...over,
    }),
  )

describe('users', () => {
  it('have one account for each e-mail, however it is spelt', async () => {
    const email = newEmail()
    const { userId } = await create({ email })
    await expect(create({ email: email.toUpperCase() })).rejects.toMatchObject({
      code: 'EMAIL_TAKEN',
    })
    expect(await findByEmail(db, email.toUpperCase())).toMatchObject({ userId, status: 'active' })
  })

  it('register once, also when two register at the same moment', async () => {
    const email = newEmail()
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => create({ email })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of results) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'EMAIL_TAKEN' })
    }
  })

  it('are customers with a number of their own', async () => {
    const { userId } = await create()
    expect(
      await count(db, "customers WHERE user_id = $1 AND number ~ '^CUS-\\d{6}$'", [userId]),
    ).toBe(1)
  })

  it('act by their roles that are active and not over', async () => {
    const { userId } = await create({ kind: 'employee' })
    await inTransaction(db, async (tx) => {
      await assignRole(tx, { userId, role: 'desk', expiresAt: null }, 'test')
      await assignRole(tx, { userId, role: 'desk', expiresAt: null }, 'test')
      await assignRole(tx, { userId, role: 'finance', expiresAt: null }, 'test')
    })
    expect((await findActor(db, userId))?.roles).toEqual(['desk', 'finance'])
    await select(
      db,
      "UPDATE role_assignments SET expires_at = now() WHERE user_id = $1 AND role = 'finance' RETURNING role",
      [userId],
    )
    expect((await findActor(db, userId))?.roles).toEqual(['desk'])
    await select(db, "UPDATE users SET status = 'suspended' WHERE id = $1 RETURNING id", [userId])
    expect(await findActor(db, userId)).toBeNull()
  })
})

describe('guests', () => {
  const guest = (phone: string) =>
    inTransaction(db, (tx) => findOrCreateGuest(tx, { phone, firstName: 'Njeri', lastName: '' }))

  it('are the same when they come back with the same phone, also twice at once', async () => {
    const phone = nextPhone()
    const [one, two, three] = await Promise.all([guest(phone), guest(phone), guest(phone)])
    expect(new Set([one.userId, two.userId, three.userId, (await guest(phone)).userId]).size).toBe(
      1,
    )
    expect(await findActor(db, one.userId)).toMatchObject({
      email: null,
      phone,
      roles: ['customer'],
    })
  })

  it('are not the account that merely wrote the same phone down', async () => {
    const phone = nextPhone()
    const { userId } = await create({ phone })
    expect((await guest(phone)).userId).not.toBe(userId)
  })
})

describe('sessions', () => {
  const open = async (userId: string | null, over: { expiresAt?: Date } = {}) => {
    const tokenHash = sha(randomUUID())
    const expiresAt = over.expiresAt ?? new Date(Date.now() + HOUR_MS)
    await inTransaction(db, (tx) =>
      createSession(tx, { userId, kind: 'page', tokenHash, csrf: 'token', expiresAt }),
    )
    return tokenHash
  }
  const age = (tokenHash: Buffer, by: string) =>
    select(
      db,
      'UPDATE sessions SET last_seen_at = now() - $2::interval WHERE token_hash = $1 RETURNING csrf',
      [tokenHash, by],
    )

  it('exist before anybody signs in, and name who did afterwards', async () => {
    expect(await findSession(db, await open(null))).toEqual({
      actor: null,
      csrf: 'token',
      kind: 'page',
      waitingFor: null,
      isFresh: true,
    })
    const userId = await buildCustomer(db)
    const found = await findSession(db, await open(userId))
    expect(found?.actor).toMatchObject({ userId, kind: 'customer', roles: ['customer'] })
  })

  it('do not begin with a password that was replaced since it was checked', async () => {
    const { userId } = await create({ passwordHash: 'the old one' })
    const begin = (passwordHash: string) =>
      inTransaction(db, (tx) =>
        createSession(tx, {
          userId,
          kind: 'page',
          tokenHash: sha(randomUUID()),
          csrf: '',
          expiresAt: new Date(Date.now() + HOUR_MS),
          passwordHash,
        }),
      )
    expect(await begin('the old one')).toBe('opened')
    const changing = await db.sequelize.transaction()
    await select(changing, "UPDATE users SET password_hash = 'the new one' WHERE id = $1", [userId])
    // It waits for who changes it, and then it is too late.
    const late = begin('the old one')
    const answered = late.then(() => true)
    const waits = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    const asked = async (): Promise<boolean> => (await count(db, waits)) > 0 || asked()
    await Promise.race([answered, asked()])
    await changing.commit()
    expect(await late).toBe('refused')
    expect(await begin('the new one')).toBe('opened')
  })

  it('end by signing out, by their time, by idling, and with the account', async () => {
    const userId = await buildCustomer(db)
    const signedOut = await open(userId)
    await inTransaction(db, (tx) => endSession(tx, signedOut))
    const over = await open(userId, { expiresAt: new Date(Date.now() - MINUTE_MS) })
    const idle = await open(userId)
    await age(idle, '13 hours')
    for (const one of [signedOut, over, idle, sha('never given')]) {
      expect(await findSession(db, one)).toBeNull()
    }
    const live = await open(userId)
    expect(await findSession(db, live)).not.toBeNull()
    await select(db, "UPDATE users SET status = 'deleted' WHERE id = $1 RETURNING id", [userId])
    expect(await findSession(db, live)).toBeNull()
  })

  it('end all at once for one person only', async () => {
    const [userId, other] = [await buildCustomer(db), await buildCustomer(db)]
    const [one, two, theirs] = [await open(userId), await open(userId), await open(other)]
    await inTransaction(db, (tx) => endSessionsOf(tx, userId))
    expect(await findSession(db, one)).toBeNull()
    expect(await findSession(db, two)).toBeNull()
    expect(await findSession(db, theirs)).not.toBeNull()
  })

  it('note being seen, at most once a minute', async () => {
    const session = await open(await buildCustomer(db))
    const fresh = () =>
      count(db, "sessions WHERE token_hash = $1 AND last_seen_at > now() - interval '20 seconds'", [
        session,
      ])
    await age(session, '30 seconds')
    await findSession(db, session)
    expect(await fresh()).toBe(0)
    await age(session, '2 minutes')
    await findSession(db, session)
    expect(await fresh()).toBe(1)
  })
})

describe('one-time codes', () => {
  const mine = sha('my browser')
  const give = async (code: string, lifeMs = 10 * MINUTE_MS) => {
    const phoneHash = sha(randomUUID())
    const expiresAt = new Date(Date.now() + lifeMs)
    const one = { phoneHash, codeHash: sha(code), purpose: 'sign-in', askedBy: mine, expiresAt }
    await inTransaction(db, (tx) => createCode(tx, one))
    return phoneHash
  }
  const use = (phoneHash: Buffer, code: string, purpose = 'sign-in', askedBy = mine) => {
    const tried = { phoneHash, codeHash: sha(code), purpose, askedBy }
    return inTransaction(db, (tx) => useCode(tx, { ...tried, now: new Date(), maxAttempts: 5 }))
  }

  it('work once', async () => {
    const phone = await give('123456')
    expect(await use(phone, '123456')).toBe('ok')
    expect(await use(phone, '123456')).not.toBe('ok')
  })

  it('work once, also when used twice at the same moment', async () => {
    const phone = await give('123456')
    const answers = await Promise.all([1, 2, 3, 4].map(() => use(phone, '123456')))
    expect(answers.filter((one) => one === 'ok')).toHaveLength(1)
  })

  it('are locked after five tries, also for who then knows the code', async () => {
    const phone = await give('123456')
    for (let tries = 0; tries < 5; tries += 1) expect(await use(phone, '000000')).toBe('wrong')
    expect(await use(phone, '123456')).toBe('locked')
  })

  it('are counted when tried at the same moment: nobody gets more than five', async () => {
    const phone = await give('123456')
    const answers = await Promise.all(Array.from({ length: 12 }, () => use(phone, '000000')))
    expect(answers.filter((one) => one === 'wrong')).toHaveLength(5)
  })

  it('end by time, serve one purpose and one phone', async () => {
    const phone = await give('123456')
    expect(await use(phone, '123456', 'something else')).toBe('expired')
    expect(await use(sha('another phone'), '123456')).toBe('expired')
    expect(await use(await give('123456', -1), '123456')).toBe('expired')
  })

  it('are touched by nobody but the browser that asked', async () => {
    const phone = await give('123456')
    const stranger = sha('another browser')
    for (let tries = 0; tries < 6; tries += 1) {
      expect(await use(phone, '123456', 'sign-in', stranger)).toBe('expired')
    }
    expect(await use(phone, '123456')).toBe('ok')
  })

  it('are replaced by a newer one, and counted', async () => {
    const phoneHash = await give('111111')
    const expiresAt = new Date(Date.now() + MINUTE_MS)
    const newer = {
      phoneHash,
      codeHash: sha('222222'),
      purpose: 'sign-in',
      askedBy: mine,
      expiresAt,
    }
    await inTransaction(db, (tx) => createCode(tx, newer))
    expect(await use(phoneHash, '111111')).toBe('wrong')
    expect(await use(phoneHash, '222222')).toBe('ok')
    expect(await recentCodes(db, phoneHash, HOUR_MS)).toBe(2)
  })
})
