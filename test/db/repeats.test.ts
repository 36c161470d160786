import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash, randomUUID } from 'node:crypto'
import { inTransaction, select } from '../../db/connection.ts'
import { beat, listHeartbeats } from '../../db/heartbeats.ts'
import { claimKey, storeResponse } from '../../db/idempotency.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import {
  consumeOnce,
  findNotificationFacts,
  markNotification,
  postponeNotification,
  queueNotifications,
  takeNotifications,
} from '../../db/notifications.ts'
import { openPayment, recordPrompt } from '../../db/payments.ts'
import { buildBooking, buildMessage, buildPaymentInput, NOW } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

describe('migrations', () => {
  it('have nothing left to do, also when several processes start at once', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase(db.migrationUrl)))
    expect(applied).toEqual([[], [], []])
  })
})

describe('idempotency keys', () => {
  const sha = (text: string) => createHash('sha256').update(text).digest()
  const claim = (key: string, body: string, scope = 'tests') =>
    claimKey(db, { scope, key, requestHash: sha(body), subjectId: randomUUID() })
  const store = (key: string, status: number, body: unknown) =>
    storeResponse(db, { scope: 'tests', key, status, body })

  it('are new, then the same under way, then the same with the first answer', async () => {
    const key = randomUUID()
    const first = await claim(key, 'a')
    expect(first).toMatchObject({ state: 'new', response: null })
    expect(await claim(key, 'a')).toEqual({ ...first, state: 'same' })
    await store(key, 201, { id: 1 })
    await store(key, 500, { id: 2 })
    const response = { status: 201, body: { id: 1 } }
    expect(await claim(key, 'a')).toEqual({ state: 'same', subjectId: first.subjectId, response })
  })

  it('are refused with another request, and tell nothing of the first answer', async () => {
    const key = randomUUID()
    await claim(key, 'a')
    await store(key, 201, { secret: true })
    expect(await claim(key, 'b')).toMatchObject({ state: 'other', response: null })
  })

  it('belong to their scope', async () => {
    const key = randomUUID()
    await claim(key, 'a')
    expect(await claim(key, 'b', 'somebody else')).toMatchObject({ state: 'new' })
  })

  it('are new for one only when many come at the same moment', async () => {
    const key = randomUUID()
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(key, 'a')))
    expect(claims.filter(({ state }) => state === 'new')).toHaveLength(1)
    expect(new Set(claims.map(({ subjectId }) => subjectId)).size).toBe(1)
  })
})

describe('a payment that is opened again', () => {
  it('may be asked for as long as it was not, and then names what was sent', async () => {
    const input = buildPaymentInput(await buildBooking(db))
    const open = () => inTransaction(db, (tx) => openPayment(tx, input, NOW))
    expect([await open(), await open()]).toEqual([{ outcome: 'opened' }, { outcome: 'opened' }])
    const sent = { checkoutRequestId: `ws_CO_${input.paymentId}` }
    await recordPrompt(db, input.paymentId, { ...sent, merchantRequestId: 'm-1' })
    expect(await open()).toEqual({ outcome: 'opened', sent })
  })
})

describe('reports from Daraja', () => {
  it('are stored once for the same body, apart for another', async () => {
    const id = randomUUID()
    const first = await buildMessage(db, id, { a: 1 })
    expect(await buildMessage(db, id, { a: 1 })).toEqual({ ...first, repeat: true })
    const second = await buildMessage(db, id, { a: 2 })
    expect(second.repeat).toBe(false)
  })
})

