/** A mail was sent; and the page behind the link in it. A link shows a button first: programs that look at mails open links too. */
import { PASSWORD } from '../domain/accounts.ts'
import { boxName, WORDING } from '../domain/marketing.ts'
import type { Viewer } from '../domain/pages.ts'
import type { MailSentPage, OpeningPage } from '../domain/registering-pages.ts'
import { withNext } from './accounts.tsx'
import { Layout, voiceFor } from './layout.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'

/** By a form, so that nothing of it stands in an address. */
const BackToForm = ({ page, viewer }: { page: MailSentPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <form method="post" action="/register" class="inline-form">
      <Csrf viewer={viewer} />
      <Hidden name="back" value="yes" />
      <Hidden name="next" value={page.next} />
      <Hidden name="first_name" value={page.form.firstName} />
      <Hidden name="last_name" value={page.form.lastName} />
      <Hidden name="email" value={page.form.email} />
      <Hidden name="phone" value={page.form.phone} />
      <Hidden name="wording" value={String(WORDING)} />
      {page.ticked.map((channel) => (
        <Hidden name={boxName(channel)} value="yes" />
      ))}
      <button type="submit" class="link-button">
        {t('mailSentBack')}
      </button>
    </form>
  )
}

export const MailSentView = ({ page, viewer }: { page: MailSentPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const title = t('mailSentTitle')
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      <div class="card" role="status">
        <p>{t('mailSentTo')}</p>
        <p>
          <strong class="subject">{page.email}</strong>
        </p>
        <p>{t('mailSentLink')}</p>
        <p class="quiet">{t('mailSentNothing')}</p>
        {viewer.samples?.mailbox && (
          <p>
            <a href={viewer.samples.mailbox}>{t('mailInbox')}</a>
          </p>
        )}
      </div>
      <div class="page-links">
        <BackToForm page={page} viewer={viewer} />
        <a href={withNext('/sign-in', page.next)}>{t('haveAccount')}</a>
      </div>
    </Layout>
  )
}

type Waiting = { page: Extract<OpeningPage, { state: 'waiting' }>; viewer: Viewer }

const Opening = ({ page, viewer }: Waiting) => {
  const t = voiceFor(viewer)
  return (
    <>
      <p class="lead">{t('openingLead')}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action={page.path} class="card" novalidate>
        <Csrf viewer={viewer} />
        <p>
          <strong class="subject">{page.name}</strong>
          <br />
          <span class="subject">{page.email}</span>
          <br />
          {page.maskedPhone}
        </p>
        {page.asksPassword && (
          <>
            <input type="hidden" name="username" value={page.email} autocomplete="username" />
            <TextField
              path="password"
              label={t('openingPassword')}
              hint={t('openingPasswordHint')}
              value=""
              type="password"
              autocomplete="current-password"
              maxlength={PASSWORD.maximum}
              problems={page.problems}
              t={t}
            />
          </>
        )}
        <button type="submit" class="button button-wide">
          {t('openAccount')}
        </button>
      </form>
      <p class="quiet">{t('openingNotYou')}</p>
    </>
  )
}

const TITLES = {
  waiting: 'registerTitle',
  over: 'linkOverTitle',
  taken: 'openingTakenTitle',
} as const

export const OpeningView = ({ page, viewer }: { page: OpeningPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const title = t(TITLES[page.state])
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      {page.state === 'waiting' ? (
        <Opening page={page} viewer={viewer} />
      ) : (
        <div class="card">
          <p>{t(page.state === 'over' ? 'openingOver' : 'openingTaken')}</p>
          <p class="page-links">
            <a href="/sign-in">{t('signIn')}</a>{' '}
            {page.state === 'over' ? (
              <a href="/register">{t('registerTitle')}</a>
            ) : (
              <a href="/forgot-password">{t('forgotLink')}</a>
            )}
          </p>
        </div>
      )}
    </Layout>
  )
}
