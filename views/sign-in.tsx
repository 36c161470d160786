/** Signing in: by a code on the phone or by e-mail; two ways, one shown at a time, without a script. */
import type { CodePage, SignInPage, Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { withNext } from './accounts.tsx'
import { CodeField } from './parts/contact.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { PasskeyButton, PasskeyScript } from './parts/passkey.tsx'

type Part = { page: SignInPage; viewer: Viewer; t: Say }

const PhoneWay = ({ page, viewer, t }: Part) => (
  <form method="post" action="/sign-in/phone" class="way way-phone" novalidate>
    <p>{t('byPhoneText')}</p>
    <Csrf viewer={viewer} />
    <Hidden name="next" value={page.next} />
    <TextField
      path="name"
      label={t('yourName')}
      value={page.name}
      autocomplete="name"
      problems={page.problems}
      t={t}
    />
    <TextField
      path="phone"
      label={t('phone')}
      hint={t('partyPhoneHint')}
      value={page.phone}
      type="tel"
      inputmode="tel"
      autocomplete="tel"
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-wide">
      {t('sendCode')}
    </button>
  </form>
)

const EmailWay = ({ page, viewer, t }: Part) => (
  <form method="post" action="/sign-in" class="way way-email" novalidate>
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
    <TextField
      path="password"
      label={t('password')}
      value=""
      type="password"
      autocomplete="current-password"
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-wide">
      {t('signInButton')}
    </button>
    <p>
      <a href={withNext('/forgot-password', page.next)}>{t('forgotLink')}</a>
    </p>
  </form>
)

/** Which way to open first: the one that was tried, else e-mail where sample sign-ins are on show. */
const firstWay = (page: SignInPage): 'phone' | 'email' => {
  const wrong = page.problems.map((one) => one.path)
  if (wrong.includes('phone') || wrong.includes('name')) return 'phone'
  return page.email !== '' || wrong.length > 0 || page.samples.length > 0 ? 'email' : 'phone'
}

const Samples = ({ samples, t }: { samples: SignInPage['samples']; t: Say }) =>
  samples.length === 0 ? null : (
    <section class="card samples-card" aria-labelledby="samples">
      <h2 id="samples">{t('sampleSignIns')}</h2>
      <ul class="sample-list">
        {samples.map(({ role, email, password }) => (
          <li>
            <strong>{role}</strong>
            <span>{email}</span>
            <code>{password}</code>
          </li>
        ))}
      </ul>
    </section>
  )

export const SignInView = ({ page, viewer }: { page: SignInPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const way = firstWay(page)
  return (
    <Layout viewer={viewer} title={t('signInTitle')}>
      <h1>{t('signInTitle')}</h1>
      <ErrorSummary problems={page.problems} t={t} />
      <div class="card ways">
        <fieldset class="tabs">
          <legend class="visually-hidden">{t('howSignIn')}</legend>
          <label>
            <input type="radio" name="way" value="phone" checked={way === 'phone'} />
            {t('byPhone')}
          </label>
          <label>
            <input type="radio" name="way" value="email" checked={way === 'email'} />
            {t('byEmail')}
          </label>
        </fieldset>
        <PhoneWay page={page} viewer={viewer} t={t} />
        <EmailWay page={page} viewer={viewer} t={t} />
      </div>
      {page.passkeys && (
        <PasskeyButton
          deed="sign_in"
          text={t('passkeyButton')}
          viewer={viewer}
          next={page.next}
          t={t}
        />
      )}
      <p class="page-links">
        <a href={withNext('/register', page.next)}>{t('noAccount')}</a>
      </p>
      <Samples samples={page.samples} t={t} />
      {page.passkeys && <PasskeyScript />}
    </Layout>
  )
}

export const CodeView = ({ page, viewer }: { page: CodePage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const kept = (
    <>
      <Csrf viewer={viewer} />
      <Hidden name="phone" value={page.phone} />
      <Hidden name="name" value={page.name} />
      <Hidden name="next" value={page.next} />
    </>
  )
  return (
    <Layout viewer={viewer} title={t('codeTitle')}>
      <h1>{t('codeTitle')}</h1>
      <p class="lead">{t('codeSentTo', { phone: page.maskedPhone })}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action="/sign-in/code" class="card" novalidate>
        {kept}
        <CodeField problems={page.problems} t={t} />
        <button type="submit" class="button button-wide">
          {t('codeButton')}
        </button>
      </form>
      <div class="page-links">
        <form method="post" action="/sign-in/phone" class="inline-form">
          {kept}
          <button type="submit" class="link-button">
            {t('codeAgain')}
          </button>
        </form>
        <a href={withNext('/sign-in', page.next)}>{t('codeOther')}</a>
      </div>
    </Layout>
  )
}
