import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cents, shillings } from '../../domain/money.ts'
import type { DarajaOptions } from '../../gateways/daraja.ts'
import { answered, body, darajaAt, error, incident, PATHS, startDaraja } from './daraja-setup.ts'
import { json, raw, reset, type Script, type ScriptedServer } from './scripted-server.ts'

const urls = {
  validationUrl: 'https://pay.example.ke/callbacks/validation/1/abc',
  confirmationUrl: 'https://pay.example.ke/callbacks/confirmation/1/abc',
  onUnreachable: 'Completed' as const,
}
const registration = {
  nominatedPhone: '+254722000000',
  callbackUrl: 'https://pay.example.ke/callbacks/pull/1/abc',
}
/** 08:00 to 10:00 in Nairobi. */
const MORNING = {
  from: new Date('2026-11-21T05:00:00Z'),
  to: new Date('2026-11-21T07:00:00Z'),
  offset: 0,
}
const HOUR_MS = 3_600_000
const unknown = { outcome: 'unknown', why: expect.any(String) }

let server: ScriptedServer
beforeEach(async () => {
  server = await startDaraja()
})
afterEach(() => server.close())
const build = (overrides: Partial<DarajaOptions> = {}) => darajaAt(server, overrides)

describe('registering for payments by hand', () => {
  test.each([
    '6.5-register-answer',
    '6.5-register-answer-with-zeros',
    '6.5-register-answer-without-a-code',
    '6.5-register-answer-old',
  ])('is done when Daraja answers %s', async (answer) => {
    server.on(PATHS.registerUrls, answered(answer))
    expect(await build().registerPaybillUrls(urls)).toEqual({ outcome: 'registered' })
    expect(server.received[1]?.json).toEqual(body('6.5-register-request'))
  })

  test('goes to the version that the app is subscribed to', async () => {
    server.on('/mpesa/c2b/v1/registerurl', answered('6.5-register-answer'))
    const daraja = build({ c2bVersion: 'v1' })
    expect(await daraja.registerPaybillUrls(urls)).toEqual({ outcome: 'registered' })
  })

  test.each(['Urls are already registered.', 'Duplicate notification info, SP ID is 107031'])(
    'tells that it was done before: %s',
    async (text) => {
      server.on(PATHS.registerUrls, error(500, '500.003.1001', text))
      expect(await build().registerPaybillUrls(urls)).toEqual({ outcome: 'already' })
    },
  )

  test.each<[string, Script]>([
    [
      'the other texts of that code',
      error(500, '500.003.1001', 'Service is currently unreachable'),
    ],
    ['a reset', reset],
    ['an empty object', json(200, {})],
    ['another response code', json(200, { ...body('6.5-register-answer'), ResponseCode: '1' })],
  ])('is unknown after %s', async (_name, script) => {
    server.on(PATHS.registerUrls, script)
    expect(await build().registerPaybillUrls(urls)).toEqual(unknown)
  })

  test('is refused when the app has no such product', async () => {
    const code = '401.003.01'
    server.on(PATHS.registerUrls, error(401, code, 'no apiproduct match found'))
    expect(await build().registerPaybillUrls(urls)).toEqual({
      outcome: 'refused',
      code,
      class: 'N',
    })
  })

  test.each(['mpesa', 'M-PESA', 'safaricom', 'exe', 'exec', 'cmd', 'sql', 'query'])(
    'is refused here when an address holds %s',
    async (word) => {
      const confirmationUrl = `https://pay.example.ke/${word}/1`
      const answer = await build().registerPaybillUrls({ ...urls, confirmationUrl })
      expect(answer).toMatchObject({ outcome: 'refused', class: 'N' })
      expect(server.received).toEqual([])
    },
  )
})

describe('registering for Pull', () => {
  test.each([
    ['6.6-register-answer', 'registered'],
    ['6.6-register-answer-with-spaces', 'registered'],
    ['6.6-register-answer-already', 'already'],
  ])('that is answered with %s is %s', async (answer, outcome) => {
    server.on(PATHS.registerPull, answered(answer))
    expect(await build().registerPull(registration)).toEqual({ outcome })
    expect(server.received[1]?.json).toEqual(body('6.6-register-request'))
  })

  test('is refused for a shortcode that is not live, and unknown without an answer', async () => {
    server.on(PATHS.registerPull, error(400, '400.001', 'Invalid Shortcode'))
    const refused = { outcome: 'refused', code: '400.001', class: 'N' }
    expect(await build().registerPull(registration)).toEqual(refused)
    server.on(PATHS.registerPull, json(200, { ResponseStatus: '1002' }))
    expect(await build().registerPull(registration)).toEqual(unknown)
  })
})

