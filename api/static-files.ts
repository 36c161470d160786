/** Files that never change while we run: read once, named once, nothing else can be asked for. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import { pageFiles, readPageFile, styleSheet, type PageFile } from '../views/files.ts'
import type { Env } from './deps.ts'
import { rememberStyle } from './style-cookie.ts'

const HOUR_SECONDS = 3_600
const YEAR_SECONDS = 365 * 24 * HOUR_SECONDS

const swaggerFile = (file: string): string =>
  join(dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')), file)

const DOCS_FILES = {
  'swagger-ui.css': swaggerFile('swagger-ui.css'),
  'swagger-ui-bundle.js': swaggerFile('swagger-ui-bundle.js'),
  'api-docs.js': join(import.meta.dirname, '../views/static/api-docs.js'),
}

const readAll = (): Map<string, PageFile> =>
  new Map([
    ...pageFiles,
    ...Object.entries(DOCS_FILES).map(([name, path]) => [name, readPageFile(name, path)] as const),
  ])

/** Another release's name must not keep our content, nor the other way round. */
const keepFor = (file: PageFile, asked: string | undefined): string => {
  if (asked === undefined) return `public, max-age=${HOUR_SECONDS}`
  return asked === file.hash ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'
}

export function createStaticFiles(): Hono<Env> {
  const app = new Hono<Env>()
  const files = readAll()
  app.get('/static/:name{.+}', (c) => {
    const file = files.get(c.req.param('name'))
    if (!file) return c.text('There is no such file.', 404)
    const asked = c.req.query('v')
    c.header('Content-Type', `${file.type}; charset=utf-8`)
    c.header('Cache-Control', keepFor(file, asked))
    if (file === styleSheet && asked === file.hash) rememberStyle(c)
    // Weak, because the same file also travels compressed.
    const tag = `W/"${file.hash}"`
    c.header('ETag', tag)
    if (c.req.header('if-none-match')?.includes(tag)) return c.body(null, 304)
    return c.body(file.body)
  })
  app.get('/favicon.ico', (c) => {
    c.header('Cache-Control', `public, max-age=${HOUR_SECONDS}`)
    return c.redirect('/static/favicon.svg', 301)
  })
  return app
}
