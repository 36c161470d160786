/** Files that never change while we run: read once, named once, nothing else can be asked for. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import { COLOURS, type BodyType, type Colour } from '../domain/fleet.ts'
import { vehicleSvg } from '../views/vehicle-picture.tsx'
import type { Env } from './deps.ts'

const HOUR_SECONDS = 3_600
const YEAR_SECONDS = 365 * 24 * HOUR_SECONDS
const BODIES: readonly BodyType[] = ['hatchback', 'sedan', 'suv', 'offroad', 'van', 'pickup']
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', png: 'image/png' }

const packageFile = (name: string, file: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)
const own = (file: string): string => join(import.meta.dirname, '../views/static', file)

const sources = (): Record<string, string> => ({
  'gari.css': own('gari.css'),
  'gari.js': own('gari.js'),
  'mark.svg': own('mark.svg'),
  'favicon.svg': own('favicon.svg'),
  'htmx.js': packageFile('htmx.org', 'dist/htmx.min.js'),
  'swagger-ui.css': packageFile('swagger-ui-dist', 'swagger-ui.css'),
  'swagger-ui-bundle.js': packageFile('swagger-ui-dist', 'swagger-ui-bundle.js'),
  'api-docs.js': own('api-docs.js'),
})

type File = { body: string; type: string; hash: string }
const hashOf = (body: string): string =>
  createHash('sha256').update(body).digest('base64url').slice(0, 16)
const typeOf = (name: string): string => TYPES[name.split('.').at(-1) as keyof typeof TYPES]

function readAll(): Map<string, File> {
  const files = new Map<string, File>()
  for (const [name, path] of Object.entries(sources())) {
    const body = readFileSync(path, 'utf8')
    files.set(name, { body, type: typeOf(name), hash: hashOf(body) })
  }
  for (const body of BODIES) {
    for (const colour of COLOURS as readonly Colour[]) {
      const svg = vehicleSvg(body, colour)
      const name = `vehicles/${body}-${colour}.svg`
      files.set(name, { body: svg, type: TYPES.svg, hash: hashOf(svg) })
    }
  }
  return files
}

export function createStaticFiles(): Hono<Env> {
  const app = new Hono<Env>()
  const files = readAll()
  app.get('/static/:name{.+}', (c) => {
    const file = files.get(c.req.param('name'))
    if (!file) return c.text('There is no such file.', 404)
    c.header('Content-Type', `${file.type}; charset=utf-8`)
    const named = c.req.query('v') === file.hash
    c.header(
      'Cache-Control',
      `public, max-age=${named ? `${YEAR_SECONDS}, immutable` : HOUR_SECONDS}`,
    )
    // Weak, because the same file also travels compressed.
    const tag = `W/"${file.hash}"`
    c.header('ETag', tag)
    if (c.req.header('if-none-match')?.includes(tag)) return c.body(null, 304)
    return c.body(file.body)
  })
  app.get('/favicon.ico', (c) => c.redirect('/static/favicon.svg', 301))
  return app
}
