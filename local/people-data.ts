/** Sample sign-ins. They exist only beside the embedded stack or where SAMPLE_DATA=yes asks for them. */
import type { SystemRole } from '../domain/accounts.ts'

export const SAMPLE_PASSWORD = 'karibu-gari-2026'

export type SamplePerson = {
  email: string
  firstName: string
  lastName: string
  phone: string
  role: SystemRole
}

export const SAMPLE_PEOPLE: SamplePerson[] = [
  {
    role: 'customer',
    email: 'wanjiku@example.com',
    firstName: 'Wanjiku',
    lastName: 'Kamau',
    phone: '+254712345678',
  },
  {
    role: 'desk',
    email: 'desk@example.com',
    firstName: 'Otieno',
    lastName: 'Ouma',
    phone: '+254722000001',
  },
  {
    role: 'finance',
    email: 'finance@example.com',
    firstName: 'Amina',
    lastName: 'Hassan',
    phone: '+254722000002',
  },
  {
    role: 'manager',
    email: 'manager@example.com',
    firstName: 'Njeri',
    lastName: 'Mwangi',
    phone: '+254722000003',
  },
  {
    role: 'operations',
    email: 'operations@example.com',
    firstName: 'Kiptoo',
    lastName: 'Chebet',
    phone: '+254722000004',
  },
  {
    role: 'admin',
    email: 'admin@example.com',
    firstName: 'Wairimu',
    lastName: 'Njoroge',
    phone: '+254722000005',
  },
]
