/**
 * What people do, in a real browser on the whole stack. Pictures of every page go to test-output/browser.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { toNairobiIso } from '../../domain/time.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import { enter, isMarked, look, mark, openBrowser, signIn, snap, visit } from './looking.ts'

const FIRST_VISIT_BYTES = 40 * 1024
const HOUR_MS = 3_600_000

let stack: Stack
let browser: Browser

beforeAll(async () => {
  stack = await startStack({}, 'browser')
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
}, 60_000)

/** From the first page to the booking form of the category on this card. */
async function choose(page: Page, nth: number): Promise<void> {
  await page.goto(stack.baseUrl)
  await page.getByRole('button', { name: 'Show free cars' }).click()
  await page.locator('a.button').nth(nth).click()
}

const book = (page: Page) => page.locator('form.booking-form button.button[value="book"]').click()
const pay = (page: Page) => page.locator('#pay-button').click()

/** Presses the keys of the drawn phone, as a finger would. */
async function typePin(phone: Page, pin: string): Promise<void> {
  for (const digit of pin) await phone.getByRole('button', { name: digit, exact: true }).click()
  await phone.getByRole('button', { name: 'Send' }).click()
}

describe('a customer with a phone', () => {
  it('finds a car, books it, types the PIN, and sees it confirmed without a reload', () =>
    visit(browser, async (page, context) => {
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
      await pay(page)
      await page.getByText('We sent a request to').waitFor()
      await mark(page)
      await look(page, 'prompted')

      const phone = await context.newPage()
      await phone.goto(`${stack.simulator}/phones/254712345678`)
      await phone.getByText('Do you want to pay').waitFor()
      await look(phone, 'phone')
      await typePin(phone, '1234')
      await page.getByText('Confirmed.').waitFor()
      expect(await isMarked(page)).toBe(true)
      await look(page, 'confirmed')
      await page.getByRole('link', { name: 'To the booking' }).click()
      await look(page, 'booking')
      await page.goto(`${stack.baseUrl}/bookings`)
      await look(page, 'bookings')
    }))

  it('loads little on the first visit', () =>
    visit(browser, async (page) => {
      const sizes: Promise<number>[] = []
      page.on('requestfinished', (request) => {
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
      })
      const answer = await page.goto(stack.baseUrl, { waitUntil: 'networkidle' })
      // A proxy that keeps resting connections for a minute never asks one that we are closing.
      expect(await answer?.headerValue('keep-alive')).toBe('timeout=75')
      const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0)
      process.stdout.write(`first visit: ${bytes} bytes in ${sizes.length} answers\n`)
      expect(bytes).toBeLessThanOrEqual(FIRST_VISIT_BYTES)
    }))
})

type Sms = { items: { to: string; text: string }[] }
const codeFor = (phone: string) =>
  eventually('the code by SMS', async () => {
    const { items } = (await (await fetch(`${stack.sms}/messages.json`)).json()) as Sms
    const found = items.find(({ to, text }) => to === phone && /your gari code/.test(text))
    return found && /\d{6}/.exec(found.text)?.[0]
  })

async function signInByCode(page: Page, phone: string): Promise<void> {
  await page.check('input[name="way"][value="phone"]')
  const form = page.locator('form[action="/sign-in/phone"]')
  await form.locator('input[name="phone"]').fill(`0${phone}`)
  await form.locator('input[name="name"]').fill('Mutua Musyoka')
  await form.locator('button[type="submit"]').click()
  await page.locator('input[name="code"]').fill(await codeFor(`+254${phone}`))
}
const sendCode = (page: Page) =>
  page.locator('form[action="/sign-in/code"] button[type="submit"]').click()

describe('a guest', () => {
  it('books with nothing but a phone and the code sent to it', () =>
    visit(browser, async (page) => {
      await choose(page, 1)
      await signInByCode(page, '733100200')
      await look(page, 'code')
      await sendCode(page)
      await book(page)
      await pay(page)
      await answerPhone(stack, '254733100200', { pin: '1234' })
      await page.getByText('Confirmed.').waitFor()
    }))

  it('books and pays without JavaScript', () =>
    visit(
      browser,
      async (page) => {
        await choose(page, 1)
        await signInByCode(page, '701234321')
        await sendCode(page)
        await book(page)
        await pay(page)
        await answerPhone(stack, '254701234321', { pin: '8080' })
        await eventually('the booking is confirmed', async () => {
          await page.reload()
          return page.getByText('Confirmed.').isVisible()
        })
        await snap(page, 'confirmed-without-script-390')
      },
      { javaScriptEnabled: false },
    ))
})

