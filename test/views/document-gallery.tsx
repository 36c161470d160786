/** Invoices and other documents, for the same checks as all other pages. */
import type { BillingPage } from '../../domain/billing-pages.ts'
import type { DocumentLine, InvoicePage, InvoiceSummary } from '../../domain/invoice-pages.ts'
import { toLine, totalsOf } from '../../domain/invoices.ts'
import { shillings, subtract, ZERO } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { DAY_MS } from '../../domain/time.ts'
import { BillingView } from '../../views/billing.tsx'
import { BookingView } from '../../views/booking.tsx'
import { MyDocumentsView, VerifyView } from '../../views/documents.tsx'
import { InvoiceView } from '../../views/invoice.tsx'
import { NewInvoiceView } from '../../views/invoice-new.tsx'
import { InvoicesView } from '../../views/invoices.tsx'
import * as s from './samples.ts'

const due = new Date(s.NOW.getTime() + 14 * DAY_MS)

export const documentLines = (hostile: string | null): DocumentLine[] => [
  {
    kind: 'receipt',
    number: 'RCT-26-000124',
    ownerNumber: 'RSV-26-000123',
    at: s.minutesAgo(3),
    amount: shillings(13_500),
    status: null,
    path: '/documents/receipts/p1.pdf',
  },
  {
    kind: 'invoice',
    number: hostile ?? 'INV-26-000123',
    ownerNumber: hostile ?? 'RSV-26-000123',
    at: s.minutesAgo(4),
    amount: shillings(13_500),
    status: 'overdue',
    path: '/documents/invoices/i1.pdf',
  },
  {
    kind: 'credit_note',
    number: 'CRN-26-000009',
    ownerNumber: 'RSV-26-000123',
    at: s.minutesAgo(1),
    amount: shillings(500),
    status: null,
    path: '/documents/credit-notes/n1.pdf',
  },
]

const summary = (hostile: string | null, over: Partial<InvoiceSummary> = {}): InvoiceSummary => ({
  id: 'i1',
  number: 'INV-26-000123',
  name: hostile ?? s.LONG_NAME,
  ownerNumber: 'RSV-26-000123',
  status: 'overdue',
  gross: shillings(13_500),
  open: shillings(13_500),
  dueAt: due,
  needsPerson: true,
  ...over,
})

const invoice = (hostile: string | null, over: Partial<InvoicePage> = {}): InvoicePage => {
  const words = hostile ?? 'Car rental, days: Sedan, Toyota Axio, 27 to 30 Nov'
  const wish = {
    description: words,
    quantity: 3,
    unitPrice: shillings(4_500),
    vatRate: 16 as const,
  }
  const lines = [toLine(wish)]
  const { net, vat, gross } = totalsOf(lines)
  return {
    ...summary(hostile),
    pin: 'P051234567X',
    address: ['Mombasa Road 1', 'Nairobi 00100', 'Kenya'],
    email: hostile ?? 'accounts@simba.example',
    onAccount: true,
    lines,
    net,
    vat,
    gross,
    credited: shillings(500),
    paid: ZERO,
    open: subtract(gross, shillings(500)),
    creditable: subtract(gross, shillings(500)),
    etims: 'KRACU0100000001/17',
    notes: [
      {
        number: 'CRN-26-000009',
        gross: shillings(500),
        reason: hostile ?? 'Price lowered',
        path: '/documents/credit-notes/n1.pdf',
      },
    ],
    history: [
      { at: s.minutesAgo(2), what: 'reminded', who: 'gari', detail: 'overdue_7' },
      { at: s.minutesAgo(5), what: 'issued', who: 'gari', detail: hostile },
    ],
    now: s.NOW,
    problem: hostile,
    key: 'k1',
    ...over,
  }
}

