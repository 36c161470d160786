/** What readers of events know, beside what restored books know: versions, numbers, and who has heard what. */
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { toCount } from './values.ts'

/** By the first word of an event's type. */
const VERSIONED: Record<string, { table: string; column: string }> = {
  reservation: { table: 'reservations', column: 'version' },
  payment: { table: 'payments', column: 'version' },
  refund: { table: 'refunds', column: 'version' },
  charge: { table: 'charges', column: 'version' },
  invoice: { table: 'invoices', column: 'version' },
  credit_note: { table: 'invoices', column: 'version' },
  vehicle: { table: 'vehicles', column: 'event_version' },
}

/** Told once, as a fact: the books know it, or it is of a time that they have lost. `$1` is what the event is about. */
const FACTS: Record<string, string> = {
  money: 'SELECT 1 FROM mpesa_receipts WHERE receipt = $1',
  reconciliation: 'SELECT 1 FROM reconciliations WHERE id::text = $1 AND finished_at IS NOT NULL',
  till: 'SELECT 1 FROM till_sessions WHERE id::text = $1 AND closed_at IS NOT NULL',
  day: 'SELECT 1 FROM day_closes WHERE id::text = $1',
}

/** `kind` is the first word of its type, `about` what it names: a row's id, for money its receipt. */
export type ToldEvent = { kind: string; about: string; version: number }

/** A link may be older than the copy, and the head that told of it younger: then its version would be given again. */
const HEAD = `SELECT 1 FROM audit_heads h JOIN audit_chain c USING (position)
  WHERE h.version = $2 AND c.hash = decode($1, 'hex')`

/** Whether the books hold what it says, or more; true of what no rule here knows. */
export async function doBooksKnow(on: Database | Tx, { kind, about, version }: ToldEvent) {
  if (kind === 'audit') return (await selectOne(on, HEAD, [about, version])) !== null
  const fact = FACTS[kind]
  if (fact) return (await selectOne(on, fact, [about])) !== null
  const known = VERSIONED[kind]
  if (!known) return true
  const row = await selectOne<{ version: string }>(
    on,
    `SELECT ${known.column} AS version FROM ${known.table} WHERE id::text = $1`,
    [about],
  )
  return row !== null && toCount(row.version) >= version
}

/** So that what is told from now on is newer than what readers have heard, also of a row that is gone and comes again. */
export async function raiseVersion(tx: Tx, kind: string, id: string, to: number): Promise<void> {
  const known = VERSIONED[kind]
  if (!known && kind !== 'audit') return
  if (known) {
    const { table, column } = known
    const row = await selectOne(
      tx,
      `UPDATE ${table} SET ${column} = greatest(${column}, $2) WHERE id::text = $1 RETURNING id`,
      [id, to],
    )
    if (row) return
  }
  await select(
    tx,
    "SELECT setval('first_version_floor', greatest(last_value, $1 + 1)) FROM first_version_floor",
    [to],
  )
}

const SEQUENCES = { reservation: 'reservation_number_seq', charge: 'charge_number_seq' } as const

/** A number that somebody was told is given to nobody else. True when it was ahead of ours. */
export async function skipNumbers(
  tx: Tx,
  kind: keyof typeof SEQUENCES,
  told: number,
): Promise<boolean> {
  const name = SEQUENCES[kind]
  const row = await selectOne<{ last: string }>(
    tx,
    `SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM ${name}`,
  )
  if (toCount(row?.last ?? 0) >= told) return false
  await select(tx, `SELECT setval('${name}', $1)`, [told])
  return true
}

export async function hasHeard(
  on: Database | Tx,
  consumer: string,
  eventId: string,
): Promise<boolean> {
  const row = await selectOne(
    on,
    'SELECT 1 FROM consumed_events WHERE consumer = $1 AND event_id = $2',
    [consumer, eventId],
  )
  return row !== null
}
