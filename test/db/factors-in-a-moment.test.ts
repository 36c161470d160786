/**
 * Somebody signs in with a password alone, in the very moment in which its owner turns a second factor on or takes a passkey away:
 * whichever comes first, afterwards nobody is in who has not shown what is asked for by then.
 */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createUser } from '../../db/accounts.ts'
import { inTransaction, select, type Tx } from '../../db/connection.ts'
import { addPasskey, removePasskey } from '../../db/passkeys.ts'
import { beginAuthenticator, confirmAuthenticator } from '../../db/second-factors.ts'
import { createSession, endOwnOtherSessions, findSession, type Opened } from '../../db/sessions.ts'
import { setPassword } from '../../db/passwords.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { underWay } from '../support/moments.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const newHash = () => createHash('sha256').update(randomUUID()).digest()
const build = async () => {
  const { userId } = await inTransaction(db, (tx) =>
    createUser(tx, {
      kind: 'customer',
      email: `${randomUUID()}@example.com`,
      passwordHash: 'known to a thief',
      firstName: 'Wambui',
      lastName: 'Njoroge',
      phone: nextPhone(),
    }),
  )
  await inTransaction(db, (tx) => beginAuthenticator(tx, userId, 'A'.repeat(32)))
  return userId
}

type Over = Partial<Parameters<typeof createSession>[1]>
const session = (userId: string, over: Over = {}) => ({
  userId,
  kind: 'page' as const,
  tokenHash: newHash(),
  csrf: '',
  expiresAt: new Date(Date.now() + HOUR_MS),
  ...over,
})
const open = (one: ReturnType<typeof session>): Promise<Opened> =>
  inTransaction(db, (tx) => createSession(tx, one))
const isIn = async ({ tokenHash }: { tokenHash: Buffer }) =>
  (await findSession(db, tokenHash))?.actor != null

let passkeys = 0
const WAYS = {
  'an app': (tx: Tx, userId: string) =>
    confirmAuthenticator(tx, { userId, step: 1, keep: newHash() }),
  'a passkey': (tx: Tx, userId: string) =>
    addPasskey(tx, {
      userId,
      credentialId: `credential ${(passkeys += 1)}`,
      publicKey: Buffer.alloc(8),
      counter: 0,
      transports: [],
      name: 'A phone',
      keep: newHash(),
    }),
}

describe.each(Object.entries(WAYS))('%s that is turned on', (_, turnOn) => {
  it('is asked for by a sign-in that began before', async () => {
    const userId = await build()
    const late = session(userId, { passwordHash: 'known to a thief' })
    const answer = await inTransaction(db, async (tx) => {
      await turnOn(tx, userId)
      const answer = open(late)
      await underWay(db, answer)
      return { answer }
    })
    expect(await answer.answer).toBe('factor_needed')
    expect(await isIn(late)).toBe(false)
  })

  it('ends a sign-in that is not quite done', async () => {
    const userId = await build()
    const early = session(userId, { passwordHash: 'known to a thief' })
    const turned = await inTransaction(db, async (tx) => {
      expect(await createSession(tx, early)).toBe('opened')
      const turned = inTransaction(db, (other) => turnOn(other, userId))
      await underWay(db, turned)
      return { turned }
    })
    expect(await turned.turned).toBe(true)
    expect(await isIn(early)).toBe(false)
  })

  it('leaves nobody in by a password alone, however many try at once', async () => {
    const userId = await build()
    const tries = Array.from({ length: 16 }, () => session(userId))
    const [first, ...rest] = tries.map((one) => () => open(one))
    const answers = await Promise.all([
      first?.(),
      ...rest.slice(0, 7).map((one) => one()),
      inTransaction(db, (tx) => turnOn(tx, userId)),
      ...rest.slice(7).map((one) => one()),
    ])
    expect(answers.filter((one) => one === true)).toHaveLength(1)
    for (const one of tries) expect(await isIn(one)).toBe(false)
  })
})

describe('signing out everywhere else', () => {
  it('ends a sign-in that is not quite done', async () => {
    const userId = await build()
    const early = session(userId)
    const ended = await inTransaction(db, async (tx) => {
      expect(await createSession(tx, early)).toBe('opened')
      const ended = inTransaction(db, (other) => endOwnOtherSessions(other, userId, newHash()))
      await underWay(db, ended)
      return { ended }
    })
    await ended.ended
    expect(await isIn(early)).toBe(false)
  })
})

describe('who has shown more', () => {
  it('is in with it, and last signed in then; a first step alone is no sign-in', async () => {
    const userId = await build()
    await inTransaction(db, (tx) => WAYS['an app'](tx, userId))
    const signedIn = () => count(db, 'users WHERE id = $1 AND last_login_at IS NOT NULL', [userId])
    const waiting = session(userId, { awaitsFactor: true })
    expect(await open(waiting)).toBe('opened')
    expect([await isIn(waiting), await signedIn()]).toEqual([false, 0])
    expect(await open(session(userId))).toBe('factor_needed')
    expect(await signedIn()).toBe(0)
    const second = session(userId, { showed: 'code', waited: waiting.tokenHash })
    expect(await open(second)).toBe('opened')
    expect([await isIn(second), await signedIn()]).toEqual([true, 1])
  })

  it('comes too late when the password of the first step was replaced meanwhile', async () => {
    const userId = await build()
    await inTransaction(db, (tx) => WAYS['an app'](tx, userId))
    const waiting = session(userId, { awaitsFactor: true })
    await open(waiting)
    const second = session(userId, { showed: 'code', waited: waiting.tokenHash })
    const answer = await inTransaction(db, async (tx) => {
      const noticeUntil = new Date(Date.now() + HOUR_MS)
      const change = { userId, passwordHash: 'new', keep: null, how: 'reset' as const }
      await setPassword(tx, { ...change, noticeUntil })
      const answer = open(second)
      await underWay(db, answer)
      return { answer }
    })
    expect(await answer.answer).toBe('refused')
    expect(await isIn(second)).toBe(false)
  })

  it('comes too late with a passkey that is being taken away', async () => {
    const userId = await build()
    await inTransaction(db, (tx) => WAYS['a passkey'](tx, userId))
    const [row] = await select<{ id: string }>(db, 'SELECT id FROM passkeys WHERE user_id = $1', [
      userId,
    ])
    const id = row?.id ?? ''
    const good = session(userId, { showed: { passkeyId: id } })
    expect(await open(good)).toBe('opened')
    expect(await isIn(good)).toBe(true)
    const late = session(userId, { showed: { passkeyId: id } })
    const answer = await inTransaction(db, async (tx) => {
      await removePasskey(tx, { userId, id, keep: newHash() })
      const answer = open(late)
      await underWay(db, answer)
      return { answer }
    })
    expect(await answer.answer).toBe('refused')
    expect([await isIn(good), await isIn(late)]).toEqual([false, false])
  })
})
