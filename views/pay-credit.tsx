/** The customer's own credit, beside the request to a phone: one button, no typing. */
import { formatKes } from '../domain/money.ts'
import type { PayPage, Viewer } from '../domain/pages.ts'
import type { Say } from './language.ts'
import { Csrf, Hidden } from './parts/form.tsx'

type Props = { credit: NonNullable<PayPage['credit']>; viewer: Viewer; t: Say }

export const CreditForm = ({ credit, viewer, t }: Props) => (
  <form method="post" action={credit.postPath} class="card" id="pay-credit">
    <h2>{t('creditHeading')}</h2>
    <p>{t('creditText')}</p>
    <Csrf viewer={viewer} />
    <Hidden name="payment_id" value={credit.paymentId} />
    <button type="submit" class="button button-second">
      {t('creditButton', { amount: formatKes(credit.amount) })}
    </button>
  </form>
)
