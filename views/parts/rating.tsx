/** A rating in words: the level, the score, and what gave and took points. */
import { COUNTED_MONTHS, HIGH_BELOW, MEDIUM_BELOW } from '../../domain/credit-rule.ts'
import type { RiskLevel } from '../../domain/customers.ts'
import type { Rating, RatingReview } from '../../domain/ratings.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'
import { StaffTable } from './staff-table.tsx'
import { Chip, type Tone } from './status-chip.tsx'
import { dayText, Time } from './times.tsx'

const TONES: Record<RiskLevel, Tone> = { low: 'good', medium: 'part', high: 'attention' }

export const RiskChip = ({ level, t }: { level: RiskLevel; t: Say }) => (
  <Chip tone={TONES[level]} text={t(`ratingLevel_${level}`)} />
)

const signed = (points: number): string => (points > 0 ? `+${points}` : `−${Math.abs(points)}`)

type Props = { rating: Rating; now: Date; t: Say }

/** Who decided, when, and until when. */
export const RatingOrigin = ({ rating, now, t }: Props) => {
  const time = timeText(rating.setAt, t.language, now)
  // It ends with the last moment of a day.
  const until =
    rating.expiresAt && dayText(new Date(rating.expiresAt.getTime() - 1), t.language, now)
  return (
    <p>
      {rating.byHand
        ? t('ratingByHand', { time, until: until ?? '' })
        : t('ratingByRule', { rule: rating.rule, time })}
    </p>
  )
}

const Reasons = ({ rating, t }: Pick<Props, 'rating' | 't'>) => (
  <StaffTable
    label={t('ratingWhy')}
    heads={[t('ratingReason'), { number: t('ratingPoints') }]}
    bare
  >
    {rating.reasons.map(({ code, count, points }) => (
      <tr>
        <td>{t(`reason_${code}`, { n: count })}</td>
        <td class="number">{signed(points)}</td>
      </tr>
    ))}
  </StaffTable>
)

export const RatingCard = ({ rating, now, t }: Props) => (
  <section class="card" aria-labelledby="rating">
    <h2 id="rating">
      <RiskChip level={rating.level} t={t} /> {t('ratingScore', { score: rating.score })}
    </h2>
    <RatingOrigin rating={rating} now={now} t={t} />
    {rating.why && <p class="subject">{rating.why}</p>}
    {rating.reasons.length > 0 && <Reasons rating={rating} t={t} />}
    <p class="quiet">
      {t('ratingWindow', { months: COUNTED_MONTHS, high: HIGH_BELOW, medium: MEDIUM_BELOW })}
    </p>
  </section>
)

export const Review = ({ review, now, t }: { review: RatingReview; now: Date; t: Say }) => (
  <li>
    <p class="subject">{review.words}</p>
    <p class="quiet">
      <Time at={review.askedAt} language={t.language} now={now} />
    </p>
    {review.answer && review.answeredAt ? (
      <>
        <p class="subject">
          <strong>{t('ratingAnswered')}:</strong> {review.answer}
        </p>
        <p class="quiet">
          <Time at={review.answeredAt} language={t.language} now={now} />
        </p>
      </>
    ) : (
      <p>{t('ratingWaits')}</p>
    )}
  </li>
)
