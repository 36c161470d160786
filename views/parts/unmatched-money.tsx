/** What is known of money without an owner, and for how long it has been waiting. */
import { formatKes } from '../../domain/money.ts'
import type { UnmatchedMoney } from '../../domain/unmatched-pages.ts'
import { Chip } from './status-chip.tsx'
import { Time } from './times.tsx'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

/** `3 h`, `2 days`: how long it has been waiting. */
export const ageText = (since: Date, now: Date): string => {
  const hours = Math.max(0, Math.floor((now.getTime() - since.getTime()) / HOUR_MS))
  if (hours < 1) return 'less than an hour'
  if (hours < 2 * DAY_HOURS) return `${hours} h`
  return `${Math.floor(hours / DAY_HOURS)} days`
}

export const unmatchedPlace = ({ receipt }: UnmatchedMoney): string =>
  `/finance/unmatched/${receipt}`

type ForMoney = { money: UnmatchedMoney; now: Date }

export const Age = ({ money, now }: ForMoney) => {
  const old = now.getTime() - money.paidAt.getTime() >= DAY_HOURS * HOUR_MS
  const text = ageText(money.paidAt, now)
  return old ? <Chip tone="attention" text={text} /> : <span class="nowrap">{text}</span>
}

export const Waiting = ({ money }: { money: UnmatchedMoney }) =>
  money.waiting ? (
    <p class="quiet">
      <Chip tone="wait" text="may answer a request on a phone" /> It finds its owner by itself
      within minutes, or can be given away then.
    </p>
  ) : null

export const MoneyFacts = ({ money, now }: ForMoney) => (
  <section class="card" aria-label="What came">
    <dl class="fact-list">
      <dt>Amount</dt>
      <dd>{formatKes(money.amount)}</dd>
      <dt>Paid</dt>
      <dd>
        <Time at={money.paidAt} now={now} />
        {`, ${ageText(money.paidAt, now)} ago`}
      </dd>
      <dt>Typed as account</dt>
      <dd>{money.reference ? <q>{money.reference}</q> : 'nothing'}</dd>
      <dt>Payer</dt>
      <dd>{[money.payerName, money.payer].filter(Boolean).join(', ') || 'not told'}</dd>
      <dt>M-Pesa receipt</dt>
      <dd>{money.receipt}</dd>
    </dl>
    <Waiting money={money} />
  </section>
)

export const Problem = ({ text }: { text: string | null }) =>
  text === null ? null : (
    <div class="problems" role="alert" tabindex={-1} autofocus id="problems">
      <h2>This was not done</h2>
      <p>{text}</p>
    </div>
  )
