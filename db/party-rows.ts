/** People who share a booking or a charge, as they are kept: found by their names, their phones sealed (decision 0058). */
import type { Cents } from '../domain/money.ts'
import type { PartyInput } from '../domain/reservations.ts'
import { select, type Tx } from './connection.ts'
import { isReadOpen } from './older-release.ts'
import { sealPhones } from './payer-phones.ts'
import { phoneIndex, type OwnKey } from './sealed-columns.ts'

/** By the key of whoever booked or is charged, which came along with another statement. */
export type NewParties = {
  ownerId: string
  customerId: string
  ownKey: OwnKey
  parties: readonly Pick<PartyInput, 'id' | 'name' | 'phone' | 'dueAt'>[]
  shares: readonly Cents[]
}

/** In the clear as well while the release before is at work beside this one. */
const insertInto = (table: 'charge_parties' | 'reservation_parties', owner: string): string =>
  `INSERT INTO ${table} (id, ${owner}, position, name, phone_sealed, phone_index, phone, share_cents, due_at)
   SELECT p.id, $1, p.position, p.name, p.sealed, p.index, CASE WHEN ${isReadOpen(table)} THEN p.phone END, p.share, p.due_at
   FROM unnest($2::uuid[], $3::int[], $4::text[], $5::bytea[], $6::bytea[], $7::text[], $8::bigint[], $9::timestamptz[])
     AS p(id, position, name, sealed, index, phone, share, due_at)`

const INSERT = {
  charge: { table: 'charge_parties', sql: insertInto('charge_parties', 'charge_id') },
  reservation: {
    table: 'reservation_parties',
    sql: insertInto('reservation_parties', 'reservation_id'),
  },
} as const

/** In the order in which they were named. */
export async function insertParties(
  tx: Tx,
  what: keyof typeof INSERT,
  { ownerId, customerId, ownKey, parties, shares }: NewParties,
): Promise<void> {
  const { table, sql } = INSERT[what]
  const phones = parties.map(({ id, phone }) => ({ id, customerId, phone }))
  await select(tx, sql, [
    ownerId,
    parties.map(({ id }) => id),
    parties.map((_, index) => index),
    parties.map(({ name }) => name),
    await sealPhones(tx, table, ownKey, phones),
    parties.map(({ phone }) => phoneIndex(tx, phone)),
    parties.map(({ phone }) => phone),
    shares,
    parties.map(({ dueAt }) => dueAt ?? null),
  ])
}
