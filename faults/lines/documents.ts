/**
 * Invoices, credit notes and receipts. Nobody asks for them here: they follow from what was booked, charged, paid and given
 * back, so this line has rules and no deeds.
 */
import { word, words } from '../checker/words.ts'
import { plantSql, type Rule, type Story, type World } from '../checker/world.ts'
import type { Line } from './line.ts'
import { isAnyLost, TOLD_BY } from './lost-documents.ts'
import { registeredRules } from './registered.ts'

const DEPOSIT = word('payments.type', 'deposit')
const PAID_FOR = words('payments.status', 'settled', 'refunding')
const SETTLED = words('payments.status', 'settled', 'refunding', 'refunded')

/**
 * What was billed for each booking and charge, less its credit notes, beside what of its price is kept: what counts and did not
 * go back. What was given back at an earlier end counts no more once the booking stands again.
 */
const BILLS = `WITH owners (id, stands) AS (
    SELECT id, status IN ${words('reservations.status', 'confirmed', 'in_progress', 'completed')} FROM reservations
      WHERE status NOT IN ${words('reservations.status', 'pending', 'processing')}
    UNION ALL SELECT id, status = ${word('charges.status', 'paid')} FROM charges
      WHERE type <> ${word('charges.type', 'deposit')} AND status NOT IN ${words('charges.status', 'open', 'processing')}),
  billed AS (SELECT owner_id AS id, sum(gross_cents - credited_cents) AS net, sum(paid_cents) AS paid,
      bool_or(company_id IS NOT NULL) AS by_company FROM invoices WHERE number IS NOT NULL GROUP BY 1),
  counted AS (SELECT owner_id AS id, given_back,
      greatest(0, least(applied_cents, amount_cents - refunded_cents)) AS cents
    FROM payments WHERE counted AND status IN ${PAID_FOR} AND type <> ${DEPOSIT}),
  kept AS (SELECT id, sum(cents) AS all_of_it, coalesce(sum(cents) FILTER (WHERE NOT given_back), 0) AS now
    FROM counted GROUP BY 1),
  bills AS (SELECT o.id, o.stands, coalesce(b.net, 0) AS net, coalesce(b.paid, 0) AS paid, coalesce(b.by_company, false)
      AS by_company, coalesce(k.all_of_it, 0) AS all_of_it, coalesce(k.now, 0) AS now
    FROM owners o LEFT JOIN billed b ON b.id = o.id LEFT JOIN kept k ON k.id = o.id)`

const NOT_BILLED = `${BILLS} SELECT id || ': invoices say ' || net || ', kept is ' || now AS id FROM bills
  WHERE stands AND net <> now`
const BILLED_TOO_LONG = `${BILLS} SELECT id || ': invoices say ' || net || ', kept is ' || all_of_it AS id FROM bills
  WHERE NOT stands AND net > all_of_it`
/** A company pays its invoices by its account. */
const PAID_OTHERWISE = `${BILLS} SELECT id || ': its invoices are paid with ' || paid || ', its payments gave ' || all_of_it AS id
  FROM bills WHERE NOT by_company AND paid <> least(net, all_of_it)`

const STANDS_OTHERWISE = `SELECT number AS id FROM invoices WHERE number IS NOT NULL AND (
  (status = ${word('invoices.status', 'paid')}) <> (credited_cents < gross_cents AND paid_cents + credited_cents >= gross_cents)
  OR (status = ${word('invoices.status', 'cancelled')}) <> (credited_cents = gross_cents))`

const UNEVEN = `SELECT coalesce(number, id::text) AS id FROM invoices i WHERE NOT EXISTS (
    SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id
    HAVING (sum(l.net_cents), sum(l.vat_cents), sum(l.gross_cents)) = (i.net_cents, i.vat_cents, i.gross_cents))
  UNION ALL SELECT invoice_id || ', line ' || position FROM invoice_lines
    WHERE net_cents + vat_cents <> gross_cents OR gross_cents <> quantity * unit_price_cents
      OR vat_cents <> round(gross_cents::numeric * vat_rate / (100 + vat_rate))`
