/** The frame of every page: head, skip link, navigation, main, footer. */
import { html, raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Viewer } from '../domain/pages.ts'
import { addressOf, styleSheet } from './files.ts'
import { SignOut } from './parts/form.tsx'
import { FINANCE_ROOMS, PEOPLE_ROOMS, roomsFor } from './parts/rooms.tsx'
import { speak, type Say } from './language.ts'

/** A live page is rewritten once a second at most; what a person opened or typed must survive that. */
const HTMX_CONFIG = JSON.stringify({
  history: false,
  includeIndicatorCSS: false,
  morphIgnore: ['data-htmx-powered', 'open'],
})

type LayoutProps = {
  viewer: Viewer
  title: string
  /** `wide` for tables and results, `narrow` for forms. */
  width?: 'narrow' | 'wide'
  /** Only pages that change by themselves carry htmx. */
  live?: boolean
  children: Child
}

const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-road" d="M4.500 16.500 12.500 24.500 27.500 7" />
    <path class="mark-line" d="M4.500 16.500 12.500 24.500 27.500 7" />
  </svg>
)

/** `room` and `also`: every page under them counts as this link's. */
type LinkProps = { href: string; room?: string; also?: string[]; text: string; viewer: Viewer }

const NavLink = ({ href, room = href, also = [], text, viewer }: LinkProps) => {
  const [path = ''] = viewer.path.split('?')
  const here = [room, ...also].some((one) => path === one || path.startsWith(`${one}/`))
  return (
    <a href={href} aria-current={here ? 'page' : undefined}>
      {text}
    </a>
  )
}

const Navigation = ({ viewer, t }: { viewer: Viewer; t: Say }) => {
  const [finance] = roomsFor(viewer, FINANCE_ROOMS)
  const people = roomsFor(viewer, PEOPLE_ROOMS)
  return (
    <nav class="site-nav" aria-label={t('mainNavigation')}>
      {viewer.seesDesk && <NavLink href="/desk" text="Desk" viewer={viewer} />}
      {finance && <NavLink href={finance.path} room="/finance" text="Finance" viewer={viewer} />}
      {viewer.seesOperations && (
        <NavLink href="/admin/operations" text="Operations" viewer={viewer} />
      )}
      {viewer.permissions.includes('pricing_rules:read') && (
        <NavLink href="/admin/prices" text="Prices" viewer={viewer} />
      )}
      {people.length > 0 && (
        <NavLink
          href={people[0]?.path ?? ''}
          also={people.map(({ path }) => path)}
          text="People"
          viewer={viewer}
        />
      )}
      {viewer.signedIn && !viewer.staff && (
        <>
          <NavLink href="/bookings" text={t('myBookings')} viewer={viewer} />
          <NavLink href="/account/credit" text={t('myCredit')} viewer={viewer} />
          <NavLink href="/documents" text={t('myDocuments')} viewer={viewer} />
        </>
      )}
      {viewer.signedIn && (
        <NavLink href="/account/security" text={t('myAccount')} viewer={viewer} />
      )}
      {viewer.signedIn ? (
        <SignOut viewer={viewer} />
      ) : (
        <NavLink href="/sign-in" text={t('signIn')} viewer={viewer} />
      )}
    </nav>
  )
}

const Header = ({ viewer, t }: { viewer: Viewer; t: Say }) => (
  <header class="site-header">
    <div class="frame">
      <a class="brand" href="/" aria-label={t('home')}>
        <Mark />
        <span>gari</span>
      </a>
      <Navigation viewer={viewer} t={t} />
    </div>
  </header>
)

const Samples = ({ samples, t }: { samples: NonNullable<Viewer['samples']>; t: Say }) => (
  <div class="samples">
    <p>{t('samplesHere')}</p>
    <ul class="row-links">
      {samples.phones && (
        <li>
          <a href={samples.phones}>{t('samplePhones')}</a>
        </li>
      )}
      {samples.mailbox && (
        <li>
          <a href={samples.mailbox}>{t('mailInbox')}</a>
        </li>
      )}
      {samples.sms && (
        <li>
          <a href={samples.sms}>{t('smsInbox')}</a>
        </li>
      )}
    </ul>
  </div>
)

const Footer = ({ viewer, t }: { viewer: Viewer; t: Say }) => {
  const other = viewer.language === 'en' ? 'sw' : 'en'
  const switchPath = `/language/${other}?next=${encodeURIComponent(viewer.path)}`
  return (
    <footer class="site-footer">
      <div class="frame">
        {viewer.samples && <Samples samples={viewer.samples} t={t} />}
        <p class="quiet">{t('allPrices')}</p>
        <p>
          <a href="/privacy">{t('privacyTitle')}</a>
        </p>
        {!viewer.staff && (
          <p>
            <a href={switchPath} lang={other} hreflang={other} rel="nofollow">
              {t('otherLanguage')}
            </a>
          </p>
        )}
      </div>
    </footer>
  )
}

/**
 * A linked sheet costs another round trip before anything is painted. A first page brings it along, and lets the
 * browser fetch the file for the next page without waiting for it: a sheet for print holds up no screen, and says on
 * paper what the page says already.
 */
const Style = ({ viewer }: { viewer: Viewer }) => {
  const address = addressOf('gari.css')
  if (viewer.hasStyle) return <link rel="stylesheet" href={address} />
  return (
    <>
      <style>{raw(styleSheet.body)}</style>
      <link rel="stylesheet" href={address} media="print" />
    </>
  )
}

type HeadProps = { viewer: Viewer; title: string; live: boolean }

const Head = ({ viewer, title, live }: HeadProps) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>{`${title} - gari`}</title>
    <link rel="icon" href={addressOf('favicon.svg')} type="image/svg+xml" />
    <Style viewer={viewer} />
    {live && <meta name="htmx-config" content={HTMX_CONFIG} />}
    {live && <script src={addressOf('htmx.js')} defer />}
    <script src={addressOf('gari.js')} defer />
  </head>
)

/** Staff work in English; only the customer's pages speak both languages. */
export const Layout = ({
  viewer,
  title,
  width = 'narrow',
  live = false,
  children,
}: LayoutProps) => {
  const language = viewer.staff ? 'en' : viewer.language
  const t = speak(language)
  return html`<!doctype html>${(
      <html lang={language}>
        <Head viewer={viewer} title={title} live={live} />
        <body class={viewer.staff ? 'staff' : undefined}>
          <a class="skip-link" href="#main">
            {t('skipToContent')}
          </a>
          <Header viewer={viewer} t={t} />
          <main id="main" class={`frame frame-${width}`}>
            {children}
          </main>
          <Footer viewer={viewer} t={t} />
        </body>
      </html>
    )}`
}

/** The language a page for this viewer is written in. */
export const voiceFor = (viewer: Viewer): Say => speak(viewer.staff ? 'en' : viewer.language)
