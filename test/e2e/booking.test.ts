/** The whole chain on the whole embedded stack: HTTP, PostgreSQL, Temporal, the simulator, Kafka, mail, SMS. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { childEnvironment } from '../../config.ts'
import { beginWitness, countWitnessed, listUnwritten } from '../../db/audit-witness.ts'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { TOPICS } from '../../domain/events.ts'
import { answerPhone, call, control, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

let stack: Stack
let db: Database

beforeAll(async () => {
  stack = await startStack({}, 'e2e')
  db = connectDatabase({ url: stack.databaseUrl, pool: 4, applicationName: 'gari-tests' })
  await beginWitness(db)
}, 180_000)
afterAll(async () => {
  await db?.close()
  await stack?.stop()
}, 60_000)

type Ledger = {
  transactions: {
    checkoutRequestId: string
    receipt: string | null
    amount: number
    status: string
    reversedBy: string | null
  }[]
}
const simulatorLedger = async () =>
  (await (await fetch(`${stack.simulator}/_control/ledger`)).json()) as Ledger
type Message = { to: string | string[]; subject?: string; text: string }
const messages = async (url: string) =>
  ((await (await fetch(`${url}/messages.json`)).json()) as { items: Message[] }).items

type Free = { category: { code: string }; free: number; price: { total: string } }
const search = async (wish: object) => {
  const { parties: _, ...query } = trip(wish)
  const { status, body } = await call(
    stack,
    'GET',
    `/vehicles/availability?${new URLSearchParams(query).toString()}`,
    null,
  )
  expect(status).toBe(200)
  return (body['items'] as Free[])[0]
}

describe('one customer', () => {
  it('books, pays on the phone, and hears of it once by each way', async () => {
    const customer = await createCustomer(stack)
    const before = await search({})
    expect(before).toMatchObject({ category: { code: 'SEDAN' }, price: { total: '10000.00' } })
    const held = await customer.held(trip())
    expect(held).toMatchObject({ status: 'pending', total: '10000.00', balance_due: '10000.00' })
    expect((await search({}))?.free).toBe((before?.free ?? 0) - 1)
    const { status, body } = await customer.pay(held.id, '0712345678', '10000')
    expect(status).toBe(202)
    expect(body['checkout_request_id']).toMatch(/^ws_CO_/)
    await answerPhone(stack, '254712345678', { pin: '1234' })
    await customer.until(held.id, 'confirmed')
    const sms = await eventually('the confirmation by SMS', async () => {
      const found = (await messages(stack.sms)).filter(
        ({ text }) => text.includes(held.number) && /is confirmed/.test(text),
      )
      return found.length > 0 && found
    })
    expect(sms).toHaveLength(1)
    const mails = await eventually('the confirmation by mail', async () => {
      const found = (await messages(stack.mailbox)).filter(
        ({ text }) => text.includes(held.number) && text.includes('confirmed and paid'),
      )
      return found.length > 0 && found
    })
    expect(mails).toHaveLength(1)
  })

  it('tries again after a wrong PIN and a cancelled prompt', async () => {
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'ECONOMY' }))
    const phone = '254799887766'
    for (const [answer, reason] of [
      [{ pin: '9999' }, /PIN/],
      [{ cancel: true }, /cancelled/],
    ] as const) {
      const { body } = await customer.pay(held.id, phone, '3500')
      await answerPhone(stack, phone, answer)
      const failed = await eventually('the payment has failed', async () => {
        const found = await customer.payment(String(body['id']))
        return found['status'] === 'failed' && found
      })
      expect(failed['reason']).toMatch(reason)
    }
    expect(await customer.read(held.id)).toMatchObject({ status: 'pending', paid: '0.00' })
    await customer.cancel(held.id)
    expect(await customer.read(held.id)).toMatchObject({ status: 'cancelled' })
  })

  it('gets the money back when a paid booking is cancelled', async () => {
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'VAN' }))
    const { body } = await customer.pay(held.id, '0701234321', '22000')
    await answerPhone(stack, '254701234321', { pin: '8080' })
    await customer.until(held.id, 'confirmed')
    await customer.cancel(held.id)
    await eventually('the refund', async () => {
      const found = await customer.payment(String(body['id']))
      return found['status'] === 'refunded'
    })
    const { transactions } = await simulatorLedger()
    const ours = transactions.filter((one) => one.checkoutRequestId === body['checkout_request_id'])
    expect(ours).toEqual([
      expect.objectContaining({ status: 'paid', amount: 22_000, reversedBy: expect.any(String) }),
    ])
    expect(await customer.read(held.id)).toMatchObject({ status: 'cancelled' })
  })

  it('is confirmed by our question when no report ever comes', async () => {
    const phone = '254722000111'
    await control(stack, 'PUT', `/moods/phones/${phone}`, { dropCallback: true, times: 1 })
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'PICKUP' }))
    await customer.pay(held.id, phone, '19000')
    await answerPhone(stack, phone, { pin: '2468' })
    await customer.until(held.id, 'confirmed', 60_000)
  }, 90_000)

  it('is charged once, however often the report comes', async () => {
    const phone = '254708222333'
    await control(stack, 'PUT', `/moods/phones/${phone}`, { callbackCopies: 5, times: 1 })
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'SUV' }))
    const { body } = await customer.pay(held.id, phone, '17000')
    await answerPhone(stack, phone, { pin: '1357' })
    await customer.until(held.id, 'confirmed')
    const entries = await select(
      db,
      "SELECT 1 FROM ledger_entries WHERE kind = 'payment' AND reference = $1",
      [body['id']],
    )
    expect(entries).toHaveLength(1)
  })

  it('gets the same booking for the same key, and an error for another body', async () => {
    const customer = await createCustomer(stack)
    const [wish, key] = [trip({ category: '4X4' }), randomUUID()]
    const [first, second] = [await customer.reserve(wish, key), await customer.reserve(wish, key)]
    expect(second).toMatchObject({ status: 201, body: first.body })
    const other = await customer.reserve({ ...wish, category: 'VAN' }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    await customer.cancel(String(first.body['id']))
  })
})

describe('three friends', () => {
  it('pay their shares: processing, then confirmed', async () => {
    const customer = await createCustomer(stack)
    const phones = [
      ['254110445566', '4321'],
      ['254768430921', '2026'],
      ['254115678900', '5566'],
    ] as const
    const parties = phones.map(([phone], index) => ({ name: `Friend ${index + 1}`, phone }))
    const held = await customer.held(trip({ parties }))
    const shares = held.parties.map(({ share }) => Number(share))
    expect(shares.reduce((sum, one) => sum + one, 0)).toBe(10_000)
    for (const [index, [phone, pin]] of phones.entries()) {
      await customer.pay(held.id, phone, String(shares[index]))
      await answerPhone(stack, phone, { pin })
      await customer.until(held.id, index < 2 ? 'processing' : 'confirmed')
    }
  })
})

describe('the last car of a category', () => {
  it('goes to exactly one of 200 who want it at the same moment', async () => {
    const customer = await createCustomer(stack)
    const far = {
      category: 'SUV',
      pickup_at: inDays(100),
      return_at: inDays(103),
    }
    const [{ free } = { free: 0 }] = await select<{ free: number }>(
      db,
      "SELECT count(*)::int AS free FROM vehicles WHERE category_code = 'SUV' AND location_code = 'NBO-JKIA'",
    )
    for (let taken = 1; taken < free; taken += 1) await customer.held(trip(far))
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => customer.reserve(trip(far))),
    )
    const counted = answers.map(({ status }) => status)
    const others = counted.filter((status) => status !== 201 && status !== 409)
    expect(others).toEqual([])
    expect(counted.filter((status) => status === 201)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(199)
    for (const { body } of refused) {
      expect(body['code']).toBe('VEHICLE_UNAVAILABLE')
      expect(body['alternatives']).not.toHaveLength(0)
    }
  }, 120_000)
})

describe('a phone that rings already', () => {
  it('is refused for another booking in words, also when asked again with the same key', async () => {
    const phone = '254768430921'
    const customer = await createCustomer(stack)
    const [one, two] = [
      await customer.held(
        trip({ category: 'PICKUP', pickup_at: inDays(15), return_at: inDays(16) }),
      ),
      await customer.held(
        trip({ category: 'PICKUP', pickup_at: inDays(17), return_at: inDays(18) }),
      ),
    ]
    expect((await customer.pay(one.id, phone, '100')).status).toBe(202)
    const key = randomUUID()
    for (const _ of [1, 2]) {
      const { status, body } = await customer.pay(two.id, phone, '100', key)
      expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'PUSH_OPEN' })
    }
    await answerPhone(stack, phone, { cancel: true })
    await customer.cancel(one.id)
    await customer.cancel(two.id)
  })
})

describe('a stranger at Daraja’s door', () => {
  const phone = '254733000999'
  type Message = { outcome: string | null }
  const reports = (paymentId: string) =>
    select<Message>(db, 'SELECT outcome FROM provider_messages WHERE subject_id = $1', [paymentId])

  it('moves no money, without the secret path and with it', async () => {
    const customer = await createCustomer(stack)
    const held = await customer.held(trip({ category: 'ECONOMY', pickup_at: inDays(9) }))
    const { body } = await customer.pay(held.id, phone, '500')
    const id = String(body['id'])
    const expectUnpaid = async (status: string) => {
      expect(await customer.payment(id)).toMatchObject({ status, receipt: null })
      expect(await customer.read(held.id)).toMatchObject({ status: 'pending', paid: '0.00' })
    }

    const url = `${stack.baseUrl}/callbacks/stk/${id}/${'0'.repeat(64)}`
    const checkoutRequestId = body['checkout_request_id']
    const blind = await control(stack, 'POST', '/callbacks/forge', { checkoutRequestId, url })
    expect(await blind.json()).toEqual({ outcome: '404' })
    const noticed = await select(
      db,
      "SELECT 1 FROM security_events WHERE kind = 'callback_forged_path' AND detail->>'subject' = $1",
      [id],
    )
    expect(noticed).toHaveLength(1)
    expect(await reports(id)).toEqual([])
    await expectUnpaid('pending')

    const told = await control(stack, 'POST', '/callbacks/forge', { checkoutRequestId, amount: 1 })
    expect(await told.json()).toEqual({ outcome: '200' })
    await eventually('the forged report is judged', async () => {
      const [report] = await reports(id)
      return report?.outcome
    })
    expect(await reports(id)).toEqual([{ outcome: 'undecided' }])
    await expectUnpaid('disputed')

    await answerPhone(stack, phone, { pin: '1234' })
    await customer.until(held.id, 'processing')
    expect(await customer.read(held.id)).toMatchObject({ paid: '500.00' })
    expect(await customer.payment(id)).toMatchObject({ status: 'completed', amount: '500.00' })
    await customer.cancel(held.id)
  })
})

describe('the books', () => {
  it('agree: ledger, simulator, holds and events', async () => {
    const [sum] = await select<{ total: string }>(
      db,
      'SELECT sum(amount_cents) AS total FROM ledger_postings',
    )
    expect(Number(sum?.total)).toBe(0)
    const unbalanced =
      'SELECT entry_id FROM ledger_postings GROUP BY entry_id HAVING sum(amount_cents) <> 0'
    expect(await select(db, unbalanced)).toEqual([])
    const paid = await select<{ id: string; amount: string }>(
      db,
      `SELECT checkout_request_id AS id, amount_cents AS amount FROM payments
       WHERE status IN ('settled', 'refunding', 'refunded') ORDER BY 1`,
    )
    const { transactions } = await simulatorLedger()
    const theirs = transactions
      .filter(({ status }) => status === 'paid')
      .map((one) => ({ id: one.checkoutRequestId, amount: String(one.amount * 100) }))
    expect(theirs.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
      paid.toSorted((a, b) => a.id.localeCompare(b.id)),
    )
    const overlaps = await select(
      db,
      `SELECT 1 FROM holds a JOIN holds b ON a.resource_id = b.resource_id AND a.id < b.id AND a.period && b.period
       WHERE a.state IN ('held', 'confirmed', 'active') AND b.state IN ('held', 'confirmed', 'active')`,
    )
    expect(overlaps).toEqual([])
  })

  it('and the inboxes agree: every notice was sent once', async () => {
    for (const [channel, inbox] of [
      ['sms', stack.sms],
      ['email', stack.mailbox],
    ] as const) {
      const sent = await eventually(`no ${channel} waits`, async () => {
        // Documents and links for accounts go by e-mail too, from lists of their own.
        const rows = await select<{ status: string }>(
          db,
          `SELECT status FROM notifications WHERE channel = $1
           UNION ALL SELECT status FROM document_mails WHERE $1 = 'email'
           UNION ALL SELECT CASE WHEN sent_at IS NULL THEN 'queued' ELSE 'sent' END FROM account_links
             WHERE $1 = 'email' AND used_at IS NULL AND user_id IS NOT NULL`,
          [channel],
        )
        return rows.every(({ status }) => status === 'sent') && rows.length
      })
      const mails = await messages(inbox)
      // What waited for its link is gone with it: so many accounts, so many mails.
      const opening = mails.filter(({ subject }) => subject === 'Open your account with gari')
      expect(new Set(opening.map(({ to }) => JSON.stringify(to))).size).toBe(opening.length)
      expect({ channel, arrived: mails.length - opening.length }).toEqual({
        channel,
        arrived: sent,
      })
    }
  })

  it('and the mails say whose money came', async () => {
    const mails = (await messages(stack.mailbox)).map(({ text }) => text)
    for (const friend of ['Friend 1', 'Friend 2', 'Friend 3'])
      expect(mails.filter((text) => text.includes(`from ${friend} `))).toHaveLength(1)
  })

  it('are told on Kafka, each key in order, nothing personal', async () => {
    await eventually('the outbox is empty', async () => {
      const [row] = await select<{ n: number }>(db, 'SELECT count(*)::int AS n FROM outbox')
      return row?.n === 0
    })
    const confirmed = await select<{ id: string }>(
      db,
      "SELECT id FROM reservations WHERE status = 'confirmed'",
    )
    const kafka = new Kafka({ brokers: [stack.kafka], logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: `test-${randomUUID()}` })
    const heard = new Map<string, { type: string; version: number; text: string }[]>()
    await consumer.connect()
    await consumer.subscribe({ topics: Object.values(TOPICS), fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        const text = message.value?.toString() ?? ''
        const event = JSON.parse(text) as { type: string; sequence: string; subject: string }
        const list = heard.get(`${topic} ${event.subject}`) ?? []
        heard.set(`${topic} ${event.subject}`, [
          ...list,
          { type: event.type, version: Number(event.sequence), text },
        ])
      },
    })
    const ofBooking = (id: string) =>
      (heard.get(`${TOPICS.reservations} ${id}`) ?? []).map(({ type }) => type)
    await eventually('every confirmation was published', async () =>
      confirmed.every(({ id }) => ofBooking(id).includes('gari.reservation.confirmed.v1')),
    )
    await consumer.disconnect()
    for (const events of heard.values()) {
      const versions = events.map(({ version }) => version)
      expect(versions).toEqual(versions.toSorted((a, b) => a - b))
      for (const { text } of events) expect(text).not.toMatch(/\+?254[17]\d{8}|Friend|Wanjiku/)
    }
  }, 60_000)
})

describe('the audit of all that', () => {
  /** `npm run audit:check`, as people run it. */
  const check = (kafka: string) => {
    const { keyId, key } = stack.payloadKey
    const env = childEnvironment({
      DATABASE_URL: stack.databaseUrl,
      KAFKA_BROKERS: kafka,
      CALLBACK_SECRET: stack.callbackSecret,
      SEALING_KEY: stack.sealingKey,
      MASTER_KEY: stack.masterKey,
      TOKEN_KEY: stack.tokenKey,
      PAYLOAD_KEY: key.toString('base64'),
      PAYLOAD_KEY_ID: keyId,
    })
    const told = spawnSync('node', ['local/run.mjs', 'workers/audit-check.ts'], { env })
    return { status: told.status, text: `${told.stdout.toString()}${told.stderr.toString()}` }
  }
  const told = (what: string, sql: string) =>
    eventually(what, async () => (await select(db, sql)).length > 0)

  it('is sealed, told to Kafka, and found as it was written; and one changed letter is found', async () => {
    await told('a head was told', 'SELECT 1 FROM audit_heads')
    const unsealed = 'audit_entries a LEFT JOIN audit_chain c ON c.entry_id = a.id'
    await eventually('every entry is sealed', async () => {
      const rows = await select(db, `SELECT a.id FROM ${unsealed} WHERE c.entry_id IS NULL LIMIT 1`)
      return rows.length === 0
    })
    const before = check(stack.kafka)
    expect(before.text).toMatch(/[1-9]\d* published heads? were compared/)
    expect(before.text).toContain('The audit is as it was written')
    expect(before.status).toBe(0)
    const [held] = await select<{ id: string; origin: string }>(
      db,
      "SELECT id, origin FROM audit_entries WHERE action = 'reservation.held' ORDER BY id LIMIT 1",
    )
    expect(held?.origin).toMatch(/^workflow reservation:/)
    await select(db, 'ALTER TABLE audit_entries DISABLE TRIGGER USER')
    await select(db, 'UPDATE audit_entries SET actor = $2 WHERE id = $1', [held?.id, 'somebody'])
    // An entry is found without Kafka.
    const after = check('')
    expect(after.text).toContain(`entry ${held?.id} was changed`)
    expect(after.status).toBe(1)
  }, 120_000)
})

/** The last one: whatever the stories above have done, and our workers by themselves meanwhile. */
describe('the audit', () => {
  it('has an entry of every change of a business row', async () => {
    expect(await countWitnessed(db)).toBeGreaterThan(20)
    expect(await listUnwritten(db)).toEqual([])
  })
})
