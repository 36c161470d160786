/**
 * A program of others is let in, in a real browser, against the whole of Gari as `npm start` runs it: by the question on our page,
 * by a code that is good once, and by no check that travels in clear.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { call, createBearer } from '../support/customer.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { look, lookInDark, lookInSwahili, openBrowser, signIn, visit } from './looking.ts'
import { PROGRAM_ADDRESS, startSampleProgram, type SampleProgram } from './sample-program.ts'

const SCOPE = 'own_reservations:read'
let stack: Stack
let browser: Browser
let program: SampleProgram

beforeAll(async () => {
  stack = await startStack({}, 'browser-letting-in')
  browser = await openBrowser()
  const manager = createBearer(stack, { email: 'manager@example.com', password: SAMPLE_PASSWORD })
  const wish = {
    name: 'Fleet Helper',
    kind: 'public',
    redirect_uris: [PROGRAM_ADDRESS],
    scopes: [SCOPE],
  }
  const { status, body } = await call(stack, 'POST', '/oauth-clients', wish, await manager())
  expect(status).toBe(201)
  program = await startSampleProgram({
    issuer: new URL(`${stack.baseUrl}/oauth`),
    clientId: String(body['client_id']),
    scope: SCOPE,
  })
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await program?.close()
  await stack?.stop()
}, 60_000)

const atProgram = (page: Page, words: RegExp | string) => page.getByText(words).waitFor()
const withToken = async () =>
  (
    await call(stack, 'GET', '/reservations', null, {
      authorization: `Bearer ${program.tokens()?.access_token}`,
    })
  ).status

/** From the program to the sign-in, and on to the question. */
async function askFor(page: Page): Promise<void> {
  await page.goto(program.start)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  await signIn(page, 'wanjiku@example.com')
  await page.getByRole('heading', { name: 'Let Fleet Helper act for you?' }).waitFor()
}

describe('a program on somebody’s device', () => {
  it('reads what its user allows, after they have signed in on our page and said yes on it', () =>
    visit(browser, async (page) => {
      await askFor(page)
      await look(page, 'let-in')
      await lookInDark(page, 'let-in')
      await lookInSwahili(page, 'let-in-sw')
      await page.getByRole('button', { name: 'Allow', exact: true }).click()
      await atProgram(page, `bookings for ${SCOPE}`)
      expect(await withToken()).toBe(200)
      expect(await program.refresh()).toBe('refreshed')
    }))

  it('loses everything when its code comes a second time', () =>
    visit(browser, async (page) => {
      await askFor(page)
      await page.getByRole('button', { name: 'Allow', exact: true }).click()
      await atProgram(page, `bookings for ${SCOPE}`)
      expect(await withToken()).toBe(200)
      expect(await program.replay()).toBe('invalid_grant')
      expect(await withToken()).toBe(401)
      expect(await program.refresh()).toBe('invalid_grant')
    }))

  it('is told when they say no', () =>
    visit(browser, async (page) => {
      await askFor(page)
      await page.getByRole('button', { name: 'Do not allow' }).click()
      await atProgram(page, 'Was refused: access_denied')
    }))

  it('is refused, before anybody is asked, with a check in clear', () =>
    visit(browser, async (page) => {
      await page.goto(program.startPlain)
      await atProgram(page, 'Was refused: invalid_request')
      expect(program.last().back.searchParams.has('code')).toBe(false)
    }))
})
