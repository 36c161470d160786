/** One invoice's own row: locking it, changing it, and the events its changes are told by. */
import type { DomainEvent, InvoiceEventType } from '../domain/events.ts'
import type {
  BillTo,
  ControlUnit,
  EtimsStatus,
  InvoiceStatus,
  Reminder,
} from '../domain/invoices.ts'
import { CURRENCY, toDecimal, type Cents } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import { appendAudit } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { prepared } from './prepared.ts'
import { toCents, toCount } from './values.ts'

export type InvoiceRow = {
  id: string
  number: string | null
  purpose: 'reservation' | 'charge'
  ownerId: string
  ownerNumber: string
  customerId: string
  partyId: string | null
  companyId: string | null
  billTo: BillTo
  status: InvoiceStatus
  termsDays: number
  net: Cents
  vat: Cents
  gross: Cents
  credited: Cents
  paid: Cents
  deposit: Cents
  issuedAt: Date | null
  dueAt: Date | null
  sentAt: Date | null
  paidAt: Date | null
  reminded: Reminder[]
  caseAt: Date | null
  etimsStatus: EtimsStatus
  etims: ControlUnit | null
  etimsNote: string | null
  version: number
  createdAt: Date
}

export const INVOICE_COLUMNS = `id, number, purpose, owner_id AS "ownerId", owner_number AS "ownerNumber",
  customer_id AS "customerId", party_id AS "partyId", company_id AS "companyId", bill_to AS "billTo", status,
  terms_days AS "termsDays", net_cents AS net, vat_cents AS vat, gross_cents AS gross, credited_cents AS credited,
  paid_cents AS paid, deposit_cents AS deposit, issued_at AS "issuedAt", due_at AS "dueAt", sent_at AS "sentAt",
  paid_at AS "paidAt", reminded, case_at AS "caseAt", etims_status AS "etimsStatus", etims,
  etims_note AS "etimsNote", version, created_at AS "createdAt"`

const AMOUNTS = ['net', 'vat', 'gross', 'credited', 'paid', 'deposit'] as const
export type RawInvoice = InvoiceRow & Record<(typeof AMOUNTS)[number] | 'version', string>
export const toInvoice = (raw: RawInvoice): InvoiceRow => {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, toCents(raw[name])]))
  return { ...raw, ...amounts, version: toCount(raw.version) }
}

const READ = prepared(`SELECT ${INVOICE_COLUMNS} FROM invoices WHERE id = $1`)

export async function readInvoice(on: Database | Tx, id: string): Promise<InvoiceRow | null> {
  const raw = await selectOne<RawInvoice>(on, READ, [id])
  return raw && toInvoice(raw)
}

const IN_ORDER = 'ORDER BY id FOR NO KEY UPDATE'
const LOCK_WITH = prepared(
  `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE owner_id = (SELECT owner_id FROM invoices WHERE id = $1) ${IN_ORDER}`,
)
const LOCK_OF = prepared(`SELECT ${INVOICE_COLUMNS} FROM invoices WHERE owner_id = $1 ${IN_ORDER}`)

/**
 * With it all that are about the same thing, because their money is counted together: whoever took only their own first,
 * and then a number, would wait for the others while all wait for the number.
 */
export async function lockInvoicesWith(tx: Tx, id: string): Promise<InvoiceRow[]> {
  return (await select<RawInvoice>(tx, LOCK_WITH, [id])).map(toInvoice)
}

/** The same, for this one's row. */
export const lockInvoice = async (tx: Tx, id: string): Promise<InvoiceRow> =>
  pickInvoice(await lockInvoicesWith(tx, id), id)

/** Throws when there is none: ids come from our own books. */
export function pickInvoice(rows: readonly InvoiceRow[], id: string): InvoiceRow {
  const row = rows.find((one) => one.id === id)
  if (!row) throw new Error(`invoice ${id} does not exist`)
  return row
}

/** In one order for everybody, so that nobody waits in a circle. */
export async function lockInvoicesOf(tx: Tx, ownerId: string): Promise<InvoiceRow[]> {
  return (await select<RawInvoice>(tx, LOCK_OF, [ownerId])).map(toInvoice)
}

/** `set` is SQL of ours, never of a client. */
export async function changeInvoice(
  tx: Tx,
  id: string,
  set: string,
  bind: unknown[] = [],
): Promise<InvoiceRow> {
  const raw = await selectOne<RawInvoice>(
    tx,
    `UPDATE invoices SET version = version + 1, ${set} WHERE id = $1 RETURNING ${INVOICE_COLUMNS}`,
    [id, ...bind],
  )
  if (!raw) throw new Error(`invoice ${id} does not exist`)
  return toInvoice(raw)
}

export const auditInvoice = (
  tx: Tx,
  { id, status, number }: InvoiceRow,
  action: string,
  actor: string,
  why: string | null = null,
): Promise<void> =>
  appendAudit(tx, {
    actor,
    action,
    entity: 'invoice',
    entityId: id,
    after: { status, number },
    why,
  })

export const invoiceEvent = (
  type: InvoiceEventType,
  row: InvoiceRow,
  note: { number: string; gross: Cents } | null = null,
): DomainEvent => ({
  type,
  key: row.id,
  version: row.version,
  data: {
    invoice_id: row.id,
    number: row.number ?? '',
    owner_id: row.ownerId,
    reservation_id: row.purpose === 'reservation' ? row.ownerId : null,
    customer_id: row.customerId,
    currency: CURRENCY,
    net: toDecimal(row.net),
    vat: toDecimal(row.vat),
    gross: toDecimal(row.gross),
    paid: toDecimal(row.paid),
    credited: toDecimal(row.credited),
    status: row.status,
    due_at: row.dueAt ? toNairobiIso(row.dueAt) : null,
    credit_note: note?.number ?? null,
    credit_amount: note && toDecimal(note.gross),
  },
})
