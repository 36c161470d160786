import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { appendAudit } from '../../db/audit.ts'
import { inTransaction, select } from '../../db/connection.ts'
import { postEntry, readBalances } from '../../db/ledger.ts'
import {
  appendEvents,
  countOutbox,
  deleteOutboxRows,
  leadOutbox,
  takeOutboxBatch,
} from '../../db/outbox.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { earnedEntry, paymentEntry, refundEntry, type LedgerEntry } from '../../domain/ledger.ts'
import { cents, shillings, negate, ZERO, type Cents } from '../../domain/money.ts'
import { buildBooking, buildCustomer, buildPaid, count, eventsOf } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

const paid = (paymentId: string, amount: Cents, credited = ZERO) =>
  paymentEntry({
    paymentId,
    type: 'rental',
    ownerId: randomUUID(),
    customerId: randomUUID(),
    amount,
    credited,
    from: 'mpesa_clearing',
  })
const refunded = (refundId: string, amount: Cents) =>
  refundEntry({
    refundId,
    amount,
    to: { account: 'mpesa_clearing' },
  })
const post = (entry: LedgerEntry) => inTransaction(db, (tx) => postEntry(tx, entry))

describe('the ledger', () => {
  it('posts each reference of a kind once', async () => {
    const entry = paid(randomUUID(), shillings(4_500))
    const before = await readBalances(db)
    expect([await post(entry), await post(entry)]).toEqual([true, false])
    const after = await readBalances(db)
    expect(after.mpesa_clearing - before.mpesa_clearing).toBe(shillings(4_500))
    expect(after.customer_deposits - before.customer_deposits).toBe(negate(shillings(4_500)))
  })

  it.each<[string, LedgerEntry['postings']]>([
    [
      'one cent short',
      [
        { account: 'mpesa_clearing', amount: cents(100) },
        { account: 'customer_deposits', amount: cents(-99) },
      ],
    ],
    ['one-sided', [{ account: 'mpesa_clearing', amount: cents(100) }]],
    ['empty', []],
    [
      'nothing moved',
      [
        { account: 'mpesa_clearing', amount: cents(0) },
        { account: 'customer_deposits', amount: cents(0) },
      ],
    ],
  ])('refuses an entry that is %s, with its whole transaction', async (_, postings) => {
    const reference = randomUUID()
    const posting = inTransaction(db, async (tx) => {
      await postEntry(tx, { kind: 'payment', reference, postings })
      // What the commit would say, asked one moment earlier: a failed commit costs the connection.
      await select(tx, 'SET CONSTRAINTS ALL IMMEDIATE')
    })
    await expect(posting).rejects.toThrow(/balance|check constraint/)
    expect(await count(db, 'ledger_entries WHERE reference = $1', [reference])).toBe(0)
  })

  it('refuses a posting added to a balanced entry afterwards', async () => {
    const reference = randomUUID()
    await post(paid(reference, shillings(10)))
    await expect(
      select(
        db,
        `INSERT INTO ledger_postings (entry_id, account, amount_cents)
         SELECT id, 'vat_output', 1 FROM ledger_entries WHERE reference = $1`,
        [reference],
      ),
    ).rejects.toThrow(/balance/)
  })

  it('keeps what is over as the customer’s credit', async () => {
    const before = await readBalances(db)
    await post(paid(randomUUID(), shillings(5_000), shillings(2_000)))
    const after = await readBalances(db)
    expect(after.customer_deposits - before.customer_deposits).toBe(negate(shillings(3_000)))
    expect(after.customer_credit - before.customer_credit).toBe(negate(shillings(2_000)))
  })

  it('sums to zero over any mixture of payments, refunds and earnings', async () => {
    const entry = fc
      .tuple(fc.constantFrom(paid, refunded, earnedEntry), fc.integer({ min: 100, max: 10 ** 12 }))
      .map(([build, amount]) => build(randomUUID(), cents(amount)))
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (entries) => {
        for (const one of entries) await post(one)
        const balances = Object.values(await readBalances(db))
        expect(balances.reduce((sum, one) => sum + one, 0)).toBe(0)
      }),
      { numRuns: 20 },
    )
  })
})

describe('what is written stays written', () => {
  it.each(['ledger_entries', 'ledger_postings', 'audit_entries'])('in %s', async (table) => {
    await post(paid(randomUUID(), shillings(1)))
    await inTransaction(db, (tx) =>
      appendAudit(tx, { actor: 'test', action: 'tested', entity: 'test', entityId: '1' }),
    )
    const column = table === 'ledger_postings' ? 'amount_cents = amount_cents' : 'id = DEFAULT'
    await expect(select(db.owner, `UPDATE ${table} SET ${column}`)).rejects.toThrow(/append-only/)
    await expect(select(db.owner, `DELETE FROM ${table}`)).rejects.toThrow(/append-only/)
    await expect(select(db.owner, `TRUNCATE ${table} CASCADE`)).rejects.toThrow(/append-only/)
  })
})

