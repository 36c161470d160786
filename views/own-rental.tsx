/** One's own rental: until when the car is theirs, what is asked for and why, and saying yes or no to it. */
import type { Viewer } from '../domain/pages.ts'
import type { OwnRentalPage } from '../domain/rental-pages.ts'
import { RENTAL_LIMITS } from '../domain/rentals.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { control, Csrf, ErrorSummary, FieldFrame } from './parts/form.tsx'
import { AskedFor, DepositCard, RentalChip } from './parts/rental-money.tsx'

type Part = { page: OwnRentalPage; viewer: Viewer; t: Say }

const Answer = ({ page, viewer, t }: Part) => {
  const frame = { path: 'because', label: t('answerBecause'), problems: page.problems, t }
  return (
    <section class="card" aria-labelledby="answer">
      <h2 id="answer">{t('answerTitle')}</h2>
      <p>{t('answerText')}</p>
      <form method="post" action={`${page.path}/agree`}>
        <Csrf viewer={viewer} />
        <button type="submit" class="button button-wide">
          {t('answerYes')}
        </button>
      </form>
      <form method="post" action={`${page.path}/dispute`} novalidate>
        <Csrf viewer={viewer} />
        <FieldFrame {...frame}>
          <textarea {...control(frame)} rows={3} maxlength={RENTAL_LIMITS.noteLength}>
            {page.form.because}
          </textarea>
        </FieldFrame>
        <button type="submit" class="button button-second button-wide">
          {t('answerNo')}
        </button>
      </form>
    </section>
  )
}

export const OwnRentalView = ({ page, viewer }: { page: OwnRentalPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const { plate, returnedAt, dueAt, now } = page
  const time = timeText(returnedAt ?? dueAt, t.language, now)
  return (
    <Layout viewer={viewer} title={t('rentalTitle', { number: page.number })}>
      <div class="title-row">
        <h1>{t('rentalTitle', { number: page.number })}</h1>
        <RentalChip status={page.status} t={t} />
      </div>
      <p class="lead">{t(returnedAt ? 'rentalBack' : 'rentalOut', { plate, time })}</p>
      <ErrorSummary problems={page.problems} t={t} />
      {page.disputedBecause && page.status === 'disputed' && (
        <p class="notice">{t('disputedText', { words: page.disputedBecause })}</p>
      )}
      <AskedFor page={page} t={t} />
      {page.mayAnswer && <Answer page={page} viewer={viewer} t={t} />}
      <DepositCard page={page} t={t} />
      <p class="page-links">
        <a href={`/bookings/${page.bookingId}`}>
          {t('bookingTitle', { number: page.bookingNumber })}
        </a>
      </p>
    </Layout>
  )
}