const billing = (hostile: string | null, over: Partial<BillingPage> = {}): BillingPage => {
  const row = { partyId: 'y1', amount: '6750', companyId: '', name: hostile ?? 'Wanjiku Kamau' }
  const empty = { partyId: '', amount: '', companyId: '', name: '', pin: '', email: '' }
  return {
    purpose: 'reservation',
    path: '/bookings/b1/billing',
    backPath: '/bookings/b1',
    number: 'RSV-26-000123',
    rest: shillings(13_500),
    rows: [
      { ...row, pin: '12', email: 'wanjiku@example.com' },
      { ...empty, companyId: 'c1' },
      empty,
    ],
    people: [hostile ?? 'Wanjiku Kamau', hostile ?? s.LONG_NAME],
    companies: [{ value: 'c1', text: hostile ?? 'Simba Cement Ltd' }],
    prepared: [{ name: hostile ?? s.LONG_NAME, amount: shillings(13_500) }],
    problems: [
      {
        path: 'bills.1.amount',
        message: 'The shares must add up to KSh 13,500: KSh 6,750 is missing.',
      },
      { path: 'bills.0.pin', message: 'A KRA PIN looks like P051234567X.' },
    ],
    key: 'k1',
    ...over,
  }
}

const form = (hostile: string | null) => ({
  booking: hostile ?? 'RSV-26-000123',
  name: hostile ?? 'Simba Cement Ltd',
  pin: '12',
  address: '',
  email: '',
})

export const documentPages = (viewer: Viewer, hostile: string | null) => {
  const at = (path: string) => ({ ...viewer, path })
  const finance = s.staff('/finance/invoices')
  const rows = documentLines(hostile)
  const total = s.buildQuote().total
  const paid = { paid: total, holdExpiresAt: null, documents: rows }
  const payments = [s.buildPayment({ status: 'settled', amount: total })]
  const confirmed = s.buildBooking({ ...paid, status: 'confirmed', payments })
  const cancelled = s.buildBooking({ ...paid, status: 'cancelled', mayCancel: false })
  const genuine = { number: 'INV-26-000123', amount: shillings(13_500), at: s.NOW, cancelled: true }
  return {
    documents: <MyDocumentsView viewer={at('/documents')} page={{ rows, now: s.NOW }} />,
    'documents-none': <MyDocumentsView viewer={at('/documents')} page={{ rows: [], now: s.NOW }} />,
    'documents-genuine': <VerifyView viewer={at('/documents/verify/x/y')} page={{ genuine }} />,
    'documents-false': <VerifyView viewer={at('/documents/verify/x/y')} page={{ genuine: null }} />,
    'booking-documents': <BookingView viewer={at('/bookings/b1')} page={confirmed} />,
    'booking-ended-documents': <BookingView viewer={at('/bookings/b1')} page={cancelled} />,
    'finance-invoices': (
      <InvoicesView
        viewer={finance}
        page={{
          rows: [
            summary(hostile),
            summary(hostile, { number: null, status: 'draft', needsPerson: false, dueAt: null }),
          ],
          filter: null,
          search: hostile ?? '',
          next: 'c1',
        }}
      />
    ),
    billing: <BillingView viewer={at('/bookings/b1/billing')} page={billing(hostile)} />,
    'billing-charge': (
      <BillingView
        viewer={at('/charges/c1/billing')}
        page={billing(hostile, {
          purpose: 'charge',
          path: '/charges/c1/billing',
          backPath: '/charges/c1',
          number: 'CHG-26-000123',
        })}
      />
    ),
    'billing-done': (
      <BillingView
        viewer={at('/bookings/b1/billing')}
        page={billing(hostile, { rest: ZERO, prepared: [], problems: [] })}
      />
    ),
    'finance-invoice': <InvoiceView viewer={finance} page={invoice(hostile)} />,
    'finance-invoice-draft': (
      <InvoiceView
        viewer={finance}
        page={invoice(hostile, { number: null, status: 'draft', notes: [], history: [] })}
      />
    ),
    'finance-invoice-new': (
      <NewInvoiceView
        viewer={s.staff('/finance/invoices/new')}
        form={form(hostile)}
        problems={[{ path: 'pin', message: 'A KRA PIN looks like P051234567X.' }]}
        key="k1"
      />
    ),
  }
}
