/** What stands on a document, ready to print: an invoice, a credit note or a receipt. */
import type { BillTo, ControlUnit, EtimsStatus, InvoiceLine, Totals } from './invoices.ts'
import type { Cents } from './money.ts'
import type { PaymentMethod } from './payments.ts'

/** Who we are, on paper. */
export type Company = { name: string; pin: string; address: string[] }
export type PaidBy = { at: Date; method: PaymentMethod; reference: string | null; amount: Cents }

type Shared = {
  number: string
  issuedAt: Date
  billTo: BillTo
  /** The booking or charge. */
  ownerNumber: string
  /** Where anybody can check that it is genuine. */
  verifyUrl: string
}
type Taxed = Shared & {
  lines: InvoiceLine[]
  totals: Totals
  etims: { status: EtimsStatus; unit: ControlUnit | null }
}
export type InvoiceDocument = Taxed & {
  kind: 'invoice'
  dueAt: Date
  credited: Cents
  paid: Cents
  open: Cents
  payments: PaidBy[]
  /** Refundable; not part of the total. */
  deposit: Cents
}
export type CreditNoteDocument = Taxed & {
  kind: 'credit_note'
  invoiceNumber: string
  reason: string
}
export type ReceiptDocument = Shared & { kind: 'receipt'; payment: PaidBy; what: string }
export type PrintedDocument = InvoiceDocument | CreditNoteDocument | ReceiptDocument

export const METHOD_WORDS: Record<PaymentMethod, string> = {
  mpesa: 'M-Pesa',
  cash: 'Cash',
  bank_transfer: 'Bank transfer',
  credit_card: 'Credit card',
  debit_card: 'Debit card',
  credit: 'Credit with us',
  account: 'On account',
}
