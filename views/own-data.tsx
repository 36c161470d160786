/** One's own data: having a copy of it, and having it corrected and erased. */
import { ERASURE_WORDS, needText } from '../domain/erasures.ts'
import type { Viewer } from '../domain/pages.ts'
import type { OwnDataPage } from '../domain/privacy-pages.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { CopyLive, isUnderWay } from './own-copy.tsx'
import { Csrf, ErrorSummary, TextField } from './parts/form.tsx'
import { SignInAgain } from './parts/sign-in-again.tsx'

const PATH = '/account/data'
type Props = { page: OwnDataPage; viewer: Viewer; t: Say }

const AskForm = ({ page, viewer, t }: Props) => (
  <form method="post" action={`${PATH}/erasure`} novalidate>
    <Csrf viewer={viewer} />
    <TextField
      path="confirmation"
      label={t('eraseConfirm', { word: ERASURE_WORDS[t.language] })}
      value={page.form['confirmation'] ?? ''}
      maxlength={20}
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-second">
      {t('eraseButton')}
    </button>
  </form>
)

const Waiting = ({ page: { erasure, now }, viewer, t }: Props) => (
  <form method="post" action={`${PATH}/erasure/taking-back`}>
    <p class="notice" role="status">
      {erasure && erasure.needs.length > 0
        ? t('eraseDelayed', { needs: needText(erasure.needs, t.language) })
        : t('eraseWaiting', { time: erasure ? timeText(erasure.dueAt, t.language, now) : '' })}
    </p>
    <Csrf viewer={viewer} />
    <button type="submit" class="button">
      {t('eraseBack')}
    </button>
  </form>
)

const Ask = (props: Props) => {
  const { page, t } = props
  const { erasure, needs, fresh, coolingDays } = page
  return (
    <>
      <p>{t('eraseText')}</p>
      <p>{t('eraseStays')}</p>
      <p>{coolingDays > 0 ? t('eraseWait', { n: coolingDays }) : t('eraseAtOnce')}</p>
      {needs.length > 0 && (
        <p class="notice" role="status">
          {t('eraseNeeds', { needs: needText(needs, t.language) })}
        </p>
      )}
      {erasure?.status === 'refused' && needs.length === 0 && (
        <p>{t('eraseRefused', { needs: needText(erasure.needs, t.language) })}</p>
      )}
      {needs.length === 0 &&
        (fresh ? <AskForm {...props} /> : <SignInAgain viewer={props.viewer} t={t} />)}
    </>
  )
}

const Erasing = (props: Props) => {
  const { page, t } = props
  if (page.worksHere) return <p>{t('eraseStaff')}</p>
  return page.erasure?.status === 'waiting' ? <Waiting {...props} /> : <Ask {...props} />
}

export const OwnDataView = ({ page, viewer }: { page: OwnDataPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  return (
    <Layout viewer={viewer} title={t('dataTitle')} live={isUnderWay(page)}>
      <h1>{t('dataTitle')}</h1>
      <p class="lead">{t('dataLead')}</p>
      <p>
        <a href="/privacy">{t('dataHow')}</a>
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      <section class="card" aria-labelledby="copy">
        <h2 id="copy">{t('copyTitle')}</h2>
        <CopyLive page={page} viewer={viewer} />
      </section>
      <section class="card" aria-labelledby="correct">
        <h2 id="correct">{t('correctTitle')}</h2>
        <p>{t('correctText', { contact: page.contact })}</p>
        <a class="button button-second" href="/account/security">
          {t('correctLink')}
        </a>
      </section>
      <section class="card" aria-labelledby="erase">
        <h2 id="erase">{t('eraseTitle')}</h2>
        <Erasing {...props} />
      </section>
    </Layout>
  )
}
