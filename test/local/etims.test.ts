/** The simulated revenue authority as `npm start` runs it: by its own settings, with books that outlive it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseSettings } from '../../config-settings.ts'
import { toLine, totalsOf } from '../../domain/invoices.ts'
import { shillings } from '../../domain/money.ts'
import { createEtims } from '../../gateways/etims.ts'
import { startEtims, type StartedEtims } from '../../local/etims-simulator/start.ts'
import { newHome } from './simulator-driver.ts'

const home = newHome()
const PIN = 'P051234567Z'
let local: StartedEtims
beforeAll(async () => {
  local = await startEtims({ home, port: 0, pin: PIN })
})
afterAll(() => local.stop())

const connect = () => {
  const { settings } = parseSettings(local.env)
  if (!settings) throw new Error('its settings are not read')
  const {
    ETIMS_URL: baseUrl,
    ETIMS_BRANCH: branch,
    ETIMS_KEY: key,
    ETIMS_DEVICE: device,
  } = settings
  return createEtims({ baseUrl, branch, key, device, pin: PIN })
}
const lines = [
  toLine({ description: 'Rental', quantity: 3, unitPrice: shillings(4_500), vatRate: 16 }),
]
const sale = {
  number: 'INV-26-000001',
  buyer: { name: 'Wanjiku', pin: null },
  lines,
  totals: totalsOf(lines),
  issuedAt: new Date('2026-11-21T10:00:00Z'),
}

test('its settings are all that Gari needs, and a document keeps its number over a restart', async () => {
  const first = await connect().register(sale)
  expect(first).toMatchObject({
    outcome: 'registered',
    unit: { invoiceNumber: 'KRACU0100000001/1' },
  })
  await local.stop()
  local = await startEtims({ home, port: 0, pin: PIN })
  expect(await connect().register(sale)).toMatchObject({
    outcome: 'registered',
    unit: { invoiceNumber: 'KRACU0100000001/1' },
  })
})

test('the address on the document leads to what was registered, a made-up one to nothing', async () => {
  const answer = await connect().register(sale)
  const url = answer.outcome === 'registered' ? answer.unit.url : ''
  const page = await fetch(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('INV-26-000001')
  expect((await fetch(`${url.slice(0, -3)}000`)).status).toBe(404)
})

test('people see its documents and choose its mood', async () => {
  expect(await (await fetch(local.url)).text()).toContain('KES 13,500.00')
  await fetch(`${local.url}/mood`, { method: 'POST', body: new URLSearchParams({ mood: 'down' }) })
  expect(await (await fetch(`${local.url}/_control`)).json()).toEqual({
    mood: 'down',
    registered: 1,
  })
  expect(await connect().register({ ...sale, number: 'INV-26-000002' })).toMatchObject({
    outcome: 'unknown',
  })
})
