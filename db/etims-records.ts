/** What the revenue authority said of a document. Once registered, a document keeps its control number for ever. */
import type { ControlUnit, InvoiceLine, Totals } from '../domain/invoices.ts'
import { ownEntry } from './audit.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { findCreditNote } from './credit-notes.ts'
import { readLines } from './invoice-lines.ts'
import { readInvoice } from './invoice-rows.ts'
import { originNow } from './origin.ts'

export type TaxedKind = 'invoice' | 'credit_note'
const TABLES: Record<TaxedKind, string> = { invoice: 'invoices', credit_note: 'credit_notes' }

type Outcome = 'registered' | 'refused'
const SAID = {
  registered: "etims_status = 'registered', etims = $2::jsonb",
  refused: "etims_status = 'refused', etims_note = $2",
} as const satisfies Record<Outcome, string>

const record = (kind: TaxedKind, outcome: Outcome): string => `
  WITH changed AS (
    UPDATE ${TABLES[kind]} SET ${SAID[outcome]} WHERE id = $1 AND etims IS NULL RETURNING id, number)
  ${ownEntry({
    action: outcome === 'registered' ? `${kind}.registered` : `${kind}.not_registered`,
    entity: kind,
    id: 'id',
    after: "jsonb_build_object('number', number)",
    origin: '$3',
  })}`

export async function recordRegistered(
  tx: Tx,
  kind: TaxedKind,
  id: string,
  unit: ControlUnit,
): Promise<void> {
  await select(tx, record(kind, 'registered'), [id, JSON.stringify(unit), originNow()])
}

/** Refused for good, or settled by a person's word. */
export async function recordUnregistered(
  tx: Tx,
  kind: TaxedKind,
  id: string,
  note: string,
): Promise<void> {
  await select(tx, record(kind, 'refused'), [id, note, originNow()])
}

export type TaxedSale = {
  number: string
  creditsNumber?: string
  buyer: { name: string; pin: string | null }
  lines: InvoiceLine[]
  totals: Totals
  issuedAt: Date
}

/** The authority refuses a credit note of an invoice that it does not know yet. */
export async function invoiceComesFirst(db: Database, creditNoteId: string): Promise<boolean> {
  const row = await selectOne(
    db,
    `SELECT i.id FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id
     WHERE n.id = $1 AND n.etims_status = 'pending' AND i.etims_status = 'pending'`,
    [creditNoteId],
  )
  return row !== null
}

/** Null when there is nothing to register: not issued, registered before, or eTIMS is off. */
export async function findSale(
  db: Database,
  kind: TaxedKind,
  id: string,
): Promise<TaxedSale | null> {
  const note = kind === 'credit_note' ? await findCreditNote(db, id) : null
  const row = await readInvoice(db, note?.invoiceId ?? id)
  const { name = '', pin = null } = row?.billTo ?? {}
  if (note) {
    const { number, invoiceNumber, lines, net, vat, gross, issuedAt, etimsStatus } = note
    const sale = { number, creditsNumber: invoiceNumber, buyer: { name, pin }, lines, issuedAt }
    return etimsStatus === 'pending' ? { ...sale, totals: { net, vat, gross } } : null
  }
  if (!row?.number || !row.issuedAt || row.etimsStatus !== 'pending') return null
  const { number, issuedAt, net, vat, gross } = row
  const lines = await readLines(db, id)
  return { number, buyer: { name, pin }, lines, totals: { net, vat, gross }, issuedAt }
}
