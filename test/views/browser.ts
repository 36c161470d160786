/** A Chromium of the machine, and gari's pages served into it from memory under the real policy. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page, type Route } from 'playwright-core'
import type { BodyType, Colour } from '../../domain/fleet.ts'
import { pageFiles, styleSheet } from '../../views/files.ts'
import { vehicleSvg } from '../../views/vehicle-picture.tsx'

export const ORIGIN = 'http://gari.example'
const CSP = `default-src 'none'; script-src 'self'; style-src 'self' '${styleSheet.digest}'; img-src 'self'; connect-src 'self'; form-action 'self'`
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const require = createRequire(import.meta.url)

export const FILES: Record<string, () => string> = {
  '/static/gari.css': () => readFileSync('views/static/gari.css', 'utf8'),
  '/static/gari.js': () => readFileSync('views/static/gari.js', 'utf8'),
  '/static/htmx.js': () => readFileSync(require.resolve('htmx.org/dist/htmx.min.js'), 'utf8'),
  '/static/webauthn.js': () => pageFiles.get('webauthn.js')?.body ?? '',
  '/static/passkeys.js': () => readFileSync('views/static/passkeys.js', 'utf8'),
  '/static/favicon.svg': () => readFileSync('views/static/favicon.svg', 'utf8'),
}
const TYPES: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
}

const staticFile = (path: string): string | null => {
  const car = /^\/static\/vehicles\/(\w+)-(\w+)\.svg$/.exec(path)
  if (car) return vehicleSvg(car[1] as BodyType, car[2] as Colour)
  return FILES[path]?.() ?? null
}

/** What the test answers itself: return true when the request was taken. */
type Answer = (route: Route, path: string) => Promise<boolean>

export const serve = async (page: Page, pages: Record<string, string>, answer?: Answer) =>
  page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (answer && (await answer(route, pathname))) return
    const body = staticFile(pathname)
    const type = TYPES[pathname.split('.').at(-1) ?? '']
    if (body !== null && type) return route.fulfill({ body, contentType: type })
    if (pathname.endsWith('/live')) return route.fulfill({ status: 204 })
    const html = pages[pathname.slice(1)]
    return html === undefined
      ? route.fulfill({ status: 404 })
      : route.fulfill({
          body: html,
          contentType: 'text/html',
          headers: { 'content-security-policy': CSP },
        })
  })

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ARGS.split(' '),
  })
