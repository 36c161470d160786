/** Forgetting somebody: nothing that names them is left, but for what the law wants kept; money, numbers and the chain stand. */
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { beginWitness, listUnwritten } from '../../db/audit-witness.ts'
import { findErasure, takeErasureBack } from '../../db/erasures.ts'
import { eraseSome } from '../../db/erasing-steps.ts'
import { setLegalHold, liftLegalHold } from '../../db/legal-holds.ts'
import { changeProfile } from '../../db/own-profile.ts'
import { changeStatus } from '../../db/people.ts'
import { ERASURE_PARTS } from '../../domain/erasures.ts'
import { KSH_1000 } from '../support/builders.ts'
import { DAY_MS } from '../../domain/time.ts'
import {
  buildBooking,
  buildCredit,
  buildCustomer,
  count,
  eventsOf,
  NOW,
} from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  ask,
  buildKnown,
  erasePart,
  eraseWhole,
  look,
  PLANTED,
  SEALED_PHONE,
  searchDump,
  type Known,
} from '../support/forgetting.ts'

const later = (ms: number) => new Date(NOW.getTime() + ms)

describe('somebody of whom every table knows something', () => {
  let db: TestDatabase
  let known: Known
  beforeAll(async () => {
    db = await createTestDatabase()
    known = await buildKnown(db)
    await beginWitness(db.owner)
  })
  afterAll(() => db.drop())

  it('is found before in all that was planted but for a phone that stands sealed alone', async () => {
    const found = await searchDump(db, PLANTED)
    for (const word of PLANTED)
      expect([word, found.join().includes(word)]).toEqual([word, word !== SEALED_PHONE])
    const tables = new Set(found.map((one) => one.split(':')[0]))
    expect([...tables]).toEqual([
      'account_links',
      'api_keys',
      'charge_parties',
      'charges',
      'customer_addresses',
      'customers',
      'idempotency_keys',
      'invoices',
      'mpesa_receipts',
      'notifications',
      'passkeys',
      'payments',
      'provider_lines',
      'provider_messages',
      'refunds',
      'reservation_parties',
      'reservations',
      'sessions',
      'users',
    ])
  })

  it('is forgotten: only the tax document still names its buyer, and the letter waits to go', async () => {
    const sums = () =>
      select(
        db,
        `SELECT (SELECT sum(amount_cents) FROM payments) AS payments, (SELECT sum(amount_cents) FROM refunds) AS refunds,
           (SELECT sum(abs(amount_cents)) FROM ledger_postings) AS ledger, (SELECT count(*) FROM mpesa_receipts) AS receipts`,
      )
    const before = await sums()
    const { id } = await ask(db, known.userId)
    expect(await look(db, id)).toEqual({ status: 'erasing', waitMs: 0 })
    await eraseWhole(db, id)
    expect(await findErasure(db, known.userId)).toMatchObject({ status: 'done' })
    expect(await sums()).toEqual(before)
    await select(db, 'UPDATE erasure_letters SET address = NULL, sent_at = now()')
    expect(await searchDump(db, PLANTED)).toEqual([
      'invoices: zawadi',
      'invoices: mwakitele',
      'invoices: plot 77 nyali',
    ])
    const [invoice] = await select<{ email: unknown }>(
      db,
      "SELECT bill_to -> 'email' AS email FROM invoices WHERE id = $1",
      [known.invoiceId],
    )
    expect(invoice?.email).toBeNull()
  })

  it('keeps the number, and nobody comes in by the account', async () => {
    const row = await selectOne<object>(
      db,
      `SELECT first_name, last_name, status, email, phone, password_hash, erased_at IS NOT NULL AS erased
       FROM users WHERE id = $1`,
      [known.userId],
    )
    expect(row).toEqual({
      first_name: 'Erased customer',
      last_name: known.number.slice(4),
      status: 'deleted',
      email: null,
      phone: null,
      password_hash: null,
      erased: true,
    })
    for (const table of ['sessions', 'api_keys', 'passkeys', 'authenticators', 'role_assignments'])
      expect(await count(db, `${table} WHERE user_id = $1`, [known.userId])).toBe(0)
  })

  it('has no key any more, so that what was encrypted is lost in every backup', async () => {
    expect(await count(db, 'subject_keys WHERE subject_id = $1', [known.userId])).toBe(0)
  })

  it('is told to whoever holds copies, once and by the id alone', async () => {
    expect(await eventsOf(db, known.userId)).toEqual([
      {
        type: 'customer.erased',
        version: 1,
        data: { customer_id: known.userId, erased_at: expect.any(String) },
      },
    ])
  })

  it('leaves an entry for every change of a business row', async () => {
    expect(await listUnwritten(db.owner)).toEqual([])
    const rows = await select<{ action: string }>(
      db,
      "SELECT DISTINCT action FROM audit_entries WHERE action LIKE 'erasure.%' OR action = 'customer.erased' ORDER BY 1",
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'customer.erased',
      'erasure.account',
      'erasure.asked',
      'erasure.begun',
      'erasure.overwritten',
    ])
  })

  it('changes nothing when it is done again', async () => {
    const { id } = (await findErasure(db, known.userId)) as { id: string }
    const entries = await count(db, 'audit_entries')
    await eraseWhole(db, id)
    expect(await count(db, 'audit_entries')).toBe(entries)
  })

  it('is not opened again, nor asked about again', async () => {
    const open = inTransaction(db, (tx) =>
      changeStatus(tx, known.userId, { status: 'active', why: 'x', actorId: 'someone' }),
    )
    await expect(open).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ask(db, known.userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const hold = inTransaction(db, (tx) =>
      setLegalHold(tx, { userId: known.userId, why: 'x', actorId: 'm' }),
    )
    await expect(hold).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lets an issued invoice lose its buyer only when its time is over', async () => {
    const nobody = '{"name": "Erased customer", "pin": null, "address": [], "email": null}'
    const forget = () =>
      select(db, 'UPDATE invoices SET bill_to = $2 WHERE id = $1', [known.invoiceId, nobody])
    await expect(forget()).rejects.toThrow('it can only be credited')
    await select(db.owner, 'ALTER TABLE invoices DISABLE TRIGGER invoices_keep')
    await select(db.owner, "UPDATE invoices SET issued_at = issued_at - interval '7 years'")
    await select(db.owner, 'ALTER TABLE invoices ENABLE TRIGGER invoices_keep')
    await expect(
      select(db, 'UPDATE invoices SET bill_to = bill_to || \'{"name": "Somebody"}\''),
    ).rejects.toThrow('it can only be credited')
    await forget()
    expect(await searchDump(db, PLANTED)).toEqual([])
  })
})

