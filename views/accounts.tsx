/** Opening an account. */
import type { RegisterPage, Viewer } from '../domain/pages.ts'
import { PASSWORD } from '../domain/accounts.ts'
import { Layout, voiceFor } from './layout.tsx'
import { Csrf, ErrorSummary, Hidden, TextField } from './parts/form.tsx'
import { OfferBoxes } from './parts/offer-boxes.tsx'

export const withNext = (path: string, next: string): string =>
  next === '' ? path : `${path}?next=${encodeURIComponent(next)}`

export const RegisterView = ({ page, viewer }: { page: RegisterPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const shared = { problems: page.problems, t }
  return (
    <Layout viewer={viewer} title={t('registerTitle')}>
      <h1>{t('registerTitle')}</h1>
      <p class="lead">{t('registerLead')}</p>
      <ErrorSummary problems={page.problems} t={t} />
      <form method="post" action="/register" class="card" novalidate>
        <Csrf viewer={viewer} />
        <Hidden name="next" value={page.next} />
        <TextField
          path="first_name"
          label={t('firstName')}
          value={page.form.firstName}
          autocomplete="given-name"
          {...shared}
        />
        <TextField
          path="last_name"
          label={t('lastName')}
          value={page.form.lastName}
          autocomplete="family-name"
          {...shared}
        />
        <TextField
          path="email"
          label={t('email')}
          value={page.form.email}
          type="email"
          inputmode="email"
          autocomplete="email"
          {...shared}
        />
        <TextField
          path="phone"
          label={t('phone')}
          hint={t('partyPhoneHint')}
          value={page.form.phone}
          type="tel"
          inputmode="tel"
          autocomplete="tel"
          {...shared}
        />
        <TextField
          path="password"
          label={t('password')}
          hint={t('passwordHint')}
          value=""
          type="password"
          autocomplete="new-password"
          maxlength={PASSWORD.maximum}
          {...shared}
        />
        <OfferBoxes {...page.offers} t={t} />
        <p class="quiet">{t('choicesOptional')}</p>
        <button type="submit" class="button button-wide">
          {t('openAccount')}
        </button>
      </form>
      <p class="page-links">
        <a href={withNext('/sign-in', page.next)}>{t('haveAccount')}</a>
      </p>
    </Layout>
  )
}
