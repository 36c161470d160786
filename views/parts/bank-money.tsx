/** A line of the bank that brought money: what is known of it, and whose it may be. */
import { bankWords, type BankMoney } from '../../domain/bank-money.ts'
import { formatKes } from '../../domain/money.ts'
import type { BankChoices as Choices } from '../../domain/reconciliation-pages.ts'
import { AskedByOther, givePath, OwnerChoices } from './owner-choices.tsx'
import { Time } from './times.tsx'

export const bankPlace = (findingId: string): string =>
  `/finance/reconciliation/findings/${findingId}`

export const BankFacts = ({ money, now }: { money: BankMoney; now: Date }) => (
  <section class="card" aria-label="What came">
    <dl class="fact-list">
      <dt>Amount</dt>
      <dd>{formatKes(money.amount)}</dd>
      <dt>At the bank</dt>
      <dd>
        <Time at={money.at} now={now} />
      </dd>
      <dt>Reference</dt>
      <dd>{money.reference ?? 'none'}</dd>
      <dt>The bank’s words</dt>
      <dd>{money.details ?? 'none'}</dd>
    </dl>
  </section>
)

export const BankChoices = ({ choices }: { choices: Choices }) => {
  const { money, asked } = choices
  const place = bankPlace(money.findingId)
  return (
    <>
      {asked && <AskedByOther asked={asked} path={givePath(place, asked.target)} />}
      <OwnerChoices
        choices={choices}
        place={place}
        label="Another booking, charge or company’s invoice: number, name, phone or plate"
        none={
          bankWords(money) === ''
            ? 'The bank wrote nothing beside it, and nothing open has this amount.'
            : 'Nothing open has this amount, number or name.'
        }
      />
    </>
  )
}
