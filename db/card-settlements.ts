/** What the bank pays out for a card terminal clears what its slips left on their way. */
import { cardSettlementEntry } from '../domain/ledger.ts'
import { COMMISSION_AT_MOST, isCardSettlement } from '../domain/reconciliation.ts'
import { DAY_MS } from '../domain/time.ts'
import { select, type Tx } from './connection.ts'
import { postEntry } from './ledger.ts'
import { matchLine } from './reconciling.ts'
import { toCents } from './values.ts'

export type SettlementLine = {
  id: string
  amount: string
  at: Date
  reference: string | null
  details: string | null
}

/** A day of a terminal, by its own report; without one by the slips that were written down. */
export const TERMINAL_DAYS = `
  SELECT day::text AS day, terminal, coalesce(t.total_cents, sum(amount)) AS gross,
    'terminal:' || day || ':' || terminal AS "to"
  FROM (SELECT (p.processed_at AT TIME ZONE 'Africa/Nairobi')::date AS day, upper(trim(s.terminal)) AS terminal,
      p.amount_cents AS amount
    FROM payments p JOIN desk_tenders s ON s.payment_id = p.id
    WHERE p.method IN ('credit_card', 'debit_card') AND p.status IN ('settled', 'refunding', 'refunded')
      AND p.processed_at BETWEEN $1 AND $2) used
  LEFT JOIN LATERAL (SELECT total_cents FROM terminal_totals o WHERE o.day = used.day AND o.terminal = used.terminal
    ORDER BY o.id DESC LIMIT 1) t ON true
  GROUP BY day, terminal, t.total_cents`

export type TerminalDay = { day: string; terminal: string; gross: string; to: string }

const REACH_DAYS = 10

/** True when exactly one terminal's day fits the line, whole or less a usual commission: then it is booked. */
export async function bookSettlement(tx: Tx, line: SettlementLine): Promise<boolean> {
  if (!isCardSettlement(`${line.reference ?? ''} ${line.details ?? ''}`)) return false
  const days = await select<TerminalDay>(
    tx,
    `SELECT * FROM (${TERMINAL_DAYS}) d WHERE gross >= $3 AND gross * (1 - $4::float8) <= $3
       AND NOT EXISTS (SELECT FROM provider_lines l WHERE l.matched_to = d."to")`,
    [new Date(line.at.getTime() - REACH_DAYS * DAY_MS), line.at, line.amount, COMMISSION_AT_MOST],
  )
  const exact = days.filter(({ gross }) => toCents(gross) === toCents(line.amount))
  const [only, other] = exact.length > 0 ? exact : days
  if (!only || other) return false
  const amounts = { gross: toCents(only.gross), net: toCents(line.amount) }
  await postEntry(tx, cardSettlementEntry({ lineId: line.id, ...amounts }))
  await matchLine(tx, line.id, only.to)
  return true
}