describe('notices', () => {
  const notice = (eventId: string, partyId: string | null, reservationId: string) => ({
    eventId,
    channel: 'sms' as const,
    partyId,
    template: 'confirmed' as const,
    reservationId,
    detail: { amount: '10.00' },
  })
  const passTime = () =>
    select(db, "UPDATE notifications SET next_try_at = now() - interval '1 s' RETURNING id")

  it('are written once for each event, way and person, and wait until sent', async () => {
    const { input } = await buildBooking(db)
    const [id, eventId, partyId] = [input.reservationId, randomUUID(), input.parties[0]?.id ?? '']
    const notices = [notice(eventId, partyId, id), notice(eventId, null, id)]
    const queue = () => inTransaction(db, (tx) => queueNotifications(tx, notices))
    const ids = await queue()
    expect(ids).toHaveLength(2)
    expect(await queue()).toEqual([])
    const takes = await Promise.all([1, 2, 3].map(() => takeNotifications(db, 'sms', 1)))
    const taken = takes.flat()
    expect(taken.map((one) => one.id).toSorted()).toEqual(ids.toSorted())
    expect(taken).toContainEqual({
      id: expect.any(String),
      chargeId: null,
      customerId: null,
      ...notice(eventId, null, id),
    })
    expect(await takeNotifications(db, 'email', 10)).toEqual([])
    await markNotification(db, ids[0] ?? '', 'sent')
    await postponeNotification(db, ids[1] ?? '')
    expect(await takeNotifications(db, 'sms', 10)).toEqual([])
    await passTime()
    expect(await takeNotifications(db, 'sms', 10)).toMatchObject([{ id: ids[1] }])
  })

  it('whose sender died with them are taken up by another after 45 seconds, and not before', async () => {
    const { input } = await buildBooking(db)
    const notices = [notice(randomUUID(), null, input.reservationId)]
    const [id = ''] = await inTransaction(db, (tx) => queueNotifications(tx, notices))
    const take = async () => (await takeNotifications(db, 'sms', 50)).map((one) => one.id)
    const secondsPass = (seconds: number) =>
      select(
        db,
        `UPDATE notifications SET next_try_at = next_try_at - $1 * interval '1 s' RETURNING id`,
        [seconds],
      )
    expect(await take()).toContain(id)
    await secondsPass(40)
    expect(await take()).not.toContain(id)
    await secondsPass(6)
    expect(await take()).toContain(id)
  })

  it('are given up, for a person to see, after twenty tries', async () => {
    const { input } = await buildBooking(db)
    const notices = [notice(randomUUID(), null, input.reservationId)]
    const [id = ''] = await inTransaction(db, (tx) => queueNotifications(tx, notices))
    for (let tries = 0; tries < 20; tries += 1) await postponeNotification(db, id)
    await passTime()
    expect(await takeNotifications(db, 'sms', 10)).not.toContainEqual(
      expect.objectContaining({ id }),
    )
  })

  it('hear an event once for each consumer', async () => {
    const eventId = randomUUID()
    const hear = (consumer: string) => inTransaction(db, (tx) => consumeOnce(tx, consumer, eventId))
    const heard = await Promise.all([1, 2, 3].map(() => hear('notifier')))
    expect(heard.filter(Boolean)).toHaveLength(1)
    expect(await hear('analytics')).toBe(true)
  })

  it('know everything they may say, or that there is nothing to say', async () => {
    const { input, held } = await buildBooking(db)
    const facts = await findNotificationFacts(db, input.reservationId)
    expect(facts).toMatchObject({
      reservation: { number: held.number, total: held.total, balance: held.total },
      customer: { name: 'Wanjiku Kamau', language: 'en' },
      parties: [
        { name: 'Wanjiku Kamau', phone: input.parties[0]?.phone, paid: 0, declined: false },
      ],
    })
    expect(await findNotificationFacts(db, randomUUID())).toBeNull()
  })
})

describe('signs of life', () => {
  it('keep the last one of each process', async () => {
    const one = { part: 'payments', instance: 'host-1', version: '1', detail: null }
    await inTransaction(db, (tx) => beat(tx, one))
    await inTransaction(db, (tx) => beat(tx, { ...one, version: '2' }))
    expect(await listHeartbeats(db)).toMatchObject([{ part: 'payments', version: '2' }])
  })
})
