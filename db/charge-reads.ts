/** Reading charges, whole, for pages and the API. */
import type { Cents } from '../domain/money.ts'
import { subtract } from '../domain/money.ts'
import { isMissed, type Share } from '../domain/shares.ts'
import { readCharge, type ChargeRow } from './charge-rows.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { phoneColumns, placeOfPhone, readPhone, type KeptPhone } from './payer-phones.ts'
import { readShares } from './shares.ts'
import { readCursor, writeCursor } from './values.ts'

export type ChargeParty = Share & { name: string; phone: string; missed: boolean }
export type ChargeDetail = ChargeRow & {
  balance: Cents
  customerName: string
  createdAt: Date
  parties: ChargeParty[]
}

type Names = { name: string; at: Date }

export async function findCharge(
  on: Database | Tx,
  id: string,
  now: Date,
): Promise<ChargeDetail | null> {
  const row = await readCharge(on, id)
  if (!row) return null
  const [shares, people, owner] = await Promise.all([
    readShares(on, 'charge', id),
    select<{ id: string; name: string } & KeptPhone>(
      on,
      `SELECT id, name, ${phoneColumns('', '$2::uuid')} FROM charge_parties WHERE charge_id = $1`,
      [id, row.customerId],
    ),
    selectOne<Names>(
      on,
      `SELECT trim(u.first_name || ' ' || u.last_name) AS name, c.created_at AS at
       FROM charges c JOIN users u ON u.id = c.customer_id WHERE c.id = $1`,
      [id],
    ),
  ])
  const parties = shares.map((share) => {
    const kept = people.find((one) => one.id === share.id)
    const place = placeOfPhone('charge_parties', { id: share.id, customerId: row.customerId })
    const person = kept && readPhone(on, place, kept)
    const missed = isMissed(share, row.coverUntil ? now : row.dueAt, now)
    return { ...share, name: person?.name ?? '', phone: person?.phone ?? '', missed }
  })
  const balance = subtract(row.total, row.paid)
  return {
    ...row,
    balance,
    customerName: owner?.name ?? '',
    createdAt: owner?.at ?? row.dueAt,
    parties,
  }
}

type Filter = { customerId?: string; reservationId?: string; cursor?: string; limit: number }

/** Newest first. */
export async function listCharges(
  db: Database,
  filter: Filter,
  now: Date,
): Promise<{ items: ChargeDetail[]; next: string | null }> {
  const after = readCursor(filter.cursor)
  const rows = await select<{ id: string }>(
    db,
    `SELECT id FROM charges WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR reservation_id = $2)
       AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($3, $4::uuid))
     ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $5`,
    [
      filter.customerId ?? null,
      filter.reservationId ?? null,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
    ],
  )
  const found = await Promise.all(
    rows.slice(0, filter.limit).map(({ id }) => findCharge(db, id, now)),
  )
  const items = found.filter((one) => one !== null)
  const last = items.at(-1)
  return {
    items,
    next: rows.length > filter.limit && last ? writeCursor(last.createdAt, last.id) : null,
  }
}

/** Whose booking it is; null when there is none. */
export async function bookingOwner(db: Database, reservationId: string): Promise<string | null> {
  const row = await selectOne<{ customerId: string }>(
    db,
    'SELECT customer_id AS "customerId" FROM reservations WHERE id = $1',
    [reservationId],
  )
  return row?.customerId ?? null
}
