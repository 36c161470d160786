/** Taking a payment at the desk: one way at a time, then what will happen, then it happens. */
import type { TakingPage } from '../domain/desk-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { formatKes } from '../domain/money.ts'
import { methodWords, type TenderMethod } from '../domain/tenders.ts'
import { CheckView } from './desk-taking-check.tsx'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, Hidden, SelectField, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'

const t = speak('en')
const METHODS: TenderMethod[] = [
  'cash',
  'credit_card',
  'debit_card',
  'bank_transfer',
  'account',
  'credit',
]

type Props = { page: TakingPage; viewer: Viewer }
type Part = { page: TakingPage }

const Tabs = ({ page }: Part) => (
  <nav class="page-links filters" aria-label="Ways to pay">
    {METHODS.map((method) => (
      <a
        href={`${page.thing.takePath}?method=${method}`}
        aria-current={method === page.method ? 'page' : undefined}
      >
        {methodWords(method)}
      </a>
    ))}
  </nav>
)

const Cash = ({ page }: Part) => (
  <>
    {page.till === null && (
      <p class="notice">
        Cash goes into your till, and none is open under your name.{' '}
        <a href="/desk/till">Open your till</a>
      </p>
    )}
    <TextField
      path="given"
      label="Cash you were given, in KSh"
      hint="The change is shown before anything is written down."
      value={page.form.given}
      inputmode="numeric"
      problems={page.problems}
      t={t}
    />
    <label class="check">
      <input type="checkbox" name="keepChange" value="yes" checked={page.form.keepChange} /> Keep
      the change as the customer’s credit
    </label>
  </>
)

const Card = ({ page }: Part) => (
  <>
    <TextField
      path="terminal"
      label="Terminal"
      hint="Its number, as printed on the slip."
      value={page.form.terminal}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="slip"
      label="Slip number"
      value={page.form.slip}
      problems={page.problems}
      t={t}
    />
  </>
)

const Transfer = ({ page }: Part) => (
  <TextField
    path="reference"
    label="The bank’s reference"
    hint={`The payment counts once the bank shows the money. ${page.thing.meanwhile}`}
    value={page.form.reference}
    problems={page.problems}
    t={t}
  />
)

const Account = ({ page }: Part) =>
  page.companies.length === 0 ? (
    <p class="notice">This customer may not book on the account of any company.</p>
  ) : (
    <SelectField
      path="companyId"
      label="Company"
      value={page.form.companyId}
      options={page.companies.map(({ id, name, room }) => ({
        value: id,
        text: `${name}, ${formatKes(room)} below its limit`,
      }))}
      problems={page.problems}
      t={t}
    />
  )

const Credit = ({ page }: Part) => (
  <p>
    The customer has <Money amount={page.credit} /> of credit.
  </p>
)

const FIELDS: Record<TenderMethod, (props: Part) => ReturnType<typeof Cash>> = {
  cash: Cash,
  credit_card: Card,
  debit_card: Card,
  bank_transfer: Transfer,
  account: (props) => <Account {...props} />,
  credit: Credit,
}

const ForWhom = ({ page }: Part) =>
  page.thing.parties.length < 2 ? (
    <Hidden name="partyId" value={page.form.partyId} />
  ) : (
    <SelectField
      path="partyId"
      label="For whose share?"
      value={page.form.partyId}
      options={page.thing.parties.map(({ id, name, share, paid }) => ({
        value: id,
        text: `${name}, ${formatKes(paid)} of ${formatKes(share)} paid`,
      }))}
      problems={page.problems}
      t={t}
    />
  )

const TakingFormView = ({ page, viewer }: Props) => {
  const Fields = FIELDS[page.method]
  return (
    <form method="post" action={page.thing.takePath} class="card" novalidate>
      <Csrf viewer={viewer} />
      <Hidden name="method" value={page.method} />
      <Hidden name="paymentId" value={page.form.paymentId} />
      <TextField
        path="amount"
        label="Amount to pay, in KSh"
        hint={`Up to ${formatKes(page.thing.balance)}.`}
        value={page.form.amount}
        inputmode="numeric"
        problems={page.problems}
        t={t}
      />
      <ForWhom page={page} />
      <Fields page={page} />
      <button type="submit" class="button">
        Check
      </button>
    </form>
  )
}

export const TakingView = ({ page, viewer }: Props) => {
  const { thing, check } = page
  return (
    <Layout viewer={viewer} title={`Take a payment for ${thing.number}`}>
      <h1>{`Take a payment for ${thing.number}`}</h1>
      <p>
        <span class="name">{page.customerName}</span>, <Money amount={thing.balance} /> to pay
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      {check ? (
        <CheckView page={page} check={check} viewer={viewer} />
      ) : (
        <>
          <Tabs page={page} />
          <TakingFormView page={page} viewer={viewer} />
        </>
      )}
      <p class="page-links">
        <a href={thing.back.path}>{thing.back.text}</a>
        <a href="/desk/till">Till</a>
      </p>
    </Layout>
  )
}
