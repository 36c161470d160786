/** Visitors of the pages in a real browser, and what every page they see must be. */
import { expect } from '@jest/globals'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { signIn } from './opening.ts'

export { openBrowser, signIn } from './opening.ts'

const PICTURES = join(import.meta.dirname, '../../test-output/browser')
mkdirSync(PICTURES, { recursive: true })

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }
/** A phone bought in Nairobi: dates stand in its order. */
const KENYA = { viewport: PHONE, locale: 'en-KE', timezoneId: 'Africa/Nairobi' }
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Answers of 4xx are told on the page; a 204 of the live part is no error at all. */
const EXPECTED = /status of (?:4|204)/

/** A visitor of their own, whose page must stay free of script errors and policy violations. */
export async function visit<T>(
  browser: Browser,
  story: (page: Page, context: BrowserContext) => Promise<T>,
  options: { javaScriptEnabled?: boolean } = {},
): Promise<T> {
  const context = await browser.newContext({ ...KENYA, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text()))
      complaints.push(message.text())
  })
  try {
    const told = await story(page, context)
    expect(complaints).toEqual([])
    return told
  } finally {
    await close(context)
  }
}

/** A browser that closed the page by itself has done what was asked of it. */
const close = (context: BrowserContext) =>
  context.close().catch((error: unknown) => {
    if (!String(error).includes('has been closed')) throw error
    process.stdout.write(`closed twice: ${String(error)}\n`)
  })

type Finding = { id: string; impact: string; nodes: string[] }

/** Pictures below the fold load late; decoding also fails for one that is not there. */
const SHOW_PICTURES = `Promise.all([...document.images].map((image) => {
  image.loading = 'eager'
  return image.decode()
})).then(() => true)`

const FIND_BARRIERS = `axe.run().then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`

const OVERFLOW = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

/** Both widths as a picture, nothing cut off, nothing that keeps somebody out. Ends on the phone's width. */
export async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(SHOW_PICTURES)
  await page.evaluate(axe)
  for (const size of [DESK, PHONE]) {
    await page.setViewportSize(size)
    await snap(page, `${name}-${size.width}`)
    expect({ name, wider: await page.evaluate<number>(OVERFLOW) }).toEqual({ name, wider: 0 })
    expect({ name, found: await page.evaluate<Finding[]>(FIND_BARRIERS) }).toEqual({
      name,
      found: [],
    })
  }
}

const FIND_FAINT = `axe.run({ runOnly: ['color-contrast'] }).then(({ violations }) => violations
  .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`

/** The same page at night: both widths as a picture, and every word still readable. Ends in the light. */
export async function lookInDark(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.evaluate(axe)
  for (const size of [DESK, PHONE]) {
    await page.setViewportSize(size)
    await snap(page, `${name}-dark-${size.width}`)
  }
  const found = await page.evaluate<Finding[]>(FIND_FAINT)
  expect({ name, found }).toEqual({ name, found: [] })
  await page.emulateMedia({ colorScheme: 'light' })
}

/** The same page in Swahili, and back. */
export async function lookInSwahili(page: Page, name: string): Promise<void> {
  const { origin, pathname } = new URL(page.url())
  const speak = (language: string) =>
    page.goto(`${origin}/language/${language}?next=${encodeURIComponent(pathname)}`)
  await speak('sw')
  expect(await page.locator('html').getAttribute('lang')).toBe('sw')
  await look(page, name)
  await speak('en')
}

export async function snap(page: Page, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`)
  await page.screenshot({ path, fullPage: true, animations: 'disabled' })
}

/** A mark that a reload would wipe off. */
export const mark = (page: Page) =>
  page.evaluate("document.documentElement.dataset.opened = 'once'")
export const isMarked = (page: Page) =>
  page.evaluate("document.documentElement.dataset.opened === 'once'")

/** To a page of somebody's own, by the sign-in that leads back to it. */
export async function enter(page: Page, baseUrl: string, who: string, path: string): Promise<void> {
  await page.goto(`${baseUrl}/sign-in?next=${encodeURIComponent(path)}`)
  await signIn(page, `${who}@example.com`)
}
