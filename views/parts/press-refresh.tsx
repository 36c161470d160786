/** Without a script nothing moves by itself: while a request is out, the page says how to look again. */
import type { PayFormPage } from '../../domain/charge-pages.ts'
import type { Say } from '../language.ts'
import { hasOpenPayment } from '../pay-news.tsx'

type Props = { page: Pick<PayFormPage, 'booking' | 'postPath'>; t: Say }

export const PressRefresh = ({ page, t }: Props) =>
  hasOpenPayment(page.booking) ? (
    <noscript>
      <p>{t('pressRefresh')}</p>
      <a class="button button-second" href={page.postPath}>
        {t('refresh')}
      </a>
    </noscript>
  ) : null
