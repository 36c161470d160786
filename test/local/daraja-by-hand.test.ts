/** Payments that a customer starts on the phone: registration, validation, confirmation. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { driveSimulator, newHome, PHONE, type Json } from './simulator-driver.ts'
import { CONFIRMATION_URL, VALIDATION_URL } from './wire-bodies.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator()
})
afterEach(() => daraja.stop())

const bodiesTo = (url: string) =>
  daraja.posted.filter((one) => one.url === url).map(({ body }) => body)
const asked = () => bodiesTo(VALIDATION_URL)
const told = () => bodiesTo(CONFIRMATION_URL)
const payment = { amount: 1500, account: 'RSV26000123' }
const sayToValidation = (answer: unknown, status = 200) =>
  daraja.replyWith((url) =>
    url === VALIDATION_URL
      ? new Response(JSON.stringify(answer), { status })
      : new Response('{"ResultCode":0}'),
  )

describe('registration', () => {
  test('is answered with the misspelled key, as often as one likes', async () => {
    await daraja.registerUrls()
    const again = await daraja.registerUrls({ ResponseType: 'Cancelled' })
    expect(again.json).toEqual({
      OriginatorCoversationID: expect.any(String),
      ResponseCode: '0',
      ResponseDescription: 'Success',
    })
    const { json } = await daraja.control('GET', '/registrations')
    expect(json).toMatchObject({ c2bUrls: { responseType: 'Cancelled', version: 'v2' } })
  })
  test('happens once in production, until the portal forgets it; also after a restart', async () => {
    const home = newHome()
    const settings = { c2bMode: 'production' as const }
    const first = await driveSimulator({ home, settings })
    expect((await first.registerUrls()).status).toBe(200)
    first.stop()
    const next = await driveSimulator({ home, settings })
    expect(await next.registerUrls()).toMatchObject({
      status: 500,
      json: { errorCode: '500.003.1001', errorMessage: 'Urls are already registered.' },
    })
    await next.forgetRegistrations()
    expect((await next.registerUrls()).status).toBe(200)
    expect((await next.simulate()).status).toBe(404)
    next.stop()
  })
  test.each<[string, Json]>([
    ['ShortCode', { ShortCode: '600000' }],
    ['ResponseType', { ResponseType: 'completed' }],
    ['ConfirmationURL', { ConfirmationURL: 'nowhere' }],
    ['ValidationURL', { ValidationURL: 'https://a b' }],
  ])('refuses a wrong %s', async (field, change) => {
    expect((await daraja.registerUrls(change)).json).toMatchObject({
      errorCode: '400.003.02',
      errorMessage: `Bad Request - Invalid ${field}`,
    })
  })
  test('refuses words Safaricom bans, where that is switched on', async () => {
    const banned = { ConfirmationURL: 'https://pay.example.ke/mpesa/told' }
    expect((await daraja.registerUrls(banned)).status).toBe(200)
    await daraja.changeSettings({ bannedWords: true })
    expect((await daraja.registerUrls(banned)).status).toBe(400)
  })
  test('belongs to one version of the product, and its code comes in three ways', async () => {
    await daraja.changeSettings({ c2bVersion: 'v1', c2bResponseCode: '00000000' })
    expect((await daraja.registerUrls()).json).toMatchObject({
      errorCode: '401.003.01',
      errorMessage: expect.stringContaining('no apiproduct match found'),
    })
    expect((await daraja.registerUrls({}, 'v1')).json.ResponseCode).toBe('00000000')
    await daraja.changeSettings({ c2bResponseCode: 'missing' })
    expect((await daraja.registerUrls({}, 'v1')).json).not.toHaveProperty('ResponseCode')
  })
})

describe('a payment by hand', () => {
  beforeEach(() => daraja.registerUrls())

  test('is asked about, moves the money, and is confirmed in texts', async () => {
    sayToValidation({ ResultCode: '0', ResultDesc: 'Accepted', ThirdPartyTransID: 'ours-7' })
    const { json } = await daraja.payByHand(payment)
    const common = {
      TransactionType: 'Pay Bill',
      TransID: json.receipt,
      TransTime: '20261121101530',
      TransAmount: '1500.00',
      BusinessShortCode: '174379',
      BillRefNumber: 'RSV26000123',
      InvoiceNumber: '',
      MSISDN: '2547 ***** 678',
      FirstName: 'WANJIKU',
      MiddleName: '',
      LastName: 'KAMAU',
    }
    expect(json.receipt).toMatch(/^UKL[0-9A-Z]{7}$/)
    expect(asked()).toEqual([{ ...common, OrgAccountBalance: '', ThirdPartyTransID: '' }])
    expect(told()).toEqual([
      { ...common, OrgAccountBalance: '1500.00', ThirdPartyTransID: 'ours-7' },
    ])
    expect(daraja.ledger().balances).toMatchObject({
      utility: 1500,
      phones: { [PHONE]: 178_500 },
    })
  })
  test.each([
    ['masked', '2547 ***** 678'],
    ['plain', PHONE],
    ['hashed', createHash('sha256').update(PHONE).digest('hex')],
  ])('shows the number %s', async (c2bMsisdn, shown) => {
    await daraja.changeSettings({ c2bMsisdn })
    await daraja.payByHand(payment)
    expect(told()[0]?.MSISDN).toBe(shown)
  })
  test('hashes the number for v1, and may lack every name', async () => {
    await daraja.registerUrls({}, 'v1')
    await daraja.mood({ on: ['c2b'], withoutNames: true })
    await daraja.payByHand(payment)
    expect(told()[0]?.MSISDN).toMatch(/^[0-9a-f]{64}$/)
    expect(told()[0]).not.toHaveProperty('FirstName')
  })
  test.each([
    ['C2B00011', 'phone number'],
    ['C2B00012', 'account number'],
    ['C2B00013', 'amount'],
    ['C2B00014', 'details of the customer'],
    ['C2B00015', 'business number'],
    ['C2B00016', 'did not accept'],
  ])('rejected with %s moves nothing and says why', async (ResultCode, why) => {
    sayToValidation({ ResultCode, ResultDesc: 'Rejected' })
    expect((await daraja.payByHand(payment)).json).toEqual({ refused: ResultCode })
    expect(told()).toEqual([])
    expect(daraja.ledger().movements).toEqual([])
    const page = (await daraja.send('GET', `/phones/${PHONE}`)).text
    expect(page).toMatch(new RegExp(`Failed\\..*was not sent.*${why}`))
  })
  test.each([
    ['Completed', {}, 'receipt'],
    ['Cancelled', { refused: 'C2B00016' }, 'refused'],
  ])('waits eight seconds for an answer, then is %s', async (ResponseType, outcome, key) => {
    await daraja.registerUrls({ ResponseType })
    daraja.replyWith((url) => (url === VALIDATION_URL ? null : new Response('{}')))
    let done: Json | undefined
    const paying = daraja.payByHand(payment).then(({ json }) => (done = json))
    await daraja.advance(7_900)
    expect(done).toBeUndefined()
    await daraja.advance(200)
    await paying
    expect(done).toMatchObject(outcome)
    expect(done).toHaveProperty(key)
  })
  test.each<[string, unknown, number]>([
    ['an error', {}, 500],
    ['no JSON', 'hello', 200],
  ])('falls back on the registered answer at %s', async (_what, answer, status) => {
    sayToValidation(answer, status)
    expect((await daraja.payByHand(payment)).json).toHaveProperty('receipt')
    await daraja.registerUrls({ ResponseType: 'Cancelled' })
    expect((await daraja.payByHand({ ...payment, amount: 2 })).json).toHaveProperty('refused')
  })
  test('is not asked about where external validation is off', async () => {
    await daraja.changeSettings({ c2bValidation: false })
    await daraja.payByHand(payment)
    expect(asked()).toEqual([])
    expect(told()).toHaveLength(1)
  })
  test('may be untold, told three times, late, or told a wrong amount', async () => {
    const pay = (amount: number) => daraja.payByHand({ ...payment, amount })
    await daraja.mood({ on: ['c2b'], dropCallback: true, times: 1 })
    await pay(1)
    expect(told()).toHaveLength(0)
    await daraja.mood({ on: ['c2b'], callbackCopies: 3, callbackAmountOffset: -1, times: 1 })
    await pay(2)
    expect(told().map(({ TransAmount }) => TransAmount)).toEqual(['1.00', '1.00', '1.00'])
    await daraja.mood({ on: ['c2b'], callbackDelayMs: 30_000, times: 1 }, `phones/${PHONE}`)
    await pay(3)
    await daraja.advance(29_000)
    expect(told()).toHaveLength(3)
    await daraja.advance(1_000)
    expect(told()).toHaveLength(4)
    expect(daraja.ledger().balances.merchant).toBe(6)
  })
  test.each<[string, Json, string]>([
    ['without the money', { amount: 200_000 }, '1'],
    ['above the limit', { amount: 250_001 }, '3'],
    ['to another business', { ...payment, shortCode: '600000' }, 'unknown-business'],
    ['to a till that is none', { ...payment, till: true }, 'unknown-business'],
  ])('%s is refused before anybody is asked: %s', async (_what, wanted, refused) => {
    expect((await daraja.payByHand(wanted)).json).toEqual({ refused })
    expect(daraja.posted).toEqual([])
  })
  test('to a till is Buy Goods', async () => {
    await daraja.changeSettings({ till: '555111' })
    await daraja.payByHand({ amount: 20, till: true })
    expect(told()[0]).toMatchObject({ TransactionType: 'Buy Goods', BusinessShortCode: '555111' })
  })
  test('that was made when the process died is confirmed by the next one', async () => {
    const home = newHome()
    const before = await driveSimulator({ home })
    await before.payByHand({ ...payment, amount: 1 })
    await before.registerUrls()
    await before.mood({ on: ['c2b'], callbackDelayMs: 60_000 })
    await before.payByHand(payment)
    const after = await driveSimulator({ home })
    await after.advance(0)
    expect(after.posted.map(({ body }) => body.TransAmount)).toEqual(['1500.00'])
    const { handPayments, ...rest } = before.ledger()
    const now = handPayments.map((one) => (one.amount === 1500 ? { ...one, told: '200' } : one))
    expect(after.ledger()).toEqual({ ...rest, handPayments: now })
    before.stop()
    after.stop()
  })
})

describe('simulate', () => {
  beforeEach(() => daraja.registerUrls())

  test('pays as a phone would, and answers before', async () => {
    const { json } = await daraja.simulate()
    expect(json).toMatchObject({ OriginatorCoversationID: expect.any(String), ResponseCode: '0' })
    await daraja.advance(0)
    expect(told()).toHaveLength(1)
    expect(daraja.ledger().handPayments[0]).toMatchObject({ amount: 1500, phone: PHONE })
  })
  test('refuses what no phone could be', async () => {
    expect((await daraja.simulate({ Msisdn: 712345678 })).json.errorMessage).toBe(
      'Bad Request - Invalid Msisdn',
    )
  })
})

describe('a push that is paid', () => {
  const pay = async () => {
    await daraja.changeSettings({ autopilot: { answer: 'pay' } })
    await daraja.registerUrls()
    await daraja.push()
    await daraja.advance(5_000)
  }
  test('is not confirmed beside its callback', async () => {
    await pay()
    expect(told()).toEqual([])
  })
  test('is, with the same receipt, where that is switched on', async () => {
    await daraja.changeSettings({ confirmPushes: true })
    await pay()
    expect(told()).toEqual([
      expect.objectContaining({
        TransID: daraja.ledger().transactions[0]?.receipt,
        TransAmount: '4500.00',
        BillRefNumber: 'RSV26000123',
      }),
    ])
    expect(daraja.posted).toHaveLength(2)
    expect(daraja.ledger().balances.merchant).toBe(4_500)
  })
})

describe('the form on a phone’s page', () => {
  const submit = (fields: Record<string, string>) =>
    daraja.app.request(`/phones/${PHONE}/pay`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { Origin: 'http://localhost' },
    })
  const typed = { paybill: '174379', account: 'RSV26000123', amount: '750' }

  test('pays, and M-Pesa’s message is on the phone', async () => {
    await daraja.registerUrls()
    const answer = await submit(typed)
    expect(answer.headers.get('Location')).toBe(`/phones/${PHONE}`)
    expect(told()[0]?.TransAmount).toBe('750.00')
    const page = (await daraja.send('GET', `/phones/${PHONE}`)).text
    expect(page).toMatch(/UKL\w{7} Confirmed\. Ksh750\.00 sent to GARI LTD for account RSV26000123/)
  })
  test('keeps what was typed when it cannot be', async () => {
    const answer = await submit({ ...typed, amount: '7.50' })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain('The amount is in whole shillings.')
    expect(page).toContain('value="7.50"')
  })
  test('says that there is no such business', async () => {
    await submit({ ...typed, paybill: '600000' })
    const page = (await daraja.send('GET', `/phones/${PHONE}`)).text
    expect(page).toContain('There is no business with number 600000.')
  })
})
