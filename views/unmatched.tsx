/** Money without an owner: what came, whose it may be, and one click to the page that says what will happen. */
import { formatKes } from '../domain/money.ts'
import type { WaitingAllocation } from '../domain/paybill.ts'
import type { Viewer } from '../domain/pages.ts'
import {
  reasonsOf,
  type Suggestion,
  type UnmatchedListPage,
  type UnmatchedMoney,
  type UnmatchedPage,
  type UnmatchedRow,
} from '../domain/unmatched-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { StatusChip } from './parts/status-chip.tsx'
import { listPath, NothingFound, UnmatchedFilters } from './parts/unmatched-filters.tsx'
import { Age, AskedByOther, MoneyFacts, Problem, Waiting } from './parts/unmatched-money.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')
const givePath = ({ receipt }: UnmatchedMoney, purpose: string, ownerId: string): string =>
  `/finance/unmatched/${receipt}/give?${new URLSearchParams({ purpose, owner_id: ownerId }).toString()}`

/** The customer's name stands there already. */
const reasonsBeside = ({ likeness, customerName }: Suggestion): string[] =>
  reasonsOf(likeness).map((one) => (one === `name ${customerName}` ? 'same name' : one))

const SuggestionLink = ({ money, one }: { money: UnmatchedMoney; one: Suggestion }) => {
  const reasons = reasonsBeside(one)
  return (
    <li>
      <a class="button button-second button-small" href={givePath(money, one.purpose, one.ownerId)}>
        <span class="nowrap">{`Give to ${one.number}`}</span>
      </a>{' '}
      <span class="quiet">{[one.customerName, ...reasons].join(', ')}</span>
    </li>
  )
}

const Row = ({ row, now }: { row: UnmatchedRow; now: Date }) => (
  <tr>
    <td data-label="Waiting">
      <Age money={row} now={now} />
    </td>
    <td class="number">
      <Money amount={row.amount} />
    </td>
    <td data-label="Account">
      {row.reference ? <q>{row.reference}</q> : <span class="quiet">nothing</span>}
    </td>
    <td class="name">
      {row.payerName ?? ''} <span class="nowrap quiet">{row.payer ?? ''}</span>
    </td>
    <td>
      <a class="row-link" href={`/finance/unmatched/${row.receipt}`}>
        {row.receipt}
      </a>
    </td>
    <td class="whole">
      <Waiting money={row} />
      {!row.waiting && row.suggestions.length === 0 && <span class="quiet">Search for it</span>}
      {!row.waiting && (
        <ul class="suggestions">
          {row.suggestions.map((one) => (
            <SuggestionLink money={row} one={one} />
          ))}
        </ul>
      )}
    </td>
  </tr>
)

const HEADS = [
  'Waiting',
  { number: 'Amount' },
  'Typed as account',
  'Payer',
  'M-Pesa receipt',
  'Perhaps for',
]

const List = ({ page }: { page: UnmatchedListPage }) => (
  <StaffTable label="Unmatched money" heads={HEADS}>
    {page.rows.map((row) => (
      <Row row={row} now={page.now} />
    ))}
  </StaffTable>
)

export const UnmatchedListView = ({
  page,
  viewer,
}: {
  page: UnmatchedListPage
  viewer: Viewer
}) => (
  <Layout viewer={viewer} title="Unmatched money" width="wide">
    <FinanceNav here="/finance/unmatched" />
    <h1>Unmatched money</h1>
    <p>
      M-Pesa money that came to us and names nothing of ours, the oldest first. It is in the books
      and belongs to somebody: find out whose it is, or send it back.
    </p>
    {page.waiting.count > 0 && <UnmatchedFilters page={page} />}
    {page.rows.length === 0 ? <NothingFound page={page} /> : <List page={page} />}
    {page.next && (
      <a
        class="button button-second"
        href={listPath({ since: page.forgotten ? 'day' : null, q: page.search, cursor: page.next })}
      >
        Newer money
      </a>
    )}
  </Layout>
)

const Choice = ({ money, one }: { money: UnmatchedMoney; one: Suggestion }) => (
  <li>
    <p>
      <strong class="nowrap">{one.number}</strong> {one.customerName}{' '}
      <StatusChip status={one.status} t={t} />
    </p>
    <p class="quiet">
      {[
        one.balance > 0 ? `${formatKes(one.balance)} to pay` : 'nothing left to pay',
        ...reasonsBeside(one),
      ].join(', ')}
    </p>
    <p class="page-links">
      <a class="button button-small" href={givePath(money, one.purpose, one.ownerId)}>
        {`Give to ${one.number}`}
      </a>
      <a href={givePath(money, 'credit', one.customerId)}>To the customer’s credit</a>
    </p>
  </li>
)

type ChoicesProps = { heading: string; money: UnmatchedMoney; list: Suggestion[]; none: string }

const Choices = ({ heading, money, list, none }: ChoicesProps) => (
  <section class="card" aria-label={heading}>
    <h2>{heading}</h2>
    {list.length === 0 && <p class="quiet">{none}</p>}
    <ul class="suggestions">
      {list.map((one) => (
        <Choice money={money} one={one} />
      ))}
    </ul>
  </section>
)

const Search = ({ page }: { page: UnmatchedPage }) => (
  <form
    action={`/finance/unmatched/${page.money.receipt}`}
    method="get"
    class="desk-search"
    role="search"
  >
    <label for="q">Another booking or charge: number, name, phone or plate</label>
    <div class="input-row">
      <input id="q" name="q" type="search" value={page.search} autocomplete="off" />
      <button type="submit" class="button button-small">
        Search
      </button>
    </div>
  </form>
)

const SendBack = ({ money, viewer }: { money: UnmatchedMoney; viewer: Viewer }) => (
  <details class="card fold">
    <summary>Send it back</summary>
    <form method="post" action={`/finance/unmatched/${money.receipt}/return`}>
      <Csrf viewer={viewer} />
      <p>{`${formatKes(money.amount)} goes back to the M-Pesa account that sent it.`}</p>
      <div class="field">
        <label for="return-why">Why</label>
        <input id="return-why" name="why" maxlength={300} required autocomplete="off" />
      </div>
      <button type="submit" class="button button-second">
        {`Send ${formatKes(money.amount)} back`}
      </button>
    </form>
  </details>
)

const askedPath = (money: UnmatchedMoney, { target }: WaitingAllocation): string =>
  givePath(money, target.purpose, target.ownerId)

export const UnmatchedView = ({ page, viewer }: { page: UnmatchedPage; viewer: Viewer }) => (
  <Layout viewer={viewer} title={`Money ${page.money.receipt}`} width="wide">
    <FinanceNav here="/finance/unmatched" />
    <h1>{`${formatKes(page.money.amount)} without an owner`}</h1>
    <Problem text={page.problem} />
    <MoneyFacts money={page.money} now={page.now} />
    {page.asked && <AskedByOther asked={page.asked} path={askedPath(page.money, page.asked)} />}
    {!page.money.waiting && (
      <>
        <Choices
          heading="Perhaps for"
          money={page.money}
          list={page.suggestions}
          none="Nothing of ours is like it. Search for it."
        />
        <Search page={page} />
        {page.found && (
          <Choices
            heading="Found"
            money={page.money}
            list={page.found}
            none="No booking is like that."
          />
        )}
        <SendBack money={page.money} viewer={viewer} />
      </>
    )}
    <p class="page-links">
      <a href="/finance/unmatched">All unmatched money</a>
    </p>
  </Layout>
)
