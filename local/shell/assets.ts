import type { Env, Hono } from 'hono'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const { resolve } = createRequire(import.meta.url)

/**
 * The files every local page uses; a page's own come beside them. htmx and its extension are one
 * script: as two, htmx at times looks through the page before the extension is there, and no live
 * connection is ever opened.
 */
const SHARED: Record<string, string[]> = {
  'htmx.js': [resolve('htmx.org/dist/htmx.min.js'), resolve('htmx.org/dist/ext/hx-sse.min.js')],
  'shell.css': [fileURLToPath(new URL('./shell.css', import.meta.url))],
  'mark.svg': [fileURLToPath(new URL('./mark.svg', import.meta.url))],
}

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves `/static/<name>` and sends every page under a policy that allows nothing inline. */
export const useAssets = <E extends Env>(app: Hono<E>, own: Record<string, URL> = {}): void => {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'"],
      },
      strictTransportSecurity: false,
      // With no referrer at all, browsers send `Origin: null` with our own forms.
      referrerPolicy: 'same-origin',
    }),
  )
  const ownPaths = Object.entries(own).map(([name, url]) => [name, [fileURLToPath(url)]] as const)
  for (const [name, paths] of [...Object.entries(SHARED), ...ownPaths]) {
    const body = paths.map((path) => readFileSync(path, 'utf8')).join('\n;\n')
    const type = CONTENT_TYPES[extname(name)] ?? 'application/octet-stream'
    app.get(`/static/${name}`, etag(), (c) =>
      c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }),
    )
  }
}
