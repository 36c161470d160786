/**
 * Phones of those who share a charge or a booking are sealed beside a release that knows nothing of it: each reads what the other
 * writes, and nothing is left open in the end.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { whatForbidsErasing } from '../../db/account-needs.ts'
import { createUser } from '../../db/accounts.ts'
import { findCharge } from '../../db/charge-reads.ts'
import { searchCharges } from '../../db/charge-search.ts'
import { openCharge } from '../../db/charges.ts'
import { connectDatabase, inTransaction, select, selectOne } from '../../db/connection.ts'
import { BOOKINGS, CHARGES } from '../../db/erasing-bookings.ts'
import { overwrite } from '../../db/erasing.ts'
import { EXPORT_SECTIONS } from '../../db/export-sections.ts'
import { findOwner, readSection } from '../../db/gathering.ts'
import { beat } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { mayMean, partyOf } from '../../db/paybill-payments.ts'
import { lockOwner, type PaymentOwner } from '../../db/payment-owners.ts'
import { holdReservation } from '../../db/reservation-holding.ts'
import { findReservation, searchReservations } from '../../db/reservation-reads.ts'
import { overwriteOld } from '../../db/retention.ts'
import { RETENTION_RULES } from '../../db/retention-rules.ts'
import { emptyOpenPhones, sealOpenPhones } from '../../db/sealing-payer-phones.ts'
import { ERASED_NAME, type Need } from '../../domain/erasures.ts'
import { maskPhone } from '../../domain/payments.ts'
import { DAY_MS } from '../../domain/time.ts'
import { UnreadableValue } from '../../domain/vault.ts'
import {
  buildBooking,
  buildCustomer,
  buildParty,
  buildReservationInput,
  count,
  nextPeriod,
  nextPhone,
  NOW,
} from '../support/builders.ts'
import { buildCharge, buildChargeInput } from '../support/charges.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

type On = TestDatabase | ReturnType<typeof connectDatabase>
/** Something that two people share, the first of whom has it. */
type Shared = { id: string; customerId: string; partyId: string; phone: string }
type Kind = {
  what: 'charge' | 'reservation'
  build: (customerId?: string) => Promise<Shared>
  /** Once more, by this connection. */
  write: (on: On) => Promise<string>
  phones: (id: string) => Promise<(string | undefined)[]>
  search: (text: string) => Promise<string[]>
  /** As when it ended. */
  over: string
  erasing: typeof CHARGES
  need: Need
  migration: string
}

const ofCharge: Kind = {
  what: 'charge',
  build: async (customerId) => {
    const parties = [buildParty(), buildParty()]
    const { input } = await buildCharge(db, { parties, ...(customerId ? { customerId } : {}) })
    const [{ id: partyId, phone }] = input.parties as [(typeof parties)[0]]
    return { id: input.chargeId, customerId: input.customerId, partyId, phone }
  },
  write: async (on) => {
    const input = buildChargeInput(await buildCustomer(db))
    expect(await inTransaction(on, (tx) => openCharge(tx, input, NOW))).toMatchObject({
      outcome: 'opened',
    })
    return input.parties[0]?.id ?? ''
  },
  phones: async (id) => (await findCharge(db, id, NOW))?.parties.map(({ phone }) => phone) ?? [],
  search: async (text) => (await searchCharges(db, text)).map(({ id }) => id),
  over: "UPDATE charges SET status = 'cancelled', ended_at = $2 WHERE id = $1",
  erasing: CHARGES,
  need: 'charge',
  migration: '0111-sealed-charge-phones',
}

const ofBooking: Kind = {
  what: 'reservation',
  build: async (customerId) => {
    const parties = [buildParty(), buildParty()]
    const { input } = await buildBooking(db, { parties, ...(customerId ? { customerId } : {}) })
    const [{ id: partyId, phone }] = input.parties as [(typeof parties)[0]]
    return { id: input.reservationId, customerId: input.customerId, partyId, phone }
  },
  write: async (on) => {
    const input = buildReservationInput(await buildCustomer(db), { trip: nextPeriod() })
    expect(await inTransaction(on, (tx) => holdReservation(tx, input, NOW))).toMatchObject({
      outcome: 'held',
    })
    return input.parties[0]?.id ?? ''
  },
  phones: async (id) => (await findReservation(db, id))?.parties.map(({ phone }) => phone) ?? [],
  search: async (text) => (await searchReservations(db, text)).map(({ id }) => id),
  over: `UPDATE reservations SET status = 'cancelled', ended_at = $2, pickup_at = $2::timestamptz - interval '1 hour',
    return_at = $2 WHERE id = $1`,
  erasing: BOOKINGS,
  need: 'booking',
  migration: '0112-sealed-booking-phones',
}

