/** One thing that does not fit: what is known, what to do, and how a person explains it. */
import type { Viewer } from '../domain/pages.ts'
import { EXPLAINING_ACCOUNTS, type FindingKind } from '../domain/reconciliation.ts'
import { FINDING_WORDS, type FindingPage } from '../domain/reconciliation-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { BankChoices } from './parts/bank-money.tsx'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, SelectField, TextField } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')

const ACCOUNTS: Record<(typeof EXPLAINING_ACCOUNTS)[number], string> = {
  mpesa_charges: 'M-Pesa charges',
  bank_charges: 'Bank and card charges',
  card_clearing: 'Card payments on their way',
  bank: 'Bank account',
  mpesa_clearing: 'M-Pesa account',
  other_revenue: 'Other revenue',
  write_offs: 'Written off',
}

/** These name a slip, a transfer or a terminal of ours. */
const NOT_SHOWN: FindingKind[] = ['deposit_missing', 'transfer_missing', 'card_missing']

const subjectWords = (kind: FindingKind): string => {
  if (NOT_SHOWN.includes(kind)) return 'What'
  return kind === 'bank_line' ? 'Reference' : 'Receipt'
}

const Facts = ({ page: { finding, now } }: { page: FindingPage }) => (
  <dl class="fact-list">
    <dt>{subjectWords(finding.kind)}</dt>
    <dd>{finding.subject}</dd>
    <dt>Amount</dt>
    <dd>
      <Money amount={finding.amount} />
      {finding.direction && (finding.direction === 'in' ? ' came in' : ' went out')}
    </dd>
    {finding.expected !== null && (
      <>
        <dt>Our books say</dt>
        <dd>
          <Money amount={finding.expected} />
        </dd>
      </>
    )}
    {finding.at && (
      <>
        <dt>When</dt>
        <dd>
          <Time at={finding.at} now={now} />
        </dd>
      </>
    )}
    {finding.details && (
      <>
        <dt>The provider’s words</dt>
        <dd>{finding.details}</dd>
      </>
    )}
    {finding.detail && (
      <>
        <dt>{NOT_SHOWN.includes(finding.kind) ? 'Where' : 'Bookings it fits'}</dt>
        <dd>{finding.detail}</dd>
      </>
    )}
    <dt>Found</dt>
    <dd>
      <Time at={finding.openedAt} now={now} />
    </dd>
    {finding.resolution && (
      <>
        <dt>Closed</dt>
        <dd>{finding.resolution}</dd>
      </>
    )}
  </dl>
)

/** Money that came stands in the books already; only other lines are booked from here. */
const booksLine = ({ finding }: FindingPage): boolean =>
  finding.lineId !== null && (finding.direction === 'out' || finding.source === 'bank')

const Explain = ({ page, viewer }: { page: FindingPage; viewer: Viewer }) => (
  <form
    method="post"
    action={`/finance/reconciliation/findings/${page.finding.id}/explain`}
    class="card"
  >
    <Csrf viewer={viewer} />
    <TextField
      path="reason"
      label="What it was"
      hint="Others read this later: who was asked, and what they said."
      value={page.form.reason}
      problems={page.problems}
      maxlength={300}
      t={t}
    />
    {booksLine(page) ? (
      <SelectField
        path="account"
        label="Where it is booked"
        value={page.form.account}
        problems={page.problems}
        options={[
          { value: 'none', text: 'Nothing is posted: the books are right' },
          ...EXPLAINING_ACCOUNTS.filter(
            (account) => account !== (page.finding.source === 'bank' ? 'bank' : 'mpesa_clearing'),
          ).map((value) => ({ value, text: ACCOUNTS[value] })),
        ]}
        t={t}
      />
    ) : (
      <input type="hidden" name="account" value="none" />
    )}
    <button type="submit" class={page.choices ? 'button button-second' : 'button'}>
      Close it with this reason
    </button>
  </form>
)

export const FindingView = ({ page, viewer }: { page: FindingPage; viewer: Viewer }) => {
  const { finding } = page
  const { title, todo } = FINDING_WORDS[finding.kind]
  return (
    <Layout viewer={viewer} title="Left over">
      <FinanceNav viewer={viewer} here="/finance/reconciliation" />
      <h1>{title}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <p class="lead">{todo}</p>
      <Facts page={page} />
      {finding.paymentId && (
        <p>
          <a href={`/finance/payments/${finding.paymentId}`}>Open the payment</a>
        </p>
      )}
      {(finding.kind === 'unknown_money_in' || finding.kind === 'several_candidates') && (
        <p>
          <a href="/finance/unmatched">Open the queue of unmatched money</a>
        </p>
      )}
      {page.choices && <BankChoices choices={page.choices} />}
      {page.mayReconcile && finding.status === 'open' && <Explain page={page} viewer={viewer} />}
    </Layout>
  )
}
