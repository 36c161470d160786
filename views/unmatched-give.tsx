/** What will happen to the money, before it happens. */
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import type { AllocationPage, AllocationPreview } from '../domain/unmatched-pages.ts'
import { Layout } from './layout.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, Hidden } from './parts/form.tsx'
import { AskedByOther, MoneyFacts, Problem } from './parts/unmatched-money.tsx'

const effects = ({ name, customerName, applied, credited }: AllocationPreview): string[] => [
  ...(applied > 0 ? [`${formatKes(applied)} counts for ${name}.`] : []),
  ...(credited > 0 ? [`${formatKes(credited)} becomes the credit of ${customerName}.`] : []),
]

const giveText = ({ target, name, customerName }: AllocationPreview): string =>
  target.purpose === 'credit' ? `Give to the credit of ${customerName}` : `Give to ${name}`

const WhatHappens = ({ preview }: { preview: AllocationPreview }) => (
  <section class="card" aria-labelledby="what">
    <h2 id="what">What will happen</h2>
    {preview.refused === null ? (
      effects(preview).map((text) => <p>{text}</p>)
    ) : (
      <p>{preview.refused}</p>
    )}
  </section>
)

type Props = { page: AllocationPage; viewer: Viewer }

const GiveForm = ({ page, viewer }: Props) => {
  const { money, preview, why, problem } = page
  const unsaid = problem !== null && why.trim() === ''
  return (
    <form method="post" action={`/finance/unmatched/${money.receipt}/give`} class="card">
      <Csrf viewer={viewer} />
      <Hidden name="purpose" value={preview.target.purpose} />
      <Hidden name="owner_id" value={preview.target.ownerId} />
      <div class={unsaid ? 'field field-wrong' : 'field'}>
        <label for="why">Why it is theirs</label>
        <p class="hint" id="why-hint">
          It stays with the money, with your name.
        </p>
        {unsaid && (
          <p class="field-error" id="why-error">
            {problem}
          </p>
        )}
        <input
          id="why"
          name="why"
          value={why}
          maxlength={300}
          required
          autocomplete="off"
          aria-describedby={unsaid ? 'why-hint why-error' : 'why-hint'}
          aria-invalid={unsaid ? 'true' : undefined}
        />
      </div>
      <button type="submit" class="button">
        {giveText(preview)}
      </button>
    </form>
  )
}

const creditPath = ({ money, preview }: AllocationPage): string =>
  `/finance/unmatched/${money.receipt}/give?purpose=credit&owner_id=${preview.customerId}`

/** Another person asked for this very thing. */
const isAsked = ({ asked, preview }: AllocationPage): boolean =>
  asked?.target.ownerId === preview.target.ownerId &&
  asked.target.purpose === preview.target.purpose

export const AllocationView = ({ page, viewer }: Props) => (
  <Layout viewer={viewer} title={giveText(page.preview)} width="wide">
    <FinanceNav here="/finance/unmatched" />
    <h1>{giveText(page.preview)}</h1>
    <Problem text={page.problem} />
    <MoneyFacts money={page.money} now={page.now} />
    <WhatHappens preview={page.preview} />
    {isAsked(page) && page.asked && <AskedByOther asked={page.asked} />}
    {page.preview.refused === null && <GiveForm page={page} viewer={viewer} />}
    <p class="page-links">
      <a href={`/finance/unmatched/${page.money.receipt}`}>Back to the money</a>
      {page.preview.target.purpose !== 'credit' && (
        <a href={creditPath(page)}>{`All of it to the credit of ${page.preview.customerName}`}</a>
      )}
    </p>
  </Layout>
)
