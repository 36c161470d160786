/** One's own choices about offers and news, and what was said before. */
import type { ChoiceLine, ChoiceRow, ChoicesPage } from '../domain/choice-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Csrf, ErrorSummary } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { OfferBoxes } from './parts/offer-boxes.tsx'

type Props = { page: ChoicesPage; viewer: Viewer; t: Say }

/** Why nothing is sent although there was a yes, or could be. */
const Note = ({ row, page, t }: { row: ChoiceRow; page: ChoicesPage; t: Say }) => (
  <>
    {row.standing === 'lapsed' && row.chosenAt && (
      <p class="quiet">
        {t('choicesLapsed', { time: timeText(row.chosenAt, t.language, page.now) })}
      </p>
    )}
    {row.contact === 'unproven' && (
      <p class="quiet">
        {t('choicesUnproven')} <a href="/account/details">{t('detailsTitle')}</a>
      </p>
    )}
    {row.contact === 'none' && (
      <p class="quiet">
        {t(row.channel === 'email' ? 'choicesNoEmail' : 'choicesNoPhone')}{' '}
        <a href="/account/details">{t('detailsTitle')}</a>
      </p>
    )}
  </>
)

const Choosing = ({ page, viewer, t }: Props) => (
  <form method="post" action="/account/choices" class="card" novalidate>
    <Csrf viewer={viewer} />
    <OfferBoxes
      controller={page.controller}
      ticked={page.rows.filter((row) => row.standing === 'given').map(({ channel }) => channel)}
      note={(channel) =>
        page.rows
          .filter((row) => row.channel === channel)
          .map((row) => <Note row={row} page={page} t={t} />)
      }
      t={t}
    />
    <p class="quiet">{t('choicesLaw')}</p>
    <button type="submit" class="button">
      {t('choicesSave')}
    </button>
  </form>
)

const Line = ({ line, page, t }: { line: ChoiceLine; page: ChoicesPage; t: Say }) => (
  <li>
    <p>
      <strong>{t(line.given ? `choiceYes_${line.channel}` : `choiceNo_${line.channel}`)}</strong>{' '}
      <span class="quiet">
        {timeText(line.chosenAt, t.language, page.now)}, {t(`choiceAt_${line.place}`)}
      </span>
    </p>
    {line.given && <p class="quiet">{t('choiceWords', { words: line.words })}</p>}
  </li>
)

export const OwnChoicesView = ({ page, viewer }: { page: ChoicesPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('choicesTitle')}>
      <h1>{t('choicesTitle')}</h1>
      <p class="lead">{t('choicesLead')}</p>
      <DoneNotice text={page.done && 'choicesSaved'} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      <Choosing page={page} viewer={viewer} t={t} />
      <section class="card" aria-labelledby="history">
        <h2 id="history">{t('choicesHistory')}</h2>
        {page.history.length === 0 ? (
          <p class="quiet">{t('choicesNothing')}</p>
        ) : (
          <ul class="payments">
            {page.history.map((line) => (
              <Line line={line} page={page} t={t} />
            ))}
          </ul>
        )}
      </section>
      <p class="page-links">
        <a href="/account/security">{t('accountTitle')}</a>
      </p>
    </Layout>
  )
}
