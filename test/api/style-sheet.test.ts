/** How a page comes by its style sheet: brought along the first time, kept by the browser after that. */
import { serve, type ServerType } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Hono } from 'hono'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext } from 'playwright-core'
import { createApp } from '../../api/app.ts'
import type { Env } from '../../api/deps.ts'
import { styleSheet } from '../../views/files.ts'
import { buildDeps, ORIGIN } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { launch } from '../views/browser.ts'

const COOKIE = '__Host-style'
const FILE = `/static/gari.css?v=${styleSheet.hash}`
const LINK = `<link rel="stylesheet" href="${FILE}"/>`
const ASIDE = `<link rel="stylesheet" href="${FILE}" media="print"/>`
const OLDER = 'of-older-release'

let db: TestDatabase
let app: Hono<Env>

beforeAll(async () => {
  db = await createTestDatabase()
  app = createApp(buildDeps(db))
})
afterAll(() => db.drop())

const get = async (path: string, headers: Record<string, string> = {}) =>
  app.request(`${ORIGIN}${path}`, { headers })

const broughtIn = (html: string): string[] =>
  [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(([, sheet]) => sheet ?? '')

describe('a page', () => {
  it.each([['/'], ['/sign-in'], ['/nothing']])(
    'brings the sheet along at first, as the policy allows it: %s',
    async (path) => {
      const response = await get(path)
      const html = await response.text()
      expect(broughtIn(html)).toEqual([styleSheet.body])
      expect(html).toContain(ASIDE)
      expect(html).not.toContain(LINK)
      const digest = createHash('sha256')
        .update(broughtIn(html)[0] ?? '')
        .digest('base64')
      expect(response.headers.get('content-security-policy')).toContain(`'sha256-${digest}'`)
    },
  )

  it.each([['/'], ['/sign-in'], ['/nothing']])(
    'only names it to a browser that keeps it: %s',
    async (path) => {
      const response = await get(path, { cookie: `${COOKIE}=${styleSheet.hash}` })
      const html = await response.text()
      expect(broughtIn(html)).toEqual([])
      expect(html.split(LINK)).toHaveLength(2)
      expect(html).not.toContain(ASIDE)
      expect(response.headers.get('vary')).toContain('Cookie')
    },
  )

  it('brings a new sheet along to a browser that keeps an older one', async () => {
    const html = await (await get('/', { cookie: `${COOKIE}=${OLDER}` })).text()
    expect(broughtIn(html)).toEqual([styleSheet.body])
  })

  it('that is only a part of one carries none', async () => {
    const response = await get('/pay/none/none/none/live', { 'hx-request': 'true' })
    const part = await response.text()
    expect(part).toMatch(/^<p class="notice"/)
    expect(part).not.toMatch(/<style|stylesheet/)
  })

  it('names each of its files by its content, to be kept for good', async () => {
    const html = await (await get('/')).text()
    const files = [...html.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(
      ([, one]) => one ?? '',
    )
    expect(files.length).toBeGreaterThanOrEqual(3)
    for (const file of files) {
      const kept = (await get(file)).headers.get('cache-control')
      expect([file, kept]).toEqual([file, 'public, max-age=31536000, immutable'])
    }
  })
})

describe('the file', () => {
  it('leaves its name with who asked for it by its content, also when nothing is sent again', async () => {
    for (const known of ['', `W/"${styleSheet.hash}"`]) {
      const response = await get(FILE, { 'if-none-match': known })
      expect(response.headers.getSetCookie()).toEqual([
        `${COOKIE}=${styleSheet.hash}; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax`,
      ])
    }
  })

  it.each([['/static/gari.css'], [`/static/gari.css?v=${OLDER}`], ['/static/gari.js']])(
    'does not by another name: %s',
    async (path) => {
      expect((await get(path)).headers.getSetCookie()).toEqual([])
    },
  )
})

describe('in a browser', () => {
  let server: ServerType
  let browser: Browser
  let url: string
  const asked: string[] = []
  /** The style sheet's own answer waits for this. */
  let held = Promise.resolve()

  beforeAll(async () => {
    const fetch = async (request: Request) => {
      const { pathname } = new URL(request.url)
      asked.push(pathname)
      if (pathname === '/static/gari.css') await held
      return app.fetch(request)
    }
    server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await new Promise((resolve) => server?.close(resolve))
  })

  const COLOUR = 'getComputedStyle(document.querySelector(".brand")).fontWeight'
  const BOLD = '700'
  const PAINTED = `new Promise((resolve) => {
    new PerformanceObserver(() => resolve(true)).observe({ type: 'paint', buffered: true })
  })`

  async function open(options: { javaScriptEnabled?: boolean } = {}) {
    const context: BrowserContext = await browser.newContext(options)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    return { context, page, complaints }
  }

  it('is painted in its own clothes before any file has come', async () => {
    let release = () => {}
    held = new Promise((resolve) => (release = resolve))
    const { context, page, complaints } = await open()
    try {
      await page.goto(url, { waitUntil: 'commit' })
      expect(await page.evaluate(PAINTED)).toBe(true)
      expect(await page.evaluate(COLOUR)).toBe(BOLD)
    } finally {
      release()
    }
    await page.waitForLoadState('load')
    expect(complaints).toEqual([])
    await context.close()
  })

  it.each([[true], [false]])(
    'is sent the sheet twice at most, however many pages it opens; scripts: %s',
    async (javaScriptEnabled) => {
      const { context, page, complaints } = await open({ javaScriptEnabled })
      asked.length = 0
      const sheets: number[] = []
      for (const path of ['/', '/sign-in', '/', '/nothing']) {
        const answer = await page.goto(`${url}${path}`, { waitUntil: 'load' })
        sheets.push(broughtIn((await answer?.text()) ?? '').length)
        expect(await page.evaluate(COLOUR)).toBe(BOLD)
      }
      expect(sheets).toEqual([1, 0, 0, 0])
      expect(asked.filter((path) => path === '/static/gari.css')).toHaveLength(1)
      // The missing page says so in the console, as of any 404.
      expect(complaints.filter((one) => !one.includes('404'))).toEqual([])
      await context.close()
    },
  )
})
