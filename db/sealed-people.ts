/** What is sealed of a person's own row. */
import type { Database, Tx } from './connection.ts'
import { newSubject, openColumn, ownKey, phoneIndex, type OwnKey } from './sealed-columns.ts'
import { protectAll, type Value } from './subject-keys.ts'

type Column = 'users.phone_sealed' | 'users.date_of_birth_sealed' | 'customers.licence_sealed'

/** Rows of both tables are called by the account's id. */
export function placeOf(userId: string, name: Column): Value {
  const [table = '', column = ''] = name.split('.')
  return { subjectId: userId, table, column, row: userId }
}

/** Of `u`: what `openPhone` needs. */
export const SEALED_PHONE = `u.phone_sealed AS "phoneSealed", ${ownKey('u.id')} AS "ownKey"`
export type SealedPhone = { phoneSealed: Buffer | null; ownKey: OwnKey }

/** Null where none is known. */
export const openPhone = (
  on: Database | Tx,
  userId: string,
  { phoneSealed, ownKey: key }: SealedPhone,
): string | null => openColumn(on, key, placeOf(userId, 'users.phone_sealed'), phoneSealed)

/** The same row with the phone in clear. */
export function withPhone<R extends SealedPhone>(on: Database | Tx, userId: string, row: R) {
  const { phoneSealed, ownKey: key, ...rest } = row
  return { ...rest, phone: openPhone(on, userId, { phoneSealed, ownKey: key }) }
}

export type SealedFacts = {
  phoneSealed: Buffer | null
  phoneIndex: Buffer | null
  bornSealed: Buffer | null
}
type OpenFacts = { phone: string | null; bornOn: string | null }

const indexOf = (on: Database | Tx, phone: string | null): Buffer | null =>
  phone === null ? null : phoneIndex(on, phone)

/** Of somebody new: the key has to be kept by the statement that keeps the rest. */
export function sealNewPerson(on: Database | Tx, userId: string, { phone, bornOn }: OpenFacts) {
  const { masterKeyId, wrapped, seal } = newSubject(on, userId)
  return {
    masterKeyId,
    wrapped,
    phoneSealed: seal('users', 'phone_sealed', phone),
    phoneIndex: indexOf(on, phone),
    bornSealed: seal('users', 'date_of_birth_sealed', bornOn),
  }
}

type Facts = OpenFacts & { userId: string }

/** In this order; two statements at most. */
export async function sealPeople(tx: Tx, people: readonly Facts[]): Promise<SealedFacts[]> {
  const wanted = people.flatMap(({ userId, phone, bornOn }) => [
    ...(phone === null ? [] : [{ place: placeOf(userId, 'users.phone_sealed'), text: phone }]),
    ...(bornOn === null
      ? []
      : [{ place: placeOf(userId, 'users.date_of_birth_sealed'), text: bornOn }]),
  ])
  const sealed = (await protectAll(tx, wanted)).values()
  const next = () => sealed.next().value ?? null
  return people.map(({ phone, bornOn }) => ({
    phoneSealed: phone === null ? null : next(),
    phoneIndex: indexOf(tx, phone),
    bornSealed: bornOn === null ? null : next(),
  }))
}

export async function sealPerson(tx: Tx, facts: Facts): Promise<SealedFacts> {
  const [sealed] = await sealPeople(tx, [facts])
  return sealed ?? { phoneSealed: null, phoneIndex: null, bornSealed: null }
}
