/** The desk's list of charges: what is open, or what somebody looks for. */
import type { DeskChargeRow } from '../domain/charge-pages.ts'
import { subtract, type Cents } from '../domain/money.ts'
import { select, type Database } from './connection.ts'
import { toCents } from './values.ts'

const MOST = 100

type Raw = Omit<DeskChargeRow, 'balance' | 'total'> & { total: string; paid: string }

const ROWS = `
  SELECT c.id, c.number, c.type, c.description, c.status, c.total_cents AS total, c.paid_cents AS paid,
    coalesce(c.cover_until, c.due_at) AS "dueAt", trim(u.first_name || ' ' || u.last_name) AS "customerName",
    c.customer_id AS "customerId"
  FROM charges c JOIN users u ON u.id = c.customer_id`

const toRow = ({ total, paid, ...raw }: Raw): DeskChargeRow => {
  const whole: Cents = toCents(total)
  return { ...raw, total: whole, balance: subtract(whole, toCents(paid)) }
}

/** The soonest due first. */
export async function listOpenCharges(db: Database): Promise<DeskChargeRow[]> {
  const rows = await select<Raw>(
    db,
    `${ROWS} WHERE c.status IN ('open', 'processing') ORDER BY c.due_at, c.id LIMIT ${MOST}`,
    [],
  )
  return rows.map(toRow)
}

/** By number, by the name of the customer or of whoever pays, by phone, or by the number of its booking. */
export async function searchCharges(db: Database, text: string): Promise<DeskChargeRow[]> {
  const words = text.trim().replaceAll(/[%_\\]/g, '')
  if (words === '') return []
  const digits = words.replaceAll(/\D/g, '').replace(/^(?:254|0)/, '')
  const rows = await select<Raw>(
    db,
    `${ROWS} LEFT JOIN reservations r ON r.id = c.reservation_id
     WHERE c.number ILIKE '%' || $1 || '%' OR r.number ILIKE '%' || $1 || '%'
       OR u.first_name || ' ' || u.last_name ILIKE '%' || $1 || '%' OR ($2 <> '' AND u.phone LIKE '%' || $2)
       OR EXISTS (SELECT 1 FROM charge_parties y WHERE y.charge_id = c.id
         AND (y.name ILIKE '%' || $1 || '%' OR ($2 <> '' AND y.phone LIKE '%' || $2)))
     ORDER BY c.created_at DESC LIMIT ${MOST}`,
    [words, digits.length >= 4 ? digits : ''],
  )
  return rows.map(toRow)
}

/** Of one customer, what is open; of one booking, all of it. The newest first. */
export async function listChargesOf(
  db: Database,
  whose: { customerId: string } | { reservationId: string },
): Promise<DeskChargeRow[]> {
  const [which, id] =
    'customerId' in whose
      ? ["c.customer_id = $1 AND c.status IN ('open', 'processing')", whose.customerId]
      : ['c.reservation_id = $1', whose.reservationId]
  const rows = await select<Raw>(
    db,
    `${ROWS} WHERE ${which} ORDER BY c.created_at DESC, c.id LIMIT ${MOST}`,
    [id],
  )
  return rows.map(toRow)
}
