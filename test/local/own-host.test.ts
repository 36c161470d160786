/** The simulator and the inboxes answer this machine by its own names only: no page elsewhere may pose as theirs. */
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startSimulators, type Simulators } from '../../local/simulators.ts'
import { newHome } from './simulator-driver.ts'

let local: Simulators
beforeAll(async () => {
  local = await startSimulators({
    home: newHome(),
    ports: { daraja: 0, mailbox: 0, smtp: 0, sms: 0, etims: 0 },
  })
})
afterAll(() => local.stop())

/** `fetch` lets nobody write this header; a browser writes the name that it was sent to. */
const ask = (url: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.once('error', reject)
    asked.end()
  })

const PATHS = {
  phones: '/_control/ledger',
  mailbox: '/messages.json',
  sms: '/messages.json',
  etims: '/_control',
}

test.each(Object.entries(PATHS))('%s answers to its own names only', async (name, path) => {
  const base = local.links[name as keyof typeof PATHS]
  const { port } = new URL(base)
  const url = `${base}${path}`
  for (const own of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
    expect(await ask(url, `${own}:${port}`)).toBe(200)
  }
  for (const foreign of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', '10.0.0.5']) {
    expect(await ask(url, `${foreign}:${port}`)).toBe(421)
  }
  expect(await ask(url, 'localhost:9999')).toBe(200)
})