describe('Pull', () => {
  const LINE = {
    receipt: 'UKL51ZDR4F',
    at: new Date('2026-11-21T07:13:00Z'),
    atText: '2026-11-21T10:13:00Z',
    amount: shillings(1500),
    phone: '722000000',
    sender: 'MPESA',
    kind: 'c2b-pay-bill-debit',
    reference: 'RSV26000123',
    raw: expect.objectContaining({ organizationname: 'GARI LTD' }),
  }
  const MORE = { ...LINE, receipt: 'UKL6ABCD1E', amount: cents(2050) }

  test('gives a page of payments, asked for in Nairobi’s time', async () => {
    server.on(PATHS.pull, answered('6.6-pull-answer'))
    expect(await build().pullTransactions(MORNING)).toEqual({
      outcome: 'page',
      lines: [LINE, MORE],
      unreadable: [],
      nextOffset: 2,
    })
    expect(server.received[1]?.json).toEqual(body('6.6-pull-request'))
  })

  test('reads the sandbox’s spelling, and goes on from the row it is told', async () => {
    server.on(PATHS.pull, answered('6.6-pull-answer-of-the-sandbox'))
    const page = await build().pullTransactions({ ...MORNING, offset: 40 })
    expect(page).toMatchObject({ outcome: 'page', lines: [LINE], nextOffset: 41 })
    expect(server.received[1]?.json).toMatchObject({ OffSetValue: '40' })
  })

  test('takes its times for UTC where that is set', async () => {
    server.on(PATHS.pull, answered('6.6-pull-answer-of-the-sandbox'))
    const page = await build({ pullClock: 'utc' }).pullTransactions(MORNING)
    expect(page).toMatchObject({ lines: [{ at: new Date('2026-11-21T10:13:00Z') }] })
  })

  test('keeps rows that it cannot read, and counts them', async () => {
    const strange = { transactionId: 'UKL7ABCD1E', trxDate: 'soon', amount: '10' }
    const answer = { ...body('6.6-pull-answer'), Response: [[strange, 'x']] }
    server.on(PATHS.pull, json(200, answer))
    expect(await build().pullTransactions(MORNING)).toEqual({
      outcome: 'page',
      lines: [],
      unreadable: [strange, 'x'],
      nextOffset: 2,
    })
  })

  test('reads a page of many thousand rows', async () => {
    const row = (body('6.6-pull-answer')['Response'] as object[][])[0]?.[0]
    const rows = Array.from({ length: 5_000 }, () => row)
    server.on(PATHS.pull, json(200, { ResponseCode: '1000', Response: [rows] }))
    expect(await build().pullTransactions(MORNING)).toMatchObject({ nextOffset: 5_000 })
  })

  test.each<[string, Script]>([
    ['a list as text', answered('6.6-pull-answer-none')],
    ['no list', answered('6.6-pull-answer-none-without-a-list')],
    ['an empty page', json(200, { ResponseCode: '1000', Response: [[]] })],
    ['an error', json(500, (body('6.6-pull-error-none') as { body: object }).body)],
  ])('says none by %s', async (_name, script) => {
    server.on(PATHS.pull, script)
    expect(await build().pullTransactions(MORNING)).toEqual({ outcome: 'none' })
  })

  test.each<[string, Script, object]>([
    [
      'a wrong shortcode',
      error(400, '400.001', 'Invalid Shortcode'),
      { outcome: 'refused', class: 'N' },
    ],
    ['a firewall', incident(403), { outcome: 'refused', class: 'W' }],
    ['an internal error', error(500, '500.003.1001', 'Internal Server Error'), unknown],
    ['another code', json(200, { ResponseCode: '1005', Response: [[]] }), unknown],
    ['garbage', raw(200, '{"Response'), unknown],
    ['a reset', reset, unknown],
  ])('answers %s by its kind', async (_name, script, outcome) => {
    server.on(PATHS.pull, script)
    expect(await build().pullTransactions(MORNING)).toMatchObject(outcome)
  })

  test.each([
    ['more than 48 hours', new Date(MORNING.from.getTime() + 48 * HOUR_MS + 1), 0],
    ['no time at all', MORNING.from, 0],
    ['a window turned round', new Date(MORNING.from.getTime() - 1), 0],
    ['a window without an end', new Date('soon'), 0],
    ['half an offset', MORNING.to, 0.5],
    ['a negative offset', MORNING.to, -1],
  ])('is not asked for %s', async (_name, to, offset) => {
    const answer = await build().pullTransactions({ ...MORNING, to, offset })
    expect(answer).toMatchObject({ outcome: 'refused', class: 'N' })
    expect(server.received).toEqual([])
  })

  test('takes a window of exactly 48 hours', async () => {
    server.on(PATHS.pull, answered('6.6-pull-answer-none'))
    const to = new Date(MORNING.from.getTime() + 48 * HOUR_MS)
    expect(await build().pullTransactions({ ...MORNING, to })).toEqual({ outcome: 'none' })
  })
})
