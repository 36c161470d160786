import { html } from 'hono/html'
import type { Child } from 'hono/jsx'

/** Where the other local pages are; empty until all of them listen. */
export type ShellLinks = {
  phones?: string
  mailbox?: string
  sms?: string
  etims?: string
  gari?: string
}

const NAMES: readonly [keyof ShellLinks, string][] = [
  ['phones', 'Phones'],
  ['mailbox', 'Mail'],
  ['sms', 'SMS'],
  ['etims', 'eTIMS'],
]

/** htmx writes a style element of its own unless told not to, and our policy allows nothing inline. */
const HTMX_CONFIG = 'includeIndicatorCSS:false'

/**
 * Attributes of the element that opens a page's live connection; the pieces name their own targets.
 * Spread, because attribute names with a colon are not taken by every JSX compiler we use.
 */
export const liveFrom = (url: string) => ({ 'hx-sse:connect': url, 'hx-swap': 'none' })

type PageProps = {
  title: string
  here: keyof ShellLinks
  links: ShellLinks
  styles?: string[]
  scripts?: string[]
  children?: Child
}

export const Page = ({ title, here, links, styles = [], scripts = [], children }: PageProps) => (
  <>
    {html`<!doctype html>`}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{title} · gari</title>
        <link rel="icon" href="/static/mark.svg" />
        {['shell.css', ...styles].map((name) => (
          <link rel="stylesheet" href={`/static/${name}`} />
        ))}
        {['htmx.js', ...scripts].map((name) => (
          <script src={`/static/${name}`} defer></script>
        ))}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Header here={here} links={links} />
        <main id="main">{children}</main>
      </body>
    </html>
  </>
)

const Header = ({ here, links }: Pick<PageProps, 'here' | 'links'>) => (
  <header class="top">
    <a class="brand" href={links.gari ?? '/'}>
      <img src="/static/mark.svg" alt="" width="28" height="28" />
      gari
    </a>
    <nav aria-label="Local tools">
      {NAMES.filter(([key]) => key === here || links[key]).map(([key, name]) => (
        <a href={key === here ? '/' : links[key]} aria-current={key === here ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  </header>
)
