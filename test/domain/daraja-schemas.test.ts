import { describe, expect, test } from '@jest/globals'
import { anything, assert, property, shuffledSubarray } from 'fast-check'
import { shillings } from '../../domain/money.ts'
import { parseResult, parseStkCallback } from '../../domain/schemas/daraja.ts'
import { parseKenyanMobile } from '../../domain/schemas/phones.ts'

type Item = { Name: string; Value?: unknown }
const ITEMS: Item[] = [
  { Name: 'Amount', Value: 1500 },
  { Name: 'MpesaReceiptNumber', Value: 'UKL5ABC12D' },
  { Name: 'Balance' },
  { Name: 'TransactionDate', Value: 20261121101602 },
  { Name: 'PhoneNumber', Value: 254712345678 },
]
const callback = (more: object) => ({
  Body: {
    stkCallback: {
      MerchantRequestID: '2654-4b64',
      CheckoutRequestID: 'ws_CO_1',
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      ...more,
    },
  },
})
const paid = (items: unknown = ITEMS) => callback({ CallbackMetadata: { Item: items } })
const withItem = (item: Item) => [...ITEMS.filter(({ Name }) => Name !== item.Name), item]

const PAID = {
  merchantRequestId: '2654-4b64',
  checkoutRequestId: 'ws_CO_1',
  resultCode: '0',
  amount: shillings(1500),
  receipt: 'UKL5ABC12D',
  phone: '254712345678',
}

describe('a callback', () => {
  test('is read by name, in any order', () => {
    assert(
      property(shuffledSubarray(ITEMS, { minLength: ITEMS.length }), (items) => {
        expect(parseStkCallback(paid(items))).toEqual(PAID)
      }),
    )
  })

  test.each([
    [1500, 1500],
    ['1500', 1500],
    ['1500.00', 1500],
    [' 1500.0 ', 1500],
    [JSON.parse('1500.00'), 1500],
    [250_000, 250_000],
    [1500.5, null],
    ['1500.50', null],
    ['0.01', null],
    [-1500, null],
    ['-1500', null],
    ['1,500', null],
    ['1e3', null],
    [1e21, null],
    ['', null],
    ['free', null],
    [true, null],
    [null, null],
    [{ BasicAmount: 1500 }, null],
    [undefined, null],
  ])('with the amount %p means %p shillings', (value, meaning) => {
    const report = parseStkCallback(paid(withItem({ Name: 'Amount', Value: value })))
    expect(report?.amount).toBe(meaning === null ? null : shillings(meaning))
  })

  test('that names two amounts names none', () => {
    const report = parseStkCallback(paid([...ITEMS, { Name: 'Amount', Value: 1 }]))
    expect(report).toEqual({ ...PAID, amount: null })
    expect(parseStkCallback(paid([...ITEMS, ...ITEMS]))).toEqual(PAID)
  })

  test.each([
    [254712345678, '254712345678'],
    ['2547 ***** 678', '2547 ***** 678'],
    [undefined, null],
    [['x'], null],
  ])('keeps the phone %p as it came', (value, phone) => {
    const report = parseStkCallback(paid(withItem({ Name: 'PhoneNumber', Value: value })))
    expect(report?.phone).toBe(phone)
  })

  test.each([
    ['ukl5abc12d', 'UKL5ABC12D'],
    ['', null],
    ['<script>', null],
    [0, null],
  ])('reads the receipt %p as %p', (value, receipt) => {
    const report = parseStkCallback(paid(withItem({ Name: 'MpesaReceiptNumber', Value: value })))
    expect(report?.receipt).toBe(receipt)
  })

  test.each([
    [1032, '1032'],
    ['1032', '1032'],
    ['SFC_IC0003', 'SFC_IC0003'],
  ])('of a failure with the code %p has no metadata', (ResultCode, resultCode) => {
    expect(parseStkCallback(callback({ ResultCode }))).toEqual({
      ...PAID,
      resultCode,
      amount: null,
      receipt: null,
      phone: null,
    })
  })

  test.each([
    ['null', null],
    ['a string', 'null'],
    ['one item alone', { Name: 'Amount', Value: 1500 }],
    ['strange items', [null, 7, 'x', { Name: 9 }, ...ITEMS]],
  ])('with %s for items is still a callback', (_name, items) => {
    expect(parseStkCallback(paid(items))).toMatchObject({ resultCode: '0' })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'hello'],
    ['a list', []],
    ['an empty body', { Body: {} }],
    ['no checkout id', callback({ CheckoutRequestID: undefined })],
    ['an endless id', callback({ CheckoutRequestID: 'x'.repeat(65) })],
    ['no result', callback({ ResultCode: null })],
    ['half a result', callback({ ResultCode: 0.5 })],
    ['unreadable', { unreadable: '{' }],
  ])('is not what %s is', (_name, body) => {
    expect(parseStkCallback(body)).toBeNull()
  })

  test('never throws', () => {
    assert(property(anything(), (body) => void parseStkCallback(body)))
    assert(property(anything(), (items) => void parseStkCallback(paid(items))))
    assert(property(anything(), (body) => void parseResult({ Result: body })))
  })
})

describe('a result of a reversal', () => {
  const result = {
    ResultType: 0,
    ResultCode: 0,
    ResultDesc: 'The service request is processed successfully.',
    OriginatorConversationID: '8423-4a3b',
    ConversationID: 'AG_1',
    TransactionID: 'UKL9XYZ34E',
    ResultParameters: { ResultParameter: [{ Key: 'Amount', Value: 1500 }] },
  }
  const READ = {
    conversationId: 'AG_1',
    originatorConversationId: '8423-4a3b',
    resultCode: '0',
    transactionId: 'UKL9XYZ34E',
  }

  test('is read wrapped or bare, with the code as number or text', () => {
    expect(parseResult({ Result: result })).toEqual(READ)
    expect(parseResult(result)).toEqual(READ)
    expect(parseResult({ Result: { ...result, ResultCode: '0' } })).toEqual(READ)
  })

  test('of a failure has no receipt, whatever dummy is sent', () => {
    const failed = { ...result, ResultCode: 'R000001', TransactionID: 'UKL0000000' }
    expect(parseResult({ Result: failed })).toEqual({
      ...READ,
      resultCode: 'R000001',
      transactionId: null,
    })
  })

  test('needs one of its two ids and a code', () => {
    const { ConversationID: _c, ...oneId } = result
    expect(parseResult({ Result: oneId })).toEqual({ ...READ, conversationId: '' })
    const { OriginatorConversationID: _o, ...noId } = oneId
    expect(parseResult({ Result: noId })).toBeNull()
    expect(parseResult({ Result: { ...result, ResultCode: undefined } })).toBeNull()
    expect(parseResult('time out')).toBeNull()
  })
})

test.each([
  ['0712345678', '+254712345678'],
  ['0712 345 678', '+254712345678'],
  ['0110-345-678', '+254110345678'],
  ['254712345678', '+254712345678'],
  ['+254 712 345678', '+254712345678'],
  ['712345678', '+254712345678'],
  ['0202345678', null],
  ['+254202345678', null],
  ['+255712345678', null],
  ['+1 202 555 0123', null],
  ['0712345', null],
  ['07123456789', null],
  ['call 0712345678', null],
  ['0712345678 ext 5', null],
  ['', null],
  ['0'.repeat(5_000), null],
])('the phone %p is read as %p', (text, phone) => {
  expect(parseKenyanMobile(text)).toBe(phone)
})
