/**
 * Temporal's own pages at our address, in a real browser: what operations see there, and what such a page cannot do.
 *
 * @jest-environment ./test/support/browser-environment.mjs
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { connectDatabase, select, type Database } from '../../db/connection.ts'
import { answerPhone, createCustomer, trip } from '../support/customer.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { enter, openBrowser, snap, visit } from './looking.ts'

let stack: Stack
let browser: Browser
let db: Database
let workflow: string
let number: string

beforeAll(async () => {
  stack = await startStack({}, 'browser-temporal')
  browser = await openBrowser()
  db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-tests' })
  const customer = await createCustomer(stack)
  const held = await customer.held(trip())
  await customer.pay(held.id, '0712345678', '10000')
  await answerPhone(stack, '254712345678', { pin: '1234' })
  await customer.until(held.id, 'confirmed')
  workflow = `reservation:${held.id}`
  number = held.number
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await db?.close()
  await stack?.stop()
}, 60_000)

const HISTORY = () => `/temporal/namespaces/default/workflows/${encodeURIComponent(workflow)}`
const DESK = { width: 1280, height: 900 }

const looks = () =>
  select<{ after: { payloads: string[]; claimed: { workflow: string; namespace: string } } }>(
    db,
    `SELECT after FROM audit_entries WHERE action = 'payloads.decoded' ORDER BY id`,
  )

/** Asks as a script of the page would; what its policy stops is told by a rejection. */
const ask = (page: Page, path: string, method = 'GET') =>
  page.evaluate<string>(
    `fetch(${JSON.stringify(path)}, { method: '${method}' }).then((answer) => String(answer.status), () => 'stopped')`,
  )

describe('operations', () => {
  it('see a booking step by step, with its contents in clear, and each look is written down', () =>
    visit(browser, async (page) => {
      await page.setViewportSize(DESK)
      await enter(page, stack.baseUrl, 'operations', HISTORY())
      await page.getByText(workflow).first().waitFor()
      await page.getByText('Wanjiku Kamau').first().waitFor()
      await snap(page, 'temporal-history')
      const seen = await looks()
      expect(seen.length).toBeGreaterThan(0)
      for (const { after } of seen) {
        expect(after.claimed).toEqual({ workflow, namespace: 'default' })
        expect(after.payloads.length).toBeGreaterThan(0)
      }
      expect(JSON.stringify(seen)).not.toContain('Wanjiku')
    }))

  it('find it by its number', () =>
    visit(browser, async (page) => {
      await page.setViewportSize(DESK)
      const query = `BookingNumber = '${number}'`
      const path = `/temporal/namespaces/default/workflows?query=${encodeURIComponent(query)}`
      await enter(page, stack.baseUrl, 'operations', path)
      await page.getByText(workflow).first().waitFor()
      await snap(page, 'temporal-workflows')
    }))
})

describe('a page of Temporal', () => {
  it('reaches Temporal and the codec, and nothing else of ours', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await enter(page, stack.baseUrl, 'operations', HISTORY())
    await page.getByText(workflow).first().waitFor()
    expect(await ask(page, '/temporal/api/v1/settings')).toBe('200')
    expect(await ask(page, '/codec/decode', 'POST')).toBe('415')
    // Temporal itself has looked for the workflow: its own proof was in order.
    const end = '/temporal/api/v1/namespaces/default/workflows/none/terminate'
    expect(await ask(page, end, 'POST')).toBe('404')
    for (const path of ['/admin/operations', '/api/v1/status', '/desk', '/sign-out'])
      expect([path, await ask(page, path)]).toEqual([path, 'stopped'])
    expect(await page.evaluate("window.open('/desk') === null")).toBe(true)
    const framed = `new Promise((resolve) => {
      const frame = document.createElement('iframe')
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
      frame.src = '/desk'
      document.body.append(frame)
    })`
    expect(await page.evaluate<string>(framed)).toMatch(/^(?:frame|default)-src$/)
    await context.close()
  })

  it('is not shown to the desk', () =>
    visit(browser, async (page) => {
      await enter(page, stack.baseUrl, 'desk', HISTORY())
      await page.getByText('Workflows are for other people of gari.').waitFor()
      await snap(page, 'temporal-forbidden')
    }))
})
