/** One's own account: the e-mail, the password, and where it is signed in. */
import { PASSWORD } from '../domain/accounts.ts'
import type { OwnAccountPage, SessionRow } from '../domain/security-pages.ts'
import type { LetIn } from '../domain/oauth.ts'
import type { Viewer } from '../domain/pages.ts'
import { PERMISSIONS } from '../domain/permissions.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import { sentenceIn, type Say } from './language.ts'
import { AccountRooms } from './parts/account-rooms.tsx'
import { ContactLine } from './parts/contact.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { Chip } from './parts/status-chip.tsx'

type Props = { page: OwnAccountPage; viewer: Viewer; t: Say }

const Email = ({ page, viewer, t }: Props) => (
  <section class="card" aria-labelledby="email">
    <h2 id="email">{t('email')}</h2>
    <ContactLine value={page.email ?? ''} proven={page.emailProven} t={t} />
    {!page.emailProven && (
      <form method="post" action="/account/security/prove-email">
        <Csrf viewer={viewer} />
        <button type="submit" class="button button-second">
          {t('sendProof')}
        </button>
      </form>
    )}
  </section>
)

const Password = ({ page, viewer, t }: Props) => (
  <form method="post" action="/account/security/password" class="card" novalidate>
    <h2>{t('changeTitle')}</h2>
    <Csrf viewer={viewer} />
    <input type="hidden" name="username" value={page.email ?? ''} autocomplete="username" />
    <TextField
      path="current_password"
      label={t('currentPassword')}
      value=""
      type="password"
      autocomplete="current-password"
      maxlength={PASSWORD.maximum}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="new_password"
      label={t('newPassword')}
      hint={t('passwordHint')}
      value=""
      type="password"
      autocomplete="new-password"
      maxlength={PASSWORD.maximum}
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button">
      {t('changeButton')}
    </button>
  </form>
)

const nameOf = (row: SessionRow, t: Say): string =>
  row.device ?? t(row.kind === 'bearer' ? 'aProgram' : 'unknownDevice')

const Session = ({ row, page, viewer, t }: Props & { row: SessionRow }) => (
  <li>
    <form method="post" action="/account/security/sessions/end" class="payment-line">
      <Csrf viewer={viewer} />
      <Hidden name="session" value={row.handle} />
      <span>
        {nameOf(row, t)}{' '}
        <span class="quiet">
          {row.address && `${row.address}, `}
          {t('lastSeen', { time: timeText(row.lastSeenAt, t.language, page.now) })}
        </span>
      </span>
      {row.isThis ? (
        <Chip tone="good" text={t('thisDevice')} />
      ) : (
        <button type="submit" class="link-button">
          {t('endSession')}
          <span class="visually-hidden"> {nameOf(row, t)}</span>
        </button>
      )}
    </form>
  </li>
)

const Sessions = (props: Props) => {
  const { page, viewer, t } = props
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">{t('sessionsTitle')}</h2>
      <ul class="payments">
        {page.sessions.map((row) => (
          <Session row={row} {...props} />
        ))}
      </ul>
      {(page.sessions.length > 1 || page.programs.length > 0) && (
        <form method="post" action="/account/security/sessions/end-all">
          <Csrf viewer={viewer} />
          <button type="submit" class="button button-second">
            {t('endAll')}
          </button>
        </form>
      )}
    </section>
  )
}

const Program = ({ one, page, viewer, t }: Props & { one: LetIn }) => (
  <li>
    <form method="post" action="/account/security/programs/end" class="payment-line">
      <Csrf viewer={viewer} />
      <Hidden name="program" value={one.clientId} />
      <span>
        <strong>{one.name}</strong>
        <br />
        <span class="quiet">
          {one.scopes.map((scope) => sentenceIn(t.language, PERMISSIONS[scope])).join('; ')}.{' '}
          {t('programUntil', { time: timeText(one.until, t.language, page.now) })}
        </span>
      </span>
      <button type="submit" class="link-button">
        {t('programEnd')}
        <span class="visually-hidden"> {one.name}</span>
      </button>
    </form>
  </li>
)

const Programs = (props: Props) => (
  <section class="card" aria-labelledby="programs">
    <h2 id="programs">{props.t('programsTitle')}</h2>
    <p>{props.t('programsIn')}</p>
    <ul class="payments">
      {props.page.programs.map((one) => (
        <Program one={one} {...props} />
      ))}
    </ul>
  </section>
)

const DONE = { password: 'passwordChanged', link: 'linkIsSent' } as const

export const OwnAccountView = ({ page, viewer }: { page: OwnAccountPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  return (
    <Layout viewer={viewer} title={t('accountTitle')}>
      <h1>{t('accountTitle')}</h1>
      <p class="lead">{page.name}</p>
      <DoneNotice text={page.done && DONE[page.done]} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      {page.email && <Email {...props} />}
      <AccountRooms {...props} />
      <Sessions {...props} />
      {page.programs.length > 0 && <Programs {...props} />}
      {page.hasPassword && <Password {...props} />}
      {page.mayHaveKeys && (
        <p>
          <a href="/account/api-keys">Keys for programs</a>
        </p>
      )}
    </Layout>
  )
}
