/** Opening accounts for customers and changing what is known of them. Audited by what changed, never by a phone or an address. */
import { UniqueConstraintError } from 'sequelize'
import type { Customer, CustomerFacts } from '../domain/customers.ts'
import { BusinessError } from '../domain/errors.ts'
import { writeAddresses } from './addresses.ts'
import { appendAudit } from './audit.ts'
import { select, type Tx } from './connection.ts'
import { lockCustomer, type LockedCustomer } from './customer-lock.ts'
import { findCustomer } from './customers.ts'
import { isOnePerson } from './one-person.ts'
import { licenceIndex } from './sealed-columns.ts'
import { placeOf, sealNewPerson, sealPerson } from './sealed-people.ts'
import { protect } from './subject-keys.ts'

const emailTaken = () => {
  const message = 'There is already an account with this e-mail.'
  return new BusinessError('EMAIL_TAKEN', message, { fields: [{ path: 'email', message }] })
}
const toTaken = (error: unknown): unknown =>
  error instanceof UniqueConstraintError ? emailTaken() : error

type NewCustomer = { id: string; facts: CustomerFacts; actorId: string }

/**
 * Without a password: who wants to sign in asks for one by e-mail, or proves the phone. The id is made once by whoever asks, so that a
 * repeat opens one account. Throws EMAIL_TAKEN.
 */
export async function createCustomer(tx: Tx, wish: NewCustomer): Promise<Customer> {
  const { id, facts, actorId } = wish
  const sealed = sealNewPerson(tx, id, facts)
  const made = await select(
    tx,
    `WITH made AS (
       INSERT INTO users (id, kind, email, first_name, last_name, phone_sealed, phone_index, language, date_of_birth_sealed,
         created_by, updated_by)
       VALUES ($1, 'customer', $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (id) DO NOTHING RETURNING id)
     INSERT INTO subject_keys (subject_id, master_key_id, wrapped) SELECT id, $10, $11 FROM made RETURNING subject_id`,
    [
      id,
      facts.email,
      facts.firstName,
      facts.lastName,
      sealed.phoneSealed,
      sealed.phoneIndex,
      facts.language,
      sealed.bornSealed,
      actorId,
      sealed.masterKeyId,
      sealed.wrapped,
    ],
  ).catch((error: unknown) => {
    throw toTaken(error)
  })
  if (made.length === 0) return (await findCustomer(tx, id)) as Customer
  await select(tx, 'INSERT INTO customers (user_id) VALUES ($1)', [id])
  await writeCustomer(tx, id, facts)
  await writeAddresses(tx, id, facts.addresses, actorId)
  const entry = { actor: actorId, action: 'user.created', entity: 'user', entityId: id }
  await appendAudit(tx, { ...entry, after: { kind: 'customer' } })
  return (await findCustomer(tx, id)) as Customer
}

const proven = (path: 'email' | 'phone', what: string) => {
  const message = `Only its owner changes ${what} here: they come in by it.`
  return new BusinessError('CONTACT_PROVEN', message, { fields: [{ path, message }] })
}

/** Whoever could write their own e-mail beside somebody's account could have its password mailed to themselves. */
function assertNotTheirs(names: string[], before: Customer, { hasPassword }: LockedCustomer): void {
  const { emailVerified, phoneVerified } = before
  if (names.includes('email') && (hasPassword || emailVerified || phoneVerified))
    throw proven('email', 'the e-mail')
  if (names.includes('phone') && phoneVerified) throw proven('phone', 'the phone')
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

type Change = { changes: Partial<CustomerFacts>; version: number | null; actorId: string }

/**
 * What is not named stays. Throws CHANGED_MEANWHILE, SECOND_PERSON for one's own account, CONTACT_PROVEN for an e-mail or a
 * phone by which somebody comes in, EMAIL_TAKEN.
 */
export async function changeCustomer(tx: Tx, id: string, change: Change): Promise<Customer> {
  const { changes, version, actorId } = change
  const locked = await lockCustomer(tx, id, version)
  if (await isOnePerson(tx, id, actorId))
    throw new BusinessError('SECOND_PERSON', 'Nobody changes their own account here.')
  const before = (await findCustomer(tx, id)) as Customer
  const names = (Object.keys(changes) as (keyof CustomerFacts)[]).filter(
    (name) => !isSame(changes[name], before[name]),
  )
  if (names.length === 0) return before
  assertNotTheirs(names, before, locked)
  await writeFacts(tx, before, { ...before, ...changes }, actorId)
  if (names.includes('addresses')) await writeAddresses(tx, id, changes.addresses ?? [], actorId)
  const entry = { actor: actorId, action: 'customer.changed', entity: 'user', entityId: id }
  await appendAudit(tx, { ...entry, after: { changed: names.toSorted() } })
  return (await findCustomer(tx, id)) as Customer
}

async function writeFacts(tx: Tx, before: Customer, to: CustomerFacts, by: string): Promise<void> {
  const { id, email, phone } = before
  const sealed = await sealPerson(tx, { userId: id, phone: to.phone, bornOn: to.bornOn })
  // What somebody else has written is no longer what was proven.
  await select(
    tx,
    `UPDATE users SET first_name = $2, last_name = $3, email = $4, phone_sealed = $5, phone_index = $6, language = $7,
       date_of_birth_sealed = $8, email_verified = email_verified AND $9, phone_verified = phone_verified AND $10,
       updated_by = $11, phone = NULL, date_of_birth = NULL
     WHERE id = $1 RETURNING id`,
    [
      id,
      to.firstName,
      to.lastName,
      to.email,
      sealed.phoneSealed,
      sealed.phoneIndex,
      to.language,
      sealed.bornSealed,
      to.email === email,
      to.phone === phone,
      by,
    ],
  ).catch((error: unknown) => {
    throw toTaken(error)
  })
  await writeCustomer(tx, id, to)
}

async function writeCustomer(tx: Tx, id: string, { licence, ...to }: CustomerFacts): Promise<void> {
  const sealed =
    licence && (await protect(tx, placeOf(id, 'customers.licence_sealed'), licence.number))
  await select(
    tx,
    `UPDATE customers SET notes = $2, licence_sealed = $3, licence_index = $4, licence_country = $5,
       licence_state = $6, licence_expires_on = $7, updated_at = now() WHERE user_id = $1 RETURNING user_id`,
    [
      id,
      to.notes,
      sealed,
      licence && licenceIndex(tx, licence.number),
      licence?.country ?? null,
      licence?.state ?? null,
      licence?.expiresOn ?? null,
    ],
  )
}
