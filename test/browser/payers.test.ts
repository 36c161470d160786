/**
 * People who are asked for money by a link: a charge of the desk, and a group of which one does not pay. In a real
 * browser on the whole stack; pictures of every page go to test-output/browser.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { connectDatabase, type Database } from '../../db/connection.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import {
  enter,
  isMarked,
  look,
  lookInDark,
  lookInSwahili,
  mark,
  openBrowser,
  snap,
  visit,
} from './looking.ts'
import { linkFromSms } from './phones.ts'
import { letTimeRunOut } from './yesterday.ts'

const STORY_MS = 120_000
const [WANJIKU, OTIENO, ACHIENG] = ['254712345678', '254722000111', '254708222333'] as const

let stack: Stack
let browser: Browser
let db: Database
let wanjiku: Awaited<ReturnType<typeof createCustomer>>

beforeAll(async () => {
  stack = await startStack({}, 'payers')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  browser = await openBrowser()
  const email = 'wanjiku@example.com'
  wanjiku = await createCustomer(stack, { email, password: SAMPLE_PASSWORD })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

/** A page without a script is asked for again until it shows these words. */
const shows = (page: Page, text: string) =>
  eventually(`the page shows ${text}`, async () => {
    if (await page.getByText(text).first().isVisible()) return true
    await page.reload()
    return false
  })

type How = { javaScriptEnabled?: boolean }

const as = (who: string, path: string, story: (page: Page) => Promise<void>, how: How = {}) =>
  visit(
    browser,
    async (page) => {
      await enter(page, stack.baseUrl, who, path)
      await story(page)
    },
    how,
  )
const byLink = (link: string, story: (page: Page) => Promise<void>) =>
  visit(browser, async (page) => {
    await page.goto(new URL(new URL(link).pathname, stack.baseUrl).href)
    await story(page)
  })
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
const pay = (page: Page) => page.locator('#pay-button').click()

const SCRATCH = 'Scratch on the left rear door, seen together at the return in Mombasa'
const PEOPLE = 'Wanjiku Kamau, 0712 345 678, 4500\nOtieno Odhiambo, 0722 000 111, 2000'

/** First with three mistakes; answers where the charge lives. */
async function makeCharge(page: Page): Promise<string> {
  await page.locator('input[name="amount"]').fill('six thousand')
  await page.locator('textarea[name="parties"]').fill('Wanjiku Kamau, 0712 345 678\nOtieno')
  await press(page, 'Make the charge')
  await page.getByText('Line 2: ').first().waitFor()
  expect(await page.locator('input[name="amount"]').inputValue()).toBe('six thousand')
  await look(page, 'charge-form-wrong')
  await page.locator('input[name="description"]').fill(SCRATCH)
  await page.locator('input[name="amount"]').fill('6,500')
  await page.locator('textarea[name="parties"]').fill(PEOPLE)
  await press(page, 'Make the charge')
  await page.getByText('KSh 6,500 to pay').waitFor()
  return new URL(page.url()).pathname
}

async function payByLink(page: Page): Promise<void> {
  await look(page, 'charge-asked')
  await lookInDark(page, 'charge-asked')
  await pay(page)
  await page.getByText('We sent a request to').waitFor()
  await mark(page)
  await look(page, 'charge-prompted')
  await answerPhone(stack, OTIENO, { pin: '2468' })
  await page.getByText('We received KSh 2,000 from Otieno Odhiambo.').waitFor()
  await page.getByText('Your share is paid').waitFor()
  expect(await isMarked(page)).toBe(true)
  await look(page, 'charge-share-paid')
  await lookInSwahili(page, 'charge-share-paid-sw')
}

