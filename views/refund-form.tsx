/** Asking for a refund: the form, then what will happen, then the button that does it. */
import { formatKes, readShillings } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import type { RefundFormPage } from '../domain/refund-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { FinanceNav } from './parts/finance-nav.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'

const t = speak('en')
type Props = { page: RefundFormPage; viewer: Viewer }

const Fields = ({ page: { payment, form, problems } }: Props) => (
  <>
    <TextField
      path="amount"
      label="Amount"
      hint={`Whole shillings, at most ${formatKes(payment.left)}.`}
      value={form.amount}
      inputmode="numeric"
      problems={problems}
      t={t}
    />
    <TextField path="reason" label="Why" value={form.reason} problems={problems} t={t} />
    {payment.needsPhone && (
      <TextField
        path="phone"
        label="Pay to this mobile number"
        hint="M-Pesa does not tell who paid. Needed for a part; the whole goes back by itself."
        value={form.phone}
        type="tel"
        inputmode="tel"
        optional
        problems={problems}
        t={t}
      />
    )}
  </>
)

const Preview = ({ page: { form, preview } }: Props) => (
  <>
    <Hidden name="amount" value={form.amount} />
    <Hidden name="reason" value={form.reason} />
    <Hidden name="phone" value={form.phone} />
    <Hidden name="sure" value="yes" />
    <ul class="steps">
      {(preview ?? []).map((sentence) => (
        <li>{sentence}</li>
      ))}
    </ul>
  </>
)

export const RefundFormView = (props: Props) => {
  const { page, viewer } = props
  const { payment, form, preview } = page
  const title = preview ? 'Is this right?' : `Give back from ${payment.ownerNumber}`
  return (
    <Layout viewer={viewer} title={title} width="narrow">
      <FinanceNav viewer={viewer} here="/finance/payments" />
      <h1>{title}</h1>
      <p class="quiet">
        {`Payment of ${formatKes(payment.amount)}${payment.maskedPhone ? ` from ${payment.maskedPhone}` : ''}.`}
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action={`/finance/payments/${payment.id}/refund`} class="card" novalidate>
        <Csrf viewer={viewer} />
        <Hidden name="refund_id" value={form.refundId} />
        {preview ? <Preview {...props} /> : <Fields {...props} />}
        <button type="submit" class="button button-wide">
          {preview ? `Give ${formatKesOf(form.amount)} back` : 'See what will happen'}
        </button>
        {preview && (
          <button type="submit" class="button button-second" name="step" value="change">
            Change something
          </button>
        )}
      </form>
      <p class="page-links">
        {viewer.seesPayments && <a href={`/finance/payments/${payment.id}`}>Back to the payment</a>}
      </p>
    </Layout>
  )
}

const formatKesOf = (typed: string): string => {
  const amount = readShillings(typed)
  return amount === null ? typed : formatKes(amount)
}
