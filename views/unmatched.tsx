/** Money without an owner: what came, whose it may be, and one click to the page that says what will happen. */
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import {
  type Suggestion,
  type UnmatchedListPage,
  type UnmatchedMoney,
  type UnmatchedPage,
  type UnmatchedRow,
} from '../domain/unmatched-pages.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { AskedByOther, givePath, OwnerChoices, reasonsBeside } from './parts/owner-choices.tsx'
import { listPath, NothingFound, UnmatchedFilters } from './parts/unmatched-filters.tsx'
import { Age, MoneyFacts, Problem, unmatchedPlace, Waiting } from './parts/unmatched-money.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const SuggestionLink = ({ money, one }: { money: UnmatchedMoney; one: Suggestion }) => {
  const reasons = reasonsBeside(one)
  return (
    <li>
      <a class="button button-second button-small" href={givePath(unmatchedPlace(money), one)}>
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
    <FinanceNav viewer={viewer} here="/finance/unmatched" />
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

type PageProps = { page: UnmatchedPage; viewer: Viewer }

const SendBack = ({ page: { money, whyBack }, viewer }: PageProps) => (
  <details class="card fold" open={whyBack !== null}>
    <summary>Send it back</summary>
    <form method="post" action={`${unmatchedPlace(money)}/return`}>
      <Csrf viewer={viewer} />
      <p>{`${formatKes(money.amount)} goes back to the M-Pesa account that sent it.`}</p>
      <div class="field">
        <label for="return-why">Why</label>
        <input
          id="return-why"
          name="why"
          value={whyBack ?? ''}
          maxlength={300}
          required
          autocomplete="off"
        />
      </div>
      <button type="submit" class="button button-second">
        {`Send ${formatKes(money.amount)} back`}
      </button>
    </form>
  </details>
)

export const UnmatchedView = ({ page, viewer }: PageProps) => {
  const { money, choices, now } = page
  const place = unmatchedPlace(money)
  const { asked } = choices
  return (
    <Layout viewer={viewer} title={`Money ${money.receipt}`} width="wide">
      <FinanceNav viewer={viewer} here="/finance/unmatched" />
      <h1>{`${formatKes(money.amount)} without an owner`}</h1>
      <Problem text={page.problem} />
      <MoneyFacts money={money} now={now} />
      {asked && <AskedByOther asked={asked} path={givePath(place, asked.target)} />}
      {!money.waiting && (
        <>
          <OwnerChoices
            choices={choices}
            place={place}
            label="Another booking or charge: number, name, phone or plate"
            none="Nothing of ours is like it. Search for it."
          />
          <SendBack page={page} viewer={viewer} />
        </>
      )}
      <p class="page-links">
        <a href="/finance/unmatched">All unmatched money</a>
      </p>
    </Layout>
  )
}
