/** A browser without a window, and the way in. */
import { chromium, type Browser, type Page } from 'playwright-core'
import { findChromium } from '../../local/chromium.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS })
  process.stdout.write(`browser: ${browser.version()}\n`)
  return browser
}

export async function signIn(page: Page, email: string): Promise<void> {
  const form = page.locator('form[action="/sign-in"]')
  await page.check('input[name="way"][value="email"]')
  await form.locator('input[name="email"]').fill(email)
  await form.locator('input[name="password"]').fill(SAMPLE_PASSWORD)
  await form.locator('button[type="submit"]').click()
}
