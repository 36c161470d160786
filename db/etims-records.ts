/** What the revenue authority said of a document. Once registered, a document keeps its control number for ever. */
import type { ControlUnit, InvoiceLine, Totals } from '../domain/invoices.ts'
import { selectOne, type Database, type Tx } from './connection.ts'
import { findCreditNote } from './credit-notes.ts'
import { readLines } from './invoice-lines.ts'
import { readInvoice } from './invoice-rows.ts'

export type TaxedKind = 'invoice' | 'credit_note'
const TABLES: Record<TaxedKind, string> = { invoice: 'invoices', credit_note: 'credit_notes' }

export async function recordRegistered(
  tx: Tx,
  kind: TaxedKind,
  id: string,
  unit: ControlUnit,
): Promise<void> {
  await selectOne(
    tx,
    `UPDATE ${TABLES[kind]} SET etims_status = 'registered', etims = $2::jsonb
     WHERE id = $1 AND etims IS NULL RETURNING id`,
    [id, JSON.stringify(unit)],
  )
}

/** Refused for good, or settled by a person's word. */
export async function recordUnregistered(
  tx: Tx,
  kind: TaxedKind,
  id: string,
  note: string,
): Promise<void> {
  await selectOne(
    tx,
    `UPDATE ${TABLES[kind]} SET etims_status = 'refused', etims_note = $2
     WHERE id = $1 AND etims IS NULL RETURNING id`,
    [id, note],
  )
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
