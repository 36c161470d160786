/**
 * The words in which Gari's tables say how things stand, as the checker believes them. A word that is none would make a
 * rule see nothing for ever, so they are compared with the tables before the first action; one that is new is told as
 * well, because somebody must say which rule it concerns.
 */
import type { Sql } from './world.ts'

const WORDS = {
  'reservations.status': [
    'pending',
    'processing',
    'confirmed',
    'in_progress',
    'completed',
    'cancelled',
    'expired',
    'no_show',
  ],
  'payments.status': [
    'requested',
    'prompted',
    'unknown',
    'unexplained',
    'settled',
    'refused',
    'refunding',
    'refunded',
  ],
  'payments.channel': ['prompt', 'paybill', 'desk', 'credit'],
  'payments.method': [
    'mpesa',
    'cash',
    'bank_transfer',
    'credit_card',
    'debit_card',
    'credit',
    'account',
  ],
  'refunds.status': [
    'requested',
    'awaiting_approval',
    'approved',
    'declined',
    'sent',
    'settled',
    'refused',
  ],
  'refunds.method': ['reversal', 'payout', 'cash', 'credit', 'account', 'by_hand'],
  'charges.status': ['open', 'processing', 'paid', 'cancelled', 'expired'],
  'holds.state': ['held', 'confirmed', 'active', 'ended', 'released', 'expired'],
  'charges.type': ['deposit', 'additional', 'damage', 'sale', 'service', 'stay'],
  'payments.type': [
    'rental',
    'deposit',
    'additional',
    'damage',
    'sale',
    'service',
    'stay',
    'credit',
  ],
  'invoices.status': ['draft', 'issued', 'sent', 'overdue', 'paid', 'cancelled'],
  'invoices.etims_status': ['off', 'pending', 'registered', 'refused'],
  'credit_notes.etims_status': ['off', 'pending', 'registered', 'refused'],
  'document_series.series': ['INV', 'CRN', 'RCT'],
  'late_offers.status': ['open', 'taken', 'declined', 'expired'],
  'finance_cases.status': ['open', 'closed'],
  'mpesa_receipts.status': ['matched', 'unmatched', 'returned'],
  'notifications.status': ['queued', 'sent', 'failed'],
  'erasures.status': ['waiting', 'taken_back', 'refused', 'erasing', 'done'],
  'reconciliation_findings.status': ['open', 'closed'],
  'reconciliation_findings.kind': [
    'unknown_money_out',
    'unknown_money_in',
    'several_candidates',
    'not_settled',
    'amount_differs',
    'told_twice',
    'missing_at_provider',
    'refund_unreported',
    'bank_line',
    'balance_differs',
    'deposit_missing',
    'transfer_missing',
    'card_missing',
  ],
} as const
type Column = keyof typeof WORDS
export type Word<C extends Column> = (typeof WORDS)[C][number]

/** For SQL, which nobody checks: `status = ${word('holds.state', 'held')}`. */
export const word = <C extends Column>(_column: C, one: Word<C>): string => `'${one}'`
/** The same behind IN. */
export const words = <C extends Column>(_column: C, ...some: Word<C>[]): string =>
  `(${some.map((one) => `'${one}'`).join(', ')})`

/** The lists of words that PostgreSQL itself keeps to: CHECK constraints of one column. */
const LISTS = `SELECT c.conrelid::regclass::text || '.' || a.attname AS column, pg_get_constraintdef(c.oid) AS list
  FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.contype = 'c' AND cardinality(c.conkey) = 1 AND pg_get_constraintdef(c.oid) LIKE '%= ANY (ARRAY[%'`
const QUOTED = /'([^']+)'::text/g

/** Empty when the checker and the tables speak the same words. */
export async function findStrangeWords(sql: Sql): Promise<string[]> {
  const rows = await sql<{ column: string; list: string }>(LISTS)
  const lists = new Map(
    rows.map(({ column, list }) => [column, [...list.matchAll(QUOTED)].map((match) => match[1])]),
  )
  return Object.entries(WORDS).flatMap(([column, ours]: [string, readonly string[]]) => {
    const theirs = lists.get(column)
    if (!theirs) return [`${column} has no list of words`]
    return [
      ...ours.filter((one) => !theirs.includes(one)).map((one) => `${column} is never ${one}`),
      ...theirs
        .filter((one) => one !== undefined && !ours.includes(one))
        .map((one) => `${column} may be ${one}, of which no rule has heard`),
    ]
  })
}

/** Throws when a rule would look for what cannot be. */
export async function insistOnWords(sql: Sql): Promise<void> {
  const strange = await findStrangeWords(sql)
  if (strange.length > 0) throw new Error(`the checker is of another schema: ${strange.join('; ')}`)
}
