/** Whether a program of others may act for the reader, and the way back to it. */
import type { ConsentPage } from '../domain/oauth.ts'
import type { Viewer } from '../domain/pages.ts'
import { PERMISSIONS } from '../domain/permissions.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn } from './language.ts'
import { Csrf } from './parts/form.tsx'

export const ConsentView = ({ page, viewer }: { page: ConsentPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const { program, scopes, refused, answersTo } = page
  return (
    <Layout viewer={viewer} title={t('letInTitle', { program })}>
      <h1>{t('letInTitle', { program })}</h1>
      <form method="post" action={page.path} class="card">
        <Csrf viewer={viewer} />
        {scopes.length === 0 ? (
          <p>{t('letInNothing', { program })}</p>
        ) : (
          <>
            <p>{t('letInLead', { program })}</p>
            <ul class="payments">
              {scopes.map((one) => (
                <li>{sentenceIn(t.language, PERMISSIONS[one])}</li>
              ))}
            </ul>
            {refused.length > 0 && <p>{t('letInRefused')}</p>}
            <p>{t('letInAnswersTo', { place: answersTo })}</p>
            <p class="quiet">{t('letInEnd')}</p>
            <button type="submit" name="decision" value="allow" class="button">
              {t('letInAllow')}
            </button>
          </>
        )}
        <button type="submit" name="decision" value="deny" class="button button-second">
          {t('letInDeny')}
        </button>
      </form>
    </Layout>
  )
}

export const DecidedView = ({ next, viewer }: { next: string; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('letInGoTitle')}>
      <h1>{t('letInGoTitle')}</h1>
      <p>
        <a href={next}>{t('letInGo')}</a>
      </p>
    </Layout>
  )
}
