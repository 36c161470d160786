/** What the pages of documents show: plain data, ready to print. */
import type { InvoiceLine, InvoiceStatus } from './invoices.ts'
import type { Cents } from './money.ts'
import type { TimelineEntry } from './pages.ts'

export const INVOICE_FILTERS = {
  draft: ['draft'],
  sent: ['issued', 'sent'],
  overdue: ['overdue'],
  paid: ['paid'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly InvoiceStatus[]>
export type InvoiceFilter = keyof typeof INVOICE_FILTERS

export type DocumentLine = {
  kind: 'invoice' | 'credit_note' | 'receipt'
  number: string
  ownerNumber: string
  at: Date
  amount: Cents
  status: InvoiceStatus | null
  path: string
}
export type MyDocumentsPage = { rows: DocumentLine[]; now: Date }

export type InvoiceSummary = {
  id: string
  number: string | null
  name: string
  ownerNumber: string
  status: InvoiceStatus
  gross: Cents
  open: Cents
  dueAt: Date | null
  needsPerson: boolean
}
export type InvoicesPage = {
  rows: InvoiceSummary[]
  filter: InvoiceFilter | null
  search: string
  next: string | null
}
export type InvoicePage = InvoiceSummary & {
  pin: string | null
  address: string[]
  email: string | null
  onAccount: boolean
  lines: InvoiceLine[]
  net: Cents
  vat: Cents
  credited: Cents
  paid: Cents
  creditable: Cents
  etims: string
  notes: { number: string; gross: Cents; reason: string; path: string }[]
  history: TimelineEntry[]
  now: Date
  problem: string | null
  /** Fresh for each page, so that a form sent twice is done once. */
  key: string
}
export type VerifyPage = {
  genuine: { number: string; amount: Cents; at: Date; cancelled: boolean } | null
}
