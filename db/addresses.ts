/** Where people live and get letters: one of each kind, its lines sealed together. Audited by the kind, never by what it says. */
import { ADDRESS_KINDS, type AddressKind, type CustomerAddress } from '../domain/customers.ts'
import { BusinessError } from '../domain/errors.ts'
import { appendAudit } from './audit.ts'
import { select, type Database, type Tx } from './connection.ts'
import { lockCustomer } from './customer-lock.ts'
import { openColumn, type OwnKey } from './sealed-columns.ts'
import { protectAll, type Value } from './subject-keys.ts'

const KINDS = `'{${ADDRESS_KINDS.join(',')}}'`

/** Of `u`, in the order of the kinds, so that the same addresses are always shown in the same way. */
export const SEALED_ADDRESSES = `coalesce((SELECT json_agg(json_build_object('kind', a.kind, 'primary', a.is_primary,
    'sealed', encode(a.address_sealed, 'hex')) ORDER BY array_position(${KINDS}, a.kind))
  FROM customer_addresses a WHERE a.user_id = u.id AND a.address_sealed IS NOT NULL), '[]')`
export type SealedAddress = { kind: AddressKind; primary: boolean; sealed: string }

/** A person has one of each kind, so the kind names the row. */
export const placeOfAddress = (userId: string, kind: AddressKind): Value => ({
  subjectId: userId,
  table: 'customer_addresses',
  column: 'address_sealed',
  row: `${userId} ${kind}`,
})

export type AddressLines = Omit<CustomerAddress, 'kind' | 'primary'>

const NO_LINES: AddressLines = {
  line1: '',
  line2: '',
  poBox: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
}

/** As they are sealed: only what an address is made of, whatever else the caller's object carries. */
export const toText = (lines: AddressLines): string =>
  JSON.stringify(
    Object.fromEntries(
      (Object.keys(NO_LINES) as (keyof AddressLines)[]).map((name) => [name, lines[name]]),
    ),
  )

/** None about whom was erased. */
export const openAddresses = (
  on: Database | Tx,
  userId: string,
  key: OwnKey,
  rows: readonly SealedAddress[],
): CustomerAddress[] =>
  rows.flatMap(({ kind, primary, sealed }) => {
    const text = openColumn(on, key, placeOfAddress(userId, kind), Buffer.from(sealed, 'hex'))
    if (text === null) return []
    return [{ ...NO_LINES, ...(JSON.parse(text) as Partial<AddressLines>), kind, primary }]
  })

async function seal(tx: Tx, userId: string, all: readonly CustomerAddress[]): Promise<Buffer[]> {
  const values = all.map((one) => ({ place: placeOfAddress(userId, one.kind), text: toText(one) }))
  return protectAll(tx, values)
}

/** What the release before reads is emptied with each row that this one writes. */
const KEEP = `
  INSERT INTO customer_addresses (user_id, kind, address_sealed, is_primary, created_by, updated_by)
  SELECT $1, kind, sealed, is_primary, $5, $5 FROM unnest($2::text[], $3::bytea[], $4::boolean[]) AS s (kind, sealed, is_primary)
  ON CONFLICT (user_id, kind) DO UPDATE SET address_sealed = excluded.address_sealed, is_primary = excluded.is_primary,
    updated_by = excluded.updated_by, line1 = NULL, line2 = '', city = NULL, state = '', postcode = '', country = NULL
  RETURNING kind`

const keep = async (tx: Tx, userId: string, all: readonly CustomerAddress[], by: string) =>
  select(tx, KEEP, [
    userId,
    all.map(({ kind }) => kind),
    await seal(tx, userId, all),
    all.map(({ primary }) => primary),
    by,
  ])

/** All of them, in place of those that there were. Whoever asks has locked the account, and audits. */
export async function writeAddresses(
  tx: Tx,
  userId: string,
  addresses: readonly CustomerAddress[],
  by: string,
): Promise<void> {
  // All of them go first: the primary one may be another, and there is never more than one.
  await select(tx, 'DELETE FROM customer_addresses WHERE user_id = $1', [userId])
  if (addresses.length > 0) await keep(tx, userId, addresses, by)
}

/** Where there are any there is one to write to; the account's version counts, as its addresses are shown with it. */
async function settle(tx: Tx, userId: string, kind: AddressKind, by: string, action: string) {
  await select(
    tx,
    `UPDATE customer_addresses SET is_primary = true, updated_by = $2
     WHERE user_id = $1 AND kind = (SELECT kind FROM customer_addresses WHERE user_id = $1
       ORDER BY array_position(${KINDS}, kind) DESC LIMIT 1)
     AND NOT EXISTS (SELECT FROM customer_addresses WHERE user_id = $1 AND is_primary) RETURNING kind`,
    [userId, by],
  )
  await select(tx, 'UPDATE users SET version = version, updated_by = $2 WHERE id = $1', [
    userId,
    by,
  ])
  await appendAudit(tx, {
    actor: by,
    action,
    entity: 'user',
    entityId: userId,
    after: { kind },
  })
}

type Change = { userId: string; version: number | null; actorId: string }

/** Adds it, or puts it in place of the one of its kind. Throws NOT_FOUND and CHANGED_MEANWHILE. */
export async function keepAddress(
  tx: Tx,
  address: CustomerAddress,
  { userId, version, actorId }: Change,
): Promise<void> {
  await lockCustomer(tx, userId, version)
  if (address.primary)
    await select(
      tx,
      `UPDATE customer_addresses SET is_primary = false, updated_by = $3
       WHERE user_id = $1 AND kind <> $2 AND is_primary RETURNING kind`,
      [userId, address.kind, actorId],
    )
  await keep(tx, userId, [address], actorId)
  await settle(tx, userId, address.kind, actorId, 'customer.address_kept')
}

/** Throws NOT_FOUND and CHANGED_MEANWHILE. */
export async function removeAddress(
  tx: Tx,
  kind: AddressKind,
  { userId, version, actorId }: Change,
): Promise<void> {
  await lockCustomer(tx, userId, version)
  const gone = await select(
    tx,
    'DELETE FROM customer_addresses WHERE user_id = $1 AND kind = $2 RETURNING kind',
    [userId, kind],
  )
  if (gone.length === 0) throw new BusinessError('NOT_FOUND', 'There is no such address.')
  await settle(tx, userId, kind, actorId, 'customer.address_removed')
}
