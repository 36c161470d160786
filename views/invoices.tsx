/** Invoices as finance works with them: a list with filters. */
import type { InvoiceFilter, InvoicesPage, InvoiceSummary } from '../domain/invoice-pages.ts'
import { INVOICE_FILTERS } from '../domain/invoice-pages.ts'
import { dayText } from '../domain/invoice-words.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Money } from './parts/money.tsx'
import { InvoiceChip } from './parts/status-chip.tsx'
import { StaffTable } from './parts/staff-table.tsx'
import { SearchForm } from './parts/search-form.tsx'

const t = speak('en')
const NAMES: Record<InvoiceFilter, string> = {
  draft: 'Drafts',
  sent: 'Sent',
  overdue: 'Overdue',
  paid: 'Paid',
  cancelled: 'Cancelled',
}

const pathOf = (wish: Record<string, string | null>): string => {
  const given = Object.entries(wish).flatMap(([name, value]) => (value ? [[name, value]] : []))
  const query = new URLSearchParams(given).toString()
  return query ? `/finance/invoices?${query}` : '/finance/invoices'
}

const Row = ({ row }: { row: InvoiceSummary }) => (
  <tr>
    <td class="nowrap">
      <a class="row-link" href={`/finance/invoices/${row.id}`}>
        {row.number ?? 'Draft'}
      </a>
    </td>
    <td class="name">{row.name}</td>
    <td class="nowrap">{row.ownerNumber}</td>
    <td>
      <InvoiceChip status={row.status} t={t} /> {row.needsPerson && <strong>Case</strong>}
    </td>
    <td class="nowrap">{row.dueAt ? dayText(new Date(row.dueAt.getTime() - 1)) : ''}</td>
    <td class="number">
      <Money amount={row.gross} />
    </td>
    <td class="number">
      <Money amount={row.open} />
    </td>
  </tr>
)

const Table = ({ rows }: { rows: InvoiceSummary[] }) => (
  <StaffTable
    label="Invoices"
    heads={['Number', 'Bill to', 'For', 'Status', 'Due', { number: 'Amount' }, { number: 'Open' }]}
  >
    {rows.map((row) => (
      <Row row={row} />
    ))}
  </StaffTable>
)

const Filters = ({ page }: { page: InvoicesPage }) => (
  <>
    <SearchForm
      action="/finance/invoices"
      label="Number, booking, charge or name"
      search={page.search}
    />
    <nav class="page-links filters" aria-label="Invoices by status">
      <a href="/finance/invoices" aria-current={page.filter ? undefined : 'true'}>
        All
      </a>
      {(Object.keys(INVOICE_FILTERS) as InvoiceFilter[]).map((filter) => (
        <a
          href={pathOf({ status: filter, q: page.search })}
          aria-current={page.filter === filter ? 'true' : undefined}
        >
          {NAMES[filter]}
        </a>
      ))}
      <a href="/finance/invoices/new">New invoice</a>
    </nav>
  </>
)

export const InvoicesView = ({ page, viewer }: { page: InvoicesPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Invoices" width="wide">
    <FinanceNav viewer={viewer} here="/finance/invoices" />
    <h1>Invoices</h1>
    <Filters page={page} />
    {page.rows.length === 0 ? (
      <div class="card empty">
        <h2>Nothing here</h2>
        <p>An invoice is made by itself when a booking is confirmed or a charge is paid.</p>
      </div>
    ) : (
      <Table rows={page.rows} />
    )}
    {page.next && (
      <a
        class="button button-second"
        href={pathOf({ status: page.filter, q: page.search, cursor: page.next })}
      >
        Older invoices
      </a>
    )}
  </Layout>
)
