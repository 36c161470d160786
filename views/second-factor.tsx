/** The second factor: setting it up, codes for paper, and the second step of a sign-in. */
import { RECOVERY_CODES } from '../domain/accounts.ts'
import type { FieldProblem } from '../domain/errors.ts'
import type { Viewer } from '../domain/pages.ts'
import type { FactorPage, PasskeyRow, ScanPage, SecondStepPage } from '../domain/security-pages.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { PasskeyButton, PasskeyScript } from './parts/passkey.tsx'
import { QrCode } from './parts/qr.tsx'
import { Chip } from './parts/status-chip.tsx'

const PATH = '/account/two-factor'
const LONGEST_TYPED = 20

type CodeProps = { label: string; hint?: string; problems: FieldProblem[]; t: Say }

const CodeField = ({ label, hint, problems, t }: CodeProps) => (
  <TextField
    path="code"
    label={label}
    hint={hint}
    value=""
    autocomplete="one-time-code"
    maxlength={LONGEST_TYPED}
    class="code"
    problems={problems}
    t={t}
  />
)

type Props = { page: FactorPage; viewer: Viewer; t: Say }

const ChangeApp = ({ page, viewer, t }: Props) => (
  <form method="post" action={`${PATH}/codes`} novalidate>
    <p class="quiet">{t('papersLeft', { n: page.recoveryCodes })}</p>
    <Csrf viewer={viewer} />
    <CodeField
      label={t('changeFactor')}
      hint={t('factorCodeHint')}
      problems={page.problems}
      t={t}
    />
    <div class="button-row">
      <button type="submit" class="button button-second">
        {t('newPapers')}
      </button>
      <button type="submit" formaction={`${PATH}/remove`} class="button button-second">
        {t('turnOffApp')}
      </button>
    </div>
  </form>
)

const App = (props: Props) => {
  const { page, viewer, t } = props
  return (
    <section class="card" aria-labelledby="app">
      <h2 id="app">
        {t('factorApp')}{' '}
        <Chip tone={page.app ? 'good' : 'ended'} text={t(page.app ? 'factorOn' : 'factorOff')} />
      </h2>
      {page.app && <ChangeApp {...props} />}
      {!page.app && page.fresh && (
        <form method="post" action={`${PATH}/app`}>
          <p>{t('factorAppText')}</p>
          <Csrf viewer={viewer} />
          <button type="submit" class="button">
            {t('setUpApp')}
          </button>
        </form>
      )}
    </section>
  )
}

const Passkey = ({ row, page, viewer, t }: Props & { row: PasskeyRow }) => (
  <li>
    <form method="post" action={`${PATH}/passkeys/remove`} class="payment-line">
      <Csrf viewer={viewer} />
      <Hidden name="passkey" value={row.id} />
      <span>
        {row.name}{' '}
        <span class="quiet">
          {row.lastUsedAt
            ? t('passkeyUsed', { time: timeText(row.lastUsedAt, t.language, page.now) })
            : t('passkeyNew')}
        </span>
      </span>
      {page.fresh && (
        <button type="submit" class="link-button">
          {t('passkeyRemove')}
          <span class="visually-hidden"> {row.name}</span>
        </button>
      )}
    </form>
  </li>
)

const Passkeys = (props: Props) => {
  const { page, viewer, t } = props
  if (!page.canHavePasskeys && page.passkeys.length === 0) return null
  return (
    <section class="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{t('passkeysTitle')}</h2>
      <p>{t('passkeysText')}</p>
      {page.passkeys.length > 0 && (
        <ul class="payments">
          {page.passkeys.map((row) => (
            <Passkey row={row} {...props} />
          ))}
        </ul>
      )}
      {page.canHavePasskeys && page.fresh && (
        <PasskeyButton deed="register" text={t('passkeyAdd')} viewer={viewer} next={PATH} t={t} />
      )}
    </section>
  )
}

const DONE = {
  app: 'factorDoneApp',
  off: 'factorDoneOff',
  passkey: 'factorDonePasskey',
  'no-passkey': 'factorDoneNoPasskey',
} as const

export const FactorView = ({ page, viewer }: { page: FactorPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  return (
    <Layout viewer={viewer} title={t('factorTitle')}>
      <h1>{t('factorTitle')}</h1>
      <p class="lead">{t('factorLead')}</p>
      {page.must && <p class="card notice">{t('factorMust')}</p>}
      <DoneNotice text={page.done && DONE[page.done]} t={t} />
      {!page.fresh && (
        <form method="post" action={`${PATH}/again`} class="card notice">
          <p>{t('factorAgain')}</p>
          <Csrf viewer={viewer} />
          <button type="submit" class="button button-second">
            {t('factorAgainButton')}
          </button>
        </form>
      )}
      <ErrorSummary problems={page.problems} t={t} />
      <App {...props} />
      <Passkeys {...props} />
      <PasskeyScript />
    </Layout>
  )
}

export const ScanView = ({ page, viewer }: { page: ScanPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('scanTitle')}>
      <h1>{t('scanTitle')}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action={`${PATH}/app/confirm`} class="card" novalidate>
        <p>{t('scanText')}</p>
        <QrCode svg={page.qrSvg} label={t('scanLabel')} />
        <p>
          {t('scanType')} <code class="secret">{page.secret}</code>
        </p>
        <Csrf viewer={viewer} />
        <CodeField label={t('scanCode')} problems={page.problems} t={t} />
        <button type="submit" class="button button-wide">
          {t('scanButton')}
        </button>
      </form>
    </Layout>
  )
}

const HALF = RECOVERY_CODES.letters / 2

export const PapersView = ({ codes, viewer }: { codes: readonly string[]; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('papersTitle')}>
      <h1>{t('papersTitle')}</h1>
      <p class="lead">{t('papersText')}</p>
      <div class="card">
        <ol class="paper-codes">
          {codes.map((code) => (
            <li>
              <code>{`${code.slice(0, HALF)}-${code.slice(HALF)}`}</code>
            </li>
          ))}
        </ol>
        <a class="button button-wide" href={`${PATH}?done=app`}>
          {t('papersDone')}
        </a>
      </div>
    </Layout>
  )
}

export const SecondStepView = ({ page, viewer }: { page: SecondStepPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('secondTitle')}>
      <h1>{t('secondTitle')}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      {page.app && (
        <form method="post" action="/sign-in/second-step" class="card" novalidate>
          <p>{t('secondText')}</p>
          <Csrf viewer={viewer} />
          <Hidden name="next" value={page.next} />
          <CodeField label={t('code')} hint={t('secondLost')} problems={page.problems} t={t} />
          <button type="submit" class="button button-wide">
            {t('codeButton')}
          </button>
        </form>
      )}
      {page.passkeys && (
        <PasskeyButton
          deed="sign_in"
          text={t('passkeyButton')}
          viewer={viewer}
          next={page.next}
          t={t}
        />
      )}
      <form method="post" action="/sign-out" class="page-links">
        <Csrf viewer={viewer} />
        <button type="submit" class="link-button">
          {t('secondOther')}
        </button>
      </form>
      <PasskeyScript />
    </Layout>
  )
}
