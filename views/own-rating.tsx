/** One's own rating: what was decided, why, what it does, and a person who looks at it. */
import type { Viewer } from '../domain/pages.ts'
import type { RatingPage } from '../domain/rating-pages.ts'
import { RATING_LIMITS } from '../domain/ratings.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { control, Csrf, ErrorSummary, FieldFrame, Hidden } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { RatingCard, Review } from './parts/rating.tsx'

type Props = { page: RatingPage; viewer: Viewer; t: Say }

const Ask = ({ page, viewer, t }: Props) => {
  const frame = { path: 'words', label: t('ratingWords'), problems: page.problems, t }
  return (
    <form method="post" action="/account/rating" class="card" novalidate>
      <h2>{t('ratingAsk')}</h2>
      <p>{t('ratingAskText')}</p>
      <Csrf viewer={viewer} />
      <Hidden name="request_id" value={page.requestId} />
      <FieldFrame {...frame}>
        <textarea {...control(frame)} rows={4} maxlength={RATING_LIMITS.wordsLength} required>
          {page.form['words'] ?? ''}
        </textarea>
      </FieldFrame>
      <button type="submit" class="button">
        {t('ratingAskButton')}
      </button>
    </form>
  )
}

export const OwnRatingView = ({ page, viewer }: Omit<Props, 't'>) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('ratingTitle')}>
      <h1>{t('ratingTitle')}</h1>
      <p class="lead">{t('ratingLead')}</p>
      <DoneNotice text={page.done && 'ratingAsked'} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      {page.rating ? (
        <RatingCard rating={page.rating} now={page.now} t={t} />
      ) : (
        <p class="card">{t('ratingNone')}</p>
      )}
      <section class="card" aria-labelledby="means">
        <h2 id="means">{t('ratingMeans')}</h2>
        <p>{t('ratingMeaning')}</p>
      </section>
      {page.mayAsk && <Ask page={page} viewer={viewer} t={t} />}
      {page.reviews.length > 0 && (
        <section class="card" aria-labelledby="reviews">
          <h2 id="reviews">{t('ratingReviews')}</h2>
          <ul class="payments">
            {page.reviews.map((review) => (
              <Review review={review} now={page.now} t={t} />
            ))}
          </ul>
        </section>
      )}
    </Layout>
  )
}
