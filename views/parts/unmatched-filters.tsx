/** How much money waits for its owner, and the ways to find some of it. */
import { formatKes } from '../../domain/money.ts'
import type { UnmatchedListPage } from '../../domain/unmatched-pages.ts'
import { Hidden } from './form.tsx'
import { SearchForm } from './search-form.tsx'

type ListProps = { page: UnmatchedListPage }

export const listPath = (filter: Record<string, string | null>): string => {
  const set = Object.entries(filter).flatMap(([key, value]) => (value ? [[key, value]] : []))
  return `/finance/unmatched${set.length > 0 ? `?${new URLSearchParams(set).toString()}` : ''}`
}

/** What waits in all, and the ways to what one looks for. */
export const UnmatchedFilters = ({ page }: ListProps) => {
  const { search, forgotten, waiting } = page
  const here = (yes: boolean) => (yes ? 'true' : undefined)
  return (
    <>
      <p class="paid-text">{`${formatKes(waiting.sum)} waits, in ${waiting.count === 1 ? 'one payment' : `${waiting.count} payments`}.`}</p>
      <SearchForm
        action="/finance/unmatched"
        label="Receipt, amount, payer’s name, last three digits of the phone, or what was typed"
        search={search}
      >
        {forgotten && <Hidden name="since" value="day" />}
      </SearchForm>
      <nav class="page-links filters" aria-label="Unmatched money by age">
        <a href={listPath({ q: search })} aria-current={here(!forgotten)}>
          All
        </a>
        <a href={listPath({ since: 'day', q: search })} aria-current={here(forgotten)}>
          {`For a day or longer (${waiting.forgotten})`}
        </a>
      </nav>
    </>
  )
}

export const NothingFound = ({ page }: ListProps) => (
  <div class="card empty">
    {page.waiting.count === 0 ? (
      <>
        <h2>Nothing is waiting</h2>
        <p>All money has its owner.</p>
      </>
    ) : (
      <>
        <h2>Nothing is like that</h2>
        <p>
          <a href="/finance/unmatched">Show all that waits</a>
        </p>
      </>
    )}
  </div>
)
