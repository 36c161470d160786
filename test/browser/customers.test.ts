/**
 * Somebody who has nothing but a phone, in a real browser: comes in by a code from the development inbox, comes back to the same
 * account, and says what we may send them and where they live. `visit` sees to it that no policy is violated on the way.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createSecretPaths, createUnsubscribeLink } from '../../gateways/secret-paths.ts'
import { createSms } from '../../gateways/sms.ts'
import { freePort } from '../../local/ports.ts'
import { startSms, type SmsCatcher } from '../../local/sms.tsx'
import { selectOne } from '../../db/connection.ts'
import { listChoices } from '../../db/marketing.ts'
import { phoneIndex } from '../../db/sealed-columns.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openHouse, type House } from './house.ts'
import { look, lookInDark, lookInSwahili, openBrowser, visit } from './looking.ts'

const paths = createSecretPaths('secret of the browser tests')
let db: TestDatabase
let browser: Browser
let inbox: SmsCatcher
let house: House
let home: string

beforeAll(async () => {
  db = await createTestDatabase()
  home = await mkdtemp(join(tmpdir(), 'gari-test-inbox-'))
  inbox = await startSms({ home, port: await freePort() })
  house = await openHouse(db, {
    sms: createSms({ baseUrl: inbox.url, ...inbox.account }),
    unsubscribeFits: (id, channel, token) => paths.fits(token, 'unsubscribe', id, channel),
  })
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await house?.close()
  await inbox?.stop()
  if (home) await rm(home, { recursive: true })
  await db?.drop()
})

/** As somebody reads it on the phone: the newest SMS to it. */
async function readCode(context: BrowserContext, phone: string): Promise<string> {
  const phonePage = await context.newPage()
  await phonePage.goto(`${inbox.url}/?to=${encodeURIComponent(phone)}`)
  const text =
    (await phonePage
      .getByText(/is your gari code/)
      .first()
      .textContent()) ?? ''
  await phonePage.close()
  return /(\d{6}) is your gari code/.exec(text)?.[1] ?? ''
}

async function comeIn(page: Page, context: BrowserContext, phone: string): Promise<void> {
  await page.goto(`${house.url}/sign-in?next=/account/security`)
  await page.check('input[name="way"][value="phone"]')
  const form = page.locator('form[action="/sign-in/phone"]')
  await form.locator('input[name="name"]').fill('Mutua Musyoka')
  await form.locator('input[name="phone"]').fill(phone.replace('+254', '0'))
  await form.locator('button[type="submit"]').click()
  await page.getByText('We sent six digits by SMS').waitFor()
  expect(await page.textContent('main')).not.toContain(phone.slice(4))
  await page.fill('#field-code', await readCode(context, phone))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

const accountOf = async (phone: string): Promise<string> =>
  (
    await selectOne<{ id: string }>(db, 'SELECT id FROM users WHERE phone_index = $1', [
      phoneIndex(db, phone),
    ])
  )?.id ?? ''

describe('registering by phone', () => {
  it('takes a name, a number and the code that came, and leads back to the same account', () =>
    visit(browser, async (page, context) => {
      const phone = '+254733220011'
      await page.goto(`${house.url}/sign-in`)
      await look(page, 'register-by-phone')
      await comeIn(page, context, phone)
      expect(new URL(page.url()).pathname).toBe('/account/security')
      await look(page, 'register-by-phone-account')
      await page.getByRole('link', { name: 'Your details' }).click()
      expect(await page.textContent('main')).toContain('proven')
      const first = await accountOf(phone)
      expect(first).not.toBe('')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await comeIn(page, context, phone)
      expect(await accountOf(phone)).toBe(first)
    }))

  it('lets nobody in by a wrong code, and says so beside the field', () =>
    visit(browser, async (page, context) => {
      const phone = '+254733220022'
      await page.goto(`${house.url}/sign-in`)
      await page.check('input[name="way"][value="phone"]')
      const form = page.locator('form[action="/sign-in/phone"]')
      await form.locator('input[name="name"]').fill('Mutua Musyoka')
      await form.locator('input[name="phone"]').fill('0733 220 022')
      await form.locator('button[type="submit"]').click()
      const right = await readCode(context, phone)
      await page.fill('#field-code', right === '000000' ? '111111' : '000000')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.locator('.field-error').waitFor()
      await look(page, 'register-by-phone-wrong')
      expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
      expect(await accountOf(phone)).toBe('')
    }))
})

describe.each([true, false])('with JavaScript: %s, somebody', (javaScriptEnabled) => {
  const phone = javaScriptEnabled ? '+254733220033' : '+254733220044'

  it('says what we may send, and takes it back by the link of an offer', () =>
    visit(
      browser,
      async (page, context) => {
        await comeIn(page, context, phone)
        await page.getByRole('link', { name: 'Your choices' }).click()
        expect(await page.locator('input[type="checkbox"]:checked').count()).toBe(0)
        await page.check('input[name="marketing_sms"]')
        await page.getByRole('button', { name: 'Save my choices' }).click()
        await page.getByText('Your choices are saved.').waitFor()
        expect(await page.isChecked('input[name="marketing_sms"]')).toBe(true)
        if (javaScriptEnabled) {
          await look(page, 'choices')
          await lookInDark(page, 'choices')
          await lookInSwahili(page, 'choices-sw')
        }
        const userId = await accountOf(phone)
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.goto(createUnsubscribeLink(house.url, paths)(userId, 'sms'))
        if (javaScriptEnabled) await look(page, 'unsubscribe')
        await page.getByRole('button', { name: 'Stop them' }).click()
        await page.getByText('No more offers come this way.').waitFor()
        if (javaScriptEnabled) await look(page, 'unsubscribed')
        expect((await listChoices(db, userId)).map(({ given }) => given)).toEqual([false, true])
      },
      { javaScriptEnabled },
    ))

  it('keeps an address, changes it, and takes it away', () =>
    visit(
      browser,
      async (page, context) => {
        await comeIn(page, context, phone)
        await page.getByRole('link', { name: 'Your addresses' }).click()
        await page.selectOption('#field-kind', 'home')
        await page.fill('#field-line1', 'Maua House, Ngong Road')
        await page.fill('#field-po_box', 'P.O. Box 30197')
        await page.getByRole('button', { name: 'Save the address' }).click()
        await page.locator('.field-error').first().waitFor()
        if (javaScriptEnabled) await look(page, 'addresses-wrong')
        expect(await page.inputValue('#field-line1')).toBe('Maua House, Ngong Road')
        await page.fill('#field-city', 'Nairobi')
        await page.getByRole('button', { name: 'Save the address' }).click()
        await page.getByText('The address is saved.').waitFor()
        if (javaScriptEnabled) {
          await look(page, 'addresses')
          await lookInDark(page, 'addresses')
          await lookInSwahili(page, 'addresses-sw')
        }
        await page.getByRole('link', { name: 'Change Home' }).click()
        await page.fill('#field-line1', 'Kijani Court')
        await page.getByRole('button', { name: 'Save the address' }).click()
        await page.locator('address', { hasText: 'Kijani Court' }).waitFor()
        await page.getByRole('button', { name: 'Remove Home' }).click()
        await page.getByText('You have no address with us yet.').waitFor()
      },
      { javaScriptEnabled },
    ))
})
