import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CALLBACK_URL, driveSimulator, newHome, PHONE, PIN, type Json } from './simulator-driver.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator()
})
afterEach(() => daraja.stop())

const callbackOf = (body: Json | undefined) =>
  (body as { Body: { stkCallback: Json } } | undefined)?.Body.stkCallback

const pay = async (pin = PIN) => {
  const pushed = await daraja.push()
  await daraja.advance(1_000)
  await daraja.answer({ pin })
  await daraja.advance(1_000)
  return String(pushed.json.CheckoutRequestID)
}

describe('oauth', () => {
  test('hands out a token whose lifetime is a string', async () => {
    const { status, json } = await daraja.oauth()
    expect(status).toBe(200)
    expect(json).toEqual({ access_token: expect.stringMatching(/^\w{28}$/), expires_in: '3599' })
  })
  test('refuses as Daraja does', async () => {
    expect(await daraja.oauth('wrong')).toMatchObject({ status: 400, text: '' })
    expect((await daraja.oauth(undefined, 'password')).json.errorCode).toBe('400.008.02')
    const bare = await daraja.send('GET', '/oauth/v1/generate?grant_type=client_credentials')
    expect(bare.json.errorCode).toBe('400.008.01')
  })
  test('an expired token is refused until there is a new one', async () => {
    await daraja.advance(3_600_000)
    expect(await daraja.push()).toMatchObject({
      status: 404,
      json: { errorCode: '404.001.03', errorMessage: 'Invalid Access Token' },
    })
    await daraja.freshToken()
    expect((await daraja.push()).status).toBe(200)
  })
})

describe('push', () => {
  test('accepts, rings, takes the PIN, moves the money and reports it', async () => {
    const pushed = await daraja.push()
    expect(pushed.json).toEqual({
      MerchantRequestID: expect.stringMatching(
        /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{16}$/,
      ),
      CheckoutRequestID: expect.stringMatching(/^ws_CO_21112026101530\d{3}712345678$/),
      ResponseCode: '0',
      ResponseDescription: 'Success. Request accepted for processing',
      CustomerMessage: 'Success. Request accepted for processing',
    })
    await daraja.advance(1_000)
    expect((await daraja.answer({ pin: PIN })).status).toBe(202)
    await daraja.advance(1_000)
    expect(daraja.posted).toHaveLength(1)
    expect(daraja.posted[0]?.url).toBe(CALLBACK_URL)
    expect(callbackOf(daraja.posted[0]?.body)).toMatchObject({
      CheckoutRequestID: pushed.json.CheckoutRequestID,
      ResultCode: 0,
      CallbackMetadata: {
        Item: [
          { Name: 'Amount', Value: 4500 },
          { Name: 'MpesaReceiptNumber', Value: expect.stringMatching(/^UKL[0-9A-Z]{7}$/) },
          { Name: 'Balance' },
          { Name: 'TransactionDate', Value: 20261121101531 },
          { Name: 'PhoneNumber', Value: Number(PHONE) },
        ],
      },
    })
    const { balances } = daraja.ledger()
    expect(balances).toMatchObject({ merchant: 4500, phones: { [PHONE]: 175_500 } })
  })

  test.each<[string, Json]>([
    ['BusinessShortCode', { BusinessShortCode: 'abc' }],
    ['Timestamp', { Timestamp: '20261332101530' }],
    ['TransactionType', { TransactionType: 'CustomerBuyGoodsOnline' }],
    ['Amount', { Amount: 0 }],
    ['Amount', { Amount: 10.5 }],
    ['Amount', { Amount: 250_001 }],
    ['PhoneNumber', { PhoneNumber: '0712345678' }],
    ['CallBackURL', { CallBackURL: 'https://pay.example.ke/a b' }],
    ['AccountReference', { AccountReference: 'RSV-26-000123' }],
    ['Remarks', { AccountReference: null }],
    ['TransactionDesc', { TransactionDesc: 'fourteen chars' }],
  ])('refuses a wrong %s', async (field, change) => {
    expect(await daraja.push(change)).toMatchObject({
      status: 400,
      json: {
        requestId: expect.any(String),
        errorCode: '400.002.02',
        errorMessage: `Bad Request - Invalid ${field}`,
      },
    })
  })

  test('refuses strangers and wrong passwords', async () => {
    const stranger = await daraja.push({ BusinessShortCode: 600000 })
    expect(stranger).toMatchObject({
      status: 500,
      json: { errorMessage: 'Merchant does not exist' },
    })
    const wrong = await daraja.push({ Password: btoa('wrong') })
    expect(wrong).toMatchObject({
      status: 500,
      json: { errorCode: '500.001.1001', errorMessage: 'Wrong credentials' },
    })
  })

  test('one prompt per phone', async () => {
    await daraja.push()
    expect((await daraja.push({ Amount: 1 })).json.errorMessage).toMatch(
      /^Unable to lock subscriber/,
    )
    expect((await daraja.push({ PhoneNumber: 254722000111 })).status).toBe(200)
  })
})

