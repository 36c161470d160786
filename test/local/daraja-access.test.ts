/** Tokens, products, and what a strict Daraja refuses. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { driveSimulator, type Json } from './simulator-driver.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator()
})
afterEach(() => daraja.stop())

/** Each product with a well-formed request. */
const PRODUCTS: Record<string, () => ReturnType<typeof daraja.push>> = {
  'stk-push': () => daraja.push(),
  'stk-query': () => daraja.query('ws_CO_1'),
  reversal: () => daraja.reverse('UKL1234567'),
  b2c: () => daraja.payOut(),
  'transaction-status': () => daraja.askStatus({ TransactionID: 'UKL1234567' }),
  'account-balance': () => daraja.askBalance(),
  c2b: () => daraja.registerUrls(),
  pull: () => daraja.registerPull(),
}
const ask = (product: string) => PRODUCTS[product]?.() ?? daraja.push()

describe('tokens', () => {
  test('end all at once when they are made to', async () => {
    await daraja.expireTokens()
    expect((await daraja.push()).json.errorCode).toBe('404.001.03')
    await daraja.freshToken()
    expect((await daraja.push()).status).toBe(200)
  })
  test('stay good beside a newer one, unless a new one kills the old', async () => {
    await daraja.oauth()
    expect((await daraja.query('ws_CO_1')).json.errorCode).toBe('500.001.1001')
    await daraja.changeSettings({ newTokenKillsOld: true })
    await daraja.oauth()
    expect((await daraja.query('ws_CO_1')).json.errorCode).toBe('404.001.03')
  })
  test('a wrong key is answered with nothing, or with JSON', async () => {
    expect(await daraja.oauth('wrong')).toMatchObject({ status: 400, text: '' })
    await daraja.changeSettings({ wrongKeyAnswer: 'json' })
    expect((await daraja.oauth('wrong')).json).toMatchObject({
      errorCode: '400.008.01',
      errorMessage: 'Invalid Authentication passed',
    })
  })
  test.each([
    ['stk-push', 404, '404.001.03'],
    ['stk-query', 404, '404.001.03'],
    ['reversal', 404, '404.001.03'],
    ['b2c', 401, '401.003.01'],
    ['transaction-status', 400, '400.003.01'],
    ['account-balance', 401, '401.002.01'],
    ['c2b', 400, '400.003.01'],
    ['pull', 401, '401.001'],
  ])('that are wrong: %s answers %d, %s', async (product, status, errorCode) => {
    daraja.useToken('wrong')
    expect(await ask(product)).toMatchObject({
      status,
      json: { errorCode, errorMessage: expect.stringContaining('Invalid Access Token') },
    })
  })
  test.each([
    ['stk-push', '404.001.03'],
    ['b2c', '401.003.01'],
    ['c2b', '401.003.01'],
    ['pull', '401.001'],
  ])('of an app without %s: %s', async (product, errorCode) => {
    await daraja.changeSettings({ unsubscribed: [product] })
    expect((await ask(product)).json.errorCode).toBe(errorCode)
  })
  test.each(Object.keys(PRODUCTS))('%s works with a good one', async (product) => {
    const { text } = await ask(product)
    expect(text).not.toContain('Access Token')
  })
})

test.each([
  ['/mpesa/stkpush/v1/processrequest', 405, '405.001'],
  ['/mpesa/accountbalance/v1/query', 405, '405.001'],
  ['/mpesa/c2b/v2/registerurl', 404, '404.001.04'],
  ['/mpesa/transactionstatus/v1/query', 404, '404.001.04'],
  ['/mpesa/nothing/v1/here', 404, '404.001.01'],
])('GET %s: %d, %s', async (path, status, errorCode) => {
  expect(await daraja.send('GET', path)).toMatchObject({ status, json: { errorCode } })
})

