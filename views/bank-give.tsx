/** What will happen to a line of the bank, before it happens. */
import type { BankGivePage, BankPreview } from '../domain/bank-money.ts'
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { BankAsked, bankGivePath } from './parts/bank-choices.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, Hidden, TextField } from './parts/form.tsx'
import { Time } from './parts/times.tsx'
import { Problem } from './parts/unmatched-money.tsx'

const t = speak('en')
type Props = { page: BankGivePage; viewer: Viewer }

const giveText = ({ target, name, customerName }: BankPreview): string =>
  target.purpose === 'credit' ? `Give to the credit of ${customerName}` : `Give to ${name}`

const effects = ({ name, customerName, applied, credited }: BankPreview): string[] => [
  ...(applied > 0 ? [`${formatKes(applied)} counts for ${name}.`] : []),
  ...(credited > 0 ? [`${formatKes(credited)} becomes the credit of ${customerName}.`] : []),
]

const Facts = ({ page: { money, now } }: Pick<Props, 'page'>) => (
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

const GiveForm = ({ page: { money, preview, why }, viewer }: Props) => (
  <form
    method="post"
    action={`/finance/reconciliation/findings/${money.findingId}/give`}
    class="card"
  >
    <Csrf viewer={viewer} />
    <Hidden name="purpose" value={preview.target.purpose} />
    <Hidden name="owner_id" value={preview.target.ownerId} />
    <TextField
      path="why"
      label="Why it is theirs"
      hint="It stays with the money, with your name."
      value={why}
      maxlength={300}
      problems={[]}
      t={t}
    />
    <button type="submit" class="button">
      {giveText(preview)}
    </button>
  </form>
)

const isAsked = ({ asked, preview }: BankGivePage): boolean =>
  asked?.target.ownerId === preview.target.ownerId &&
  asked.target.purpose === preview.target.purpose

export const BankGiveView = ({ page, viewer }: Props) => {
  const { money, preview, asked } = page
  return (
    <Layout viewer={viewer} title={giveText(preview)} width="wide">
      <FinanceNav here="/finance/reconciliation" />
      <h1>{giveText(preview)}</h1>
      <Problem text={page.problem} />
      <Facts page={page} />
      <section class="card" aria-labelledby="what">
        <h2 id="what">What will happen</h2>
        {preview.refused === null ? (
          effects(preview).map((text) => <p>{text}</p>)
        ) : (
          <p>{preview.refused}</p>
        )}
      </section>
      {asked && isAsked(page) && <BankAsked asked={asked} />}
      {preview.refused === null && <GiveForm page={page} viewer={viewer} />}
      <p class="page-links">
        <a href={`/finance/reconciliation/findings/${money.findingId}`}>Back to the line</a>
        {preview.customerId && preview.target.purpose !== 'credit' && (
          <a href={bankGivePath(money.findingId, 'credit', preview.customerId)}>
            {`All of it to the credit of ${preview.customerName}`}
          </a>
        )}
      </p>
    </Layout>
  )
}
