/** What people do, in a real browser on the whole stack. Pictures of every page go to test-output/browser. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from '../../local/chromium.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { answerPhone } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'

const PICTURES = join(import.meta.dirname, '../../test-output/browser')
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
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }
const FIRST_VISIT_BYTES = 40 * 1024
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let stack: Stack
let browser: Browser

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  const executablePath = await findChromium()
  stack = await startStack()
  browser = await chromium.launch({ executablePath, args: FLAGS })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, 60_000)

/** A visitor of their own, whose page must stay free of script errors and policy violations. */
async function visit<T>(
  story: (page: Page, context: BrowserContext) => Promise<T>,
  options: { javaScriptEnabled?: boolean } = {},
): Promise<T> {
  const context = await browser.newContext({ viewport: PHONE, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (?:4|204)/.test(message.text()))
      complaints.push(message.text())
  })
  try {
    const told = await story(page, context)
    expect(complaints).toEqual([])
    return told
  } finally {
    await context.close()
  }
}

type Finding = { id: string; impact: string; nodes: string[] }

/** Both widths as a picture, and nothing that keeps somebody out. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size)
    await page.screenshot({ path: join(PICTURES, `${name}-${size.width}.png`), fullPage: true })
  }
  const findings = await page.evaluate<
    Finding[]
  >(`${axe}; axe.run().then(({ violations }) => violations
    .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`)
  expect(findings.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
}

async function signIn(page: Page, email: string): Promise<void> {
  const form = page.locator('form[action="/sign-in"]')
  await page.check('input[name="way"][value="email"]')
  await form.locator('input[name="email"]').fill(email)
  await form.locator('input[name="password"]').fill(SAMPLE_PASSWORD)
  await form.locator('button[type="submit"]').click()
}

/** From the first page to the booking form of the category on this card. */
async function choose(page: Page, nth: number): Promise<void> {
  await page.goto(stack.baseUrl)
  await page.getByRole('button', { name: 'Show free cars' }).click()
  await page.locator('a.button').nth(nth).click()
}

const book = (page: Page) => page.locator('form.booking-form button.button[value="book"]').click()

describe('a customer with a phone', () => {
  it('finds a car, books it, types the PIN, and sees it confirmed without a reload', () =>
    visit(async (page, context) => {
      await page.goto(stack.baseUrl)
      await look(page, 'home')
      await page.getByRole('button', { name: 'Show free cars' }).click()
      await look(page, 'results')
      await page.locator('a.button').first().click()
      await look(page, 'sign-in')
      await signIn(page, 'wanjiku@example.com')
      await look(page, 'book')
      await book(page)
      await look(page, 'pay')
      await page.locator('#pay-live form button[type="submit"]').click()
      await page.getByText('We sent a request to').waitFor()
      await look(page, 'prompted')
      const url = page.url()

      const phone = await context.newPage()
      await phone.goto(`${stack.simulator}/phones/254712345678`)
      await phone.getByText('Do you want to pay').waitFor()
      await look(phone, 'phone')
      await answerPhone(stack, '254712345678', { pin: '1234' })
      await page.getByText('Confirmed.').waitFor()
      expect(page.url()).toBe(url)
      await look(page, 'confirmed')
      await page.getByRole('link', { name: 'To the booking' }).click()
      await look(page, 'booking')
      await page.goto(`${stack.baseUrl}/bookings`)
      await look(page, 'bookings')
    }))

  it('loads little on the first visit', async () => {
    const context = await browser.newContext({ viewport: PHONE })
    const page = await context.newPage()
    const sizes: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto(stack.baseUrl, { waitUntil: 'load' })
    const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0)
    process.stdout.write(`first visit: ${bytes} bytes in ${sizes.length} answers\n`)
    expect(bytes).toBeLessThanOrEqual(FIRST_VISIT_BYTES)
    await context.close()
  })
})

