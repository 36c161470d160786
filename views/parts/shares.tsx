/** How far a booking is paid, as a whole and by each party. */
import { formatKes, ZERO, type Cents } from '../../domain/money.ts'
import type { PartyShare } from '../../domain/pages.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'
import { Shape } from './status-chip.tsx'

/** `KSh 4,500 paid, KSh 2,000 to go`. */
export const paidText = (paid: Cents, balance: Cents, t: Say): string => {
  if (balance <= 0) return t('allPaid', { paid: formatKes(paid) })
  return paid > 0
    ? t('paidToGo', { paid: formatKes(paid), left: formatKes(balance) })
    : t('nothingPaidYet', { left: formatKes(balance) })
}

type BarProps = { done: Cents; whole: Cents; label: string }

/** `progress` carries its own width, so that no style attribute is needed. */
export const Bar = ({ done, whole, label }: BarProps) => (
  <progress class="bar" max={Math.max(1, whole)} value={Math.min(done, whole)} aria-label={label} />
)

type ShareProps = { party: PartyShare; here: boolean; t: Say }

/** Somebody else took it over, so nothing of it is left to pay here. */
const ShareTaken = ({ party, t }: Pick<ShareProps, 'party' | 't'>) => (
  <li>
    <p class="share-line">
      <span class="share-name">{party.name}</span>
      <span class="quiet">{t('shareTaken')}</span>
    </p>
  </li>
)

const ShareRow = ({ party, here, t }: ShareProps) => {
  const amounts = { paid: formatKes(party.paid), share: formatKes(party.share) }
  if (party.share === ZERO) return <ShareTaken party={party} t={t} />
  const done = party.paid >= party.share
  return (
    <li>
      <p class="share-line">
        <span class="share-name">
          {done && <Shape tone="good" />} {party.name}{' '}
          {here && <span class="quiet">{t('youMark')}</span>}
        </span>
        <span class="money">{t(done ? 'shareDone' : 'shareLine', amounts)}</span>
      </p>
      {party.dueAt && !done && (
        <p class="quiet">{t('shareDue', { time: timeText(party.dueAt, t.language) })}</p>
      )}
      {party.declined && !done && (
        <p class="declined">
          <Shape tone="ended" /> {t('declinedBy', { name: party.name })}
        </p>
      )}
      <Bar
        done={party.paid}
        whole={party.share}
        label={t('barLabel', { name: party.name, ...amounts })}
      />
    </li>
  )
}

type SharesProps = { parties: PartyShare[]; hereId: string | null; t: Say }

export const Shares = ({ parties, hereId, t }: SharesProps) => (
  <ul class="shares">
    {parties.map((party) => (
      <ShareRow party={party} here={parties.length > 1 && party.id === hereId} t={t} />
    ))}
  </ul>
)
