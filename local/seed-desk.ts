/** Sample tills and a sample company, so that every way to pay can be tried at once. Running it again changes nothing. */
import { findByEmail } from '../db/accounts.ts'
import { addMember, createCompany } from '../db/companies.ts'
import { inTransaction, type Database } from '../db/connection.ts'
import { SEED } from '../db/sample-accounts.ts'
import { listTills } from '../db/till-reads.ts'
import { createTill } from '../db/tills.ts'
import { shillings } from '../domain/money.ts'
import { LOCATIONS } from './fleet-data.ts'

const COMPANY_ID = '5a3b8c1e-0d2f-4e6a-9b7c-1f2e3d4c5b6a'
const MEMBER = 'wanjiku@example.com'

const COMPANY = {
  name: 'Savanna Traders Ltd',
  kraPin: 'P051234567Z',
  billing: {
    line1: 'Kimathi Street 12',
    line2: '',
    city: 'Nairobi',
    postcode: '00100',
    country: 'Kenya',
  },
  contact: { name: 'Accounts', email: 'accounts@example.com', phone: '+254722000009' },
  creditLimit: shillings(200_000),
  termsDays: 30,
  active: true,
}

async function seedTills(db: Database): Promise<void> {
  const known = new Set((await listTills(db)).map(({ place }) => place))
  for (const { code } of LOCATIONS.filter((one) => !known.has(one.code))) {
    const till = { id: crypto.randomUUID(), place: code, name: 'Till 1', actorId: SEED }
    await inTransaction(db, (tx) => createTill(tx, till))
  }
}

export async function seedDesk(db: Database): Promise<void> {
  await seedTills(db)
  await inTransaction(db, async (tx) => {
    await createCompany(tx, COMPANY_ID, COMPANY, SEED)
    const member = await findByEmail(tx, MEMBER)
    if (!member) return
    await addMember(tx, { companyId: COMPANY_ID, userId: member.userId, actorId: SEED })
  })
}
