/** No table grows for ever: what is over goes, what somebody may still ask for stays. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTransaction, select } from '../../db/connection.ts'
import { claimTry } from '../../db/booking-tries.ts'
import { sweepTables } from '../../db/housekeeping.ts'
import { countHits, forgiveHits, type Hit } from '../../db/rate-limits.ts'
import { seenIn } from '../../domain/sliding-window.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { buildCustomer, count } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const now = new Date()
const ago = (ms: number) => new Date(now.getTime() - ms)
const sha = (text: string = randomUUID()) => createHash('sha256').update(text).digest()

describe('sweeping', () => {
  const session = async (over: { seen?: Date; expires?: Date; revoked?: Date }) => {
    const hash = sha()
    await select(
      db,
      `INSERT INTO sessions (token_hash, kind, csrf, last_seen_at, expires_at, revoked_at)
       VALUES ($1, 'page', 'csrf', $2, $3, $4)`,
      [hash, over.seen ?? now, over.expires ?? ago(-DAY_MS), over.revoked ?? null],
    )
    return () => count(db, 'sessions WHERE token_hash = $1', [hash])
  }

  it('ends sessions that are over, idle or revoked, and no other', async () => {
    const over = [
      await session({ expires: ago(1) }),
      await session({ seen: ago(12 * HOUR_MS + 1) }),
      await session({ revoked: ago(1) }),
    ]
    const live = await session({ seen: ago(11 * HOUR_MS) })
    expect(await sweepTables(db, now)).toBe(false)
    expect(await Promise.all(over.map((rows) => rows()))).toEqual([0, 0, 0])
    expect(await live()).toBe(1)
  })

  it('takes refresh tokens away with their session, and no other', async () => {
    const tokenOf = async (sessionOver: Parameters<typeof session>[0]) => {
      const [sessionHash, tokenHash] = [sha(), sha()]
      await select(
        db,
        `INSERT INTO sessions (token_hash, kind, csrf, expires_at, revoked_at)
         VALUES ($1, 'bearer', '', $2, $3)`,
        [sessionHash, sessionOver.expires ?? ago(-DAY_MS), sessionOver.revoked ?? null],
      )
      await select(db, 'INSERT INTO refresh_tokens (token_hash, session_hash) VALUES ($1, $2)', [
        tokenHash,
        sessionHash,
      ])
      return () => count(db, 'refresh_tokens WHERE token_hash = $1', [tokenHash])
    }
    const [over, live] = [await tokenOf({ revoked: ago(1) }), await tokenOf({})]
    await sweepTables(db, now)
    expect([await over(), await live()]).toEqual([0, 1])
  })

  it('takes keys away 90 days after they are over or taken back, and what was counted as long ago', async () => {
    const userId = await buildCustomer(db)
    const key = async (expires: Date | null, revoked: Date | null) => {
      const [row] = await select<{ id: string }>(
        db,
        `INSERT INTO api_keys (user_id, name, key_hash, beginning, scopes, expires_at, revoked_at)
         VALUES ($1, $2, $3, 'gari_', '{roles:read}', $4, $5) RETURNING id`,
        [userId, randomUUID(), sha(), expires, revoked],
      )
      await select(
        db,
        `INSERT INTO api_key_uses (key_id, day, uses)
         VALUES ($1, current_date, 1), ($1, current_date - 92, 1)`,
        [row?.id],
      )
    }
    const [long, lately] = [ago(91 * DAY_MS), ago(89 * DAY_MS)]
    await key(long, null)
    await key(null, long)
    await key(ago(-DAY_MS), long)
    await key(lately, lately)
    await key(null, null)
    await sweepTables(db, now)
    expect([await count(db, 'api_keys'), await count(db, 'api_key_uses')]).toEqual([2, 2])
  })

  it('takes codes away by their end only, so that no older one becomes the newest', async () => {
    const code = (expires: Date, used: Date | null) =>
      select(
        db,
        `INSERT INTO one_time_codes (phone_hash, code_hash, purpose, asked_by, expires_at, used_at)
         VALUES ($1, $1, 'sign-in', $1, $2, $3)`,
        [sha(), expires, used],
      )
    await code(ago(1), null)
    await code(ago(1), ago(MINUTE_MS))
    await code(ago(-MINUTE_MS), ago(1))
    await sweepTables(db, now)
    expect(await count(db, 'one_time_codes')).toBe(1)
  })

  it.each([
    [
      'idempotency_keys',
      48 * HOUR_MS,
      "(scope, key, request_hash, subject_id, created_at) VALUES ('s', $1, '', gen_random_uuid(), $2)",
    ],
    ['security_events', 90 * DAY_MS, "(kind, detail, at) VALUES ($1, '{}', $2)"],
    ['heartbeats', 7 * DAY_MS, "(part, instance, version, at) VALUES ('p', $1, '1', $2)"],
    ['account_links', 7 * DAY_MS, "(purpose, email, expires_at) VALUES ('reset_password', $1, $2)"],
    ['rate_limits', DAY_MS, '(key, window_start, hits) VALUES (sha256($1::bytea), $2, 1)'],
  ])('keeps %s for %d ms', async (table, keptMs, row) => {
    await select(db, `DELETE FROM ${table}`)
    await select(db, `INSERT INTO ${table} ${row}`, ['old', ago(keptMs + 1)])
    await select(db, `INSERT INTO ${table} ${row}`, ['young', ago(keptMs - MINUTE_MS)])
    await sweepTables(db, now)
    expect(await count(db, table)).toBe(1)
  })

  it('forgets booking tries after a day', async () => {
    const customerId = await buildCustomer(db)
    const one = { customerId, reservationId: randomUUID(), most: 1, lifeMs: DAY_MS }
    await inTransaction(db, (tx) => claimTry(tx, one))
    await sweepTables(db, now)
    expect(await count(db, 'booking_tries')).toBe(1)
    await sweepTables(db, ago(-DAY_MS - MINUTE_MS))
    expect(await count(db, 'booking_tries')).toBe(0)
  })

  it('goes on while there is more', async () => {
    await select(
      db,
      `INSERT INTO security_events (kind, detail, at)
       SELECT 'many', '{}', $1::timestamptz FROM generate_series(1, 5001)`,
      [ago(91 * DAY_MS)],
    )
    expect(await sweepTables(db, now)).toBe(true)
    expect(await sweepTables(db, now)).toBe(false)
    expect(await count(db, "security_events WHERE kind = 'many'")).toBe(0)
  })
})

describe('counting tries', () => {
  const windowMs = HOUR_MS
  const start = new Date(Math.floor(now.getTime() / windowMs) * windowMs)
  const at = (ms: number) => new Date(start.getTime() + ms)

  const seenOf = async (hits: Hit[], when: Date) => (await countHits(db, hits, when)).map(seenIn)

  it('lets the last window fade as this one grows', async () => {
    const hit = { key: sha(), windowMs }
    const seen = (when: Date) => seenOf([hit], when)
    for (let time = 0; time < 10; time += 1) await countHits(db, [hit], at(0))
    expect(await seen(at(windowMs))).toEqual([11])
    expect(await seen(at(windowMs * 1.5))).toEqual([7])
    expect(await seen(at(windowMs * 3))).toEqual([1])
  })

  it('counts several at once, in the order asked, and takes them back', async () => {
    const hits = [sha(), sha(), sha()].map((key) => ({ key, windowMs }))
    const [one, two] = hits
    if (!one || !two) throw new Error('three were made')
    await countHits(db, [one], now)
    await countHits(db, [one], now)
    expect(await seenOf(hits, now)).toEqual([3, 1, 1])
    await forgiveHits(db, [one, two], now)
    expect(await seenOf(hits, now)).toEqual([3, 1, 2])
  })

  it('loses none when many count the same things in other orders', async () => {
    const hits = Array.from({ length: 300 }, () => ({ key: sha(), windowMs }))
    const orders = Array.from({ length: 30 }, (_, index) => (index % 2 ? hits : hits.toReversed()))
    await Promise.all(orders.map((order) => countHits(db, order, now)))
    expect(await seenOf(hits, now)).toEqual(hits.map(() => 31))
  })
})
