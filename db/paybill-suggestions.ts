/** Whose money could it be? Bookings and charges by amount, name, number and time, the likeliest first. */
import type { Suggestion, UnmatchedMoney } from '../domain/unmatched-pages.ts'
import { SHOWN_CHARGE, type ChargeStatus } from '../domain/charges.ts'
import type { DeskChargeRow } from '../domain/charge-pages.ts'
import type { ReservationStatus } from '../domain/reservations.ts'
import { select, type Database } from './connection.ts'
import type { ReservationDetail } from './reservation-reads.ts'
import { toCents } from './values.ts'

/** Trigram likeness from which two names, or two numbers, are worth a person's look. */
const NAME_LIKENESS = 0.5
const NUMBER_LIKENESS = 0.6
/** What was made this long before the money, and their ends, are still thought of. */
const DAYS = 14

type Row = {
  purpose: Suggestion['purpose']
  id: string
  number: string
  status: ReservationStatus | ChargeStatus
  customerId: string
  customerName: string
  balance: string
  sameAmount: boolean
  sameShare: boolean
  name: string | null
  nearlyTyped: boolean
  prompted: boolean
}

type Source = {
  purpose: Suggestion['purpose']
  table: string
  parties: string
  /** As SQL over `r`: what may be meant at all, and what still takes money. */
  thinkable: string
  open: string
}

const RECENT = `r.created_at > $4::timestamptz - interval '${DAYS} days'`
const SOURCES: Source[] = [
  {
    purpose: 'reservation',
    table: 'reservations',
    parties: 'reservation_parties y WHERE y.reservation_id = r.id',
    thinkable: `r.status IN ('pending', 'processing', 'confirmed') AND ${RECENT}`,
    open: "r.status IN ('pending', 'processing')",
  },
  {
    purpose: 'charge',
    table: 'charges',
    parties: 'charge_parties y WHERE y.charge_id = r.id',
    // Some may be paid for half a year.
    thinkable: `(r.status IN ('open', 'processing') OR (r.status = 'paid' AND ${RECENT}))`,
    open: "r.status IN ('open', 'processing')",
  },
]

const likelyFrom = ({ purpose, table, parties, thinkable, open }: Source): string => `
  SELECT '${purpose}' AS purpose, r.id, r.number, r.status, r.customer_id AS "customerId", r.created_at AS made,
    trim(u.first_name || ' ' || u.last_name) AS "customerName", r.total_cents - r.paid_cents AS balance,
    ${open} AS open, r.total_cents - r.paid_cents = $1 AS "sameAmount",
    EXISTS (SELECT 1 FROM ${parties} AND y.share_cents = $1) AS "sameShare",
    (SELECT y.name FROM ${parties} AND $2::text IS NOT NULL
       AND greatest(word_similarity(lower($2), lower(y.name)), word_similarity(lower(y.name), lower($2)))
         >= ${NAME_LIKENESS} ORDER BY word_similarity(lower($2), lower(y.name)) DESC LIMIT 1) AS name,
    coalesce(similarity(replace(r.number, '-', ''), $3) >= ${NUMBER_LIKENESS}, false) AS "nearlyTyped",
    EXISTS (SELECT 1 FROM payments p WHERE p.owner_id = r.id AND p.channel = 'prompt' AND p.amount_cents = $1
       AND p.requested_at BETWEEN $4::timestamptz - interval '1 hour' AND $4::timestamptz + interval '1 minute')
      AS prompted
  FROM ${table} r JOIN users u ON u.id = r.customer_id WHERE ${thinkable}`

const LIKELY = `
  SELECT * FROM (${SOURCES.map(likelyFrom).join(' UNION ALL ')}) AS likely
  WHERE name IS NOT NULL OR "nearlyTyped" OR prompted OR (open AND ("sameAmount" OR "sameShare"))
  ORDER BY "sameAmount"::int * 3 + "sameShare"::int + (name IS NOT NULL)::int * 3 + "nearlyTyped"::int * 3
    + prompted::int * 2 + open::int DESC, made DESC LIMIT $5`

type Clue = Pick<UnmatchedMoney, 'amount' | 'payerName' | 'reference' | 'paidAt'>

export async function suggestFor(
  db: Database,
  { amount, payerName, reference, paidAt }: Clue,
  limit: number,
): Promise<Suggestion[]> {
  const typed = reference?.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') || null
  const bind = [amount, payerName, typed, paidAt, limit]
  const rows = await select<Row>(db, LIKELY, bind)
  return rows.map(
    ({ id, balance, purpose, status, number, customerName, customerId, ...likeness }) => ({
      purpose,
      ownerId: id,
      number,
      status:
        purpose === 'charge' ? SHOWN_CHARGE[status as ChargeStatus] : (status as ReservationStatus),
      customerName,
      customerId,
      balance: toCents(balance),
      likeness: {
        sameAmount: likeness.sameAmount,
        sameShare: likeness.sameShare,
        name: likeness.name,
        nearlyTyped: likeness.nearlyTyped,
        prompted: likeness.prompted,
      },
    }),
  )
}

/** A booking that a person searched for. */
export const toSuggestion = (found: ReservationDetail): Suggestion => ({
  purpose: 'reservation',
  ownerId: found.id,
  number: found.number,
  status: found.status,
  customerName: found.customerName,
  customerId: found.customerId,
  balance: found.balance,
  likeness: null,
})

/** The same of a charge. */
export const toChargeSuggestion = (found: DeskChargeRow): Suggestion => ({
  purpose: 'charge',
  ownerId: found.id,
  number: found.number,
  status: SHOWN_CHARGE[found.status],
  customerName: found.customerName,
  customerId: found.customerId,
  balance: found.balance,
  likeness: null,
})
