/** A forgotten password, and the pages behind mailed links. A link shows a button first: programs that look at mails open links too. */
import { PASSWORD } from '../domain/accounts.ts'
import type { ForgotPage, LinkPage } from '../domain/security-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import { withNext } from './accounts.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'

export const ForgotView = ({ page, viewer }: { page: ForgotPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const title = t(page.sent ? 'forgotSentTitle' : 'forgotTitle')
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      {page.sent ? (
        <div class="card" role="status">
          <p>{t('forgotSent', { email: page.email })}</p>
          <p class="quiet">{t('forgotNothing')}</p>
        </div>
      ) : (
        <>
          <p class="lead">{t('forgotLead')}</p>
          <ErrorSummary problems={page.problems} t={t} />
          <form method="post" action="/forgot-password" class="card" novalidate>
            <Csrf viewer={viewer} />
            <Hidden name="next" value={page.next} />
            <TextField
              path="email"
              label={t('email')}
              value={page.email}
              type="email"
              inputmode="email"
              autocomplete="username"
              problems={page.problems}
              t={t}
            />
            <button type="submit" class="button button-wide">
              {t('forgotButton')}
            </button>
          </form>
        </>
      )}
      <p class="page-links">
        <a href={withNext('/sign-in', page.next)}>{t('signIn')}</a>
      </p>
    </Layout>
  )
}

type Props = { page: LinkPage; viewer: Viewer }

const Reset = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <>
      <p class="lead">{t('resetLead', { email: page.email })}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action={page.path} class="card" novalidate>
        <Csrf viewer={viewer} />
        <input type="hidden" name="username" value={page.email} autocomplete="username" />
        <TextField
          path="password"
          label={t('newPassword')}
          hint={t('passwordHint')}
          value=""
          type="password"
          autocomplete="new-password"
          maxlength={PASSWORD.maximum}
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-wide">
          {t('resetButton')}
        </button>
      </form>
    </>
  )
}

const Prove = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <form method="post" action={page.path} class="card">
      <Csrf viewer={viewer} />
      <p>{page.email}</p>
      <button type="submit" class="button button-wide">
        {t('proveButton')}
      </button>
    </form>
  )
}

const TITLES = {
  reset: 'resetTitle',
  prove: 'proveTitle',
  proven: 'provenTitle',
  over: 'linkOverTitle',
} as const

export const LinkView = (props: Props) => {
  const { page, viewer } = props
  const t = voiceFor(viewer)
  const title = t(TITLES[page.state])
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      {page.state === 'reset' && <Reset {...props} />}
      {page.state === 'prove' && <Prove {...props} />}
      {page.state === 'proven' && (
        <div class="card" role="status">
          <p>{t('proven', { email: page.email })}</p>
        </div>
      )}
      {page.state === 'over' && (
        <div class="card">
          <p>{t('linkOver')}</p>
          <p class="page-links">
            <a href="/forgot-password">{t('linkNew')}</a>{' '}
            <a href="/account/security">{t('accountTitle')}</a>
          </p>
        </div>
      )}
    </Layout>
  )
}