describe.each([ofCharge, ofBooking])('of a $what', (kind) => {
  const { what, build, phones } = kind
  const table = `${what}_parties` as const

  type Kept = { open: string | null; sealed: boolean; found: boolean }
  const kept = (partyId: string) =>
    selectOne<Kept>(
      db,
      `SELECT phone AS open, phone_sealed IS NOT NULL AS sealed, phone_index IS NOT NULL AS found FROM ${table} WHERE id = $1`,
      [partyId],
    )
  const GONE: Kept = { open: null, sealed: false, found: false }
  /** As the release before writes one: the third. */
  async function addBefore({ id }: Shared) {
    const [partyId, phone] = [randomUUID(), nextPhone()]
    await select(
      db,
      `INSERT INTO ${table} (id, ${what}_id, position, name, phone, share_cents) VALUES ($1, $2, 2, 'Third', $3, 0)`,
      [partyId, id, phone],
    )
    return { partyId, phone }
  }
  const sealAll = async () => {
    while (await sealOpenPhones(db, table));
  }
  const emptyAll = async () => {
    await sealAll()
    while (await emptyOpenPhones(db, table));
  }
  const end = ({ id }: Shared, at = NOW) => select(db, kind.over, [id, at])

  /** A release from before may be at work. */
  beforeEach(() =>
    select(db.owner, 'INSERT INTO read_by_older_release VALUES ($1) ON CONFLICT DO NOTHING', [
      table,
    ]),
  )

  describe('beside the release before', () => {
    it('a phone is sealed, and written as that one reads it', async () => {
      const { id, partyId, phone } = await build()
      expect(await kept(partyId)).toEqual({ open: phone, sealed: true, found: true })
      expect((await phones(id))[0]).toBe(phone)
    })

    it('what that one writes is read at once, and sealed', async () => {
      const shared = await build()
      const { partyId, phone } = await addBefore(shared)
      expect((await phones(shared.id))[2]).toBe(phone)
      await sealAll()
      expect(await kept(partyId)).toEqual({ open: phone, sealed: true, found: true })
      expect((await phones(shared.id))[2]).toBe(phone)
    })

    it('what that one forgets is forgotten sealed as well, and is no phone to seal', async () => {
      const { id, partyId } = await build()
      await select(db, `UPDATE ${table} SET name = $2, phone = '' WHERE id = $1`, [
        partyId,
        ERASED_NAME,
      ])
      expect((await phones(id))[0]).toBe('')
      await sealAll()
      expect(await kept(partyId)).toEqual({ open: '', sealed: false, found: false })
      await emptyAll()
      expect(await kept(partyId)).toEqual(GONE)
      expect((await phones(id))[0]).toBe('')
    })
  })

  describe('once the release before is gone', () => {
    beforeEach(emptyAll)

    it('nothing stands open, nothing is written so, and every phone is read', async () => {
      const shared = await build()
      const before = await addBefore(shared)
      await emptyAll()
      const later = await build()
      expect(await count(db, `${table} WHERE phone IS NOT NULL`)).toBe(0)
      expect(await phones(shared.id)).toEqual([shared.phone, expect.any(String), before.phone])
      expect((await phones(later.id))[0]).toBe(later.phone)
      const told = "audit_entries WHERE entity_id = $1 AND action = 'personal_columns.emptied'"
      expect(await count(db, told, [table])).toBeGreaterThan(0)
    })

    it('it is found by the whole phone, and by no part of it', async () => {
      const { id, phone } = await build()
      expect(await kind.search(phone.replace('+254', '0'))).toEqual([id])
      expect(await kind.search(phone.slice(-6))).toEqual([])
    })

    it('money by hand is known by the phone it came from', async () => {
      const { id, partyId } = await build()
      const [, second = ''] = await phones(id)
      const seen = (payer: string) =>
        inTransaction(db, async (tx) => {
          const owner = (await lockOwner(tx, what, id)) as PaymentOwner
          const money = { payer } as Parameters<typeof mayMean>[2]
          return {
            party: await partyOf(tx, owner, money),
            means: await mayMean(tx, { ...owner, full: true }, money),
          }
        })
      const [, other] = await select<{ id: string }>(
        db,
        `SELECT id FROM ${table} WHERE ${what}_id = $1 ORDER BY position`,
        [id],
      )
      expect(await seen(second.slice(1))).toEqual({ party: other?.id, means: true })
      expect(await seen(nextPhone().slice(1))).toEqual({ party: partyId, means: false })
    })

    it('whoever holds a restored row reads it with no other key, and in no other place', async () => {
      const [one, other] = [await build(), await build()]
      const copy = `UPDATE ${table} p SET phone_sealed = o.phone_sealed FROM ${table} o WHERE o.id = $1 AND p.id = $2`
      await select(db, copy, [one.partyId, other.partyId])
      await expect(phones(other.id)).rejects.toThrow(UnreadableValue)
      await select(
        db.owner,
        `UPDATE subject_keys k SET wrapped = o.wrapped FROM subject_keys o WHERE k.subject_id = $1 AND o.subject_id = $2`,
        [one.customerId, other.customerId],
      )
      await expect(phones(one.id)).rejects.toThrow(UnreadableValue)
    })

    it('no statement more is made: it is sealed by a key that came along', async () => {
      const asked: string[] = []
      const log = (sql: string) => void asked.push(sql)
      const own = connectDatabase({
        url: db.url,
        pool: 1,
        applicationName: 'gari-tests',
        vault: testVault,
        log,
      })
      try {
        expect(await kept(await kind.write(own))).toMatchObject({ open: null, sealed: true })
      } finally {
        await own.close()
      }
      expect(asked.some((sql) => sql.includes(`INTO ${table}`))).toBe(true)
      expect(asked.filter((sql) => /(?:INTO|FROM) subject_keys (?!k\b)/.test(sql))).toEqual([])
    })
  })

  describe('who is forgotten', () => {
    const NOBODY = randomUUID()
    const forget = (userId: string, phone: string | null) =>
      inTransaction(db, async (tx) => {
        for (const part of kind.erasing) await overwrite(tx, part, { userId, phone })
      })
    /** Somebody whose phone is proven. */
    async function prove(phone: string): Promise<string> {
      const { userId } = await inTransaction(db, (tx) =>
        createUser(tx, {
          kind: 'customer',
          email: `${randomUUID()}@example.com`,
          passwordHash: 'not-a-hash',
          firstName: 'Akinyi',
          lastName: 'Odera',
          phone,
          phoneVerified: true,
        }),
      )
      return userId
    }

    it('is found by their proven phone in what is another’s, when it is over', async () => {
      await emptyAll()
      const [over, standing] = [await build(), await build()]
      await end(over)
      for (const { phone } of [over, standing]) await forget(NOBODY, phone)
      expect(await kept(over.partyId)).toEqual(GONE)
      expect((await phones(over.id))[0]).toBe('')
      expect((await phones(over.id))[1]).not.toBe('')
      expect((await phones(standing.id))[0]).toBe(standing.phone)
    })

    it('takes along what the release before still shows, and everybody in what was theirs', async () => {
      const shared = await build()
      await end(shared)
      await forget(shared.customerId, null)
      expect(await kept(shared.partyId)).toEqual({ open: '', sealed: false, found: false })
      expect(await phones(shared.id)).toEqual(['', ''])
      await emptyAll()
      expect(await kept(shared.partyId)).toEqual(GONE)
    })

    it('leaves nothing to read in a backup, once their key is destroyed', async () => {
      await emptyAll()
      const { id, customerId } = await build()
      await select(db, 'DELETE FROM subject_keys WHERE subject_id = $1', [customerId])
      expect(await phones(id)).toEqual(['', ''])
    })

    it('waits for what they share in, known by their proven phone', async () => {
      await emptyAll()
      const shared = await build()
      const userId = await prove(shared.phone)
      expect(await whatForbidsErasing(db, userId)).toEqual([kind.need])
      await end(shared)
      expect(await whatForbidsErasing(db, userId)).toEqual([])
    })

    it('reads their own phone in a copy of what we hold, and another’s cut', async () => {
      await emptyAll()
      const section = EXPORT_SECTIONS.find(({ tables }) => tables.includes(table))
      if (!section) throw new Error('no section')
      const theirs = await prove(nextPhone())
      const [own, shared] = [await build(theirs), await build()]
      const userId = await prove(shared.phone)
      const told = (whose: string) =>
        inTransaction(db, async (tx) => {
          const owner = await findOwner(tx, whose)
          if (!owner) throw new Error('no such person')
          return (await readSection(tx, section, owner, '')).records.map((one) => one['phone'])
        })
      expect(await told(userId)).toEqual([shared.phone])
      const masked = (await phones(own.id)).map((phone) => maskPhone(phone ?? ''))
      expect(await told(theirs)).toEqual(masked)
    })

    it('is nobody any more when the time of what they shared is over', async () => {
      await emptyAll()
      const [old, young] = [await build(), await build()]
      const before = new Date(NOW.getTime() - DAY_MS)
      await end(old, new Date(before.getTime() - DAY_MS))
      await end(young)
      const rule = RETENTION_RULES.find((one) => one.table === table)
      if (!rule) throw new Error('no rule')
      expect(await overwriteOld(db, rule, before)).toBe(2)
      expect(await kept(old.partyId)).toEqual(GONE)
      expect((await phones(young.id))[0]).toBe(young.phone)
      expect(await overwriteOld(db, rule, before)).toBe(0)
    })
  })

  describe('the migration', () => {
    const again = async () => {
      await select(db.owner, 'DELETE FROM migrations WHERE name = $1', [kind.migration])
      await select(db.owner, 'DELETE FROM read_by_older_release')
      return migrateDatabase(db.migrationUrl, MIGRATIONS, testVault)
    }

    it('seals what it finds, and leaves it to a release before that was ever at work', async () => {
      await select(db.owner, 'DELETE FROM heartbeats')
      const { partyId, phone } = await addBefore(await build())
      expect(await again()).toEqual([kind.migration])
      expect(await kept(partyId)).toEqual({ open: phone, sealed: true, found: true })
      expect(await count(db, 'read_by_older_release')).toBe(0)
      await inTransaction(db, (tx) =>
        beat(tx, { part: 'business', instance: 'a', version: '0.1.0', detail: null }),
      )
      await again()
      expect(await count(db, 'read_by_older_release WHERE table_name = $1', [table])).toBe(1)
    })
  })
})
