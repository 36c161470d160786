/** What becomes of a push, scripted for one phone or one amount, and how it is told. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CALLBACK_URL, driveSimulator, PHONE, PIN, type Json } from './simulator-driver.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator({ settings: { autopilot: { answer: 'pay', afterMs: 0 } } })
})
afterEach(() => daraja.stop())

const OTHER = '254722000111'
const callbacks = () =>
  daraja.posted.flatMap(({ body }) =>
    'Body' in body ? [(body.Body as { stkCallback: Json }).stkCallback] : [],
  )
const codes = () => callbacks().map(({ ResultCode }) => ResultCode)
const items = () => {
  const { CallbackMetadata } = callbacks().at(-1) as { CallbackMetadata?: { Item: Json[] } }
  return CallbackMetadata?.Item ?? []
}

describe('an outcome', () => {
  const CODES = [
    0,
    1,
    17,
    26,
    1001,
    1019,
    1025,
    1032,
    1036,
    1037,
    2001,
    2028,
    8006,
    9999,
    'SFC_IC0003',
    4711,
  ]
  test.each(CODES)('%s of one phone', async (resultCode) => {
    await daraja.mood({ resultCode }, `phones/${PHONE}`)
    const { json } = await daraja.push()
    await daraja.push({ PhoneNumber: Number(OTHER), Amount: 7 })
    await daraja.advance(5_000)
    expect(codes()).toHaveLength(2)
    expect(codes()).toEqual(expect.arrayContaining([0, resultCode]))
    const told = await daraja.query(json.CheckoutRequestID)
    expect(told.json.ResultCode).toBe(String(resultCode))
    expect(JSON.stringify(told.json)).not.toMatch(/receipt/i)
    expect(daraja.ledger().balances.merchant).toBe(resultCode === 0 ? 4_507 : 7)
  })
  test('of one amount, after a delay', async () => {
    await daraja.mood({ resultCode: 26, resultAfterMs: 40_000 }, 'amounts/4500')
    await daraja.push()
    await daraja.advance(39_000)
    expect(codes()).toEqual([])
    await daraja.advance(1_000)
    expect(codes()).toEqual([26])
  })
  test('in Safaricom’s free text', async () => {
    await daraja.mood({ resultCode: 1, resultDesc: '[MpesaCB - ]The balance is insufficient' })
    await daraja.push()
    await daraja.advance(5_000)
    expect(callbacks()[0]?.ResultDesc).toMatch(/^\[MpesaCB/)
  })
  test('silence first, then money', async () => {
    await daraja.mood({ paysAfterLostMs: 90_000, lostCode: null })
    const { json } = await daraja.push()
    await daraja.advance(89_000)
    expect((await daraja.query(json.CheckoutRequestID)).json.ResultCode).toBe('4999')
    await daraja.advance(1_000)
    expect(codes()).toEqual([0])
  })
  test('17 for the same amount within two minutes, and no longer', async () => {
    const pay = async () => {
      await daraja.push()
      await daraja.advance(5_000)
      return codes().at(-1)
    }
    expect(await pay()).toBe(0)
    await daraja.advance(100_000)
    expect(await pay()).toBe(17)
    await daraja.advance(20_000)
    expect(await pay()).toBe(0)
  })
  test('4 beyond what one phone may pay in a day', async () => {
    await daraja.changePhone({ balance: 900_000 })
    for (const Amount of [250_000, 249_000, 2_000, 1_000]) {
      await daraja.push({ Amount })
      await daraja.advance(5_000)
    }
    expect(codes()).toEqual([0, 0, 4, 0])
  })
  test('1 without the money, 8006 after three wrong PINs', async () => {
    await daraja.changePhone({ balance: 100, autopilot: { answer: 'pay' } })
    await daraja.push()
    await daraja.advance(5_000)
    await daraja.changePhone({ autopilot: { answer: 'wrong-pin' } })
    for (const Amount of [11, 12, 13, 14]) {
      await daraja.push({ Amount })
      await daraja.advance(5_000)
    }
    expect(codes()).toEqual([1, 2001, 2001, 2001, 8006])
    await daraja.changePhone({ unlock: true, autopilot: null })
    await daraja.push({ Amount: 15 })
    await daraja.advance(1_000)
    await daraja.answer({ pin: PIN })
    await daraja.advance(1_000)
    expect(codes().at(-1)).toBe(0)
  })
  test('1037 for a number that has no M-Pesa', async () => {
    await daraja.changePhone({ registered: false })
    await daraja.push()
    await daraja.advance(60_000)
    expect(codes()).toEqual([1037])
  })
})

describe('a callback', () => {
  test('names another order than things happened in', async () => {
    await daraja.mood({ callbackReorderMs: 10_000 })
    await daraja.push({ Amount: 1 })
    await daraja.push({ Amount: 2, PhoneNumber: Number(OTHER) })
    await daraja.advance(9_000)
    expect(codes()).toEqual([])
    await daraja.advance(5_000)
    expect(JSON.stringify(callbacks()[0])).toContain('"Amount","Value":2')
    expect(JSON.stringify(callbacks()[1])).toContain('"Amount","Value":1')
  })
  test.each([
    ['oldest-first', [1, 2, 3]],
    ['newest-first', [3, 2, 1]],
  ])('is held until it is let out, %s', async (order, amounts) => {
    await daraja.mood({ holdCallback: true })
    const phones = [PHONE, OTHER, '254708222333']
    for (const [index, phone] of phones.entries()) {
      await daraja.push({ Amount: index + 1, PhoneNumber: Number(phone) })
      await daraja.advance(5_000)
    }
    expect((await daraja.control('GET', '/callbacks/held')).json).toEqual({ held: 3 })
    expect((await daraja.release(order)).json).toEqual({ released: 3 })
    const paid = callbacks().map((one) => /"Amount","Value":(\d)/.exec(JSON.stringify(one))?.[1])
    expect(paid.map(Number)).toEqual(amounts)
  })
  test.each([
    ['bare', [{ Name: 'Balance' }]],
    ['absent', []],
    ['text', [{ Name: 'Balance', Value: '{Amount={BasicAmount=175500.00}}' }]],
  ])('has a balance that is %s', async (balanceItem, expected) => {
    await daraja.mood({ balanceItem })
    await daraja.push()
    await daraja.advance(5_000)
    expect(items().filter(({ Name }) => Name === 'Balance')).toEqual(expected)
  })
  test('follows no redirect, and tries again only when that is asked for', async () => {
    daraja.replyWith(
      () => new Response(null, { status: 301, headers: { Location: 'https://www.example.ke' } }),
    )
    await daraja.push()
    await daraja.advance(60_000)
    expect(daraja.posted.map(({ url }) => url)).toEqual([CALLBACK_URL])
    await daraja.mood({ callbackRetries: 3 })
    await daraja.push({ Amount: 9 })
    await daraja.advance(60_000)
    expect(daraja.posted).toHaveLength(5)
  })
  test('is given up after ten seconds without an answer', async () => {
    daraja.replyWith(() => null)
    await daraja.mood({ callbackRetries: 1 })
    await daraja.push()
    await daraja.advance(15_000)
    expect(daraja.posted).toHaveLength(1)
    await daraja.advance(5_000)
    expect(daraja.posted).toHaveLength(2)
  })
  test('may name an address of Safaricom’s as its source', async () => {
    await daraja.push()
    await daraja.advance(5_000)
    await daraja.changeSettings({ nameSource: true })
    await daraja.push({ Amount: 9 })
    await daraja.advance(5_000)
    expect(daraja.posted.map(({ headers }) => headers.get('X-Forwarded-For'))).toEqual([
      null,
      expect.stringMatching(/^196\.201\.21[234]\.\d+$/),
    ])
  })
  test('comes again on request, and forged in any shape', async () => {
    const { json } = await daraja.push()
    await daraja.advance(5_000)
    await daraja.resend(json.CheckoutRequestID, 2)
    expect(codes()).toEqual([0, 0, 0])
    await daraja.forge({ url: CALLBACK_URL, body: ['not', 'a', 'callback'] })
    expect(daraja.posted.at(-1)?.body).toEqual(['not', 'a', 'callback'])
    expect(daraja.ledger().balances.merchant).toBe(4_500)
  })
})

describe('a question', () => {
  test('meets gateways of all kinds, without spending the push’s mood', async () => {
    const { json } = await daraja.push()
    const ask = () => daraja.query(json.CheckoutRequestID)
    await daraja.mood({ on: ['stk-query'], fault: 'spike-arrest', times: 1 })
    expect((await ask()).status).toBe(429)
    await daraja.mood({ on: ['stk-query'], fault: 'html-403', times: 1 })
    expect((await ask()).text).toContain('Incapsula')
    await daraja.mood({ queryHiccup: true, times: 1 })
    expect(await ask()).toMatchObject({ status: 500, json: { errorMessage: '' } })
    expect((await ask()).json.ResultCode).toBe('4999')
  })
  test.each([
    ['spike-arrest-500', 500, '500.003.02'],
    ['quota', 500, '500.003.03'],
    ['unreachable', 500, '500.003.1001'],
  ])('%s: %d, %s', async (fault, status, errorCode) => {
    await daraja.mood({ fault })
    expect(await daraja.query('ws_CO_1')).toMatchObject({ status, json: { errorCode } })
  })
  test.each([
    ['empty', 500],
    ['hang-up', 503],
  ])('%s: a body without a word', async (fault, status) => {
    await daraja.mood({ fault })
    expect(await daraja.query('ws_CO_1')).toMatchObject({ status, text: '' })
  })
  test('too many in a second meet the spike arrest, product by product', async () => {
    await daraja.changeSettings({ callsPerSecond: 2 })
    const asked = [await daraja.query('a'), await daraja.query('b'), await daraja.query('c')]
    expect(asked.map(({ status }) => status)).toEqual([500, 500, 429])
    expect((await daraja.push()).status).toBe(200)
    await daraja.advance(1_000)
    expect((await daraja.query('d')).status).toBe(500)
  })
})
