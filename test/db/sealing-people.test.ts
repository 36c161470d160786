/** Phones and days of birth from before are sealed beside whoever goes on writing them, and nothing of them is lost. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findContact, findOrCreateGuest } from '../../db/accounts.ts'
import { changeCompany, findCompany } from '../../db/companies.ts'
import { connectDatabase, inTransaction, select, selectOne } from '../../db/connection.ts'
import { findCustomer } from '../../db/customers.ts'
import { beat, isAnotherReleaseAtWork } from '../../db/heartbeats.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { MIGRATIONS } from '../../db/migrations/index.ts'
import { isOnePerson } from '../../db/one-person.ts'
import { changeProfile } from '../../db/own-profile.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { emptyOpenCompanies, sealOpenCompanies } from '../../db/sealing-companies.ts'
import { emptyOpenPeople, sealOpenPeople } from '../../db/sealing-people.ts'
import { buildCompany, COMPANY, count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, testVault, type TestDatabase } from '../support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

/** As the release before writes somebody. */
async function writtenBefore({ phone = nextPhone(), guest = false, born = '1990-01-31' } = {}) {
  const id = randomUUID()
  await select(
    db,
    `INSERT INTO users (id, kind, email, first_name, last_name, phone, phone_verified, date_of_birth)
     VALUES ($1, 'customer', $2, 'Before', 'Us', $3, $4, $5) RETURNING id`,
    [id, guest ? null : `${id}@example.com`, phone, guest, born],
  )
  await select(db, 'INSERT INTO customers (user_id) VALUES ($1) RETURNING user_id', [id])
  return { id, phone, born }
}

const rowOf = (id: string) =>
  selectOne<{ phone: string | null; born: string | null; version: number; verified: boolean }>(
    db,
    'SELECT phone, date_of_birth::text AS born, version, phone_verified AS verified FROM users WHERE id = $1',
    [id],
  )
const sealAll = async () => {
  while (await sealOpenPeople(db));
}
const emptyAll = async () => {
  while (await emptyOpenPeople(db));
}
const guestOf = (phone: string) =>
  inTransaction(db, (tx) => findOrCreateGuest(tx, { phone, firstName: 'A', lastName: 'Guest' }))

describe('what stood open', () => {
  it('is sealed, found by its index, and read; and stays for the release before', async () => {
    const { id, phone, born } = await writtenBefore()
    await sealAll()
    expect(await findCustomer(db, id)).toMatchObject({ phone, bornOn: born })
    expect(await count(db, 'users WHERE phone_index = $1', [phoneIndex(db, phone)])).toBe(1)
    expect(await rowOf(id)).toMatchObject({ phone, born, version: 1 })
  })

  it('is emptied when that release is gone, and what it said stands', async () => {
    const { id, phone, born } = await writtenBefore()
    await emptyAll()
    expect(await rowOf(id)).toMatchObject({ phone, born })
    await sealAll()
    await emptyAll()
    expect(await rowOf(id)).toMatchObject({ phone: null, born: null, version: 1 })
    expect(await findCustomer(db, id)).toMatchObject({ phone, bornOn: born })
    expect(await count(db, 'users WHERE phone IS NOT NULL OR date_of_birth IS NOT NULL')).toBe(0)
    expect(
      await count(
        db,
        "audit_entries WHERE action IN ('personal_columns.sealed', 'personal_columns.emptied')",
      ),
    ).toBeGreaterThanOrEqual(2)
  })

  it('is sealed anew when that release writes something else, and forgotten when it takes it away', async () => {
    const { id } = await writtenBefore()
    await sealAll()
    const other = nextPhone()
    await select(db, "UPDATE users SET phone = $2, date_of_birth = '1985-05-05' WHERE id = $1", [
      id,
      other,
    ])
    expect(await findCustomer(db, id)).toMatchObject({ phone: null, bornOn: null })
    await sealAll()
    expect(await findCustomer(db, id)).toMatchObject({ phone: other, bornOn: '1985-05-05' })
    await select(db, 'UPDATE users SET phone = NULL WHERE id = $1', [id])
    expect(await findCustomer(db, id)).toMatchObject({ phone: null, bornOn: '1985-05-05' })
  })

  it('is overtaken by what this release writes', async () => {
    const { id } = await writtenBefore()
    await sealAll()
    const phone = nextPhone()
    await inTransaction(db, (tx) => changeProfile(tx, id, { phone }))
    expect(await rowOf(id)).toMatchObject({ phone: null })
    await inTransaction(db, (tx) => changeProfile(tx, id, { firstName: 'Later' }))
    await sealAll()
    expect(await findContact(db, id)).toMatchObject({ phone, verified: false })
  })

  it('is one person with whom this release knows by the same phone', async () => {
    const { id, phone } = await writtenBefore({ guest: true })
    await sealAll()
    expect(await guestOf(phone)).toEqual({ userId: id })
    const twice = await writtenBefore({ phone })
    await sealAll()
    expect(await isOnePerson(db, id, twice.id)).toBe(true)
  })

  it('of a guest who came in by both releases in one minute leaves one account by that phone', async () => {
    const phone = nextPhone()
    const { userId } = await guestOf(phone)
    const other = await writtenBefore({ phone, guest: true })
    await sealAll()
    expect(await guestOf(phone)).toEqual({ userId })
    expect(await rowOf(other.id)).toMatchObject({ verified: false })
    expect(await findContact(db, other.id)).toEqual({ phone, verified: false })
  })
})

