/** The way out of offers for whoever has one before them: one press, no sign-in, and nothing about whose it is. */
import type { UnsubscribePage } from '../domain/choice-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import { Hidden } from './parts/form.tsx'

export const UnsubscribeView = ({ page, viewer }: { page: UnsubscribePage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const title = t(`stopTitle_${page.channel}`)
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      {page.done ? (
        <>
          <p class="card notice" role="status">
            {t('stopDone')}
          </p>
          <p>{t('stopAgain')}</p>
        </>
      ) : (
        <form method="post" action={page.path} class="card">
          <p>{t('stopText')}</p>
          <Hidden name="List-Unsubscribe" value="One-Click" />
          <button type="submit" class="button">
            {t('stopButton')}
          </button>
        </form>
      )}
    </Layout>
  )
}
