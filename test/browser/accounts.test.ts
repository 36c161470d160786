/**
 * Getting in, in a real browser: an app, a passkey, a house that asks for a second step, a role that goes meanwhile.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { generateSync } from 'otplib'
import { PASSWORD } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { linkIn, mailsAbout } from '../support/registering.ts'
import { openHouse, type House } from './house.ts'
import { look, lookInDark, lookInSwahili, openBrowser, signIn, visit } from './looking.ts'

const MINUTE_MS = 60_000
let db: TestDatabase
let browser: Browser
let house: House
let strict: House
/** Ahead by hand, so that an app shows another code. */
let ahead = 0
const now = () => new Date(Date.now() + ahead)

beforeAll(async () => {
  db = await createTestDatabase()
  house = await openHouse(db, { now })
  strict = await openHouse(db, { now, secondFactor: 'required' })
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all([house?.close(), strict?.close()])
  await db?.drop()
})

async function register(page: Page, email: string): Promise<void> {
  await page.goto(`${house.url}/register`)
  await page.fill('#field-first_name', 'Achieng')
  await page.fill('#field-last_name', 'Odhiambo')
  await page.fill('#field-email', email)
  await page.fill('#field-phone', '0712 000 111')
  await page.fill('#field-password', PASSWORD)
  await page.getByRole('button', { name: 'Open my account' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await look(page, `look-into-your-mail-${email.split('@')[0]}`)
  const { path } = linkIn((await mailsAbout(db, email)).at(-1))
  await page.goto(`${house.url}${path}`)
  await look(page, `opening-${email.split('@')[0]}`)
  await page.getByRole('button', { name: 'Open my account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}
const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out' }).click()
async function signInAgain(page: Page, email: string): Promise<void> {
  await page.goto(`${house.url}/sign-in`)
  await page.check('input[name="way"][value="email"]')
  const form = page.locator('form[action="/sign-in"]')
  await form.locator('input[name="email"]').fill(email)
  await form.locator('input[name="password"]').fill(PASSWORD)
  await form.locator('button[type="submit"]').click()
}

const codeOf = (secret: string) =>
  generateSync({ secret, epoch: Math.floor(now().getTime() / 1000) })

/** From the page that offers it to the codes on paper; answers what the app was given. */
async function setUpApp(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Set up an app' }).click()
  const secret = ((await page.textContent('.secret')) ?? '').replaceAll(' ', '')
  await page.fill('#field-code', codeOf(secret))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByRole('heading', { name: 'Keep these codes on paper' }).waitFor()
  ahead += MINUTE_MS
  return secret
}

describe('an app', () => {
  it('is set up, and asked for from then on', () =>
    visit(browser, async (page) => {
      const email = 'app@example.com'
      await register(page, email)
      await page.goto(`${house.url}/account/security`)
      await page.getByRole('link', { name: 'Second step and passkeys' }).click()
      await look(page, 'two-factor')
      await lookInSwahili(page, 'two-factor-sw')
      await page.getByRole('button', { name: 'Set up an app' }).click()
      await look(page, 'two-factor-scan')
      await lookInDark(page, 'two-factor-scan')
      await page.goBack()
      const secret = await setUpApp(page)
      await look(page, 'two-factor-papers')
      expect(await page.locator('.paper-codes li').count()).toBe(10)
      await page.getByRole('link', { name: 'I have written them down' }).click()
      await page.getByText('The app is on.').waitFor()
      await signOut(page)
      await signInAgain(page, email)
      await page.getByRole('heading', { name: 'One more step' }).waitFor()
      await look(page, 'second-step')
      await page.fill('#field-code', '000000')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.locator('.field-error, .problems').first().waitFor()
      await look(page, 'second-step-wrong')
      await page.fill('#field-code', codeOf(secret))
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    }))
})

/** A phone with a finger that fits, built into Chromium for tests. */
async function addPhone(context: BrowserContext, page: Page): Promise<() => Promise<unknown>> {
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return () => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
}

describe('a passkey', () => {
  it('lets its owner in without a password, and nobody whose finger does not fit', () =>
    visit(browser, async (page, context) => {
      await register(page, 'passkey@example.com')
      const loseFinger = await addPhone(context, page)
      await page.goto(`${house.url}/account/two-factor`)
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByText('The passkey is ready.').waitFor()
      await page.getByText('not used yet').waitFor()
      await look(page, 'passkey')
      await signOut(page)
      await page.goto(`${house.url}/sign-in`)
      await look(page, 'sign-in-passkey')
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await signOut(page)
      // With the password alone nobody is in any more; the passkey is the second step.
      await signInAgain(page, 'passkey@example.com')
      await page.getByRole('heading', { name: 'One more step' }).waitFor()
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await signOut(page)
      await loseFinger()
      await page.goto(`${house.url}/sign-in`)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('That did not work.').waitFor()
      expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    }))
})

describe('a house that asks people who work there for a second step', () => {
  it('leads them to it from wherever they go, and opens once it is set up', () =>
    visit(browser, async (page) => {
      await page.goto(`${strict.url}/sign-in?next=/desk`)
      await signIn(page, 'desk@example.com')
      await page.getByText('People who work here need one.').waitFor()
      await look(page, 'two-factor-must')
      await setUpApp(page)
      await page.goto(`${strict.url}/desk`)
      expect(new URL(page.url()).pathname).toBe('/desk')
    }))
})

describe('a role that is taken meanwhile', () => {
  it('is gone with the next click', () =>
    visit(browser, (page) =>
      visit(browser, async (boss) => {
        await page.goto(`${house.url}/sign-in?next=/finance/payments`)
        await signIn(page, 'finance@example.com')
        expect(new URL(page.url()).pathname).toBe('/finance/payments')
        await boss.goto(
          `${house.url}/sign-in?next=${encodeURIComponent('/admin/people?q=finance@example.com')}`,
        )
        await signIn(boss, 'admin@example.com')
        await boss.locator('main table a, main .row-link').first().click()
        await boss
          .getByRole('button', { name: /^Take back/ })
          .first()
          .click()
        await boss.waitForLoadState()
        const answer = await page.goto(`${house.url}/finance/payments`)
        expect(answer?.status()).toBe(403)
      }),
    ))
})
