/**
 * What finance, the desk and groups do with money, in a real browser on the whole stack. Pictures of every page go to
 * test-output/browser.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { formatKes, shillings } from '../../domain/money.ts'
import { answerPhone, createCustomer, inDays, trip } from '../support/customer.ts'
import { eventually, startStack, type Stack } from '../support/stack.ts'
import {
  enter,
  isMarked,
  look,
  lookInDark,
  lookInSwahili,
  mark,
  openBrowser,
  visit,
} from './looking.ts'
import { fillWallet, payByHand, readMessage, takeWithoutAsking } from './phones.ts'
import { moveToYesterday } from './yesterday.ts'

/** Each story has many steps, and the machine may be busy. */
const STORY_MS = 150_000

let stack: Stack
let browser: Browser
let db: Database
let wanjiku: Awaited<ReturnType<typeof createCustomer>>

beforeAll(async () => {
  stack = await startStack({}, 'payment-rooms')
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  browser = await openBrowser()
  wanjiku = await createCustomer(stack, {
    email: 'wanjiku@example.com',
    password: SAMPLE_PASSWORD,
  })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

const whole = (total: string): number => Math.round(Number(total))
const kes = (amount: number): string => formatKes(shillings(amount))

/** Held and paid in full by one push. */
async function createPaid(wish: object, phone: string, pin: string) {
  const held = await wanjiku.held(trip(wish))
  const { body } = await wanjiku.pay(held.id, `0${phone.slice(3)}`, String(whole(held.total)))
  await answerPhone(stack, phone, { pin })
  await wanjiku.until(held.id, 'confirmed')
  return { ...held, paymentId: String(body['id']) }
}

const as = (who: string, path: string, story: (page: Page) => Promise<void>) =>
  visit(browser, async (page) => {
    await enter(page, stack.baseUrl, who, path)
    await story(page)
  })

/** A list of staff stands still: the page is asked for again until it shows these words. */
const shows = (page: Page, text: string | RegExp) =>
  eventually(`the page shows ${String(text)}`, async () => {
    if (await page.getByText(text).first().isVisible()) return true
    await page.reload()
    return false
  })

describe('a refund above the limit', () => {
  it(
    'waits for a second person, and then arrives on the customer’s phone',
    async () => {
      const paid = await createPaid(
        { category: 'SUV', pickup_at: inDays(12), return_at: inDays(16) },
        '254701234321',
        '8080',
      )
      let refundPath = ''
      await as('finance', `/finance/payments/${paid.paymentId}`, async (page) => {
        await page.getByRole('link', { name: 'Give money back' }).click()
        await page.locator('input[name="amount"]').fill('25000')
        await page.locator('input[name="reason"]').fill('The air conditioning did not work')
        await look(page, 'refund-form')
        await page.getByRole('button', { name: 'See what will happen' }).click()
        await page.getByText('Large sums need a second person').waitFor()
        await look(page, 'refund-preview')
        await page.getByRole('button', { name: 'Give KSh 25,000 back' }).click()
        await page.getByText('Needs a second person').waitFor()
        await page.getByText('somebody else must decide about it').waitFor()
        expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
        refundPath = new URL(page.url()).pathname
        await look(page, 'refund-own')
      })
      await as('manager', '/finance/refunds?status=approve', async (page) => {
        await look(page, 'refunds-to-approve')
        await page.locator(`a[href="${refundPath}"]`).click()
        await look(page, 'refund-decide')
        await page.getByRole('button', { name: 'Approve this refund' }).click()
        await readMessage(browser, stack, '254701234321', '25,000', 'refund-phone')
        await page.getByText('Paid back').first().waitFor()
        await look(page, 'refund-done')
      })
    },
    STORY_MS,
  )
})

/** A slip of the finger: a number like RSV-26-000019 with one digit more. */
const mistype = (number: string): string => `${number}0`

describe('money paid by hand with a mistyped number', () => {
  it(
    'is found a home by finance, and the customer sees the booking confirmed',
    async () => {
      const held = await wanjiku.held(trip({ pickup_at: inDays(20), return_at: inDays(22) }))
      const amount = whole(held.total)
      const account = mistype(held.number)
      await takeWithoutAsking(stack)
      await as('wanjiku', `/bookings/${held.id}/pay`, async (page) => {
        await page.getByText('We hold the car for you').waitFor()
        await mark(page)
        await payByHand(browser, stack, '254712345678', { account, amount: String(amount) })
        await as('finance', '/finance/unmatched', async (finance) => {
          await shows(finance, account)
          await look(finance, 'unmatched')
          await finance.getByRole('link', { name: `Give to ${held.number}` }).click()
          await finance.getByText(`${kes(amount)} counts for`).waitFor()
          await finance.locator('input[name="why"]').fill('One digit too many; same amount')
          await look(finance, 'unmatched-give')
          await finance.getByRole('button', { name: `Give to` }).click()
          await finance.getByText('What is in the ledger').waitFor()
          await look(finance, 'unmatched-given')
          await finance.goto(`${stack.baseUrl}/finance/unmatched`)
          await finance.getByText('All money has its owner.').waitFor()
          await look(finance, 'unmatched-empty')
        })
        await page.getByText('Confirmed.').waitFor()
        expect(await isMarked(page)).toBe(true)
      })
    },
    STORY_MS,
  )
})

const fill = (page: Page, name: string, value: string) =>
  page.locator(`input[name="${name}"]`).fill(value)
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

/** What a table says beside this label, cell by cell. */
const cellsOf = (page: Page, label: string | RegExp) =>
  page.getByRole('row').filter({ hasText: label }).first().getByRole('cell').allInnerTexts()

async function openTill(page: Page): Promise<void> {
  await page
    .locator('select[name="tillId"]')
    .selectOption({ label: 'Nairobi Airport (JKIA), Till 1' })
  await fill(page, 'float', '5000')
  await page.locator('select[name="reason"]').selectOption('from_bank')
  await look(page, 'till-to-open')
  await press(page, 'Open the till')
  await page.getByText('Should be in Till 1').waitFor()
}

/** Of 3,500 the customer pays with a note of 5,000. */
async function takeCash(page: Page, id: string): Promise<void> {
  await page.goto(`${stack.baseUrl}/desk/bookings/${id}`)
  await page.getByRole('link', { name: 'Take payment at the desk' }).click()
  await fill(page, 'given', '5000')
  await look(page, 'take-cash')
  await press(page, 'Check')
  await page.getByText('Give back 1 × KSh 1,000, 1 × KSh 500.').waitFor()
  await look(page, 'take-cash-check')
  await press(page, 'Take KSh 3,500')
  await page.getByRole('heading', { name: 'Booking' }).waitFor()
}

async function takeCard(page: Page, id: string): Promise<void> {
  await page.goto(`${stack.baseUrl}/desk/bookings/${id}/take?method=credit_card`)
  await fill(page, 'terminal', 'T-0042')
  await fill(page, 'slip', '000731')
  await press(page, 'Check')
  await press(page, 'Take KSh 11,000')
  await page.getByRole('heading', { name: 'Booking' }).waitFor()
}

/** 8,500 should be there; 8,450 are. */
async function closeTill(page: Page): Promise<void> {
  await page.goto(`${stack.baseUrl}/desk/till`)
  await page.getByText('KSh 8,500').first().waitFor()
  await look(page, 'till-open')
  await fill(page, 'count_1000', '8')
  await fill(page, 'count_200', '2')
  await fill(page, 'count_50', '1')
  await press(page, 'Close the till')
  await page.locator('#problems').waitFor()
  await look(page, 'till-short')
  await page.locator('select[name="reason"]').selectOption('wrong_change')
  await fill(page, 'note', 'A 50 too much was given back')
  await press(page, 'Close the till')
  await page.getByRole('heading', { name: 'Open a till' }).waitFor()
}

describe('a day at the desk', () => {
  it(
    'is counted KSh 50 short, says why, and finance closes it with the right figures',
    async () => {
      const soon = (days: number) => ({ pickup_at: inDays(2), return_at: inDays(2 + days) })
      const cash = await wanjiku.held(trip({ category: 'ECONOMY', ...soon(1) }))
      const card = await wanjiku.held(trip({ category: 'VAN', ...soon(1) }))
      const pushed = await createPaid({ category: 'PICKUP', ...soon(1) }, '254768430921', '2026')
      await as('desk', '/desk/till', async (page) => {
        await openTill(page)
        await takeCash(page, cash.id)
        await takeCard(page, card.id)
        await closeTill(page)
      })
      await moveToYesterday(db, 'desk@example.com', [cash.id, card.id, pushed.id])
      await as('finance', '/finance/day-close', async (page) => {
        await look(page, 'day-open')
        expect(await cellsOf(page, 'Cash, Nairobi Airport')).toMatchObject({
          1: 'KSh 3,500',
          2: 'KSh 3,500',
        })
        expect(await cellsOf(page, 'Cards')).toMatchObject({ 1: 'KSh 11,000', 2: 'KSh 11,000' })
        expect(await cellsOf(page, 'M-Pesa requests')).toMatchObject({
          1: 'KSh 9,500',
          2: 'KSh 9,500',
        })
        await page.getByLabel('Total of terminal T-0042').fill('11000')
        await press(page, 'Write down the totals')
        await page.getByText('Total not written down').waitFor({ state: 'detached' })
        await press(page, 'Close this day')
        await page.getByText('Closed by Amina Hassan').waitFor()
        expect((await cellsOf(page, 'Counted, Nairobi Airport')).slice(1)).toEqual([
          'KSh 8,500',
          'KSh 8,450',
          '-KSh 50',
          'As said when the till was closed. Wrong change was given. A 50 too much was given back',
        ])
        await look(page, 'day-closed')
      })
    },
    STORY_MS,
  )
})

describe('an amount above what M-Pesa takes at once', () => {
  it(
    'comes in steps, pauses when a phone has not enough, goes on, and ends paid',
    async () => {
      const [own, friend] = ['254701234321', '254110445566']
      await fillWallet(stack, own, 300_000)
      const wish = { category: '4X4', pickup_at: inDays(40), return_at: inDays(70) }
      const held = await wanjiku.held(trip(wish))
      const left = whole(held.total) - 250_000
      await as('wanjiku', `/bookings/${held.id}/pay`, async (page) => {
        await page.getByRole('link', { name: 'See the steps' }).click()
        await page.locator('textarea[name="phones"]').fill('0701234321')
        await look(page, 'plan-start')
        await press(page, 'Send the first request')
        await page.locator('#plan-step').waitFor()
        await mark(page)
        await answerPhone(stack, own, { pin: '8080' })
        await page.getByText('KSh 250,000 paid').waitFor()
        await page.getByText('Waiting for the PIN on the phone.').waitFor()
        await look(page, 'plan-half')
        await answerPhone(stack, own, { pin: '8080' })
        await page.getByText('not enough money').waitFor()
        expect(await isMarked(page)).toBe(true)
        await look(page, 'plan-paused')
        await lookInSwahili(page, 'plan-paused-sw')
        await fillWallet(stack, own, 300_000)
        await lend(held.id, `0${friend.slice(3)}`, friend)
        await page
          .getByText(kes(left - 20_000))
          .first()
          .waitFor()
        await press(page, 'Go on')
        await page.getByText('Waiting for the PIN on the phone.').waitFor()
        await mark(page)
        await answerPhone(stack, own, { pin: '8080' })
        await page.getByText('Nothing left to pay.').waitFor()
        expect(await isMarked(page)).toBe(true)
        await look(page, 'plan-done')
      })
      const { status, balance_due: balance } = await wanjiku.read(held.id)
      expect({ status, balance }).toEqual({ status: 'confirmed', balance: '0.00' })
    },
    STORY_MS,
  )
})

/** 20,000 of it from another phone, by the same booking's own page. */
async function lend(id: string, typed: string, phone: string): Promise<void> {
  await wanjiku.pay(id, typed, '20000')
  await answerPhone(stack, phone, { pin: '4321' })
}

const FRIENDS = [
  ['Wanjiku Kamau', '254712345678', '1234'],
  ['Kipchoge Rotich', '254110445566', '4321'],
  ['Njeri Mwangi-Wambugu', '254115678900', '5566'],
  ['Halima Abdi', '254799887766', '1111'],
] as const

async function bookForFour(page: Page): Promise<void> {
  for (const [index, [name, phone]] of FRIENDS.entries()) {
    if (index > 0) await page.locator('button[value="add_party"]').click()
    await fill(page, `parties[${index}][name]`, name)
    await fill(page, `parties[${index}][phone]`, `0${phone.slice(3)}`)
  }
  await page.locator('input[name="mode"][value="all_or_nobody"]').check()
  await look(page, 'four-book')
  await page.locator('form.booking-form button.button[value="book"]').click()
  await page.getByText('It stands only when everybody has paid').waitFor()
}

/** Each person's own link, in the order in which they were named. */
async function linksOf(page: Page): Promise<string[]> {
  const all = await page
    .locator('a[href*="/pay/"]')
    .evaluateAll((links) => links.map((one) => one.getAttribute('href') ?? ''))
  return [...new Set(all)].filter((link) => /\/pay\/[0-9a-f-]{36}\/[0-9a-f-]{36}\//.test(link))
}

/** Settled payments of this booking, in their order. */
const paidInto = async (id: string): Promise<number[]> => {
  const rows = await select<{ amount: string }>(
    db,
    "SELECT amount_cents / 100 AS amount FROM payments WHERE owner_id = $1 AND status = 'settled' ORDER BY processed_at",
    [id],
  )
  return rows.map(({ amount }) => Number(amount))
}

async function payShare(page: Page, index: number): Promise<void> {
  const [, phone, pin] = FRIENDS[index] ?? ['', '', '']
  await page.locator('#pay-button').click()
  await answerPhone(stack, phone, { pin })
}

describe('four friends, all or nobody', () => {
  it(
    'see that one will not pay; one of the others takes over that share, and it stands',
    () =>
      as('wanjiku', '/', async (page) => {
        await press(page, 'Show free cars')
        await page.locator('a.button').nth(2).click()
        await bookForFour(page)
        const [kipchoge, njeri, halima] = await linksOf(page)
        const opened = (link: string | undefined, story: (friend: Page) => Promise<void>) =>
          visit(browser, async (friend) => {
            await friend.goto(new URL(link ?? '', stack.baseUrl).href)
            await story(friend)
          })
        await payShare(page, 0)
        await page.getByText('from Wanjiku Kamau.').waitFor()
        await mark(page)
        await opened(kipchoge, async (friend) => {
          await payShare(friend, 1)
          await friend.getByText('Your share is paid').waitFor()
        })
        await opened(halima, async (friend) => {
          await look(friend, 'four-asked')
          await press(friend, 'I will not pay')
          await friend.getByText('You said that you will not pay').waitFor()
          await look(friend, 'four-said-no')
        })
        await page.getByText('Halima Abdi will not pay.').waitFor()
        expect(await isMarked(page)).toBe(true)
        await look(page, 'four-missing')
        await lookInSwahili(page, 'four-missing-sw')
        await opened(njeri, async (friend) => {
          await friend.getByText('The share of Halima Abdi is missing.').waitFor()
          await look(friend, 'four-cover')
          await press(friend, /I pay .* for Halima Abdi/)
          await friend.getByText('KSh 0 of KSh 12,750').waitFor()
          await look(friend, 'four-covered')
          await payShare(friend, 2)
          await friend.getByText('Confirmed.').waitFor()
        })
        await page.getByText('Confirmed.').waitFor()
        await look(page, 'four-confirmed')
        const id = /bookings\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
        const { total, balance_due: left, parties } = await wanjiku.read(id)
        const share = whole(total) / 4
        expect({ left, shares: parties.map((one) => whole(one.share)) }).toEqual({
          left: '0.00',
          shares: [share, share, 2 * share, 0],
        })
        expect(await paidInto(id)).toEqual([share, share, 2 * share])
      }),
    STORY_MS,
  )
})

const ROOMS =
  'payments unmatched refunds cases reconciliation ledger transfers day-close invoices'.split(' ')

describe('at night', () => {
  it(
    'finance and a customer read every room of theirs',
    async () => {
      await as('finance', '/finance/payments', async (page) => {
        for (const room of ROOMS) {
          await page.goto(`${stack.baseUrl}/finance/${room}`)
          await page.getByRole('navigation', { name: 'Finance' }).waitFor()
          await lookInDark(page, `finance-${room}`)
        }
      })
      await as('wanjiku', '/bookings', async (page) => {
        await lookInDark(page, 'my-bookings')
        await page.goto(`${stack.baseUrl}/documents`)
        await lookInDark(page, 'my-documents')
      })
    },
    STORY_MS,
  )
})
