/** Customers, one and by the page. */
import type { UserStatus } from '../domain/accounts.ts'
import type { Customer, RiskLevel } from '../domain/customers.ts'
import { openAddresses, SEALED_ADDRESSES, type SealedAddress } from './addresses.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { contains, PEOPLE_FOUND, readDeskWords } from './desk-words.ts'
import { licenceIndex, openColumn } from './sealed-columns.ts'
import { placeOf, SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'
import { paged, type Keys, type Page, type PageWish } from './paging.ts'

const DETAIL = `u.id, c.number, u.status, u.first_name AS "firstName", u.last_name AS "lastName", u.email,
  u.email_verified AS "emailVerified", ${SEALED_PHONE}, u.phone_verified AS "phoneVerified", u.language,
  u.date_of_birth_sealed AS "bornSealed", c.licence_sealed AS "licenceSealed", c.licence_country AS "licenceCountry",
  c.licence_state AS "licenceState", c.licence_expires_on::text AS "licenceExpiresOn", c.risk_level AS "riskLevel", c.credit_score AS "creditScore", c.notes, ${SEALED_ADDRESSES} AS addresses,
  u.created_at AS "createdAt", u.version`
const FROM = "FROM users u JOIN customers c ON c.user_id = u.id WHERE u.kind = 'customer'"

type Raw = Omit<Customer, 'phone' | 'bornOn' | 'licence' | 'addresses'> &
  SealedPhone & {
    addresses: SealedAddress[]
    bornSealed: Buffer | null
    licenceSealed: Buffer | null
    licenceCountry: string | null
    licenceState: string | null
    licenceExpiresOn: string | null
  }

function toCustomer(on: Database | Tx, raw: Raw): Customer {
  const { bornSealed, licenceSealed, licenceCountry, licenceState, licenceExpiresOn, ...row } = raw
  const number = openColumn(
    on,
    row.ownKey,
    placeOf(row.id, 'customers.licence_sealed'),
    licenceSealed,
  )
  const licence =
    number === null
      ? null
      : {
          number,
          country: licenceCountry ?? '',
          state: licenceState ?? '',
          expiresOn: licenceExpiresOn,
        }
  const bornOn = openColumn(
    on,
    row.ownKey,
    placeOf(row.id, 'users.date_of_birth_sealed'),
    bornSealed,
  )
  const addresses = openAddresses(on, row.id, row.ownKey, row.addresses)
  return { ...withPhone(on, row.id, row), bornOn, licence, addresses }
}

export async function findCustomer(on: Database | Tx, id: string): Promise<Customer | null> {
  const row = await selectOne<Raw>(on, `SELECT ${DETAIL} ${FROM} AND u.id = $1`, [id])
  return row && toCustomer(on, row)
}

export const CUSTOMER_SORTS = {
  created_at: { column: 'u.created_at', type: 'time' },
  last_name: { column: 'u.last_name', type: 'text' },
} as const satisfies Keys<string>

export type CustomerFilter = PageWish<keyof typeof CUSTOMER_SORTS> & {
  /** A name, an e-mail, a customer number, a phone, or the number of a licence. */
  text?: string | undefined
  /** Whoever sees no phone could find out whose a phone is by trying it. */
  byContact: boolean
  /** Those that were not deleted, when none is named. */
  status?: UserStatus | undefined
  risk?: RiskLevel | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const BY_NUMBER = 'SELECT user_id FROM customers WHERE number = upper($1)'
const BY_NAME = `SELECT id FROM users WHERE ${contains("(first_name || ' ' || last_name)")} UNION ${BY_NUMBER}`
const BY_ALL = `${PEOPLE_FOUND} UNION SELECT id FROM users WHERE email = $1::citext UNION ${BY_NUMBER}
  UNION SELECT user_id FROM customers WHERE licence_index = $7`

export async function listCustomers(db: Database, filter: CustomerFilter): Promise<Page<Customer>> {
  const wanted = readDeskWords(db, filter.text ?? '')
  const by = paged(CUSTOMER_SORTS, filter, { from: 8, id: 'u.id' })
  const found = wanted ? `u.id IN (${filter.byContact ? BY_ALL : BY_NAME})` : 'true'
  const rows = await select<Raw & { pageKey: string }>(
    db,
    `SELECT ${DETAIL}, ${by.columns} ${FROM} AND ${found} AND num_nonnulls($1::text, $2::bytea, $7::bytea) > 0
       AND CASE WHEN $3::text IS NULL THEN u.status <> 'deleted' ELSE u.status = $3 END
       AND ($4::text IS NULL OR c.risk_level = $4) AND ($5::timestamptz IS NULL OR u.created_at >= $5)
       AND ($6::timestamptz IS NULL OR u.created_at < $6) AND ${by.after} ${by.order}`,
    [
      wanted?.words ?? '',
      wanted?.phone ?? null,
      filter.status ?? null,
      filter.risk ?? null,
      filter.from ?? null,
      filter.to ?? null,
      wanted && licenceIndex(db, wanted.words),
      ...by.bind,
    ],
  )
  return by.page(rows, (row) => toCustomer(db, row))
}
