/** Bank lines on the worklist that brought money, and whose it may be. */
import type { OwnerSuggestion } from '../domain/allocation-pages.ts'
import { bankWords, numberNamed, type BankMoney, type BankWish } from '../domain/bank-money.ts'
import { OPEN_INVOICE } from '../domain/invoices.ts'
import type { PaymentPurpose } from '../domain/payments.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { suggestFor } from './paybill-suggestions.ts'
import { readCursor, toCents, writeCursor } from './values.ts'

type Raw = Omit<BankMoney, 'amount'> & { amount: string; openedAt: Date }
const MONEY = `SELECT f.id AS "findingId", l.id AS "lineId", l.amount_cents AS amount, l.at, l.reference, l.details,
    f.opened_at AS "openedAt"
  FROM reconciliation_findings f JOIN provider_lines l ON l.id = f.line_id
  WHERE f.kind = 'bank_line' AND f.status = 'open' AND f.payment_id IS NULL
    AND l.source = 'bank' AND l.direction = 'in' AND l.nature = 'money' AND l.state = 'open'`
const toMoney = ({ findingId, lineId, amount, at, reference, details }: Raw): BankMoney => ({
  findingId,
  lineId,
  amount: toCents(amount),
  at,
  reference,
  details,
})

/** Null when it has its owner, or a reason, or an announced transfer that was told of it. */
export async function findBankMoney(db: Database, findingId: string): Promise<BankMoney | null> {
  const raw = await selectOne<Raw>(db, `${MONEY} AND f.id = $1`, [findingId])
  return raw && toMoney(raw)
}

/** The oldest first: it has waited longest. */
export async function listBankMoney(
  db: Database,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: BankMoney[]; next: string | null }> {
  const after = readCursor(cursor)
  const rows = await select<Raw>(
    db,
    `${MONEY} AND ($1::timestamptz IS NULL OR (date_trunc('milliseconds', f.opened_at), f.id) > ($1, $2::uuid))
     ORDER BY date_trunc('milliseconds', f.opened_at), f.id LIMIT $3`,
    [after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const last = rows.slice(0, limit).at(-1)
  const next = rows.length > limit && last ? writeCursor(last.openedAt, last.findingId) : null
  return { items: rows.slice(0, limit).map(toMoney), next }
}

/** What somebody asked for, as long as nobody else has said the same. */
export async function findBankWish(on: Database | Tx, lineId: string): Promise<BankWish | null> {
  const row = await selectOne<Omit<BankWish, 'target'> & BankWish['target']>(
    on,
    `SELECT w.purpose, w.owner_id AS "ownerId", w.asked_by AS "askedBy", w.why,
       coalesce(trim(u.first_name || ' ' || u.last_name), w.asked_by) AS "askedByName"
     FROM bank_allocation_wishes w LEFT JOIN users u ON u.id::text = w.asked_by WHERE w.line_id = $1`,
    [lineId],
  )
  if (!row) return null
  const { purpose, ownerId, ...asked } = row
  return { target: { purpose, ownerId }, ...asked }
}

/** Likeness from which a company's name is worth a person's look. */
const COMPANY_LIKENESS = 0.6

type Invoice = {
  id: string
  number: string
  purpose: PaymentPurpose
  ownerId: string
  ownerNumber: string
  companyName: string | null
  customerId: string
  customerName: string
  open: string
  sameAmount: boolean
  named: boolean
  name: string | null
}

const OPEN_CENTS = 'i.gross_cents - i.credited_cents - i.paid_cents'
const COLUMNS = `i.id, i.number, i.purpose, i.owner_id AS "ownerId", i.owner_number AS "ownerNumber", c.name AS "companyName",
      i.customer_id AS "customerId", trim(u.first_name || ' ' || u.last_name) AS "customerName", i.due_at AS due,
      ${OPEN_CENTS} AS open`
const INVOICES = `SELECT * FROM (
    SELECT ${COLUMNS}, ${OPEN_CENTS} = $1 AS "sameAmount", coalesce(i.number = $2, false) AS named,
      CASE WHEN word_similarity(lower(c.name), lower($3)) >= ${COMPANY_LIKENESS} THEN c.name END AS name
    FROM invoices i JOIN users u ON u.id = i.customer_id LEFT JOIN companies c ON c.id = i.company_id
    WHERE i.status = ANY($4)) AS likely
  WHERE open > 0 AND ("sameAmount" OR named OR name IS NOT NULL)
  ORDER BY named DESC, "sameAmount" DESC, due LIMIT $5`

/** A company's on its account is paid as such; any other through the booking or charge that it bills. */
const toSuggestion = (found: Invoice): OwnerSuggestion => ({
  purpose: found.companyName === null ? found.purpose : 'invoice',
  ownerId: found.companyName === null ? found.ownerId : found.id,
  number: found.companyName === null ? found.ownerNumber : found.number,
  status: null,
  customerId: found.customerId,
  customerName: found.companyName ?? found.customerName,
  balance: toCents(found.open),
  likeness: {
    sameAmount: found.sameAmount,
    sameShare: false,
    name: found.name,
    nearlyTyped: found.named,
    prompted: false,
  },
})

/** Bookings, charges and invoices of this amount, or whose number or name stands in the line; the likeliest first. */
export async function suggestForBank(
  db: Database,
  money: BankMoney,
  limit: number,
): Promise<OwnerSuggestion[]> {
  const words = bankWords(money)
  const number = numberNamed(words)
  const bind = [money.amount, number, words, [...OPEN_INVOICE], limit]
  const invoices = (await select<Invoice>(db, INVOICES, bind)).map(toSuggestion)
  const clue = {
    amount: money.amount,
    payerName: words || null,
    reference: number ?? money.reference,
    paidAt: money.at,
  }
  const others = await suggestFor(db, clue, limit)
  const known = new Set(invoices.map(({ ownerId }) => ownerId))
  return [...invoices, ...others.filter(({ ownerId }) => !known.has(ownerId))].slice(0, limit)
}

const MOST_FOUND = 20
type Found = Omit<Invoice, 'sameAmount' | 'named' | 'name'>

/** Companies' open invoices that a person looks for by number, company or booking; the first due first. */
export async function searchCompanyInvoices(
  db: Database,
  text: string,
): Promise<OwnerSuggestion[]> {
  const words = text.trim().replaceAll(/[%_\\\0]/g, '')
  if (words === '') return []
  const rows = await select<Found>(
    db,
    `SELECT ${COLUMNS} FROM invoices i JOIN users u ON u.id = i.customer_id JOIN companies c ON c.id = i.company_id
     WHERE i.status = ANY($2) AND ${OPEN_CENTS} > 0
       AND (i.number ILIKE '%' || $1 || '%' OR i.owner_number ILIKE '%' || $1 || '%' OR c.name ILIKE '%' || $1 || '%')
     ORDER BY i.due_at, i.id LIMIT ${MOST_FOUND}`,
    [words, [...OPEN_INVOICE]],
  )
  const unlike = { sameAmount: false, named: false, name: null }
  return rows.map((row) => ({ ...toSuggestion({ ...row, ...unlike }), likeness: null }))
}
