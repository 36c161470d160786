/** Drafts: what is to be invoiced, still to be changed or thrown away. Each step safe to repeat. */
import { BusinessError } from '../domain/errors.ts'
import { toLine, totalsOf, type BillTo, type LineWish } from '../domain/invoices.ts'
import { ZERO, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import {
  auditInvoice,
  changeInvoice,
  INVOICE_COLUMNS,
  lockInvoice,
  readInvoice,
  toInvoice,
  type InvoiceRow,
  type RawInvoice,
} from './invoice-rows.ts'
import { prepared } from './prepared.ts'
import { toCents } from './values.ts'

export type Draft = {
  id: string
  /** What may be invoiced only once; a repeat of the same draft meets the first. */
  key: string
  purpose: 'reservation' | 'charge'
  ownerId: string
  ownerNumber: string
  customerId: string
  partyId: string | null
  companyId: string | null
  billTo: BillTo
  lines: LineWish[]
  deposit: Cents
  termsDays: number
  /** Issued by its story as soon as a worker sees it. */
  issue: boolean
  actorId: string
}

/** The row that stands under this key, ours or an earlier one. */
export async function draftInvoice(tx: Tx, draft: Draft): Promise<InvoiceRow> {
  const lines = draft.lines.map(toLine)
  const { net, vat, gross } = totalsOf(lines)
  const made = await selectOne<RawInvoice>(
    tx,
    `INSERT INTO invoices (id, key, purpose, owner_id, owner_number, customer_id, party_id, company_id, bill_to,
       status, terms_days, net_cents, vat_cents, gross_cents, deposit_cents, issue_wanted, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 'draft', $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT (key) DO NOTHING RETURNING ${INVOICE_COLUMNS}`,
    [
      draft.id,
      draft.key,
      draft.purpose,
      draft.ownerId,
      draft.ownerNumber,
      draft.customerId,
      draft.partyId,
      draft.companyId,
      JSON.stringify(draft.billTo),
      draft.termsDays,
      net,
      vat,
      gross,
      draft.deposit,
      draft.issue,
      draft.actorId,
    ],
  )
  if (!made) return readByKey(tx, draft.key)
  await select(
    tx,
    `INSERT INTO invoice_lines (invoice_id, position, description, quantity, unit_price_cents, vat_rate,
       net_cents, vat_cents, gross_cents)
     SELECT $1, l.nth, l.d, l.q, l.u, l.r, l.n, l.v, l.g
     FROM unnest($2::text[], $3::int[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[])
       WITH ORDINALITY AS l(d, q, u, r, n, v, g, nth)`,
    [
      draft.id,
      lines.map((line) => line.description),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPrice),
      lines.map((line) => line.vatRate),
      lines.map((line) => line.net),
      lines.map((line) => line.vat),
      lines.map((line) => line.gross),
    ],
  )
  const row = toInvoice(made)
  await auditInvoice(tx, row, 'invoice.drafted', draft.actorId)
  return row
}

async function readByKey(tx: Tx, key: string): Promise<InvoiceRow> {
  const row = await selectOne<{ id: string }>(tx, 'SELECT id FROM invoices WHERE key = $1', [key])
  return (await readInvoice(tx, row?.id ?? '')) as InvoiceRow
}

/** Lets the worker's sweep begin its story. */
export async function wishIssue(tx: Tx, id: string, actorId: string): Promise<InvoiceRow> {
  const row = await lockInvoice(tx, id)
  if (row.status !== 'draft') return row
  await auditInvoice(tx, row, 'invoice.issue_wanted', actorId)
  return changeInvoice(tx, id, 'issue_wanted = true')
}

export async function cancelDraft(tx: Tx, id: string, actorId: string): Promise<InvoiceRow> {
  const row = await lockInvoice(tx, id)
  if (row.status === 'cancelled') return row
  if (row.number)
    throw new BusinessError('INVOICE_ISSUED', 'It was issued, so it can only be credited.')
  const set =
    "status = 'cancelled', cancelled_at = now(), issue_wanted = false, key = key || ':' || id"
  const changed = await changeInvoice(tx, id, set)
  await auditInvoice(tx, changed, 'invoice.cancelled', actorId)
  return changed
}

const INVOICED = prepared(
  `SELECT coalesce(sum(gross_cents - credited_cents), 0) AS invoiced FROM invoices
   WHERE owner_id = $1 AND status <> 'cancelled'`,
)

/** What invoices of this owner hold already, less what was credited. */
export async function invoicedOf(on: Database | Tx, ownerId: string): Promise<Cents> {
  const row = await selectOne<{ invoiced: string }>(on, INVOICED, [ownerId])
  return row ? toCents(row.invoiced) : ZERO
}