describe('the phone of a company’s contact', () => {
  it('takes the same way', async () => {
    const { id } = await buildCompany(db)
    const before = nextPhone()
    await select(db, 'UPDATE companies SET contact_phone = $2 WHERE id = $1', [id, before])
    expect((await findCompany(db, id))?.contact.phone).toBe('')
    while (await sealOpenCompanies(db));
    expect((await findCompany(db, id))?.contact.phone).toBe(before)
    while (await emptyOpenCompanies(db));
    expect(await count(db, 'companies WHERE contact_phone IS NOT NULL')).toBe(0)
    const { version, ...facts } = (await findCompany(db, id)) ?? { ...COMPANY, version: 0 }
    expect(facts.contact.phone).toBe(before)
    const phone = nextPhone()
    const change = { ...facts, contact: { ...facts.contact, phone } }
    await inTransaction(db, (tx) =>
      changeCompany(tx, id, { facts: change, version, actorId: 'finance' }),
    )
    expect((await findCompany(db, id))?.contact.phone).toBe(phone)
  })
})

describe('a person who is erased', () => {
  it('is listed without a phone from the next question on', async () => {
    const { userId } = await guestOf(nextPhone())
    await select(db, 'DELETE FROM subject_keys WHERE subject_id = $1', [userId])
    expect(await findContact(db, userId)).toEqual({ phone: null, verified: true })
    expect(await findCustomer(db, userId)).toMatchObject({ id: userId, phone: null })
  })
})

describe('the migration', () => {
  const again = async (vault?: typeof testVault) => {
    await select(db.owner, "DELETE FROM migrations WHERE name = '0063-people-found-by-index'")
    return migrateDatabase(db.migrationUrl, MIGRATIONS, vault)
  }

  it('seals whom it finds, however often it begins, and says so where it has no key', async () => {
    const { id, phone } = await writtenBefore()
    await expect(again()).rejects.toThrow('no master key')
    expect(await again(testVault)).toEqual(['0063-people-found-by-index'])
    expect(await findContact(db, id)).toMatchObject({ phone })
    // With nobody left to seal it needs none.
    expect(await again()).toEqual(['0063-people-found-by-index'])
  })
})

it('knows another release by its signs of life', async () => {
  const tell = (version: string) =>
    inTransaction(db, (tx) =>
      beat(tx, { part: 'business', instance: version, version, detail: null }),
    )
  await tell('2.0.0')
  expect(await isAnotherReleaseAtWork(db, '2.0.0', 60_000)).toBe(false)
  await tell('1.9.0')
  expect(await isAnotherReleaseAtWork(db, '2.0.0', 60_000)).toBe(true)
  await select(db, "UPDATE heartbeats SET at = now() - interval '2 minutes' RETURNING part")
  expect(await isAnotherReleaseAtWork(db, '2.0.0', 60_000)).toBe(false)
})

it('is read by nobody without a key of ours', async () => {
  const { userId } = await guestOf(nextPhone())
  const bare = connectDatabase({ url: db.url, pool: 1, applicationName: 'gari-tests' })
  try {
    await expect(findContact(bare, userId)).rejects.toThrow('no master key')
  } finally {
    await bare.close()
  }
})
