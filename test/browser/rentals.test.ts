/**
 * A rental in a real browser: a clerk hands over the keys and takes the car back with a dent, whoever drove does not agree, and a manager
 * decides. With and without scripts; `visit` sees to it that no policy is violated on the way.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { inTransaction, select, selectOne } from '../../db/connection.ts'
import { changeCustomer } from '../../db/customer-writes.ts'
import { cents, formatKes, shillings, subtract, times, type Cents } from '../../domain/money.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { buildWorkflows } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { buildReady, dueAt, pickUpAt, rentalsAtOnce, type Ready } from '../support/rentals.ts'
import { openHouse, type House } from './house.ts'
import { enter, look, lookInDark, lookInSwahili, openBrowser, visit } from './looking.ts'

let db: TestDatabase
let browser: Browser
let house: House
let customerId = ''
/** Between the clerk and the car; sessions live by the real clock. */
let steps = new Date()

beforeAll(async () => {
  db = await createTestDatabase()
  house = await openHouse(db, {
    workflows: buildWorkflows({ rentals: rentalsAtOnce(db, () => steps) }),
  })
  browser = await openBrowser()
  const row = await selectOne<{ id: string }>(
    db,
    "SELECT id FROM users WHERE email = 'wanjiku@example.com'",
  )
  customerId = row?.id ?? ''
  const expiresOn = new Date(Date.now() + 900 * DAY_MS).toISOString().slice(0, 10)
  const licence = { number: 'DL-BROWSER', country: 'Kenya', state: '', expiresOn }
  await inTransaction(db, (tx) =>
    changeCustomer(tx, customerId, {
      changes: { bornOn: '1990-02-28', licence },
      version: null,
      actorId: 'gari',
    }),
  )
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await house?.close()
  await db?.drop()
})

const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).click()])
}
const idOf = ({ booking }: Ready) => booking.input.reservationId

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  let ready: Ready
  const options = { javaScriptEnabled }
  const seen = async (page: Page, as: string): Promise<void> => {
    if (javaScriptEnabled) await look(page, as)
  }
  const as = (who: string, path: string, story: (page: Page) => Promise<void>) =>
    visit(
      browser,
      async (page) => {
        await enter(page, house.url, who, path)
        await story(page)
      },
      options,
    )
  beforeAll(async () => {
    await select(db, 'UPDATE vehicles SET mileage_km = 0 WHERE mileage_km > 0')
    ready = await buildReady(db, { customerId })
  })

  it('a clerk hands over the keys, and loses nothing of what was typed by a mistake', () =>
    as('desk', `/desk/bookings/${idOf(ready)}`, async (page) => {
      steps = pickUpAt(ready)
      await page.getByRole('link', { name: 'Hand over the keys' }).click()
      await page.fill('#field-odometer_km', '60000')
      await page.selectOption('#field-fuel_eighths', '7')
      await page.selectOption('#field-marks-0-place', 'rear')
      await press(page, /^Hand over the keys/)
      await page.getByText('Look at an id card or a passport, too.').first().waitFor()
      expect(await page.inputValue('#field-odometer_km')).toBe('60000')
      expect(await page.inputValue('#field-marks-0-place')).toBe('rear')
      await seen(page, 'rental-pick-up')
      await page.check('input[name="id_seen"]')
      await press(page, /^Hand over the keys/)
      await page.getByText('On the road').waitFor()
    }))

  it('takes it back with a dent, late, and says what is owed', () =>
    as('desk', `/desk/bookings/${idOf(ready)}/rental`, async (page) => {
      steps = new Date(dueAt(ready).getTime() + 130 * MINUTE_MS)
      await page.getByRole('link', { name: 'Take it back' }).click()
      await page.fill('#field-odometer_km', '60100')
      await page.selectOption('#field-fuel_eighths', '7')
      await page.selectOption('#field-marks-1-place', 'boot')
      await page.selectOption('#field-marks-1-kind', 'dent')
      await page.fill('#field-marks-1-amount', '3,000')
      await seen(page, 'rental-return')
      await press(page, /^Take back/)
      await page.getByText('Back; waits for you').waitFor()
      await page.getByText('130 minutes late').waitFor()
      await page.getByText('Dent, boot').waitFor()
    }))

  it('whoever drove reads why, and does not agree', () =>
    as('wanjiku', `/bookings/${idOf(ready)}`, async (page) => {
      await page.getByRole('link', { name: 'The car, what is asked for, and your deposit' }).click()
      await page.getByText('Dent, boot').waitFor()
      await seen(page, 'own-rental')
      if (javaScriptEnabled) {
        await lookInDark(page, 'own-rental')
        await lookInSwahili(page, 'own-rental-sw')
      }
      await press(page, 'No, somebody is to look at it')
      await page.getByText('Say what is not right.').first().waitFor()
      await page.fill('#field-because', 'The dent was there when I took the car.')
      await press(page, 'No, somebody is to look at it')
      await page.getByText('One of us looks at it and decides').waitFor()
      expect(await page.getByRole('button', { name: 'Yes, that is right' }).count()).toBe(0)
    }))

  it('a manager decides, and the rest of the deposit goes back', () =>
    as('manager', '/desk', async (page) => {
      await page.getByRole('row', { name: /AGR-/ }).getByRole('link').first().click()
      await page.getByText('The dent was there when I took the car.').waitFor()
      const dent = page.getByLabel('Dent, boot')
      await dent.fill('half')
      await press(page, 'Settle it so')
      expect(await dent.inputValue()).toBe('half')
      await dent.fill('1,000')
      await seen(page, 'rental-decision')
      await press(page, 'Settle it so')
      await page.getByText('Settled').first().waitFor()
      const late = times(await hourlyRate(), 3)
      const back = subtract(subtract(ready.deposit, shillings(1_000)), late)
      await page.getByText(formatKes(back)).first().waitFor()
    }))
})

/** Of a late hour. */
async function hourlyRate(): Promise<Cents> {
  const row = await selectOne<{ rate: string }>(
    db,
    "SELECT hourly_rate_cents AS rate FROM vehicle_categories WHERE code = 'SEDAN'",
  )
  return cents(Number(row?.rate))
}
