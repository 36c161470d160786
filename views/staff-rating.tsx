/** A customer's rating for whoever works here: why it is so, what stood before, and what a colleague may do about it. */
import { RISK_LEVELS } from '../domain/customers.ts'
import type { Viewer } from '../domain/pages.ts'
import type { StaffRatingPage } from '../domain/rating-pages.ts'
import { isInForce, RATING_LIMITS } from '../domain/ratings.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import {
  control,
  Csrf,
  ErrorSummary,
  FieldFrame,
  Hidden,
  SelectField,
  TextField,
} from './parts/form.tsx'
import { RatingCard, RatingOrigin, Review, RiskChip } from './parts/rating.tsx'

const t = speak('en')
type Props = { page: StaffRatingPage; viewer: Viewer }

const DONE = {
  set: 'The level is set.',
  looked: 'The rule has looked again; what it found is below.',
  same: 'The rule has looked again and found nothing new.',
  answered: 'Your answer stands on the customer’s page.',
} as const
const pathOf = ({ customer }: StaffRatingPage) => `/desk/customers/${customer.id}/rating`

const LookAgain = ({ page, viewer }: Props) => (
  <form method="post" action={`${pathOf(page)}/reckoning`} class="card">
    <h2>By the rule</h2>
    <Csrf viewer={viewer} />
    <p>It looks at everybody each night, and writes down only what has changed.</p>
    <button type="submit" class="button button-second">
      {page.rating && isInForce(page.rating, page.now)
        ? 'End what was set by hand and look again'
        : 'Look again now'}
    </button>
  </form>
)

const Setting = ({ page, viewer }: Props) => (
  <form method="post" action={pathOf(page)} class="card" novalidate>
    <h2>Set the level by hand</h2>
    <Csrf viewer={viewer} />
    <Hidden name="request_id" value={page.requestId} />
    <SelectField
      path="level"
      label="Level"
      value={page.form['level'] ?? page.rating?.level ?? 'low'}
      options={RISK_LEVELS.map((value) => ({ value, text: t(`ratingLevel_${value}`) }))}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="why"
      label="Why"
      hint="The customer reads it, and it is kept."
      value={page.form['why'] ?? ''}
      maxlength={RATING_LIMITS.whyLength}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="until"
      label="Last day"
      hint="At most a year from now. Then the rule decides again."
      type="date"
      value={page.form['until'] ?? ''}
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button">
      Set this level
    </button>
  </form>
)

const Answering = ({ page, viewer }: Props) => {
  const [review] = page.reviews
  if (!page.maySet || !review || review.answeredAt) return null
  const frame = {
    path: 'answer',
    label: 'Your answer',
    hint: 'The customer reads it. Change the level first, where it was wrong.',
    problems: page.problems,
    t,
  }
  return (
    <form method="post" action={`${pathOf(page)}/answer`} novalidate>
      <Csrf viewer={viewer} />
      <Hidden name="review_id" value={review.id} />
      <FieldFrame {...frame}>
        <textarea {...control(frame)} rows={4} maxlength={RATING_LIMITS.wordsLength} required>
          {page.form['answer'] ?? ''}
        </textarea>
      </FieldFrame>
      <button type="submit" class="button">
        Answer the customer
      </button>
    </form>
  )
}

const Asked = (props: Props) =>
  props.page.reviews.length === 0 ? null : (
    <section class="card" aria-labelledby="asked">
      <h2 id="asked">What they asked a person to look at</h2>
      <ul class="payments">
        {props.page.reviews.map((review) => (
          <Review review={review} now={props.page.now} t={t} />
        ))}
      </ul>
      <Answering {...props} />
    </section>
  )

const History = ({ page }: { page: StaffRatingPage }) => (
  <section class="card" aria-labelledby="history">
    <h2 id="history">All ratings</h2>
    {page.history.length === 0 && <p class="quiet">None yet.</p>}
    <ul class="payments">
      {page.history.map((rating) => (
        <li>
          <p>
            <RiskChip level={rating.level} t={t} /> {t('ratingScore', { score: rating.score })}
          </p>
          <RatingOrigin rating={rating} now={page.now} t={t} />
          {rating.why && <p class="subject">{rating.why}</p>}
        </li>
      ))}
    </ul>
    {page.next && (
      <a
        class="button button-second"
        href={`${pathOf(page)}?cursor=${encodeURIComponent(page.next)}`}
      >
        {t('showMore')}
      </a>
    )}
  </section>
)

export const StaffRatingView = (props: Props) => {
  const { page, viewer } = props
  return (
    <Layout viewer={viewer} title={`Rating of ${page.customer.name}`} width="wide">
      <h1>Rating</h1>
      <p class="lead subject">
        {page.customer.name}, {page.customer.number}
      </p>
      {page.done && (
        <p class="card notice" role="status">
          {DONE[page.done]}
        </p>
      )}
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <div>
          {page.rating ? (
            <RatingCard rating={page.rating} now={page.now} t={t} />
          ) : (
            <p class="card">Nothing was reckoned yet. It is done by night.</p>
          )}
          <section class="card" aria-labelledby="means">
            <h2 id="means">{t('ratingMeans')}</h2>
            <p>
              Where the risk is high, take a closer look before you hand over a car: papers, open
              charges, a word with the customer. It refuses nobody and changes no price.
            </p>
          </section>
          <Asked {...props} />
        </div>
        <div>
          {page.maySet && <Setting {...props} />}
          {page.maySet && <LookAgain {...props} />}
          <History page={page} />
        </div>
      </div>
    </Layout>
  )
}
