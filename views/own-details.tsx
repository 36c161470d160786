/** One's own details: by which e-mail and phone one comes in. */
import type { OwnDetailsPage, ProvePhonePage } from '../domain/own-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { CodeField, ContactLine } from './parts/contact.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'

const PATH = '/account/details'
type Props = { page: OwnDetailsPage; viewer: Viewer; t: Say }

const Again = ({ viewer, t }: Props) => (
  <form method="post" action={`${PATH}/again`} class="card notice">
    <p>{t('contactAgain')}</p>
    <Csrf viewer={viewer} />
    <button type="submit" class="button button-second">
      {t('factorAgainButton')}
    </button>
  </form>
)

const Phone = ({ page, viewer, t }: Props) => (
  <section class="card" aria-labelledby="phone">
    <h2 id="phone">{t('phone')}</h2>
    {page.phone && <ContactLine value={page.phone} proven={page.phoneProven} t={t} />}
    {page.mayChange && page.fresh && (
      <form method="post" action={`${PATH}/phone`} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="phone"
          label={t(page.phoneProven ? 'otherPhone' : 'phoneToProve')}
          hint={t('provePhoneHint')}
          value={page.typed.phone || (page.phoneProven ? '' : (page.phone ?? ''))}
          type="tel"
          inputmode="tel"
          autocomplete="tel"
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          {t('provePhoneButton')}
        </button>
      </form>
    )}
  </section>
)

const Email = ({ page, viewer, t }: Props) => (
  <section class="card" aria-labelledby="email">
    <h2 id="email">{t('email')}</h2>
    {page.email && <ContactLine value={page.email} proven={page.emailProven} t={t} />}
    {page.mayChange && page.fresh && (
      <form method="post" action={`${PATH}/email`} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="email"
          label={t(page.email ? 'otherEmail' : 'emailToAdd')}
          hint={t('otherEmailHint')}
          value={page.typed.email}
          type="email"
          inputmode="email"
          autocomplete="email"
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          {t('otherEmailButton')}
        </button>
      </form>
    )}
  </section>
)

const DONE = { phone: 'phoneIsProven', email: 'newEmailSent' } as const

export const OwnDetailsView = ({ page, viewer }: { page: OwnDetailsPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  return (
    <Layout viewer={viewer} title={t('detailsTitle')}>
      <h1>{t('detailsTitle')}</h1>
      <p class="lead">{page.name}</p>
      <DoneNotice text={page.done && DONE[page.done]} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      {page.mayChange && !page.fresh && <Again {...props} />}
      <Phone {...props} />
      <Email {...props} />
      <p class="page-links">
        <a href="/account/security">{t('accountTitle')}</a>
      </p>
    </Layout>
  )
}

export const ProvePhoneView = ({ page, viewer }: { page: ProvePhonePage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('codeTitle')}>
      <h1>{t('codeTitle')}</h1>
      <p class="lead">{t('codeSentTo', { phone: page.maskedPhone })}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action={`${PATH}/phone/prove`} class="card" novalidate>
        <Csrf viewer={viewer} />
        <Hidden name="phone" value={page.phone} />
        <CodeField problems={page.problems} t={t} />
        <button type="submit" class="button button-wide">
          {t('provePhoneDone')}
        </button>
      </form>
      <p class="page-links">
        <a href={PATH}>{t('detailsTitle')}</a>
      </p>
    </Layout>
  )
}
