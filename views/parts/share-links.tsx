/** A link for each of the others who still owes: to copy, or to send by WhatsApp. */
import { formatKes, subtract } from '../../domain/money.ts'
import type { PaidParts } from '../../domain/charge-pages.ts'
import type { PartyShare } from '../../domain/pages.ts'
import type { Say } from '../language.ts'

type Props = { booking: PaidParts; t: Say }

/** Opens a chat with that person where their phone may be shown, else lets the sender choose. */
const whatsAppLink = (party: PartyShare, { booking, t }: Props): string => {
  const amount = formatKes(subtract(party.share, party.paid))
  const text = t('shareMessage', { amount, number: booking.number, link: party.payUrl })
  const to = (party.phone ?? '').replaceAll(/\D/g, '').replace(/^0/, '254')
  return `https://wa.me/${to}?text=${encodeURIComponent(text)}`
}

const LinkRow = ({ party, ...props }: Props & { party: PartyShare }) => {
  const { t } = props
  return (
    <li>
      <a href={party.payPath}>{t('shareLinkOf', { name: party.name })}</a>
      <span class="share-ways">
        <a class="button button-second button-small" href={whatsAppLink(party, props)}>
          {t('sendWhatsApp')}
        </a>
        <button
          type="button"
          class="button button-second button-small script-only"
          data-copy={party.payPath}
          data-done={t('copied')}
        >
          {t('copyLink')}
        </button>
      </span>
    </li>
  )
}

type LinksProps = Props & { parties: PartyShare[] }

export const ShareLinks = ({ parties, ...props }: LinksProps) => {
  const { t } = props
  const waiting = parties.filter((party) => party.paid < party.share && party.payPath !== '')
  if (waiting.length === 0) return null
  return (
    <section class="share-links">
      <h3>{t('shareLinks')}</h3>
      <p class="quiet">{t('shareLinksText')}</p>
      <ul>
        {waiting.map((party) => (
          <LinkRow party={party} {...props} />
        ))}
      </ul>
    </section>
  )
}
