/** No request came to the phone? The same money can be sent by hand: number, account, amount. */
import { formatKes, type Cents } from '../domain/money.ts'
import type { PayFormPage } from '../domain/charge-pages.ts'
import type { Say } from './language.ts'

type Props = { page: Pick<PayFormPage, 'booking' | 'party' | 'byHand'>; t: Say }

/** What this person still owes of their share, or all that is left. */
const amountOf = ({ booking, party }: Props['page']): Cents => {
  const share = Math.max(0, party.share - party.paid)
  return (share > 0 ? Math.min(share, booking.balance) : booking.balance) as Cents
}

const Paybill = ({ page, t }: Props) => (
  <>
    <p>{t('byHandSteps')}</p>
    <dl class="fact-list">
      <dt>{t('byHandBusiness')}</dt>
      <dd class="nowrap">{page.byHand.number}</dd>
      <dt>{t('byHandAccount')}</dt>
      <dd class="nowrap">{page.booking.number}</dd>
      <dt>{t('byHandAmount')}</dt>
      <dd class="nowrap">{formatKes(amountOf(page))}</dd>
    </dl>
    <p class="quiet">{t('byHandOnce')}</p>
  </>
)

/** A till asks for no account, so a person has to find out whose money it is. */
const Till = ({ page, t }: Props) => (
  <>
    <p>{t('byHandTillSteps')}</p>
    <dl class="fact-list">
      <dt>{t('byHandTill')}</dt>
      <dd class="nowrap">{page.byHand.number}</dd>
      <dt>{t('byHandAmount')}</dt>
      <dd class="nowrap">{formatKes(amountOf(page))}</dd>
    </dl>
    <p class="quiet">{t('byHandTillWait', { number: page.booking.number })}</p>
  </>
)

export const PayByHand = ({ page, t }: Props) => (
  <details class="card fold" id="pay-by-hand">
    <summary>{t('byHand')}</summary>
    {page.byHand.kind === 'till' ? <Till page={page} t={t} /> : <Paybill page={page} t={t} />}
  </details>
)
