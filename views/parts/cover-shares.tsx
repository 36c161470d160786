/** All or nobody: shares that were not paid, which the others may pay too. */
import { formatKes, subtract } from '../../domain/money.ts'
import type { PartyShare, PayPage, Viewer } from '../../domain/pages.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'
import { Csrf, Hidden } from './form.tsx'

type Props = { page: PayPage; viewer: Viewer; t: Say }

const owes = ({ share, paid }: PartyShare): boolean => paid < share

/** After the deadline everybody who owes has missed it; before it, whoever has said no. */
const missed = ({ booking: { parties, allOrNobody } }: PayPage): PartyShare[] =>
  parties.filter((one) => owes(one) && (allOrNobody?.coverUntil || one.declined))

/** Whoever looks; the owner looks at the share that is missing, and pays as somebody who has paid. */
const payerOf = ({ booking: { parties }, party, declinePath }: PayPage): PartyShare =>
  declinePath === null ? (parties.find((one) => !owes(one)) ?? parties[0] ?? party) : party

/** Each share that was not paid, with a button by which whoever looks takes it over. */
export const CoverShares = ({ page, viewer, t }: Props) => {
  const { allOrNobody, holdExpiresAt, now } = page.booking
  const payer = payerOf(page)
  const open = allOrNobody ? missed(page).filter(({ id }) => id !== payer.id) : []
  const until = allOrNobody?.coverUntil ?? holdExpiresAt
  if (open.length === 0 || payer.declined || !until) return null
  const names = open.map(({ name }) => name).join(', ')
  return (
    <>
      <p class="deadline">{t('coverFor', { names, time: timeText(until, t.language, now) })}</p>
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
