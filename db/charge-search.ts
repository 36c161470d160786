/** The desk's list of charges: what is open, or what somebody looks for. */
import type { DeskChargeRow } from '../domain/charge-pages.ts'
import { subtract, type Cents } from '../domain/money.ts'
import { select, type Database } from './connection.ts'
import { contains, payersFound, PEOPLE_FOUND, readDeskWords } from './desk-words.ts'
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

const FOUND = `
  SELECT id FROM charges WHERE ${contains('number')}
  UNION SELECT c.id FROM reservations r JOIN charges c ON c.reservation_id = r.id WHERE ${contains('r.number')}
  UNION SELECT id FROM charges WHERE customer_id IN (${PEOPLE_FOUND})
  UNION ${payersFound('charge_parties', 'charge_id')}`

/** By number, by the name of the customer or of whoever pays, by a whole phone, or by the number of its booking. */
export async function searchCharges(db: Database, text: string): Promise<DeskChargeRow[]> {
  const wanted = readDeskWords(db, text)
  if (!wanted) return []
  const rows = await select<Raw>(
    db,
    `${ROWS} WHERE c.id IN (${FOUND}) ORDER BY c.created_at DESC LIMIT ${MOST}`,
    [wanted.words, wanted.phone],
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