/** Each line of a note in cents, as its JSON has them. */
const NOTES_UNEVEN = `SELECT number AS id FROM credit_notes n WHERE NOT EXISTS (
    SELECT 1 FROM jsonb_to_recordset(n.lines) AS l (net bigint, vat bigint, gross bigint)
    HAVING (sum(l.net), sum(l.vat), sum(l.gross)) = (n.net_cents, n.vat_cents, n.gross_cents))
  UNION ALL SELECT number FROM invoices i WHERE credited_cents <> (
    SELECT coalesce(sum(gross_cents), 0) FROM credit_notes n WHERE n.invoice_id = i.id)`

const NUMBERS = `SELECT number FROM invoices WHERE number IS NOT NULL
  UNION ALL SELECT number FROM credit_notes UNION ALL SELECT number FROM receipts`
const NUMBER_TWICE = `SELECT number AS id FROM (${NUMBERS}) n GROUP BY number HAVING count(*) > 1`
const GIVEN = `given (series, year, nth) AS (SELECT split_part(number, '-', 1), 2000 + split_part(number, '-', 2)::int,
    split_part(number, '-', 3)::bigint FROM (${NUMBERS}) n)`
const UNGIVEN = `WITH ${GIVEN} SELECT s.series, s.year, array_agg(n.nth::int ORDER BY n.nth) AS nths
  FROM document_series s CROSS JOIN LATERAL generate_series(1, s.last) AS n (nth)
  WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.series = s.series AND g.year = s.year AND g.nth = n.nth)
  GROUP BY 1, 2`
type Gap = { series: string; year: number; nths: number[] }
const UNCOUNTED = `WITH ${GIVEN} SELECT g.series || ' ' || g.year || ' ' || g.nth AS id FROM given g
  LEFT JOIN document_series s ON s.series = g.series AND s.year = g.year WHERE g.nth > coalesce(s.last, 0)`

const WITHOUT_RECEIPT = `SELECT id FROM payments p WHERE status IN ${SETTLED}
  AND method <> ${word('payments.method', 'account')}
  AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.payment_id = p.id)`

const ids =
  (text: string) =>
  async ({ sql }: World) =>
    (await sql<{ id: string }>(text)).map(({ id }) => id)

/**
 * After a restore Kafka tells of documents that the books have no more, and their numbers are given to nobody else: one
 * hole in a series, and none where nothing was lost.
 */
async function gaps(world: World): Promise<string[]> {
  const found = await ids(UNCOUNTED)(world)
  for (const { series, year, nths } of await world.sql<Gap>(UNGIVEN)) {
    const isOneHole = (nths.at(-1) ?? 0) - (nths[0] ?? 0) === nths.length - 1
    const told = TOLD_BY[series]
    if (isOneHole && told && (await isAnyLost(world, told))) continue
    found.push(...nths.map((nth) => `${series} ${year} ${nth}`))
  }
  return found
}

type Taxed = { number: string; story: string; status: string }
const UNREGISTERED = `SELECT number, 'invoice:' || id AS story, etims_status AS status FROM invoices
    WHERE number IS NOT NULL AND etims_status <> ${word('invoices.etims_status', 'registered')}
  UNION ALL SELECT number, 'credit-note:' || id, etims_status FROM credit_notes
    WHERE etims_status <> ${word('credit_notes.etims_status', 'registered')}`
const CONTROLS = `SELECT etims->>'invoiceNumber' AS id FROM (SELECT etims FROM invoices UNION ALL SELECT etims FROM credit_notes) d
  WHERE etims IS NOT NULL GROUP BY 1 HAVING count(*) > 1 OR etims->>'invoiceNumber' IS NULL`