describe('what customers do', () => {
  const outcomes: [string, number, () => Promise<unknown>][] = [
    ['cancels', 1032, () => daraja.answer({ cancel: true })],
    ['types a wrong PIN', 2001, () => daraja.answer({ pin: '9999' })],
    ['ignores the prompt', 1037, () => daraja.advance(60_000)],
  ]
  test.each(outcomes)('%s: %d', async (_what, code, act) => {
    await daraja.push()
    await daraja.advance(1_000)
    await act()
    await daraja.advance(1_000)
    const callback = callbackOf(daraja.posted[0]?.body)
    expect(callback).toMatchObject({ ResultCode: code })
    expect(callback).not.toHaveProperty('CallbackMetadata')
    expect(daraja.ledger().balances.merchant).toBe(0)
  })
  test('has a phone that is off: 1037; switched on in time it rings', async () => {
    await daraja.send('PATCH', `/_control/phones/${PHONE}`, { on: false })
    await daraja.push()
    await daraja.advance(1_000)
    expect((await daraja.answer({ pin: PIN })).status).toBe(409)
    await daraja.advance(20_000)
    expect(callbackOf(daraja.posted[0]?.body)?.ResultCode).toBe(1037)
    await daraja.push()
    await daraja.advance(1_000)
    await daraja.send('PATCH', `/_control/phones/${PHONE}`, { on: true })
    await daraja.advance(1_000)
    expect((await daraja.answer({ pin: PIN })).status).toBe(202)
  })
  test('has too little money: 1', async () => {
    await daraja.send('PATCH', `/_control/phones/${PHONE}`, { balance: 100 })
    await pay()
    expect(callbackOf(daraja.posted[0]?.body)?.ResultCode).toBe(1)
  })
  test('locks the PIN by three wrong ones: 8006', async () => {
    for (let round = 0; round < 3; round += 1) await pay('9999')
    await pay()
    expect(callbackOf(daraja.posted[3]?.body)?.ResultCode).toBe(8006)
  })
  test('pays the same amount twice in two minutes: 17, unless switched off', async () => {
    await pay()
    await pay()
    expect(callbackOf(daraja.posted[1]?.body)?.ResultCode).toBe(17)
    await daraja.send('PATCH', '/_control/settings', { ruleSeventeen: false })
    await pay()
    expect(callbackOf(daraja.posted[2]?.body)?.ResultCode).toBe(0)
  })
  test('lets the phone answer by itself', async () => {
    await daraja.send('PATCH', `/_control/phones/${PHONE}`, { autopilot: { answer: 'pay' } })
    await daraja.push()
    await daraja.advance(2_000)
    expect(callbackOf(daraja.posted[0]?.body)?.ResultCode).toBe(0)
  })
})

describe('query', () => {
  test('pending in both dialects, then a verdict as a string without a receipt', async () => {
    const { json } = await daraja.push()
    const id = json.CheckoutRequestID
    expect((await daraja.query(id)).json.ResultCode).toBe('4999')
    await daraja.send('PATCH', '/_control/settings', { queryPending: 'error' })
    expect(await daraja.query(id)).toMatchObject({
      status: 500,
      json: { errorMessage: 'The transaction is being processed' },
    })
    await daraja.advance(1_000)
    await daraja.answer({ cancel: true })
    await daraja.advance(1_000)
    expect((await daraja.query(id)).json).toEqual({
      ResponseCode: '0',
      ResponseDescription: 'The service request has been accepted successsfully',
      MerchantRequestID: json.MerchantRequestID,
      CheckoutRequestID: id,
      ResultCode: '1032',
      ResultDesc: 'Request cancelled by user',
    })
  })
  test('an unknown id in both dialects', async () => {
    expect((await daraja.query('ws_CO_1')).json.errorMessage).toBe('The transaction does not Exist')
    await daraja.mood({ queryUnknown: 'invalid' })
    expect((await daraja.query('ws_CO_1')).json.errorCode).toBe('400.002.02')
  })
})

describe('after a kill', () => {
  test('the ledger is whole, an open prompt rings again, an unsent result goes out', async () => {
    const home = newHome()
    const before = await driveSimulator({ home })
    await before.mood({ callbackDelayMs: 60_000 })
    await before.push()
    await before.advance(1_000)
    await before.answer({ pin: PIN })
    await before.advance(1_000)
    await before.push({ PhoneNumber: 254722000111, Amount: 700 })
    const told = before.ledger()
    // No stop: the process is gone in the middle of writing its next line.
    const { appendFileSync } = await import('node:fs')
    appendFileSync(`${home}/ledger.jsonl`, '{"kind":"result","checkoutReq')
    const after = await driveSimulator({ home })
    expect(after.ledger()).toEqual(told)
    await after.advance(1_000)
    expect(callbackOf(after.posted[0]?.body)?.ResultCode).toBe(0)
    expect((await after.answer({ pin: '2468' }, '254722000111')).status).toBe(202)
    await after.advance(1_000)
    const { balances } = after.ledger()
    expect(balances.merchant).toBe(5_200)
    const held = Object.values(balances.phones).reduce((sum, one) => sum + one, balances.merchant)
    expect(held).toBe(balances.opened)
    before.stop()
    after.stop()
  })
})
