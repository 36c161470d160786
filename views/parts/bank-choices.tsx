/** Whose a line of the bank may be: each choice leads to the page that says what will happen. */
import {
  bankWords,
  type BankMoney,
  type BankSuggestion,
  type BankWish,
} from '../../domain/bank-money.ts'
import { formatKes } from '../../domain/money.ts'
import type { BankChoices as Choices } from '../../domain/reconciliation-pages.ts'
import { reasonsOf } from '../../domain/unmatched-pages.ts'

export const bankGivePath = (findingId: string, purpose: string, ownerId: string): string =>
  `/finance/reconciliation/findings/${findingId}/give?${new URLSearchParams({ purpose, owner_id: ownerId }).toString()}`

const factsOf = ({ balance, likeness }: BankSuggestion): string =>
  [
    balance > 0 ? `${formatKes(balance)} to pay` : 'nothing left to pay',
    ...reasonsOf(likeness),
  ].join(', ')

const Choice = ({ money, one }: { money: BankMoney; one: BankSuggestion }) => (
  <li>
    <p>
      <strong class="nowrap">{one.number}</strong> {one.customerName}
    </p>
    <p class="quiet">{factsOf(one)}</p>
    <p class="page-links">
      <a class="button button-small" href={bankGivePath(money.findingId, one.purpose, one.ownerId)}>
        {`Give to ${one.number}`}
      </a>
      {one.purpose !== 'invoice' && (
        <a href={bankGivePath(money.findingId, 'credit', one.customerId)}>
          To the customer’s credit
        </a>
      )}
    </p>
  </li>
)

type ListProps = { heading: string; money: BankMoney; list: BankSuggestion[]; none: string }

const List = ({ heading, money, list, none }: ListProps) => (
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

const Search = ({ findingId, search }: { findingId: string; search: string }) => (
  <form
    action={`/finance/reconciliation/findings/${findingId}`}
    method="get"
    class="desk-search"
    role="search"
  >
    <label for="q">Another booking or charge: number, name, phone or plate</label>
    <div class="input-row">
      <input id="q" name="q" type="search" value={search} autocomplete="off" />
      <button type="submit" class="button button-small">
        Search
      </button>
    </div>
  </form>
)

/** Somebody asked for this, and another person has not said the same yet. */
export const BankAsked = ({ asked, path }: { asked: BankWish; path?: string }) => (
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

export const BankChoices = ({ choices }: { choices: Choices }) => {
  const { money, suggestions, search, found, asked } = choices
  return (
    <>
      {asked && (
        <BankAsked
          asked={asked}
          path={bankGivePath(money.findingId, asked.target.purpose, asked.target.ownerId)}
        />
      )}
      <List
        heading="Perhaps for"
        money={money}
        list={suggestions}
        none={
          bankWords(money) === ''
            ? 'The bank wrote nothing beside it, and nothing open has this amount.'
            : 'Nothing open has this amount, number or name.'
        }
      />
      <Search findingId={money.findingId} search={search} />
      {found && <List heading="Found" money={money} list={found} none="Nothing was found." />}
    </>
  )
}
