/** How loyalty points stand, and what made them so, in words. */
import { worthOf, type LoyaltyEntry } from '../../domain/loyalty.ts'
import type { LoyaltyPage } from '../../domain/loyalty-pages.ts'
import { formatKes } from '../../domain/money.ts'
import type { Say } from '../language.ts'
import { dayText, Time } from './times.tsx'

type Props = { page: LoyaltyPage; t: Say }

/** `1,250`. */
export const grouped = (points: number): string => String(points).replace(/\B(?=(\d{3})+$)/g, ',')
const signed = (points: number): string =>
  points > 0 ? `+${grouped(points)}` : `−${grouped(Math.abs(points))}`

export const PointsCard = ({ page: { account, now }, t }: Props) => (
  <section class="card" aria-labelledby="balance">
    <h2 id="balance">
      {t('pointsBalance', { n: account.balance, points: grouped(account.balance) })}
    </h2>
    <p>{t('pointsWorth', { worth: formatKes(worthOf(account.balance)) })}</p>
    {account.lots.length > 0 && (
      <>
        <h3>{t('pointsEnding')}</h3>
        <ul class="payments">
          {account.lots.slice(0, 6).map(({ points, expiresAt }) => (
            <li>
              {t('pointsUntil', {
                n: points,
                points: grouped(points),
                day: dayText(expiresAt, t.language, now),
              })}
            </li>
          ))}
        </ul>
      </>
    )}
  </section>
)

const words = (entry: LoyaltyEntry, t: Say): string => {
  const number = entry.ownerNumber ?? ''
  return t(`points_${entry.kind}`, { number })
}

const Line = ({ entry, t, now }: { entry: LoyaltyEntry; t: Say; now: Date }) => (
  <li>
    <strong class="money">{signed(entry.points)}</strong> {words(entry, t)}
    {entry.reason && <span class="subject"> {entry.reason}</span>}
    <br />
    <span class="quiet">
      <Time at={entry.createdAt} language={t.language} now={now} />
    </span>
  </li>
)

export const PointsHistory = ({ page, t, path }: Props & { path: string }) => (
  <section class="card" aria-labelledby="history">
    <h2 id="history">{t('pointsHistory')}</h2>
    {page.entries.length === 0 ? (
      <p class="quiet">{t('pointsNone')}</p>
    ) : (
      <ul class="payments">
        {page.entries.map((entry) => (
          <Line entry={entry} t={t} now={page.now} />
        ))}
      </ul>
    )}
    {page.next && (
      <a class="button button-second" href={`${path}?cursor=${encodeURIComponent(page.next)}`}>
        {t('showMore')}
      </a>
    )}
  </section>
)