describe('an erasure that is cut off', () => {
  it.each(ERASURE_PARTS)('goes on after %s and ends the same', async (cut) => {
    const db = await createTestDatabase()
    try {
      const { userId } = await buildKnown(db)
      const { id } = await ask(db, userId)
      await look(db, id)
      for (const part of ERASURE_PARTS.slice(0, ERASURE_PARTS.indexOf(cut)))
        await erasePart(db, id, part)
      const half = inTransaction(db, async (tx) => {
        await eraseSome(tx, id, cut)
        throw new Error('the process was killed')
      })
      await expect(half).rejects.toThrow('killed')
      await eraseWhole(db, id)
      await select(db, 'UPDATE erasure_letters SET address = NULL')
      expect(await searchDump(db, PLANTED)).toHaveLength(3)
    } finally {
      await db.drop()
    }
  })
})

describe('a wish to be forgotten', () => {
  let db: TestDatabase
  let userId: string
  beforeAll(async () => {
    db = await createTestDatabase()
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    userId = await buildCustomer(db)
  })
  afterEach(() =>
    select(db, "UPDATE reservations SET status = 'completed' WHERE status = 'pending'"),
  )
  const letters = async () =>
    (
      await select<{ kind: string }>(
        db,
        `SELECT l.kind FROM erasure_letters l JOIN erasures e ON e.id = l.erasure_id WHERE e.user_id = $1
         ORDER BY l.created_at, l.kind`,
        [userId],
      )
    ).map(({ kind }) => kind)

  it('is refused at once while something is open, with every reason', async () => {
    await buildBooking(db, { customerId: userId })
    await buildCredit(db, userId, KSH_1000)
    const erasure = await ask(db, userId)
    expect(erasure).toMatchObject({ status: 'refused', needs: ['booking', 'credit'] })
    expect(await letters()).toEqual(['refused'])
  })

  it('is refused for whoever works here', async () => {
    await select(db, "UPDATE users SET kind = 'employee' WHERE id = $1", [userId])
    expect(await ask(db, userId)).toMatchObject({ status: 'refused', needs: ['works_here'] })
  })

  it('waits for its time, one at a time, and is taken back by whoever asked', async () => {
    const asked = await ask(db, userId, { coolingMs: 7 * DAY_MS })
    expect((await ask(db, userId)).id).toBe(asked.id)
    expect(await look(db, asked.id)).toEqual({ status: 'waiting', waitMs: DAY_MS })
    expect(await look(db, asked.id, later(7 * DAY_MS - 5_000))).toEqual({
      status: 'waiting',
      waitMs: 5_000,
    })
    expect(await inTransaction(db, (tx) => takeErasureBack(tx, userId, userId))).toBe(true)
    expect(await look(db, asked.id, later(8 * DAY_MS))).toEqual({ status: 'taken_back', waitMs: 0 })
    expect(await inTransaction(db, (tx) => takeErasureBack(tx, userId, userId))).toBe(false)
    expect(await letters()).toEqual(['asked', 'taken_back'])
    expect(await ask(db, userId)).toMatchObject({ status: 'waiting' })
  })

  it('is delayed by what is opened meanwhile, said once, and refused after ninety days', async () => {
    const { id } = await ask(db, userId)
    await buildBooking(db, { customerId: userId })
    expect(await look(db, id)).toEqual({ status: 'waiting', waitMs: DAY_MS })
    await look(db, id, later(DAY_MS))
    expect(await letters()).toEqual(['asked', 'delayed'])
    expect(await look(db, id, later(91 * DAY_MS))).toEqual({ status: 'refused', waitMs: 0 })
    expect(await letters()).toEqual(['asked', 'delayed', 'refused'])
  })

  it('waits for a hold of the law, and goes on when that is lifted', async () => {
    const { id } = await ask(db, userId)
    const say = { userId, why: 'a court asks', actorId: 'manager' }
    await inTransaction(db, (tx) => setLegalHold(tx, say))
    await inTransaction(db, (tx) => setLegalHold(tx, say))
    expect(await look(db, id)).toMatchObject({ status: 'waiting' })
    expect(await findErasure(db, userId)).toMatchObject({ needs: ['legal_hold'] })
    expect(await inTransaction(db, (tx) => liftLegalHold(tx, say))).toBe(true)
    expect(await look(db, id)).toEqual({ status: 'erasing', waitMs: 0 })
  })

  it('is not taken back once it has begun', async () => {
    const { id } = await ask(db, userId)
    await look(db, id)
    expect(await inTransaction(db, (tx) => takeErasureBack(tx, userId, userId))).toBe(false)
  })

  it('keeps the account’s name while something slipped in after it had begun', async () => {
    const { id } = await ask(db, userId)
    await look(db, id)
    const { input } = await buildBooking(db, { customerId: userId })
    expect(await erasePart(db, id, 'bookings')).toBe('all')
    expect(await erasePart(db, id, 'account')).toBe('wait')
    await select(db, "UPDATE reservations SET status = 'expired' WHERE id = $1", [
      input.reservationId,
    ])
    await eraseWhole(db, id)
    expect(await searchDump(db, [input.parties[0]?.phone.slice(4) ?? 'none'])).toEqual([])
  })

  it('leaves strangers alone whose number somebody wrote beside an account', async () => {
    const { input } = await buildBooking(db)
    const phone = input.parties[0]?.phone
    await select(db, "UPDATE reservations SET status = 'completed' WHERE id = $1", [
      input.reservationId,
    ])
    await inTransaction(db, (tx) => changeProfile(tx, userId, { phone }))
    const { id } = await ask(db, userId)
    await look(db, id)
    await eraseWhole(db, id)
    const theirs = phoneIndex(db, phone ?? '')
    expect(await count(db, 'reservation_parties WHERE phone_index = $1', [theirs])).toBe(1)
  })
})
