/** One account: its postings, newest first, with what stood in it after each. */
import type { Viewer } from '../domain/pages.ts'
import type { AccountPage, PostingLine } from '../domain/ledger-pages.ts'
import { Layout } from './layout.tsx'
import { csvOf } from './ledger.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const Posting = ({ line, page }: { line: PostingLine; page: AccountPage }) => (
  <tr>
    <td class="nowrap">
      <Time at={line.at} now={page.now} />
    </td>
    <td>
      <a class="row-link" href={`/finance/ledger/entries/${line.entryId}`}>
        {line.description || line.kind}
      </a>
    </td>
    <td class="subject">
      {line.subject && (
        <a
          href={`/finance/ledger/${page.account.account}?subject=${encodeURIComponent(line.subject)}`}
        >
          {line.subject}
        </a>
      )}
    </td>
    <td class="number" data-label="Moved">
      <Money amount={line.amount} />
    </td>
    <td class="number" data-label="Then">
      <Money amount={line.running} />
    </td>
  </tr>
)

const Filter = ({ page }: { page: AccountPage }) => (
  <form action={`/finance/ledger/${page.account.account}`} method="get" class="desk-search period">
    <label for="from">From and until (Nairobi days)</label>
    <div class="input-row">
      <input id="from" name="from" type="date" value={page.from} />
      <input name="to" type="date" value={page.to} aria-label="Until" />
      {page.subject && <Hidden name="subject" value={page.subject} />}
      <button type="submit" class="button button-small">
        Show
      </button>
    </div>
    {page.subject && (
      <p class="hint">
        Only what belongs to {page.subject}.{' '}
        <a href={`/finance/ledger/${page.account.account}`}>Show everybody’s</a>
      </p>
    )}
  </form>
)

const Postings = ({ page }: { page: AccountPage }) => (
  <StaffTable
    label="Postings"
    books
    heads={['Time', 'Entry', 'Whose', { number: 'Amount' }, { number: 'Balance after' }]}
  >
    {page.lines.map((line) => (
      <Posting line={line} page={page} />
    ))}
  </StaffTable>
)

export const AccountView = ({ page, viewer }: { page: AccountPage; viewer: Viewer }) => {
  const path = `/finance/ledger/${page.account.account}`
  const { subject, from, to } = page
  return (
    <Layout viewer={viewer} title={page.account.name} width="wide">
      <FinanceNav viewer={viewer} here="/finance/ledger" />
      <h1>
        {page.account.number} {page.account.name}
      </h1>
      <p class="lead">
        Now <Money amount={page.account.balance} />. Debits are positive, credits negative.
      </p>
      <Filter page={page} />
      {page.lines.length === 0 ? (
        <div class="card empty">
          <h2>No postings here</h2>
          <p>
            <a href="/finance/ledger">Back to all accounts</a>
          </p>
        </div>
      ) : (
        <Postings page={page} />
      )}
      <p class="page-links">
        {page.next && (
          <a
            class="button button-second"
            href={`${path}?${new URLSearchParams({ subject, from, to, cursor: page.next }).toString()}`}
          >
            Older postings
          </a>
        )}{' '}
        <a href={csvOf(path, { subject, from, to })}>Download as CSV</a>
      </p>
    </Layout>
  )
}
