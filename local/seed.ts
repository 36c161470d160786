/** Puts the sample fleet and the sample people into the database; running it again changes nothing. */
import { loadConfig, type Config } from '../config.ts'
import { createUser, findByEmail } from '../db/accounts.ts'
import { assignRole } from '../db/role-assignments.ts'
import type { SystemRole, UserKind } from '../domain/accounts.ts'
import { SEED } from '../db/sample-accounts.ts'
import { connectDatabase, inTransaction, type Database, type Tx } from '../db/connection.ts'
import { saveCategory, saveLocation, saveLocationFee, saveVehicle } from '../db/fleet-writes.ts'
import { shillings } from '../domain/money.ts'
import { hashPassword } from '../gateways/passwords.ts'
import { createVault } from '../gateways/vault.ts'
import { CATEGORIES, LOCATIONS, ONE_WAY_FEES, VEHICLES } from './fleet-data.ts'
import { seedDesk } from './seed-desk.ts'
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE, type SamplePerson } from './people-data.ts'

async function seedFleet(tx: Tx): Promise<void> {
  for (const location of LOCATIONS) await saveLocation(tx, location)
  for (const [from, to, fee] of ONE_WAY_FEES) {
    await saveLocationFee(tx, { from, to, fee: shillings(fee) })
    await saveLocationFee(tx, { from: to, to: from, fee: shillings(fee) })
  }
  for (const category of CATEGORIES) await saveCategory(tx, category)
  for (const vehicle of VEHICLES) await saveVehicle(tx, vehicle)
}

const kindOf = (role: SystemRole): UserKind => {
  if (role === 'customer' || role === 'admin') return role
  return 'employee'
}

async function seedPerson(db: Database, person: SamplePerson, passwordHash: string): Promise<void> {
  if (await findByEmail(db, person.email)) return
  await inTransaction(db, async (tx) => {
    const { userId } = await createUser(tx, {
      kind: kindOf(person.role),
      email: person.email,
      passwordHash,
      firstName: person.firstName,
      lastName: person.lastName,
      phone: person.phone,
      createdBy: SEED,
    })
    if (person.role === 'customer') return
    await assignRole(tx, { userId, role: person.role, expiresAt: null }, SEED)
  })
}

/** Exported for tests and benches; never called where SAMPLE_DATA is not asked for. */
export async function seed(db: Database): Promise<void> {
  await inTransaction(db, seedFleet)
  const passwordHash = await hashPassword(SAMPLE_PASSWORD)
  for (const person of SAMPLE_PEOPLE) await seedPerson(db, person, passwordHash)
  await seedDesk(db)
}

/** Refuses where nobody asked for sample data. */
export async function seedSampleData({ sampleData, database, secrets }: Config): Promise<void> {
  if (!sampleData) throw new Error('sample data comes only with SAMPLE_DATA=yes')
  const vault = createVault(secrets.vault)
  const db = connectDatabase({ url: database.url, pool: 2, applicationName: 'gari-seed', vault })
  try {
    await seed(db)
  } finally {
    await db.close()
  }
}

if (/seed\.[jt]s$/.test(process.argv[1] ?? '')) await seedSampleData(loadConfig())
