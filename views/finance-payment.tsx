/** One payment, for finance: where it stands, what was done and said, what was posted. */
import { formatKes, negate } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import type { FinancePaymentPage } from '../domain/staff-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Money } from './parts/money.tsx'
import { PaymentChip } from './parts/status-chip.tsx'
import { Steps } from './parts/steps.tsx'
import { Time } from './parts/times.tsx'
import { StaffTable } from './parts/staff-table.tsx'

const t = speak('en')

const REPORTS: Record<string, string> = {
  stk_callback: 'What became of the request on the phone',
  status_result: 'Answer to our question about the payment',
  reversal_result: 'What became of taking it back',
  reversal_timeout: 'Taking it back: M-Pesa had no time for it',
  payout_result: 'What became of the payout',
  payout_timeout: 'Payout: M-Pesa had no time for it',
  refund_status_result: 'Answer to our question about the refund',
  paybill_confirmation: 'Money paid by hand to the paybill',
}
const OUTCOMES: Record<string, string> = {
  settled: 'paid',
  refused: 'not paid',
  undecided: 'no answer yet',
}
const METHODS: Record<string, string> = {
  mpesa: 'M-Pesa',
  cash: 'Cash',
  bank_transfer: 'Bank transfer',
  credit_card: 'Credit card',
  debit_card: 'Debit card',
  credit: 'Customer’s credit',
  account: 'Company account',
}
const CHANNELS: Record<string, string> = {
  prompt: 'by prompt',
  paybill: 'to the paybill, by hand',
  desk: 'at the desk',
  credit: 'from credit',
}

type Props = { page: FinancePaymentPage }

const Fact = ({ name, value }: { name: string; value: string | null }) =>
  value === null || value === '' ? null : (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )

const Facts = ({ page: { payment } }: Props) => (
  <section class="card" aria-label="Facts">
    <p>
      <PaymentChip status={payment.status} t={t} />
    </p>
    <dl class="fact-list">
      <Fact name="For" value={payment.ownerNumber} />
      <Fact name="Kind" value={typeWords(payment.type)} />
      <Fact
        name="Paid"
        value={`${METHODS[payment.method] ?? payment.method}, ${CHANNELS[payment.channel] ?? payment.channel}`}
      />
      <Fact name="Phone" value={payment.maskedPhone} />
      <Fact name="M-Pesa receipt" value={payment.receipt} />
      <Fact name="Counts for it" value={payment.applied > 0 ? formatKes(payment.applied) : null} />
      <Fact
        name="Became credit"
        value={payment.credited > 0 ? formatKes(payment.credited) : null}
      />
      <Fact name="Reason" value={payment.reason} />
    </dl>
  </section>
)

const Reports = ({ page: { reports, now } }: Props) => (
  <section class="card" aria-labelledby="reports">
    <h2 id="reports">What M-Pesa told us</h2>
    {reports.length === 0 && <p class="quiet">Nothing yet.</p>}
    {reports.map(({ at, kind, outcome, source, delivered, body }) => (
      <details class="fold">
        <summary>
          {`${REPORTS[kind] ?? kind}, `}
          <Time at={at} now={now} />
          {outcome ? `: ${OUTCOMES[outcome] ?? outcome}` : ''}
        </summary>
        <p class="quiet">
          {`${source ? `From ${source}. ` : ''}${delivered ? '' : 'Not worked on yet.'}`}
        </p>
        <pre>{JSON.stringify(body, null, 2)}</pre>
      </details>
    ))}
  </section>
)

const Postings = ({ page: { postings, now } }: Props) => (
  <section class="card" aria-labelledby="postings">
    <h2 id="postings">What is in the ledger</h2>
    {postings.length === 0 ? (
      <p class="quiet">Nothing: no money has moved.</p>
    ) : (
      <StaffTable
        labelledBy="postings"
        bare
        heads={['Time', 'Entry', 'Account', { number: 'Debit' }, { number: 'Credit' }]}
      >
        {postings.map(({ at, entry, name, amount }) => (
          <tr>
            <td class="nowrap">
              <Time at={at} now={now} />
            </td>
            <td>{entry}</td>
            <td>{name}</td>
            <td class="number" data-label="Debit">
              {amount > 0 && <Money amount={amount} />}
            </td>
            <td class="number" data-label="Credit">
              {amount < 0 && <Money amount={negate(amount)} />}
            </td>
          </tr>
        ))}
      </StaffTable>
    )}
  </section>
)

/** `rental` stands in the books. */
const typeWords = (type: string): string => `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`

const GiveBack = ({ page: { payment } }: Props) =>
  payment.status === 'settled' ? (
    <p>
      <a class="button button-second" href={`/finance/payments/${payment.id}/refund`}>
        Give money back
      </a>
    </p>
  ) : null

const Links = ({ page, viewer }: Props & { viewer: Viewer }) => (
  <p class="page-links">
    <a href="/finance/payments">All payments</a>
    {viewer.seesDesk && page.bookingId && (
      <a href={`/desk/bookings/${page.bookingId}`}>{`Booking ${page.payment.ownerNumber}`}</a>
    )}
    {page.chargeId && (
      <a href={`/charges/${page.chargeId}`}>{`Charge ${page.payment.ownerNumber}`}</a>
    )}
    {page.workflowUrl?.startsWith('http') && <a href={page.workflowUrl}>Its workflow</a>}
  </p>
)

export const FinancePaymentView = ({ page, viewer }: Props & { viewer: Viewer }) => (
  <Layout viewer={viewer} title={`Payment for ${page.payment.ownerNumber}`} width="wide">
    <FinanceNav viewer={viewer} here="/finance/payments" />
    <h1>
      <Money amount={page.payment.amount} />
      {` for ${page.payment.ownerNumber}`}
    </h1>
    <Facts page={page} />
    <GiveBack page={page} />
    <Steps steps={page.steps} now={page.now} />
    <Reports page={page} />
    <Postings page={page} />
    <Links page={page} viewer={viewer} />
  </Layout>
)
