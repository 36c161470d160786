/** What proves the money of a day: floats and counts of the tills, the card terminals' reports, the bank's list. */
import type { DayFigures } from '../domain/day-close.ts'
import { ZERO } from '../domain/money.ts'
import { formatClock } from '../domain/time.ts'
import { DIFFERENCE_REASONS, type DifferenceReason, type TillSession } from '../domain/tills.ts'
import { select, type Database, type Tx } from './connection.ts'
import { listSessions } from './till-reads.ts'
import { toCents } from './values.ts'

type Stretch = { day: string; from: Date; to: Date }

export async function readDayProofs(
  on: Database | Tx,
  { day, from, to }: Stretch,
): Promise<DayFigures[]> {
  const sessions = await listSessions(on, from, to)
  const within = (at: Date | null) => at !== null && at >= from && at < to
  return [
    ...sessions.filter(({ openedAt }) => within(openedAt)).map(floatOf),
    ...sessions.filter(({ closedAt }) => within(closedAt)).map(countOf),
    ...(await terminals(on, { day, from, to })),
    ...(await banked(on, from, to)),
    ...(await transfers(on, from, to)),
  ]
}

const saidOf = (reason: DifferenceReason | null, note: string | null): string | null =>
  reason && [DIFFERENCE_REASONS[reason], note ?? ''].filter(Boolean).join('. ')

const tillOf = ({ placeName, tillName }: TillSession) => `${placeName}, ${tillName}`

/** What the last session left is what the next one begins with. */
const floatOf = (one: TillSession): DayFigures => ({
  key: `float:${one.id}`,
  label: `Opened with, ${tillOf(one)} at ${formatClock(one.openedAt)}`,
  taken: one.left,
  booked: one.float,
  suggested: one.left === one.float ? null : 'till_float',
  said: saidOf(one.floatReason, one.floatNote),
  by: [one.clerkId],
})

const countOf = (one: TillSession): DayFigures => ({
  key: `count:${one.id}`,
  label: `Counted, ${tillOf(one)} at ${formatClock(one.closedAt as Date)}`,
  taken: one.expected,
  booked: one.counted ?? ZERO,
  suggested: one.counted === one.expected ? null : 'till_count',
  said: saidOf(one.differenceReason, one.differenceNote),
  by: [one.clerkId, ...(one.closedBy ? [one.closedBy] : [])],
})

const CARDS = `p.method IN ('credit_card', 'debit_card') AND p.status IN ('settled', 'refunding', 'refunded')`

/** One line for each terminal that was used, or whose report somebody wrote down. */
const TERMINALS = `
  WITH used AS (
    SELECT upper(trim(t.terminal)) AS terminal, sum(p.amount_cents) AS taken, array_agg(DISTINCT t.taken_by) AS by
    FROM payments p JOIN desk_tenders t ON t.payment_id = p.id
    WHERE p.processed_at >= $1 AND p.processed_at < $2 AND ${CARDS} GROUP BY 1),
  told AS (SELECT DISTINCT ON (terminal) terminal, total_cents AS total, batch FROM terminal_totals
    WHERE day = $3 ORDER BY terminal, id DESC)
  SELECT coalesce(u.terminal, o.terminal) AS terminal, coalesce(u.taken, 0) AS taken, o.total, o.batch,
    coalesce(u.by, '{}') AS by
  FROM used u FULL JOIN told o USING (terminal) ORDER BY 1`

type TerminalRow = {
  terminal: string
  taken: string
  total: string | null
  batch: string | null
  by: string[]
}

async function terminals(on: Database | Tx, { day, from, to }: Stretch): Promise<DayFigures[]> {
  const rows = await select<TerminalRow>(on, TERMINALS, [from, to, day])
  return rows.map(({ terminal, taken, total, batch, by }) => ({
    key: `terminal:${terminal}`,
    label: `Card terminal ${terminal}, its own report${batch ? `, batch ${batch}` : ''}`,
    taken: toCents(taken),
    booked: toCents(total ?? 0),
    suggested: null,
    said: null,
    by,
    batch,
    uncounted: total === null,
  }))
}

type ProofRow = { key: string; label: string; taken: string; booked: string; by: string[] }

const atBank = ({ taken, booked, ...row }: ProofRow): DayFigures => ({
  ...row,
  taken: toCents(taken),
  booked: toCents(booked),
  suggested: taken === booked ? null : 'at_bank',
  said: null,
})

/** Slips of the bank, and what of them its own list shows. */
async function banked(on: Database | Tx, from: Date, to: Date): Promise<DayFigures[]> {
  const rows = await select<ProofRow>(
    on,
    `SELECT 'banked:' || t.id AS key, 'Paid in to the bank, ' || l.name || ', ' || t.name AS label,
       sum(d.amount_cents) AS taken, sum(CASE WHEN seen.yes THEN d.amount_cents ELSE 0 END) AS booked,
       array_agg(DISTINCT d.made_by) AS by
     FROM till_deposits d JOIN till_sessions s ON s.id = d.session_id JOIN tills t ON t.id = s.till_id
     JOIN locations l ON l.code = t.place
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM provider_lines b WHERE b.matched_to = 'deposit:' || d.id) AS yes) seen
     WHERE d.made_at >= $1 AND d.made_at < $2 GROUP BY t.id, t.name, l.name ORDER BY 2`,
    [from, to],
  )
  return rows.map(atBank)
}

/** What finance confirmed without a line of the bank's list. */
async function transfers(on: Database | Tx, from: Date, to: Date): Promise<DayFigures[]> {
  const rows = await select<ProofRow>(
    on,
    `SELECT 'transfers' AS key, 'Bank transfers confirmed by hand' AS label, sum(p.amount_cents) AS taken,
       sum(CASE WHEN seen.yes THEN p.amount_cents ELSE 0 END) AS booked, array_agg(DISTINCT t.confirmed_by) AS by
     FROM payments p JOIN desk_tenders t ON t.payment_id = p.id
     CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM provider_lines b WHERE b.matched_to = 'payment:' || p.id) AS yes) seen
     WHERE p.processed_at >= $1 AND p.processed_at < $2 AND t.confirmed_by IS NOT NULL
       AND p.method = 'bank_transfer' AND p.status IN ('settled', 'refunding', 'refunded') HAVING count(*) > 0`,
    [from, to],
  )
  return rows.map(atBank)
}
