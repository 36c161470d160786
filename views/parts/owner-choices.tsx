/** Whose money it may be: each choice leads to the page that says what will happen. */
import type {
  AskedAllocation,
  OwnerChoices as Choices,
  OwnerSuggestion,
} from '../../domain/allocation-pages.ts'
import type { BankTarget } from '../../domain/bank-money.ts'
import { formatKes } from '../../domain/money.ts'
import { reasonsOf } from '../../domain/unmatched-pages.ts'
import { speak } from '../language.ts'
import { StatusChip } from './status-chip.tsx'
import { SearchForm } from './search-form.tsx'

const t = speak('en')

/** `place` is the page of the money. */
export const givePath = (place: string, { purpose, ownerId }: BankTarget): string =>
  `${place}/give?${new URLSearchParams({ purpose, owner_id: ownerId }).toString()}`

/** The customer's name stands there already. */
export const reasonsBeside = ({ likeness, customerName }: OwnerSuggestion): string[] =>
  reasonsOf(likeness).map((one) => (one === `name ${customerName}` ? 'same name' : one))

const factsOf = (one: OwnerSuggestion): string =>
  [
    one.balance > 0 ? `${formatKes(one.balance)} to pay` : 'nothing left to pay',
    ...reasonsBeside(one),
  ].join(', ')

const Choice = ({ place, one }: { place: string; one: OwnerSuggestion }) => (
  <li>
    <p>
      <strong class="nowrap">{one.number}</strong> {one.customerName}{' '}
      {one.status && <StatusChip status={one.status} t={t} />}
    </p>
    <p class="quiet">{factsOf(one)}</p>
    <p class="page-links">
      <a class="button button-small" href={givePath(place, one)}>
        {`Give to ${one.number}`}
      </a>
      {one.purpose !== 'invoice' && (
        <a href={givePath(place, { purpose: 'credit', ownerId: one.customerId })}>
          To the customer’s credit
        </a>
      )}
    </p>
  </li>
)

type ListProps = { heading: string; place: string; list: OwnerSuggestion[]; none: string }

const List = ({ heading, place, list, none }: ListProps) => (
  <section class="card" aria-label={heading}>
    <h2>{heading}</h2>
    {list.length === 0 && <p class="quiet">{none}</p>}
    <ul class="suggestions">
      {list.map((one) => (
        <Choice place={place} one={one} />
      ))}
    </ul>
  </section>
)

/** Somebody asked for this, and another person has not said the same yet. `path` leads to what they asked for. */
export const AskedByOther = ({ asked, path }: { asked: AskedAllocation; path?: string }) => (
  <section class="card" aria-label="Asked for">
    <p>
      {`${asked.askedByName} has asked for this: ${asked.why}. So much credit needs a second person, who says the same.`}
    </p>
    {path && (
      <p>
        <a href={path}>See what was asked for</a>
      </p>
    )}
  </section>
)

type Props = { choices: Choices; place: string; label: string; none: string }

/** `none` says why nothing is suggested. */
export const OwnerChoices = ({ choices, place, label, none }: Props) => (
  <>
    <List heading="Perhaps for" place={place} list={choices.suggestions} none={none} />
    <SearchForm action={place} label={label} search={choices.search} />
    {choices.found && (
      <List heading="Found" place={place} list={choices.found} none="Nothing was found." />
    )}
  </>
)