describe('a charge of the desk', () => {
  it(
    'is made by a clerk, asked for by SMS, paid by prompt, with and without JavaScript',
    async () => {
      const held = await wanjiku.held(trip())
      let path = ''
      await as('desk', `/desk/bookings/${held.id}/charge`, async (page) => {
        path = await makeCharge(page)
        await look(page, 'charge-desk')
        await page.getByRole('link', { name: 'All charges' }).click()
        await page.getByText('Damage: Scratch').waitFor()
        await look(page, 'charges-desk')
      })
      await byLink(await linkFromSms(stack, OTIENO, path), payByLink)
      const plain = { javaScriptEnabled: false }
      await as(
        'wanjiku',
        path,
        async (page) => {
          await pay(page)
          await snap(page, 'charge-without-script-390')
          await answerPhone(stack, WANJIKU, { pin: '1234' })
          await shows(page, 'KSh 6,500 is paid in full')
        },
        plain,
      )
      await as('wanjiku', path, async (page) => {
        await page
          .getByRole('link', { name: /^Receipt/ })
          .first()
          .waitFor()
        await look(page, 'charge-paid')
        await page.getByRole('link', { name: 'To the booking' }).click()
        await page.getByText(held.number).first().waitFor()
      })
    },
    STORY_MS,
  )

  it(
    'is cancelled with money in it, and its page says when that money is back',
    async () => {
      const held = await wanjiku.held(trip({ category: 'ECONOMY' }))
      await as('desk', `/desk/bookings/${held.id}/charge`, async (desk) => {
        await desk.locator('input[name="description"]').fill('Child seat')
        await desk.locator('input[name="amount"]').fill('900')
        await press(desk, 'Make the charge')
        await desk.getByText('KSh 900 to pay').waitFor()
        const path = new URL(desk.url()).pathname
        await as('wanjiku', path, async (page) => {
          await page.locator('input[name="amount"]').fill('400')
          await pay(page)
          await answerPhone(stack, WANJIKU, { pin: '1234' })
          await page.getByText('We received KSh 400').waitFor()
          await mark(page)
          await desk.getByText('Cancel this charge').click()
          await look(desk, 'charge-desk-cancel')
          await press(desk, /^Cancel CHG/)
          await page.getByText('This charge has ended').waitFor()
          await page.getByText('KSh 400 went back to 0712 *** 678.').waitFor()
          expect(await isMarked(page)).toBe(true)
          await look(page, 'charge-cancelled')
          await lookInDark(page, 'charge-cancelled')
        })
      })
    },
    STORY_MS,
  )
})

const GROUP = [
  { name: 'Wanjiku Kamau', phone: '0712345678' },
  { name: 'Otieno Odhiambo', phone: '0722000111' },
  { name: 'Achieng Owuor', phone: '0708222333' },
]

async function payShare(page: Page, phone: string, pin: string): Promise<void> {
  await pay(page)
  await answerPhone(stack, phone, { pin })
  await page.getByText('M-Pesa receipt').first().waitFor()
}

/** Asks, and does not pay after all, after the time to pay is over. */
async function refuseTooLate(page: Page, booking: string, phone: string): Promise<void> {
  await page.locator('input[name="phone"]').fill(`0${phone.slice(3)}`)
  await pay(page)
  await page.getByText('We sent a request to').waitFor()
  await letTimeRunOut(db, booking)
  await answerPhone(stack, phone, { cancel: true })
}

describe('a group of which one does not pay', () => {
  it(
    'is told whose share is missing; when the time is over everybody has their money back',
    async () => {
      const wish = { category: 'SUV', mode: 'all_or_nobody', parties: GROUP }
      const { id } = await wanjiku.held(trip(wish))
      await as('wanjiku', `/bookings/${id}/pay`, async (page) => {
        await payShare(page, WANJIKU, '1234')
        const links = await page
          .locator('a[href*="/pay/"]')
          .evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href') ?? ''))])
        const [otieno = '', achieng = ''] = links.map((link) => new URL(link, stack.baseUrl).href)
        await mark(page)
        await byLink(otieno, async (friend) => {
          await payShare(friend, OTIENO, '2468')
          await mark(friend)
          await byLink(achieng, async (third) => {
            await refuseTooLate(third, id, ACHIENG)
            await friend.getByText('The share of Achieng Owuor is missing.').waitFor()
            await look(friend, 'group-missing')
            await refuseTooLate(third, id, '254110445566')
            await third.getByText('This booking has ended').waitFor()
            await third.getByText('You have not been charged.').waitFor()
            await look(third, 'group-ended-unpaid')
          })
          await friend.getByText('went back to Otieno Odhiambo, 0722 *** 111').first().waitFor()
          expect(await isMarked(friend)).toBe(true)
          await lookInSwahili(friend, 'group-ended-friend-sw')
        })
        await page.getByText('went back to Wanjiku Kamau, 0712 *** 678').first().waitFor()
        expect(await isMarked(page)).toBe(true)
        await look(page, 'group-ended')
        await lookInDark(page, 'group-ended')
        await page.getByRole('link', { name: 'To the booking' }).click()
        await look(page, 'group-ended-booking')
      })
    },
    STORY_MS,
  )
})
