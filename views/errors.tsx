/** What happened, what it means for the booking and the money, what to do now, and a number to quote. */
import type { ErrorPage, Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn } from './language.ts'

export const ErrorView = ({ page, viewer }: { page: ErrorPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={sentenceIn(t.language, page.title)}>
      <div class="card error-card">
        <h1>{sentenceIn(t.language, page.title)}</h1>
        {page.sentences.map((sentence) => (
          <p>{sentenceIn(t.language, sentence)}</p>
        ))}
        <p class="page-links">
          {page.signInPath && (
            <a class="button" href={page.signInPath}>
              {t('signIn')}
            </a>
          )}
          {page.retryPath && (
            <a class="button" href={page.retryPath}>
              {t('tryAgain')}
            </a>
          )}
          <a href="/">{t('goHome')}</a>
        </p>
        <p class="quiet">{t('reference', { reference: page.reference })}</p>
      </div>
    </Layout>
  )
}