describe('the audit trail', () => {
  it('follows a booking through its money, without a phone or a name', async () => {
    const customerId = await buildCustomer(db)
    const booking = await buildBooking(db, { customerId })
    const { paymentId } = await buildPaid(db, booking, booking.held.total)
    const lines = await select<{ action: string; actor: string }>(
      db,
      'SELECT action, actor, before, after, why FROM audit_entries WHERE entity_id = ANY($1) ORDER BY id',
      [[booking.input.reservationId, paymentId]],
    )
    expect(lines.map(({ action }) => action)).toEqual([
      'reservation.held',
      'payment.requested',
      'payment.prompted',
      'payment.settled',
      'reservation.confirmed',
    ])
    expect(lines[0]?.actor).toBe(customerId)
    expect(JSON.stringify(lines)).not.toMatch(/\+?2547\d{8}|Wanjiku/)
  })
})

const buildEvent = (key: string, version: number): DomainEvent => ({
  type: 'vehicle.held',
  key,
  version,
  data: { vehicle_id: key, hold_id: key, purpose: 'test', from: '', to: '', reason: null },
})
const empty = () => select(db, 'DELETE FROM outbox RETURNING id')

describe('the outbox', () => {
  it('keeps what was rolled back out', async () => {
    const key = randomUUID()
    const failing = inTransaction(db, async (tx) => {
      await appendEvents(tx, [buildEvent(key, 1)])
      throw new Error('changed our mind')
    })
    await expect(failing).rejects.toThrow('changed our mind')
    expect(await eventsOf(db, key)).toEqual([])
  })

  it('takes no version of a key twice', async () => {
    const key = randomUUID()
    await inTransaction(db, (tx) => appendEvents(tx, [buildEvent(key, 1)]))
    await expect(
      inTransaction(db, (tx) => appendEvents(tx, [buildEvent(key, 1)])),
    ).rejects.toMatchObject({ name: 'SequelizeUniqueConstraintError' })
  })

  it('hands each key out in version order, however many wrote at once', async () => {
    await empty()
    const keys = [randomUUID(), randomUUID(), randomUUID()]
    const append = (key: string) =>
      inTransaction(db, async (tx) => {
        // As every store does it: the version is taken under the lock of the row that the key names.
        await select(tx, 'SELECT pg_advisory_xact_lock(hashtext($1))', [key])
        const version = 1 + (await count(tx, 'outbox WHERE key = $1', [key]))
        await appendEvents(tx, [buildEvent(key, version)])
      })
    await Promise.all(keys.flatMap((key) => Array.from({ length: 20 }, () => append(key))))
    const seen = new Map<string, number>()
    let total = 0
    for (let taken = 1; taken > 0;) {
      taken = await inTransaction(db, async (tx) => {
        const rows = await takeOutboxBatch(tx, 7)
        for (const { key, version } of rows) {
          expect(version).toBe((seen.get(key) ?? 0) + 1)
          seen.set(key, version)
        }
        await deleteOutboxRows(
          tx,
          rows.map((row) => row.id),
        )
        return rows.length
      })
      total += taken
    }
    expect(total).toBe(60)
    expect(await countOutbox(db)).toBe(0)
  })

  it('gives rows back when the relay dies between sending and deleting', async () => {
    await empty()
    const key = randomUUID()
    await inTransaction(db, (tx) => appendEvents(tx, [buildEvent(key, 1), buildEvent(key, 2)]))
    const dying = inTransaction(db, async (tx) => {
      const rows = await takeOutboxBatch(tx, 10)
      await deleteOutboxRows(
        tx,
        rows.map((row) => row.id),
      )
      throw new Error('killed')
    })
    await expect(dying).rejects.toThrow('killed')
    const again = await inTransaction(db, (tx) => takeOutboxBatch(tx, 10))
    expect(again.map(({ version }) => version)).toEqual([1, 2])
  })

  it('has one leader at a time', async () => {
    await inTransaction(db, async (tx) => {
      expect(await leadOutbox(tx)).toBe(true)
      expect(await inTransaction(db, (other) => leadOutbox(other))).toBe(false)
    })
    expect(await inTransaction(db, (tx) => leadOutbox(tx))).toBe(true)
  })
})
