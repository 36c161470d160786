/** The trial balance: every account, by kind, with a bar beside it. */
import type { Viewer } from '../domain/pages.ts'
import { naturalBalance, type AccountBalance, type LedgerPage } from '../domain/ledger-pages.ts'
import { formatKes, negate, type Cents } from '../domain/money.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Money } from './parts/money.tsx'

const KINDS = {
  asset: 'What we have',
  liability: 'What we owe',
  income: 'What we earned',
  expense: 'What it cost',
} as const

/** Longest bar: 100 units wide. The table beside it says the same in figures. */
const Bar = ({ amount, most }: { amount: Cents; most: number }) => (
  <svg class="balance-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect
      class={amount < 0 ? 'bar-below' : 'bar-above'}
      width={most === 0 ? 0 : Math.max(0, Math.round((Math.abs(amount) / most) * 100))}
      height="8"
    />
  </svg>
)

const Row = ({ one, most }: { one: AccountBalance; most: number }) => (
  <tr>
    <td>{one.number}</td>
    <td>
      <a class="row-link" href={`/finance/ledger/${one.account}`}>
        {one.name}
      </a>
    </td>
    <td class="wide-only">
      <Bar amount={naturalBalance(one)} most={most} />
    </td>
    <td class="number" data-label="Debit">
      {one.balance > 0 && <Money amount={one.balance} />}
    </td>
    <td class="number" data-label="Credit">
      {one.balance < 0 && <Money amount={negate(one.balance)} />}
    </td>
  </tr>
)

const Kind = ({ kind, page }: { kind: keyof typeof KINDS; page: LedgerPage }) => {
  const most = Math.max(...page.accounts.map(({ balance }) => Math.abs(balance)))
  return (
    <>
      <tr>
        <th colspan={5} scope="colgroup">
          {KINDS[kind]}
        </th>
      </tr>
      {page.accounts
        .filter((one) => one.kind === kind)
        .map((one) => (
          <Row one={one} most={most} />
        ))}
    </>
  )
}

const Totals = ({ page }: { page: LedgerPage }) => {
  const debits = page.accounts.reduce((sum, { balance }) => sum + Math.max(0, balance), 0) as Cents
  const credits = page.accounts.reduce(
    (sum, { balance }) => sum + Math.max(0, 0 - balance),
    0,
  ) as Cents
  return (
    <tr class="price-total">
      <th colspan={2} scope="row">
        {page.sum === 0
          ? 'Debits and credits are equal'
          : `Out of balance by ${formatKes(page.sum)}`}
      </th>
      <td class="wide-only" />
      <td class="number" data-label="Debits">
        <Money amount={debits} />
      </td>
      <td class="number" data-label="Credits">
        <Money amount={credits} />
      </td>
    </tr>
  )
}

const AtForm = ({ page }: { page: LedgerPage }) => (
  <form action="/finance/ledger" method="get" class="desk-search">
    <label for="at">As it stood on (Nairobi time)</label>
    <div class="input-row">
      <input id="at" name="at" type="datetime-local" value={page.at} />
      <button type="submit" class="button button-small">
        Show
      </button>
    </div>
  </form>
)

export const csvOf = (path: string, wish: Record<string, string>): string =>
  `${path}?${new URLSearchParams({ ...wish, format: 'csv' }).toString()}`

export const LedgerView = ({ page, viewer }: { page: LedgerPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title="Ledger" width="wide">
    <FinanceNav viewer={viewer} here="/finance/ledger" />
    <h1>Ledger</h1>
    <AtForm page={page} />
    <div class="table-scroll card" tabindex={0} role="region" aria-label="Trial balance">
      <table class="staff-table books">
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">Account</th>
            <th scope="col" class="wide-only">
              <span class="visually-hidden">Share</span>
            </th>
            <th scope="col" class="number">
              Debit
            </th>
            <th scope="col" class="number">
              Credit
            </th>
          </tr>
        </thead>
        <tbody>
          {(['asset', 'liability', 'income', 'expense'] as const).map((kind) => (
            <Kind kind={kind} page={page} />
          ))}
          <Totals page={page} />
        </tbody>
      </table>
    </div>
    <p class="page-links">
      <a href={csvOf('/finance/ledger', page.at ? { at: page.at } : {})}>Download as CSV</a>
    </p>
  </Layout>
)
