/**
 * The key of what belongs to no customer, or is told to us before anybody knows whose it is (decision 0064). It stands among the keys of
 * people, wrapped by the master key and moved to the next one as they are; nobody is behind it, so no erasure destroys it: who is
 * forgotten is overwritten.
 */
import { Transaction } from 'sequelize'
import type { WrappedKey } from '../domain/vault.ts'
import { inTransaction, vaultOf, type Database, type Tx } from './connection.ts'
import { ownKey } from './sealed-columns.ts'
import { findKey, keyOf, type Value } from './subject-keys.ts'

/** No person’s id: those are random. */
export const HOUSE = '00000000-0000-4000-8000-000000000067'

/** A column of whatever statement reads what it opens; `openColumn` takes it. */
export const HOUSE_KEY = ownKey(`'${HOUSE}'`)

export const placeInHouse = (table: string, column: string, row: string): Value => ({
  subjectId: HOUSE,
  table,
  column,
  row,
})

/** Wrapped as it is, it says nothing to anybody. */
const known = new WeakMap<object, WrappedKey>()

/** Asked for once by each process, and kept in the database before anything is sealed by it. */
export async function houseKey(on: Database | Tx): Promise<WrappedKey> {
  const { sequelize: process } = on as unknown as { sequelize: object }
  const kept = known.get(process)
  if (kept) return kept
  const key =
    on instanceof Transaction
      ? await foundInside(on)
      : await inTransaction(on, (tx) => keyOf(tx, HOUSE))
  if (key) known.set(process, key)
  return key ?? makeInside(on as Tx)
}

/** A transaction that is taken back takes along the key that it made, so nobody else may have it from there. */
const madeInside = new WeakMap<Tx, WrappedKey>()

const foundInside = async (tx: Tx) => (madeInside.has(tx) ? null : findKey(tx, HOUSE))

async function makeInside(tx: Tx): Promise<WrappedKey> {
  const key = madeInside.get(tx) ?? (await keyOf(tx, HOUSE))
  madeInside.set(tx, key)
  return key
}

/** All by the one key, in this order. */
export async function sealInHouse(
  on: Database | Tx,
  values: readonly { place: Value; text: string }[],
): Promise<Buffer[]> {
  if (values.length === 0) return []
  const [vault, key] = [vaultOf(on), await houseKey(on)]
  return values.map(({ place, text }) => vault.seal(key, place, text))
}
