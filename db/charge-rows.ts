/** One charge's own row: locking it, changing it, and the events its changes are told by. */
import type { ChargeStatus, ChargeType, CollectingMode } from '../domain/charges.ts'
import type { ChargeEventData, DomainEvent, EventType } from '../domain/events.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { toCents, toCount } from './values.ts'

export type ChargeRow = {
  id: string
  number: string
  type: ChargeType
  customerId: string
  reservationId: string | null
  description: string
  total: Cents
  paid: Cents
  mode: CollectingMode
  shrinkable: boolean
  status: ChargeStatus
  dueAt: Date
  coverUntil: Date | null
  endReason: string | null
  version: number
}

const COLUMNS = `id, number, type, customer_id AS "customerId", reservation_id AS "reservationId", description,
  total_cents AS total, paid_cents AS paid, mode, shrinkable, status, due_at AS "dueAt",
  cover_until AS "coverUntil", end_reason AS "endReason", version`

type Raw = ChargeRow & Record<'total' | 'paid' | 'version', string>
const toRow = (raw: Raw): ChargeRow => ({
  ...raw,
  total: toCents(raw.total),
  paid: toCents(raw.paid),
  version: toCount(raw.version),
})

/** Whoever changes a charge or its money holds this lock, so that money and end never pass each other. */
export async function lockCharge(tx: Tx, id: string): Promise<ChargeRow | null> {
  const raw = await selectOne<Raw>(
    tx,
    `SELECT ${COLUMNS} FROM charges WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  )
  return raw && toRow(raw)
}

export async function readCharge(on: Database | Tx, id: string): Promise<ChargeRow | null> {
  const raw = await selectOne<Raw>(on, `SELECT ${COLUMNS} FROM charges WHERE id = $1`, [id])
  return raw && toRow(raw)
}

/** Runs an INSERT INTO charges without its RETURNING, and answers the row that it made. */
export async function insertCharge(tx: Tx, insert: string, bind: unknown[]): Promise<ChargeRow> {
  const raw = await selectOne<Raw>(tx, `${insert} RETURNING ${COLUMNS}`, bind)
  if (!raw) throw new Error('the charge was not written')
  return toRow(raw)
}

/** Counts the version up by one. `set` is SQL of ours, never of a client. */
export async function changeCharge(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[],
): Promise<ChargeRow> {
  const raw = await selectOne<Raw>(
    tx,
    `UPDATE charges SET version = version + 1, ${set} WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`charge ${id} does not exist`)
  return toRow(raw)
}

const dataOf = (row: ChargeRow, reason: string | null): ChargeEventData => ({
  charge_id: row.id,
  number: row.number,
  type: row.type,
  status: row.status,
  customer_id: row.customerId,
  reservation_id: row.reservationId,
  mode: row.mode,
  currency: CURRENCY,
  total: toDecimal(row.total),
  paid: toDecimal(row.paid),
  due_at: toNairobiIso(row.dueAt),
  reason,
})

export const chargeEvent = (
  type: EventType,
  row: ChargeRow,
  reason: string | null = null,
): DomainEvent => ({ type, key: row.id, version: row.version, data: dataOf(row, reason) })
