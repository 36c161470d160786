/** Money came too late and its car is gone: another one waits for a choice, and this leads to it. */
import type { BookingPage } from '../../domain/pages.ts'
import type { Say } from '../language.ts'

/** The words beside it stand in money-back.ts. */
export const WaitingOfferLink = ({ offer, t }: Pick<BookingPage, 'offer'> & { t: Say }) => {
  if (!offer) return null
  return offer.path ? (
    <a class="button" href={offer.path}>
      {t('lateGo')}
    </a>
  ) : (
    <p class="quiet">{t('lateOfferedBySms')}</p>
  )
}
