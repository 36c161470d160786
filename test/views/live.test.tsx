/** The payment page in a real browser: what is typed and opened survives; asking stops at the end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { formatKes, readShillings, shillings } from '../../domain/money.ts'
import type { BookingPage } from '../../domain/pages.ts'
import { BookingFormView } from '../../views/booking-form.tsx'
import { DeskView } from '../../views/desk.tsx'
import { PayLive, PayView, payVersion } from '../../views/pay.tsx'
import { launch, ORIGIN, serve } from './browser.ts'
import { render } from './render.ts'
import * as s from './samples.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => browser.close())

const viewer = s.buildViewer({ path: '/pay' })
const payPage = (over: Partial<BookingPage>) =>
  s.buildPay(s.buildBooking({ now: new Date(), ...over }))

const openPage = async (javaScriptEnabled = true): Promise<Page> => {
  const context = await browser.newContext({ javaScriptEnabled })
  return context.newPage()
}

test('the live part follows the server and keeps what a person typed and opened', async () => {
  const soon = new Date(Date.now() + 600_000)
  let now = payPage({ holdExpiresAt: soon })
  let [unchanged, changed] = [0, 0]
  const page = await openPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const html = await render(<PayView page={now} viewer={viewer} />)
  await serve(page, { pay: html }, async (route, path) => {
    if (!path.endsWith('/live')) return false
    const asked = new URL(route.request().url()).searchParams.get('v')
    if (asked === payVersion(now)) {
      unchanged += 1
      await route.fulfill({ status: 204 })
    } else {
      changed += 1
      const body = await render(<PayLive page={now} viewer={viewer} />)
      await route.fulfill({ body, contentType: 'text/html' })
    }
    return true
  })
  await page.goto(`${ORIGIN}/pay`)
  await page.fill('#field-amount', '777')
  await page.fill('#field-phone', '0733 000 111')
  expect(await page.textContent('#pay-button')).toBe('Pay KSh 777 by M-Pesa')
  await page.waitForTimeout(1500)
  expect(unchanged).toBeGreaterThanOrEqual(1)
  expect(await page.textContent('.countdown')).toMatch(/^9:5\d left$/)

  now = payPage({
    status: 'processing',
    paid: shillings(500),
    holdExpiresAt: soon,
    payments: [s.buildPayment({ status: 'settled', amount: shillings(500), at: new Date() })],
  })
  now.form.amount = '11626'
  await page.waitForSelector('text=KSh 500 paid, KSh 11,626 to go', { timeout: 5000 })
  expect(await page.inputValue('#field-amount')).toBe('777')
  expect(await page.inputValue('#field-phone')).toBe('0733 000 111')

  now = payPage({
    status: 'processing',
    paid: shillings(500),
    holdExpiresAt: soon,
    payments: [s.buildPayment({ status: 'prompted', at: new Date() })],
  })
  await page.waitForSelector('text=Open it and type your M-Pesa PIN.')
  await page.click('#pay-more summary')
  now = payPage({
    status: 'processing',
    paid: shillings(500),
    holdExpiresAt: soon,
    payments: [s.buildPayment({ status: 'prompted', at: new Date(Date.now() - 25_000) })],
  })
  await page.waitForSelector('text=Nothing came?')
  expect(await page.getAttribute('#pay-more', 'open')).not.toBeNull()

  now = payPage({ status: 'confirmed', paid: s.buildQuote().total, holdExpiresAt: null })
  await page.waitForSelector('text=Confirmed. The car is yours.')
  const asked = unchanged + changed
  await page.waitForTimeout(2500)
  expect(unchanged + changed - asked).toBeLessThanOrEqual(1)
  expect(errors).toEqual([])
}, 30_000)

test('people are added without a reload, and the new row takes the focus', async () => {
  const row = (name: string) => ({ name, phone: '', share: '', dueIn: '' })
  const form = (count: number) =>
    render(
      <BookingFormView
        page={s.buildBookingForm({
          parties: Array.from({ length: count }, () => row('')),
          problems: count === 1 ? [{ path: 'parties.0.name', message: 'Say a name.' }] : [],
        })}
        viewer={viewer}
      />,
    )
  const page = await openPage()
  let posted = ''
  await serve(page, { start: await form(1) }, async (route, path) => {
    if (path !== '/book') return false
    posted = route.request().postData() ?? ''
    await route.fulfill({ body: await form(2), contentType: 'text/html' })
    return true
  })
  await page.goto(`${ORIGIN}/start`)
  await page.click('text=Add another person')
  await page.waitForSelector('text=How do you share the price?')
  expect(new URLSearchParams(posted).get('action')).toBe('add_party')
  expect(await page.locator('#problems').count()).toBe(0)
  expect(page.url()).toBe(`${ORIGIN}/start`)
  expect(await page.evaluate('document.activeElement.id')).toBe('field-parties-1-name')
  expect(await page.isVisible('#field-parties-1-share')).toBe(false)
  await page.check('[name="split"][value="own"]')
  expect(await page.isVisible('#field-parties-1-share')).toBe(true)
  expect(await page.isVisible('#field-parties-1-due_in')).toBe(false)
  await page.check('[name="mode"][value="all_or_nobody"]')
  expect(await page.isVisible('#field-parties-1-due_in')).toBe(true)
}, 30_000)

test('the button names the amount that the server would read, or none', async () => {
  const page = await openPage()
  await serve(page, { pay: await render(<PayView page={payPage({})} viewer={viewer} />) })
  await page.goto(`${ORIGIN}/pay`)
  const typed = ['10,000', ' KSh 2 500 ', '', 'abc', '10.5', '0', '7', '123456789', '12,345,678']
  for (const text of typed) {
    await page.fill('#field-amount', text)
    const amount = readShillings(text)
    const words = amount === null ? 'Pay by M-Pesa' : `Pay ${formatKes(amount)} by M-Pesa`
    expect([text, await page.textContent('#pay-button')]).toEqual([text, words])
  }
}, 30_000)

test('on a phone the desk sees every customer without scrolling sideways', async () => {
  const day = {
    day: s.NOW,
    search: '',
    returns: [],
    unpaid: [],
    found: null,
    mayRunTill: true,
    now: s.NOW,
  }
  const page = await openPage()
  await page.setViewportSize({ width: 390, height: 844 })
  const view = <DeskView page={{ ...day, pickups: s.rows(8) }} viewer={s.staff('/desk')} />
  await serve(page, { desk: await render(view) })
  await page.goto(`${ORIGIN}/desk`)
  const cut = await page.evaluate(`[...document.querySelectorAll('.table-scroll, .name, .chip')]
    .filter((one) => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().right > 390)
    .map((one) => one.className)`)
  expect(cut).toEqual([])
}, 30_000)

test('without JavaScript the payment form posts and a link refreshes', async () => {
  const page = await openPage(false)
  let posted = ''
  const html = await render(<PayView page={payPage({})} viewer={viewer} />)
  await serve(page, { pay: html }, async (route) => {
    if (route.request().method() !== 'POST') return false
    posted = route.request().postData() ?? ''
    await route.fulfill({ body: html, contentType: 'text/html' })
    return true
  })
  await page.goto(`${ORIGIN}/pay`)
  await page.click('text=Refresh')
  await page.fill('#field-amount', '500')
  await page.click('#pay-button')
  const sent = new URLSearchParams(posted)
  expect([sent.get('amount'), sent.get('_csrf')]).toEqual(['500', 'csrf-token-of-this-session'])
  expect(sent.get('payment_id')).toMatch(/^[0-9a-f-]{36}$/)
}, 30_000)
