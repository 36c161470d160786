/**
 * One's own data in a real browser on the whole stack: a copy of all of it, and being forgotten. Where an erasure waits seven days
 * it is taken back; the same house, started again without that wait, carries it out.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { EXPORT_SECTIONS } from '../../db/export-sections.ts'
import { exportFile } from '../../domain/schemas/exports.ts'
import { PASSWORD } from '../support/api.ts'
import { textOfPdf } from '../support/pdf-text.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import { isMarked, look, lookInDark, lookInSwahili, mark, openBrowser, visit } from './looking.ts'

const EMAIL = 'nafula@example.com'
let home: string
let stack: Stack | null = null
let browser: Browser

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gari-stack-'))
  stack = await startStack({}, 'browser-own-data', home)
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  await rm(home, { recursive: true, force: true })
}, 60_000)

const house = (): Stack => {
  if (!stack) throw new Error('the house is closed')
  return stack
}
const open = (page: Page, path: string) => page.goto(`${house().baseUrl}${path}`)

async function register(page: Page): Promise<void> {
  await open(page, '/register')
  await page.fill('#field-first_name', 'Nafula')
  await page.fill('#field-last_name', 'Wekesa')
  await page.fill('#field-email', EMAIL)
  await page.fill('#field-phone', '0712 000 444')
  await page.fill('#field-password', PASSWORD)
  await page.getByRole('button', { name: 'Open my account' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  const { text } = await mailed('Open your account with gari')
  await open(page, /\/register\/\S+/.exec(text)?.[0] ?? '')
  await page.getByRole('button', { name: 'Open my account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

async function comeIn(page: Page, next: string): Promise<void> {
  await open(page, `/sign-in?next=${encodeURIComponent(next)}`)
  await page.check('input[name="way"][value="email"]')
  const form = page.locator('form[action="/sign-in"]')
  await form.locator('input[name="email"]').fill(EMAIL)
  await form.locator('input[name="password"]').fill(PASSWORD)
  await Promise.all([page.waitForEvent('load'), form.locator('button[type="submit"]').click()])
}

/** Presses a button whose answer is a new page, and waits until that page stands there whole. */
async function press(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).click()])
}

type Mail = { to: unknown; subject: string; text: string }
const mailed = (subject: string) =>
  eventually(`the mail “${subject}”`, async () => {
    const answer = await fetch(`${house().mailbox}/messages.json`)
    const { items } = (await answer.json()) as { items: Mail[] }
    return items.find((mail) => mail.subject === subject && JSON.stringify(mail.to).includes(EMAIL))
  })

async function fetchFile(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).click(),
  ])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

const ask = async (page: Page): Promise<void> => {
  await page.fill('#field-confirmation', 'erase')
  await page.getByRole('button', { name: 'Erase what you hold about me' }).click()
}

describe('a customer', () => {
  it('has a copy made, watches it, is written to, and fetches both files', () =>
    visit(browser, async (page) => {
      await register(page)
      await open(page, '/account/data')
      await look(page, 'own-data')
      await press(page, 'Make my copy')
      await mark(page)
      await page.getByText('Your copy is ready.').waitFor()
      expect(await isMarked(page)).toBe(true)
      await mailed('Your copy of what we hold about you is ready')
      await look(page, 'own-data-ready')
      await lookInDark(page, 'own-data-ready')
      await lookInSwahili(page, 'own-data-ready-sw')
      const json = await fetchFile(page, 'Fetch the JSON file')
      expect(json.name).toMatch(/^gari-data-\d{4}-\d\d-\d\d\.json$/)
      const file = JSON.parse(json.bytes.toString()) as { sections: { records: object[] }[] }
      expect(exportFile(EXPORT_SECTIONS).parse(file)).toEqual(file)
      const [account] = file.sections
      expect(account?.records).toMatchObject([{ first_name: 'Nafula', email: EMAIL }])
      const pdf = await fetchFile(page, 'Fetch the PDF')
      const { text } = await textOfPdf(pdf.bytes)
      for (const part of ['Nafula Wekesa', EMAIL, 'What we hold about you'])
        expect(text).toContain(part)
    }))

  it('has a copy made without JavaScript', () =>
    visit(
      browser,
      async (page) => {
        await comeIn(page, '/account/data')
        await press(page, 'Make a new copy')
        await eventually('the copy is ready', async () => {
          await page.reload()
          return page.getByText('Your copy is ready.').isVisible()
        })
        expect((await fetchFile(page, 'Fetch the PDF')).bytes.subarray(0, 5).toString()).toBe(
          '%PDF-',
        )
      },
      { javaScriptEnabled: false },
    ))

  it('asks to be forgotten, is written to, and takes it back', () =>
    visit(browser, async (page) => {
      await comeIn(page, '/account/data')
      await ask(page)
      await page.getByRole('button', { name: 'Take it back' }).waitFor()
      await look(page, 'own-data-waiting')
      await mailed('We will erase what we hold about you')
      await page.getByRole('button', { name: 'Take it back' }).click()
      await mailed('Your data stays')
      await page.getByRole('button', { name: 'Erase what you hold about me' }).waitFor()
    }))

  it('asks again where nothing waits, is forgotten, and does not come in any more', async () => {
    await house().stop()
    stack = null
    stack = await startStack({ ERASURE_DAYS: '0' }, 'browser-own-data', home)
    await visit(browser, async (page) => {
      await comeIn(page, '/account/data')
      await page.getByText('Your copy is ready.').waitFor()
      await ask(page)
      await mailed('We erase what we hold about you')
      await eventually('the session is over', async () => {
        await open(page, '/account/data')
        return page.url().includes('/sign-in')
      })
      await comeIn(page, '/account/data')
      await page.getByText('The e-mail or the password is not right.').waitFor()
    })
  }, 180_000)
})
