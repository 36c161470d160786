/**
 * What a customer waits for: the weight of each page on a first visit and as a later one, the server's time, and how
 * long until something is painted in Chromium behind a slow phone connection, beside a static file behind the same.
 */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext } from 'playwright-core'
import { openBrowser, signIn } from '../test/browser/opening.ts'
import { startStack } from '../test/support/stack.ts'
import { keepFigures } from './figures.ts'
import { percentile } from './measure.ts'

const BITS = 8
/**
 * "Slow 3G" of Chromium's DevTools, later renamed to "3G": 400 ms and 500 kbit/s of a real link, adjusted by its authors for what
 * the emulation does not see, five times the delay and four fifths of the rate.
 */
const SLOW_3G = {
  offline: false,
  latency: 400 * 5,
  downloadThroughput: (500_000 / BITS) * 0.8,
  uploadThroughput: (500_000 / BITS) * 0.8,
}
const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-KE' }
const TIMES = 3
const ASKED = 60
const BYTES_PER_KB = 1_024

type State = Awaited<ReturnType<BrowserContext['storageState']>>
type Seen = { bytes: number; answers: number; paintedMs: number }
type Row = { name: string; serverMs: number; first: Seen; later: Seen }
type Visit = { url: string; state: State | null; before?: string }

/** Says what a browser keeps, which these have not yet. */
const STYLE_COOKIE = '__Host-style'

/** As somebody who was never here, or only on the page before: nothing else is cached, every connection is new. */
async function visitOnce(browser: Browser, { url, state, before }: Visit): Promise<Seen> {
  const context = await browser.newContext({ ...PHONE, ...(state ? { storageState: state } : {}) })
  try {
    const page = await context.newPage()
    if (before) await page.goto(before, { waitUntil: 'networkidle' })
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', SLOW_3G)
    const sizes: number[] = []
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength))
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 })
    // All may be loaded before anything is painted.
    const paintedMs = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const [first] = list.getEntriesByName('first-contentful-paint')
            if (first) resolve(first.startTime)
          }).observe({ type: 'paint', buffered: true })
        }),
    )
    return { bytes: sizes.reduce((sum, one) => sum + one, 0), answers: sizes.length, paintedMs }
  } finally {
    await context.close()
  }
}

const middle = (all: number[]): number =>
  percentile(
    all.toSorted((one, other) => one - other),
    0.5,
  )

async function visit(browser: Browser, wish: Visit): Promise<Seen> {
  const seen: Seen[] = []
  for (let times = 0; times < TIMES; times += 1) seen.push(await visitOnce(browser, wish))
  return {
    bytes: middle(seen.map(({ bytes }) => bytes)),
    answers: middle(seen.map(({ answers }) => answers)),
    paintedMs: middle(seen.map(({ paintedMs }) => paintedMs)),
  }
}

/** To the last byte, on a connection that stands; the first ones are not counted. */
async function askServer(url: string, state: State | null): Promise<number> {
  const cookie = state?.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') ?? ''
  const times: number[] = []
  for (let nth = 0; nth < ASKED; nth += 1) {
    const began = performance.now()
    const answer = await fetch(url, { headers: { cookie } })
    await answer.text()
    if (nth >= ASKED / 2) times.push(performance.now() - began)
  }
  return middle(times)
}

const WORDS = '<!doctype html><title>Static</title><h1>Cars for hire</h1>'
const SHEET = '<link rel="stylesheet" href="/sheet.css">'
const STATIC: Record<string, readonly [type: string, body: string]> = {
  '/': ['text/html; charset=utf-8', WORDS],
  '/with-sheet': ['text/html; charset=utf-8', `${SHEET}${WORDS}`],
  '/sheet.css': ['text/css', 'h1 { color: green; }'],
}

/** What nobody can beat: a few words, from memory; and the same with a style sheet, which is a second question. */
async function startStaticFile(): Promise<{ server: Server; url: string }> {
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = STATIC[url] ?? ['text/plain', '']
    response.setHeader('content-type', type)
    if (url === '/sheet.css') response.setHeader('cache-control', 'max-age=3600')
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The way of a customer from the first page to the payment; answers where each page is, and who is signed in there. */
async function walk(browser: Browser, baseUrl: string): Promise<[string, string, State | null][]> {
  const context = await browser.newContext(PHONE)
  const page = await context.newPage()
  const found: [string, string, State | null][] = []
  const note = async (name: string) => {
    await page.waitForLoadState('load')
    const { cookies, origins } = await context.storageState()
    const others = cookies.filter((cookie) => cookie.name !== STYLE_COOKIE)
    found.push([name, page.url(), { cookies: others, origins }])
  }
  await page.goto(baseUrl)
  found.push(['the first page', page.url(), null])
  await page.getByRole('button', { name: 'Show free cars' }).click()
  await page.locator('a.button').first().waitFor()
  found.push(['free cars', page.url(), null])
  await page.locator('a.button').first().click()
  await signIn(page, 'wanjiku@example.com')
  await page.locator('form.booking-form').waitFor()
  await note('booking a car')
  await page.locator('form.booking-form button.button[value="book"]').click()
  await page.locator('#pay-button').waitFor()
  await note('paying')
  await page.goto(`${baseUrl}/bookings`)
  await note('my bookings')
  await context.close()
  return found
}

const kb = ({ bytes }: Seen): string => (bytes / BYTES_PER_KB).toFixed(1)
const ms = ({ paintedMs }: Seen): string => paintedMs.toFixed(0)

const line = ({ name, serverMs, first, later }: Row, bare: Row): string => {
  const ratio = (first.paintedMs / bare.first.paintedMs).toFixed(2)
  return `| ${name} | ${kb(first)} | ${first.answers} | ${serverMs.toFixed(1)} | ${ms(first)} | ${ratio} | ${kb(later)} | ${ms(later)} |`
}

const INTRO = `\`npm run bench -- pages\`: first visits of a phone behind slow 3G, nothing cached: Chromium's emulation with ${SLOW_3G.latency} ms
of delay for each answer and ${SLOW_3G.downloadThroughput / 1_000} kB/s both ways, as DevTools' preset sets it; the server's time to the last byte without that delay; and the same page for somebody who has seen one before. Aim: 40 KB, and painted within twice the time of a
static file.`

export async function benchPages(): Promise<void> {
  const stack = await startStack({ LOG_LEVEL: 'warn' }, 'bench-pages')
  const still = await startStaticFile()
  const browser = await openBrowser()
  try {
    const measure = async (name: string, url: string, state: State | null): Promise<Row> => {
      const before = url.startsWith(stack.baseUrl) ? `${stack.baseUrl}/sign-in` : url
      return {
        name,
        serverMs: await askServer(url, state),
        first: await visit(browser, { url, state }),
        later: await visit(browser, { url, state, before }),
      }
    }
    const bare = await measure('a static file', `${still.url}/`, null)
    const linked = await measure('the same, with a style sheet', `${still.url}/with-sheet`, null)
    const rows: Row[] = [bare, linked]
    for (const [name, url, state] of await walk(browser, stack.baseUrl))
      rows.push(await measure(name, url, state))
    await keepFigures(
      'Pages',
      INTRO,
      [
        '| | KB | answers | server ms | painted ms | to the static file | later: KB | painted ms |',
        '|---|---|---|---|---|---|---|---|',
        ...rows.map((row) => line(row, bare)),
      ],
      `Chromium ${browser.version()}.`,
    )
  } finally {
    await browser.close()
    still.server.close()
    await stack.stop()
  }
}