describe('three friends', () => {
  it('pay their shares, each by their own link', () =>
    visit(browser, async (page) => {
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
      await look(page, 'booking-three')
      const links = await page
        .locator('a[href*="/pay/"]')
        .evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href') ?? ''))])
      const own = links.filter((link) => /\/pay\/[0-9a-f-]{36}\/[0-9a-f-]{36}\//.test(link))
      expect(own).toHaveLength(3)
      for (const [index, link] of own.entries()) {
        await visit(browser, async (friend) => {
          await friend.goto(new URL(link, stack.baseUrl).href)
          if (index === 1) await look(friend, 'share')
          await pay(friend)
          await friend.getByText('We sent a request to').waitFor()
          await mark(friend)
          await answerPhone(stack, friends[index]?.[1] ?? '', { pin: friends[index]?.[2] })
          await friend.getByText(`from Friend ${index + 1}.`).waitFor()
          if (index === 2) await friend.getByText('Confirmed.').waitFor()
          expect(await isMarked(friend)).toBe(true)
        })
      }
      await page.reload()
      await page.getByText('Confirmed.').waitFor()
    }))
})

/** Paid by the API; picked up as soon as the rules allow, so that it stands in the desk's day. */
async function createPickupSoon(): Promise<{ number: string; day: string }> {
  const customer = await createCustomer(stack)
  const soon = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS
  const [pickup, back] = [new Date(soon), new Date(soon + 48 * HOUR_MS)]
  const wish = { category: 'VAN', pickup_at: pickup.toISOString(), return_at: back.toISOString() }
  const held = await customer.held(trip(wish))
  await customer.pay(held.id, '0708222333', String(Math.round(Number(held.total))))
  await answerPhone(stack, '254708222333', { pin: '1357' })
  await customer.until(held.id, 'confirmed')
  return { number: held.number, day: toNairobiIso(pickup).slice(0, 10) }
}

const statusAt = async (page: Page, path: string) =>
  (await page.goto(`${stack.baseUrl}${path}`))?.status()

describe('staff', () => {
  it('at the desk see the day and a booking, and neither the money nor the machine', async () => {
    const { number, day } = await createPickupSoon()
    await visit(browser, async (page) => {
      await enter(page, stack.baseUrl, 'desk', `/desk?day=${day}`)
      const pickups = page.getByRole('region', { name: /Pick-ups/ }).first()
      await pickups.getByRole('link', { name: number }).waitFor()
      await look(page, 'desk')
      await pickups.getByRole('link', { name: number }).click()
      await page.getByRole('heading', { name: `Booking ${number}` }).waitFor()
      expect(await page.locator('a[href*="/workflows/"]').count()).toBe(0)
      expect(await statusAt(page, '/finance/payments')).toBe(403)
      await look(page, 'forbidden')
      expect(await statusAt(page, '/admin/operations')).toBe(403)
    })
  })

  it('of operations reach the workflow of a booking in Temporal', () =>
    visit(browser, async (page) => {
      await enter(page, stack.baseUrl, 'operations', '/desk?q=RSV')
      await page.locator('main a[href^="/desk/bookings/"]').first().click()
      const link = page.locator('a[href*="/workflows/reservation"]')
      const href = (await link.getAttribute('href')) ?? ''
      const id = decodeURIComponent(href.split('/workflows/')[1] ?? '')
      expect(id).toMatch(/^reservation:/)
      expect(href.startsWith(`${stack.baseUrl}/temporal/namespaces/default/`)).toBe(true)
      await look(page, 'desk-booking')
      expect(await statusAt(page, '/admin/operations')).toBe(200)
      await page.getByText('Everything is up').waitFor()
      await look(page, 'operations')
      expect(await statusAt(page, '/finance/payments')).toBe(403)
    }))

  it('of finance see the money, and not the desk', () =>
    visit(browser, async (page) => {
      await enter(page, stack.baseUrl, 'finance', '/finance/payments')
      await page.getByText('In the M-Pesa account').waitFor()
      await look(page, 'finance')
      expect(await statusAt(page, '/desk')).toBe(403)
    }))
})
