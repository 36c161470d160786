/** What will happen to money without an owner, before it happens: the same page for M-Pesa and for the bank. */
import type { Child } from 'hono/jsx'
import type { AllocationPage, AllocationPreview } from '../domain/allocation-pages.ts'
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav, type FinanceRoom } from './parts/finance-nav.tsx'
import { Csrf, Hidden, TextField } from './parts/form.tsx'
import { AskedByOther, givePath } from './parts/owner-choices.tsx'
import { Problem } from './parts/unmatched-money.tsx'

const t = speak('en')

/** `here` is the room of the money, `place` its own page. */
export type MoneyPlace = { here: FinanceRoom; place: string; back: string }
type Props = AllocationPage & MoneyPlace & { viewer: Viewer; children: Child }

const giveText = ({ target, name, customerName }: AllocationPreview): string =>
  target.purpose === 'credit' ? `Give to the credit of ${customerName}` : `Give to ${name}`

const effects = ({ name, customerName, applied, credited }: AllocationPreview): string[] => [
  ...(applied > 0 ? [`${formatKes(applied)} counts for ${name}.`] : []),
  ...(credited > 0 ? [`${formatKes(credited)} becomes the credit of ${customerName}.`] : []),
]

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

/** Too few words are a problem of the field, anything else one of the page. */
const wordsMissing = ({ why, problem }: AllocationPage) => problem !== null && why.trim() === ''

const GiveForm = (props: Props) => {
  const { preview, why, problem, place, viewer } = props
  const beside = wordsMissing(props) ? [{ path: 'why', message: problem ?? '' }] : []
  return (
    <form method="post" action={`${place}/give`} class="card">
      <Csrf viewer={viewer} />
      <Hidden name="purpose" value={preview.target.purpose} />
      <Hidden name="owner_id" value={preview.target.ownerId} />
      <TextField
        path="why"
        label="Why it is theirs"
        hint="It stays with the money, with your name."
        value={why}
        maxlength={300}
        problems={beside}
        t={t}
      />
      <button type="submit" class="button">
        {giveText(preview)}
      </button>
    </form>
  )
}

/** Another person asked for this very thing. */
const isAsked = ({ asked, preview }: AllocationPage): boolean =>
  asked?.target.ownerId === preview.target.ownerId &&
  asked.target.purpose === preview.target.purpose

/** The facts of the money are its children. */
export const GiveMoneyView = (props: Props) => {
  const { preview, asked, problem, here, place, back, viewer, children } = props
  const { customerId, customerName, target } = preview
  return (
    <Layout viewer={viewer} title={giveText(preview)} width="wide">
      <FinanceNav viewer={viewer} here={here} />
      <h1>{giveText(preview)}</h1>
      <Problem text={problem} />
      {children}
      <WhatHappens preview={preview} />
      {isAsked(props) && asked && <AskedByOther asked={asked} />}
      {preview.refused === null && <GiveForm {...props} />}
      <p class="page-links">
        <a href={place}>{back}</a>
        {customerId && target.purpose !== 'credit' && (
          <a href={givePath(place, { purpose: 'credit', ownerId: customerId })}>
            {`All of it to the credit of ${customerName}`}
          </a>
        )}
      </p>
    </Layout>
  )
}
