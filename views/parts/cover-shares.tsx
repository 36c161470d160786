/** All or nobody: shares that were not paid, which the others may pay too. */
import { formatKes, subtract } from '../../domain/money.ts'
import type { PayPage, Viewer } from '../../domain/pages.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'
import { Csrf, Hidden } from './form.tsx'

type Props = { page: PayPage; viewer: Viewer; t: Say }

/** Each share that was not paid, with a button by which whoever looks takes it over. */
export const CoverShares = ({ page, viewer, t }: Props) => {
  const { parties, allOrNobody, now } = page.booking
  // The owner looks at the share that is missing, and pays as somebody who has paid.
  const done = parties.find(({ share, paid }) => paid >= share) ?? parties[0]
  const payer = page.declinePath === null ? (done ?? page.party) : page.party
  const open = parties.filter(({ id, share, paid }) => id !== payer.id && paid < share)
  const time = allOrNobody?.coverUntil ? timeText(allOrNobody.coverUntil, t.language, now) : ''
  return (
    <>
      <p class="deadline">{t('coverUntil', { time })}</p>
      {open.map(({ id, name, share, paid }) => (
        <form method="post" action={`${page.postPath}/cover`}>
          <Csrf viewer={viewer} />
          <Hidden name="party_id" value={payer.id} />
          <Hidden name="for_party_id" value={id} />
          <button type="submit" class="button button-second">
            {t('coverShare', { amount: formatKes(subtract(share, paid)), name })}
          </button>
        </form>
      ))}
    </>
  )
}
