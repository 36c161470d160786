/**
 * Pictures of an id and a licence in a real browser: sent from a phone, looked at by a clerk at the desk, accepted or refused, and the
 * answer read on the phone. `visit` sees to it that no policy is violated on the way.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { createApp } from '../../api/app.ts'
import { PICTURE_LINK_MS } from '../../domain/identity-documents.ts'
import { DAY_MS, toNairobiIso } from '../../domain/time.ts'
import { createPictures } from '../../gateways/pictures.ts'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { buildDeps, buildRegistration } from '../support/api.ts'
import { createVisitor } from '../support/browser.ts'
import { count, nextPhone } from '../support/builders.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { photograph } from '../support/pictures.ts'
import { openAccountOnPages } from '../support/registering.ts'
import { openHouse, type House } from './house.ts'
import { enter, look, lookInDark, lookInSwahili, openBrowser, visit } from './looking.ts'

const OWN = '/account/identity'
const LINK_OVER = 409
let db: TestDatabase
let browser: Browser
let house: House
let picture: Buffer
let ahead = 0
const now = () => new Date(Date.now() + ahead)

beforeAll(async () => {
  db = await createTestDatabase()
  house = await openHouse(db, { pictures: createPictures(), now })
  picture = await photograph()
  browser = await openBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await house?.close()
  await db?.drop()
})

/** Has an account already; what happens to it here is told by the browser. */
async function register(name: string, lastName: string): Promise<void> {
  const visitor = createVisitor(createApp(buildDeps(db)))
  await visitor.token('/register')
  const account = {
    email: `${name}@example.com`,
    phone: nextPhone(),
    first_name: 'Achieng',
    last_name: lastName,
    password: SAMPLE_PASSWORD,
  }
  const fields = buildRegistration(account) as Record<string, string>
  expect((await openAccountOnPages(db, visitor, fields)).status).toBe(303)
}

const cardOf = (page: Page, kind: string): Locator =>
  page.locator(`section[aria-labelledby="${kind}"]`)

/** As a phone's camera hands it over. */
async function send(page: Page, kind: string, fields: Record<string, string> = {}): Promise<void> {
  const card = cardOf(page, kind)
  await card
    .locator('input[type="file"]')
    .setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: picture })
  for (const [name, value] of Object.entries(fields))
    await card.locator(`input[name="${name}"]`).fill(value)
  await card.getByRole('button', { name: 'Send this picture' }).click()
  await page.getByText('We have your picture.').waitFor()
}

/** Asked as that page asks: with its session. */
async function fetchPicture(page: Page, src: string): Promise<{ status: number; type: string }> {
  const answer = await page.request.get(new URL(src, house.url).href)
  return { status: answer.status(), type: answer.headers()['content-type'] ?? '' }
}
const SHOWN = { status: 200, type: 'image/jpeg' }
const sourceIn = async (part: Locator): Promise<string> =>
  (await part.locator('img').getAttribute('src')) ?? ''

const looks = (): Promise<number> =>
  count(db, "audit_entries WHERE action = 'identity_document.revealed'")

/** From the list to the picture itself; answers where it lies. */
async function lookAt(page: Page, person: string, kind: string): Promise<string> {
  const before = await looks()
  const rows = page.locator('tr', { hasText: kind }).filter({ hasText: person })
  await rows.getByRole('link', { name: person }).click()
  await page.getByRole('heading', { level: 1, name: `${kind}: ${person}` }).waitFor()
  expect(await page.locator('.picture').count()).toBe(0)
  expect(await looks()).toBe(before)
  await page.getByRole('button', { name: 'Show the picture' }).click()
  const src = await sourceIn(page.locator('.picture'))
  expect(await looks()).toBe(before + 1)
  expect(await fetchPicture(page, src)).toEqual(SHOWN)
  return src
}

const NEXT_YEAR = toNairobiIso(new Date(Date.now() + 400 * DAY_MS)).slice(0, 10)

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  const [name, lastName] = javaScriptEnabled ? ['achieng', 'Odhiambo'] : ['atieno', 'Were']
  const person = `Achieng ${lastName}`
  const options = { javaScriptEnabled }
  const seen = async (page: Page, as: string): Promise<void> => {
    if (javaScriptEnabled) await look(page, as)
  }
  beforeAll(() => register(name, lastName))

  it('a customer sends an id and a licence from a phone, and sees that they wait for a look', () =>
    visit(
      browser,
      async (page) => {
        await enter(page, house.url, name, OWN)
        await seen(page, 'papers-none')
        await send(page, 'national_id_front')
        await send(page, 'licence_front', {
          licence_number: 'DL-77120',
          licence_expires_on: NEXT_YEAR,
        })
        for (const kind of ['national_id_front', 'licence_front']) {
          const card = cardOf(page, kind)
          expect(await card.textContent()).toContain('we look at it')
          expect(await fetchPicture(page, await sourceIn(card))).toEqual(SHOWN)
        }
        expect(await cardOf(page, 'passport').textContent()).toContain('not sent yet')
        await seen(page, 'papers-wait')
        if (!javaScriptEnabled) return
        await lookInDark(page, 'papers-wait')
        await lookInSwahili(page, 'papers-wait-sw')
      },
      options,
    ))

  it('a clerk looks at each by an address of five minutes, refuses one and accepts the other', () =>
    visit(
      browser,
      async (page) => {
        await enter(page, house.url, 'desk', '/desk/identity-documents')
        const src = await lookAt(page, person, 'National id, front')
        await seen(page, 'papers-desk')
        try {
          ahead = PICTURE_LINK_MS
          expect((await fetchPicture(page, src)).status).toBe(LINK_OVER)
        } finally {
          ahead = 0
        }
        await page.selectOption('#field-reason', 'cut_off')
        await page.getByRole('button', { name: 'Refuse it' }).click()
        await lookAt(page, person, 'Driving licence, front')
        expect(await page.inputValue('#field-valid_until')).toBe(NEXT_YEAR)
        await page.fill('#field-valid_until', '')
        await page.getByRole('button', { name: 'Accept this paper' }).click()
        await page.locator('.field-error').first().waitFor()
        await page.fill('#field-valid_until', NEXT_YEAR)
        await page.getByRole('button', { name: 'Accept this paper' }).click()
        await page.getByRole('heading', { name: 'Papers to look at' }).waitFor()
        expect(await page.getByRole('link', { name: person }).count()).toBe(0)
      },
      options,
    ))

  it('the customer reads that one is accepted, why the other is not, and sends that again', () =>
    visit(
      browser,
      async (page) => {
        await enter(page, house.url, name, OWN)
        const [id, licence] = [cardOf(page, 'national_id_front'), cardOf(page, 'licence_front')]
        expect(await licence.textContent()).toContain('accepted')
        expect(await licence.textContent()).toContain('Good until')
        expect(await id.textContent()).toContain('send it again')
        expect(await id.textContent()).toContain('All four corners must be on the picture.')
        await seen(page, 'papers-decided')
        if (javaScriptEnabled) await lookInSwahili(page, 'papers-decided-sw')
        await id
          .locator('input[type="file"]')
          .setInputFiles({ name: 'IMG_0002.jpg', mimeType: 'image/jpeg', buffer: picture })
        await id.getByRole('button', { name: 'Send another picture' }).click()
        await page.getByText('We have your picture.').waitFor()
        expect(await id.textContent()).toContain('we look at it')
        expect(await id.textContent()).not.toContain('corners')
      },
      options,
    ))
})