describe('a push is looked at in this order', () => {
  const steps: [string, Json][] = [
    ['Bad Request - Invalid BusinessShortCode', { BusinessShortCode: 'abc' }],
    ['Bad Request - Invalid Timestamp', { Timestamp: '2026' }],
    ['Bad Request - Invalid TransactionType', { TransactionType: 'Pay' }],
    ['Bad Request - Invalid Amount', { Amount: -1 }],
    ['Bad Request - Invalid PartyA', { PartyA: '07' }],
    ['Bad Request - Invalid PartyB', { PartyB: 'x' }],
    ['Bad Request - Invalid PhoneNumber', { PhoneNumber: '07' }],
    ['Bad Request - Invalid CallBackURL', { CallBackURL: 'ftp://x' }],
    ['Bad Request - Invalid AccountReference', { AccountReference: 'a'.repeat(13) }],
    ['Bad Request - Invalid TransactionDesc', { TransactionDesc: 'a'.repeat(14) }],
  ]
  test('token, fields one by one, shortcode, password, lock', async () => {
    const wrong = Object.assign({}, ...steps.map(([, change]) => change)) as Json
    const said: unknown[] = []
    for (const [, mended] of steps) {
      said.push((await daraja.push(wrong)).json.errorMessage)
      for (const field of Object.keys(mended)) delete wrong[field]
    }
    expect(said).toEqual(steps.map(([message]) => message))
    await daraja.push()
    const late = { BusinessShortCode: 600000, Password: btoa('wrong') }
    expect((await daraja.push(late)).json.errorMessage).toBe('Merchant does not exist')
    expect((await daraja.push({ Password: late.Password })).json.errorMessage).toBe(
      'Wrong credentials',
    )
    expect((await daraja.push()).json.errorMessage).toMatch(/^Unable to lock subscriber/)
    daraja.useToken('wrong')
    expect((await daraja.push(wrong)).json.errorCode).toBe('404.001.03')
  })
  test('a body without its content type has no fields', async () => {
    const token = (await daraja.oauth()).json.access_token as string
    const answer = await daraja.send(
      'POST',
      '/mpesa/stkpush/v1/processrequest',
      {},
      {
        'Content-Type': 'text/plain',
        Authorization: `Bearer ${token}`,
      },
    )
    expect(answer.json.errorMessage).toBe('Bad Request - Invalid BusinessShortCode')
  })
})

describe('a till', () => {
  const goods = { TransactionType: 'CustomerBuyGoodsOnline', PartyB: 555111 }
  const codeOf = async () => {
    await daraja.advance(5_000)
    const { body } = daraja.posted.at(-1) ?? {}
    return (body as { Body: { stkCallback: Json } }).Body.stkCallback.ResultCode
  }
  test.each<[string, unknown, Json]>([
    ['its own number', 0, goods],
    ['another number', 'SFC_IC0003', { ...goods, PartyB: 555112 }],
    ['the store number', 'SFC_IC0003', { ...goods, PartyB: 174379 }],
    ['its own number, as a paybill', 2028, { PartyB: 555111 }],
  ])('is paid by %s: %s', async (_what, code, change) => {
    await daraja.changeSettings({ till: '555111', autopilot: { answer: 'pay', afterMs: 0 } })
    await daraja.push(change)
    expect(await codeOf()).toBe(code)
  })
  test('is refused by the sandbox’s paybill', async () => {
    expect((await daraja.push(goods)).json.errorMessage).toBe(
      'Bad Request - Invalid TransactionType',
    )
  })
})

describe('strictly', () => {
  beforeEach(() => daraja.changeSettings({ strict: true }))

  test.each(Object.keys(PRODUCTS))('%s as it is documented is taken', async (product) => {
    expect((await ask(product)).text).not.toContain('Invalid')
  })
  test.each<[string, Json]>([
    ['Amount', { Amount: '4500' }],
    ['PhoneNumber', { PhoneNumber: '254712345678' }],
    ['BusinessShortCode', { BusinessShortCode: '174379' }],
    ['Extra', { Extra: 1 }],
    ['CallBackURL', { CallBackURL: 'https://pay.example.ke/mpesa/cb' }],
  ])('%s in another form is refused', async (field, change) => {
    expect((await daraja.push(change)).json.errorMessage).toBe(`Bad Request - Invalid ${field}`)
    await daraja.changeSettings({ strict: false })
    expect((await daraja.push(change)).status).toBe(200)
  })
  test('a clock in UTC is refused, five minutes are not', async () => {
    const at = (Timestamp: string) => ({
      Timestamp,
      Password: btoa(
        `174379bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919${Timestamp}`,
      ),
    })
    const utc = await daraja.push(at('20261121071530'))
    expect(utc.json.errorMessage).toBe('Bad Request - Invalid Timestamp')
    expect((await daraja.push(at('20261121101100'))).status).toBe(200)
  })
  test('a credential may not be sent as anything but a text', async () => {
    const wrong = await daraja.askBalance({ IdentifierType: 4 })
    expect(wrong.json.errorMessage).toBe('Bad Request - Invalid IdentifierType')
  })
})