type Sms = { items: { to: string; text: string }[] }
const codeFor = (phone: string) =>
  eventually('the code by SMS', async () => {
    const { items } = (await (await fetch(`${stack.sms}/messages.json`)).json()) as Sms
    const found = items.find(({ to, text }) => to === phone && /your gari code/.test(text))
    return found && /\d{6}/.exec(found.text)?.[0]
  })

describe('a guest', () => {
  it('books with nothing but a phone, also without JavaScript', () =>
    visit(
      async (page) => {
        await choose(page, 1)
        await page.check('input[name="way"][value="phone"]')
        const form = page.locator('form[action="/sign-in/phone"]')
        await form.locator('input[name="phone"]').fill('0701234321')
        await form.locator('input[name="name"]').fill('Mutua Musyoka')
        await form.locator('button[type="submit"]').click()
        await page.screenshot({ path: join(PICTURES, 'code-390.png'), fullPage: true })
        await page.locator('input[name="code"]').fill(await codeFor('+254701234321'))
        await page.locator('form[action="/sign-in/code"] button[type="submit"]').click()
        await book(page)
        await page.locator('#pay-live form button[type="submit"]').click()
        await answerPhone(stack, '254701234321', { pin: '8080' })
        await eventually('the booking is confirmed', async () => {
          await page.reload()
          return page.getByText('Confirmed.').isVisible()
        })
      },
      { javaScriptEnabled: false },
    ))
})

describe('three friends', () => {
  it('pay their shares, each by their own link', () =>
    visit(async (page) => {
      const friends = [
        ['0110445566', '254110445566', '4321'],
        ['0768430921', '254768430921', '2026'],
        ['0115678900', '254115678900', '5566'],
      ] as const
      await choose(page, 2)
      await signIn(page, 'wanjiku@example.com')
      for (const index of [0, 1, 2]) {
        if (index > 0) await page.locator('button[value="add_party"]').click()
        await page.locator(`input[name="parties[${index}][name]"]`).fill(`Friend ${index + 1}`)
        await page.locator(`input[name="parties[${index}][phone]"]`).fill(friends[index]?.[0] ?? '')
      }
      await look(page, 'book-three')
      await book(page)
      await page.getByRole('link', { name: 'To the booking' }).click()
      const links = await page
        .locator('a[href*="/pay/"]')
        .evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href') ?? ''))])
      const own = links.filter((link) => /\/pay\/[0-9a-f-]{36}\/[0-9a-f-]{36}\//.test(link))
      expect(own).toHaveLength(3)
      for (const [index, link] of own.entries()) {
        await visit(async (friend) => {
          await friend.goto(new URL(link, stack.baseUrl).href)
          if (index === 1) await look(friend, 'share')
          await friend.locator('#pay-live form button[type="submit"]').click()
          await answerPhone(stack, friends[index]?.[1] ?? '', { pin: friends[index]?.[2] })
          const told = index < 2 ? 'to go' : 'Confirmed.'
          await friend.getByText(told).first().waitFor()
        })
      }
      await page.reload()
      await page.getByText('Confirmed.').waitFor()
    }))
})

describe('staff', () => {
  it('see the day, a booking, the money and the parts, each what their role may see', () =>
    visit(async (page) => {
      await page.goto(`${stack.baseUrl}/sign-in?next=/desk`)
      await signIn(page, 'manager@example.com')
      await look(page, 'desk')
      await page.goto(`${stack.baseUrl}/desk?q=RSV`)
      await page.locator('main a[href^="/desk/bookings/"]').first().click()
      await page.locator('a[href*="/workflows/reservation"]').first().waitFor()
      await look(page, 'desk-booking')
      await page.goto(`${stack.baseUrl}/finance/payments`)
      await look(page, 'finance')
      await page.goto(`${stack.baseUrl}/admin/operations`)
      await page.getByText('Everything is up').waitFor()
      await look(page, 'operations')
    }))
})