const IS_REGISTERING = `SELECT 1 FROM invoices WHERE etims_status <> ${word('invoices.etims_status', 'off')} LIMIT 1`

/** The authority is asked again until it answers; here it refuses nothing. Where there is none, nothing is registered. */
async function unregistered(world: World): Promise<string[]> {
  const { sql, stories } = world
  if ((await sql(IS_REGISTERING)).length === 0) return []
  const isAsked = (story: Story | undefined) => story?.status === 'RUNNING'
  const open = await sql<Taxed>(UNREGISTERED)
  return [
    ...open
      .filter(({ status, story }) => status !== 'pending' || !isAsked(stories.get(story)))
      .map(({ number, status }) => `${number} is ${status}`),
    ...(await ids(CONTROLS)(world)).map((control) => `${control} is of two documents`),
  ]
}

const unguarded = (table: string, text: string) =>
  plantSql(table, `ALTER TABLE ${table} DISABLE TRIGGER USER; ${text}`)
/** In the order in which Gari locks them. */
const ENDED_AND_BACK = `UPDATE reservations SET status = ${word('reservations.status', 'cancelled')}
    WHERE status = ${word('reservations.status', 'confirmed')};
  UPDATE payments SET status = ${word('payments.status', 'refunded')} WHERE counted`
const UNPAID = `UPDATE invoices SET status = ${word('invoices.status', 'issued')}
  WHERE status = ${word('invoices.status', 'paid')}`
const PENDING = `UPDATE invoices SET etims_status = ${word('invoices.etims_status', 'pending')} WHERE number IS NOT NULL`

const bySql = (name: string, kind: Rule['kind'], text: string, plant: Rule['plant']): Rule => ({
  name,
  kind,
  broken: ids(text),
  plant,
})

const rules: Rule[] = [
  bySql(
    'what is paid for is invoiced, and no more',
    'lost',
    NOT_BILLED,
    unguarded('invoices', 'UPDATE invoices SET credited_cents = gross_cents'),
  ),
  bySql(
    'what went back is credited',
    'wrong',
    BILLED_TOO_LONG,
    plantSql('reservations', ENDED_AND_BACK),
  ),
  bySql(
    'an invoice is paid as its payments say',
    'wrong',
    PAID_OTHERWISE,
    unguarded('invoices', 'UPDATE invoices SET paid_cents = paid_cents + 100'),
  ),
  bySql(
    'an invoice stands as its money says',
    'wrong',
    STANDS_OTHERWISE,
    unguarded('invoices', UNPAID),
  ),
  bySql(
    'an invoice adds up',
    'wrong',
    UNEVEN,
    unguarded('invoice_lines', 'UPDATE invoice_lines SET gross_cents = gross_cents + 100'),
  ),
  bySql(
    'credit notes add up, and are what is credited',
    'wrong',
    NOTES_UNEVEN,
    unguarded('invoices', 'UPDATE invoices SET credited_cents = credited_cents + 1'),
  ),
  bySql(
    'no two documents have one number',
    'doubled',
    NUMBER_TWICE,
    unguarded(
      'invoices',
      'UPDATE invoices SET number = (SELECT min(number) FROM invoices) WHERE number IS NOT NULL',
    ),
  ),
  {
    name: 'the numbers of documents have no gap',
    kind: 'lost',
    broken: gaps,
    plant: plantSql('document_series', 'UPDATE document_series SET last = last + 2'),
  },
  bySql(
    'each payment has a receipt',
    'lost',
    WITHOUT_RECEIPT,
    unguarded('receipts', 'DELETE FROM receipts'),
  ),
  {
    name: 'each document is registered, or being registered',
    kind: 'lost',
    broken: unregistered,
    plant: async (world) => ({
      ...(await unguarded('invoices', PENDING)(world)),
      stories: new Map(),
    }),
  },
]

export const documents: Line = {
  name: 'documents',
  deeds: [],
  rules: [...rules, ...registeredRules],
}
