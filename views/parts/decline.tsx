/** Whoever came by a link may say that they do not pay, as long as they have paid nothing. */
import type { PayFormPage } from '../../domain/charge-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import type { Say } from '../language.ts'
import { Csrf } from './form.tsx'

type Props = {
  page: Pick<PayFormPage, 'declinePath' | 'party'>
  viewer: Viewer
  why: 'declineText' | 'declineCharge'
  t: Say
}

export const Decline = ({ page: { declinePath, party }, viewer, why, t }: Props) =>
  declinePath === null || party.paid > 0 || party.declined ? null : (
    <form method="post" action={declinePath} class="decline">
      <Csrf viewer={viewer} />
      <p class="quiet">{t(why)}</p>
      <button type="submit" class="button button-second">
        {t('decline')}
      </button>
    </form>
  )
