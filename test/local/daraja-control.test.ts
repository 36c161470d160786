/** The hands on the simulator: its control API, its page, its door, its key. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startDarajaSimulator } from '../../local/daraja-simulator/start.ts'
import { createManualClock } from './manual-clock.ts'
import { driveSimulator, newHome, PHONE, type Json } from './simulator-driver.ts'
import { CONFIRMATION_URL, credentialOf } from './wire-bodies.ts'

describe('the control API', () => {
  let daraja: Awaited<ReturnType<typeof driveSimulator>>
  beforeEach(async () => {
    daraja = await driveSimulator()
  })
  afterEach(() => daraja.stop())

  type Described = { methods: string[]; path: string; what: string; body?: Json }

  test('lists everything it can do, with the shape of each body', async () => {
    const { json } = await daraja.control('GET', '/api')
    const endpoints = json.endpoints as Described[]
    const named = endpoints.map(({ methods, path }) => `${methods[0]} ${path}`)
    expect(named).toEqual(
      expect.arrayContaining([
        'GET /ledger',
        'GET /statement.csv',
        'PUT /moods/:scope/:value',
        'PATCH /settings',
        'POST /callbacks/forge',
        'POST /phones/:msisdn/pay',
        'GET /api',
      ]),
    )
    expect(endpoints.every(({ what }) => what.endsWith('.'))).toBe(true)
    expect(json.mood).toMatchObject({ properties: { dropCallback: { type: 'boolean' } } })
    expect(json.settings).toMatchObject({ properties: { strict: { default: false } } })
  })
  test('answers at /control as well, and to POST where others say PUT or PATCH', async () => {
    expect((await daraja.send('GET', '/control/ledger')).json).toEqual(daraja.ledger())
    await daraja.send('POST', '/control/moods/global', { fault: 'outage' })
    await daraja.send('POST', '/control/settings', { strict: true })
    expect((await daraja.control('GET', '/moods')).json).toEqual({ global: { fault: 'outage' } })
    expect((await daraja.control('GET', '/settings')).json).toMatchObject({ strict: true })
  })
  test.each<[string, string, Json, number]>([
    ['an unknown mood', '/moods/global', { drop: true }, 422],
    ['a mood for no phone', '/moods/phones/12', { fault: 'outage' }, 404],
    ['an unknown setting', '/settings', { colour: 'red' }, 422],
    ['a setting out of its range', '/settings', { operatorLockAfter: 0 }, 422],
    [
      'a transfer to where it came from',
      '/transfers',
      { from: 'bank', to: 'bank', amount: 1 },
      422,
    ],
    ['an outage of what does not listen', '/outage', { forMs: 10 }, 409],
    ['an answer to no prompt', `/phones/${PHONE}/answer`, { pin: '1234' }, 409],
  ])('refuses %s', async (_what, path, body, status) => {
    expect((await daraja.control('POST', path, body)).status).toBe(status)
  })
  test('refuses the form of another site', async () => {
    const headers = { Origin: 'https://evil.example' }
    const answer = await daraja.send('POST', '/control/tokens/expire', {}, headers)
    expect(answer.status).toBe(403)
  })
})

describe('the control page', () => {
  let daraja: Awaited<ReturnType<typeof driveSimulator>>
  beforeEach(async () => {
    daraja = await driveSimulator()
  })
  afterEach(() => daraja.stop())

  const submit = (path: string, fields: Record<string, string>) =>
    daraja.app.request(`/_control${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  const page = async () => (await daraja.send('GET', '/_control')).text
  const moods = async () => (await daraja.control('GET', '/moods')).json

  test('sets a mood by name or by its fields, for a phone or an amount, and takes it away', async () => {
    await submit('/presets', { preset: 'one-short', scope: 'amount', value: '4500', once: 'yes' })
    const mood = '{"resultCode": 1036, "times": 2}'
    await submit('/own-mood', { mood, scope: 'phone', value: '0712 345 678' })
    expect(await moods()).toEqual({
      'amount:4500': { callbackAmountOffset: -1, times: 1 },
      [`phone:${PHONE}`]: { resultCode: 1036, times: 2 },
    })
    await submit('/presets/clear', { key: 'amount:4500' })
    expect(Object.keys(await moods())).toEqual([`phone:${PHONE}`])
  })
  test.each<[string, string, Record<string, string>, string]>([
    [
      'a number that is none',
      '/presets',
      { preset: 'never', scope: 'phone', value: '12', once: 'no' },
      'Kenyan mobile number',
    ],
    ['a mood that is no JSON', '/own-mood', { mood: '{', scope: 'global' }, 'The mood is no JSON.'],
    ['a mood nobody knows', '/own-mood', { mood: '{"a":1}', scope: 'global' }, 'Unrecognized key'],
    ['half a shilling', '/move', { way: 'bank utility', amount: '0.5' }, 'whole shillings'],
  ])('says what is wrong with %s', async (_what, path, fields, why) => {
    const answer = await submit(path, fields)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(why)
    expect(await moods()).toEqual({})
  })
  test('shows every setting, and keeps all of them when it is sent back unchanged', async () => {
    await daraja.changeSettings({ till: '555111', unsubscribed: ['pull'] })
    const before = (await daraja.control('GET', '/settings')).json
    const fields: Record<string, string> = {}
    for (const [name, value] of Object.entries(before)) {
      expect(await page()).toContain(`name="${name}"`)
      fields[name] = typeof value === 'string' && name !== 'till' ? value : JSON.stringify(value)
    }
    await submit('/all-settings', { ...fields, strict: 'true' })
    expect((await daraja.control('GET', '/settings')).json).toEqual({ ...before, strict: true })
  })
  test('moves money, ends tokens, unlocks the operator, forgets, lets reports out', async () => {
    await submit('/move', { way: 'bank working', amount: '2500' })
    expect(await page()).toContain('KSh 2,500')
    await daraja.registerUrls({ ConfirmationURL: CONFIRMATION_URL })
    expect(await page()).toContain('pay.example.ke (v2)')
    for (let count = 0; count < 5; count += 1) await daraja.payOut({ SecurityCredential: 'AAAA' })
    expect(await page()).toContain('locked')
    await daraja.mood({ holdCallback: true, resultCode: 1, resultAfterMs: 0 })
    await daraja.push()
    await daraja.advance(0)
    for (const name of ['expire', 'unlock', 'forget', 'release'])
      expect((await submit('/switch', { do: name })).status).toBe(303)
    expect(daraja.posted).toHaveLength(1)
    expect((await daraja.push()).json.errorCode).toBe('404.001.03')
    expect(await page()).toContain('nobody')
  })
})

describe('the door', () => {
  const LONGEST_MS = 10_000

  const start = async () => {
    const { clock, advance } = createManualClock()
    return { ...(await startDarajaSimulator({ home: newHome(), port: 0, clock })), advance }
  }
  const control = (url: string, path: string, body: object) =>
    fetch(`${url}/_control${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const isOpen = (url: string) =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  const until = async (url: string, open: boolean) => {
    const limit = Date.now() + LONGEST_MS
    while ((await isOpen(url)) !== open)
      if (Date.now() > limit) throw new Error(`the door is not ${open ? 'open' : 'closed'}`)
  }

  test('refuses connections for a while, then opens at the same port', async () => {
    const daraja = await start()
    expect((await control(daraja.url, '/outage', { forMs: 60_000 })).status).toBe(202)
    await daraja.advance(1_000)
    await until(daraja.url, false)
    await daraja.advance(60_000)
    await until(daraja.url, true)
    await daraja.stop()
  })
  test('stays shut when it is stopped meanwhile', async () => {
    const daraja = await start()
    await control(daraja.url, '/outage', { forMs: 60_000 })
    await daraja.advance(1_000)
    await daraja.stop()
    await daraja.advance(120_000)
    expect(await isOpen(daraja.url)).toBe(false)
  })
  test('breaks connections off in the middle of a call', async () => {
    const daraja = await start()
    await control(daraja.url, '/moods/global', { fault: 'hang-up', times: 1 })
    const call = () => fetch(`${daraja.url}/oauth/v1/generate?grant_type=client_credentials`)
    await expect(call()).rejects.toThrow('fetch failed')
    expect((await call()).status).toBe(400)
    await control(daraja.url, '/moods/global', { on: ['oauth'], breakAnswer: true, times: 1 })
    await expect(call()).rejects.toThrow('fetch failed')
    expect((await call()).status).toBe(400)
    await daraja.stop()
  })
})

describe('the key', () => {
  test('lies in the home, for its owner alone, and is the same at every start', async () => {
    const home = newHome()
    const first = await startDarajaSimulator({ home, port: 0 })
    await first.stop()
    const pem = readFileSync(first.certificateFile, 'utf8')
    const next = await startDarajaSimulator({ home, port: 0 })
    expect(readFileSync(next.certificateFile, 'utf8')).toBe(pem)
    expect(statSync(join(home, 'operator-key.pem')).mode & 0o077).toBe(0)
    // Expired on purpose, as the sandbox's is: who checks more than its key is found out here.
    expect(new X509Certificate(pem).validTo).toContain('2016')
    const credential = credentialOf('gari-local-operator-2026', pem)
    expect(Buffer.from(credential, 'base64')).toHaveLength(256)
    await next.stop()
  })
})
