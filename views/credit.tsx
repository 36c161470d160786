/** What we owe a customer without a booking to show for it: keep it, or have it back. */
import { formatKes } from '../domain/money.ts'
import type { Viewer } from '../domain/pages.ts'
import type { CreditPage, RefundLine } from '../domain/refund-pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Csrf, ErrorSummary, Hidden } from './parts/form.tsx'
import { Money } from './parts/money.tsx'
import { Time } from './parts/times.tsx'

type Props = { page: CreditPage; viewer: Viewer }
type Spoken = { page: CreditPage; t: Say }

const Choice = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  const { credit, maskedPhone } = page
  return (
    <section class="card" aria-labelledby="choice">
      <h2 id="choice">{t('creditChoice')}</h2>
      <p>{t('creditKeep')}</p>
      <p class="page-links">
        <a class="button button-second" href="/">
          {t('creditKeepButton')}
        </a>
      </p>
      {maskedPhone ? (
        <form method="post" action="/account/credit/refund">
          <Csrf viewer={viewer} />
          <Hidden name="refund_id" value={page.refundId} />
          <p>{t('creditBack', { phone: maskedPhone })}</p>
          {!page.verified && <p class="quiet">{t('creditLooked')}</p>}
          <button type="submit" class="button">
            {t('creditBackButton', { amount: formatKes(credit) })}
          </button>
        </form>
      ) : (
        <p class="quiet">{t('creditNoPhone')}</p>
      )}
    </section>
  )
}

const KINDS = {
  payment: 'creditLine_payment',
  refund_due: 'creditLine_refund',
  refund: 'creditLine_return',
} as const
const kindOf = (what: string, t: Say): string =>
  Object.hasOwn(KINDS, what) ? t(KINDS[what as keyof typeof KINDS]) : t('creditLine_other')

const Lines = ({ page: { lines, now }, t }: Spoken) => (
  <section class="card" aria-labelledby="lines">
    <h2 id="lines">{t('creditLines')}</h2>
    <table class="price-lines">
      <tbody>
        {lines.map(({ at, what, amount }) => (
          <tr>
            <th scope="row">
              <Time at={at} language={t.language} now={now} />
              {`, ${kindOf(what, t)}`}
            </th>
            <td>
              <Money amount={amount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const stateOf = ({ status }: RefundLine) => {
  if (status === 'settled') return 'creditRefund_back'
  if (status === 'declined') return 'creditRefund_declined'
  return status === 'awaiting_approval' ? 'creditRefund_looked' : 'creditRefund_way'
}

const Refunds = ({ page: { refunds, now }, t }: Spoken) => (
  <section class="card" aria-labelledby="refunds">
    <h2 id="refunds">{t('creditRefunds')}</h2>
    <ul>
      {refunds.map((one) => (
        <li>
          <Time at={one.requestedAt} language={t.language} now={now} />
          {`: ${t(stateOf(one), { amount: formatKes(one.amount), phone: one.maskedPhone ?? '' })}`}
        </li>
      ))}
    </ul>
  </section>
)

export const CreditView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('creditTitle')} width="narrow">
      <h1>{t('creditTitle')}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <p class="lead">{t('creditNow', { amount: formatKes(page.credit) })}</p>
      {page.credit > 0 && <Choice page={page} viewer={viewer} />}
      {page.refunds.length > 0 && <Refunds page={page} t={t} />}
      {page.lines.length > 0 && <Lines page={page} t={t} />}
    </Layout>
  )
}
