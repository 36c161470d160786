/** What of an account stands on pages of its own. */
import type { Viewer } from '../../domain/pages.ts'
import type { Permission } from '../../domain/permissions.ts'
import type { OwnAccountPage } from '../../domain/security-pages.ts'
import type { Say, TextKey } from '../language.ts'

type Room = { path: string; title: TextKey; text: TextKey }
type Props = { page: OwnAccountPage; viewer: Viewer; t: Say }

function roomsOf({ page, viewer }: Props): Room[] {
  const may = (permission: Permission) => viewer.permissions.includes(permission)
  const rooms: [path: string, title: TextKey, text: TextKey, isTheirs?: boolean][] = [
    ['details', 'detailsTitle', 'detailsText'],
    ['points', 'pointsTitle', 'pointsLead', may('own_loyalty:read')],
    ['rating', 'ratingTitle', 'ratingLead', may('own_rating:read')],
    ['identity', 'identityTitle', 'identityText', may('own_identity_documents:read')],
    ['addresses', 'addressesTitle', 'addressesLink', page.isCustomer],
    ['choices', 'choicesTitle', 'choicesLink', page.isCustomer],
    ['two-factor', 'factorLink', 'factorLinkText'],
    ['data', 'dataTitle', 'dataLink'],
  ]
  return rooms
    .filter(([, , , isTheirs = true]) => isTheirs)
    .map(([path, title, text]) => ({ path: `/account/${path}`, title, text }))
}

export const AccountRooms = (props: Props) => {
  const { t } = props
  return (
    <nav class="card" aria-label={t('accountTitle')}>
      <ul class="account-rooms">
        {roomsOf(props).map(({ path, title, text }) => (
          <li>
            <a href={path}>{t(title)}</a>
            <span class="quiet">{t(text)}</span>
          </li>
        ))}
      </ul>
    </nav>
  )
}
