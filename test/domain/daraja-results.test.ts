import { describe, expect, test } from '@jest/globals'
import {
  anything,
  array,
  assert,
  constantFrom,
  date,
  integer,
  property,
  record,
  string,
  uniqueArray,
} from 'fast-check'
import { cents, negate, shillings, toDecimal } from '../../domain/money.ts'
import { parseBalanceResult, parseStatusResult } from '../../domain/schemas/daraja-inquiries.ts'
import { parseRegisterAck } from '../../domain/schemas/daraja-paybill-calls.ts'
import { parsePaybillMessage } from '../../domain/schemas/daraja-paybill.ts'
import { parsePullAnswer, readPullTime } from '../../domain/schemas/daraja-pull.ts'
import { parseQueueTimeout } from '../../domain/schemas/daraja-reports.ts'
import { parsePayoutResult, parseReversalResult } from '../../domain/schemas/daraja-results.ts'
import { readAmount, readSigned, readTime } from '../../domain/schemas/daraja-values.ts'

const withParameters = (ResultParameter: unknown, more = {}) => ({
  Result: { ConversationID: 'AG_1', ResultCode: 0, ResultParameters: { ResultParameter }, ...more },
})

describe('a result of our operator', () => {
  const READERS = {
    parseReversalResult,
    parsePayoutResult,
    parseStatusResult,
    parseBalanceResult,
    parseQueueTimeout,
    parsePaybillMessage,
    parseRegisterAck,
    parsePullAnswer,
  }
  test.each(Object.entries(READERS))('never makes %s throw', (_name, reader) => {
    assert(property(anything(), (body) => void reader(body)))
    assert(property(anything(), (body) => void reader({ Result: body })))
    assert(property(anything(), (items) => void reader(withParameters(items))))
    assert(property(anything(), (rows) => void reader({ ResponseCode: '1000', Response: rows })))
  })

  test.each(Object.entries({ parseReversalResult, parsePayoutResult, parseStatusResult }))(
    'is none to %s without an id or without a code',
    (_name, reader) => {
      expect(reader({ Result: { ConversationID: 'AG_1' } })).toBeNull()
      expect(reader({ Result: { ResultCode: 0 } })).toBeNull()
      expect(reader({ Result: null, ConversationID: 'AG_1', ResultCode: 0 })).not.toBeNull()
    },
  )

  test('of a failed payout has no receipt, even when Daraja sends one', () => {
    const dummy = { Key: 'TransactionReceipt', Value: 'UKL0000000' }
    const more = { ResultCode: 1, TransactionID: 'UKL0000000' }
    const payout = parsePayoutResult(withParameters(dummy, more))
    expect(payout).toMatchObject({ resultCode: '1', receipt: null, transactionId: null })
  })

  test('of a payout without parameters has the receipt of its head', () => {
    const payout = parsePayoutResult(withParameters(undefined, { TransactionID: 'UKL9XYZ34E' }))
    expect(payout).toMatchObject({
      receipt: 'UKL9XYZ34E',
      amount: null,
      receiverIsRegistered: null,
    })
  })

  test.each([
    ['COMPLETED', 'Completed'],
    ['Expired', 'Expired'],
    ['Pending Authorization', 'Other'],
    ['', null],
  ])('with the status %p says %p', (Value, status) => {
    expect(parseStatusResult(withParameters({ Key: 'TransactionStatus', Value }))?.status).toBe(
      status,
    )
  })

  test('of a queue’s time-out is only its ids, and nothing without them', () => {
    const ids = { conversationId: '', originatorConversationId: 'o-1' }
    expect(parseQueueTimeout({ OriginatorConversationID: 'o-1' })).toEqual(ids)
    expect(parseQueueTimeout({ Result: { OriginatorConversationID: 'o-1' } })).toEqual(ids)
    expect(parseQueueTimeout({ Result: {} })).toBeNull()
    expect(parseQueueTimeout('timed out')).toBeNull()
  })
})

const someCents = integer({ min: 0, max: 90_000_000_000 }).map(cents)
const someTime = date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2029-12-31T00:00:00Z'),
  noInvalidDate: true,
}).map((at) => new Date(Math.floor(at.getTime() / 1_000) * 1_000))
/** `2026-11-21T10:13:00` on Nairobi's clock. */
const inNairobi = (at: Date) => new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 19)

describe('an amount', () => {
  test('is exact as text and as a number, with or without cents', () => {
    assert(
      property(someCents, (amount) => {
        expect(readAmount(toDecimal(amount))).toBe(amount)
        expect(readAmount(JSON.parse(toDecimal(amount)))).toBe(amount)
        expect(readSigned(toDecimal(amount))).toBe(amount)
        expect(readSigned(`-${toDecimal(amount)}`)).toBe(negate(amount))
      }),
    )
  })

  test.each([
    '',
    ' ',
    '-',
    '--1',
    '1,500.00',
    '1.005',
    'KES 5',
    '1e3',
    'NaN',
    null,
    [],
    {},
    true,
    1e21,
  ])('is not %p', (value) => {
    expect(readSigned(value)).toBeNull()
    expect(readAmount(value)).toBeNull()
  })

  test('that is negative is read for balances only', () => {
    expect(readAmount('-20.00')).toBeNull()
    expect(readAmount(-20)).toBeNull()
    expect(readSigned(-20)).toBe(shillings(-20))
  })
})

describe('balances', () => {
  const name = string({ minLength: 1, maxLength: 20 }).map(
    (text) => `A ${text.replace(/[&|\s]/g, '_')}`,
  )
  const accounts = uniqueArray(record({ name, amount: someCents, sign: constantFrom('', '-') }), {
    selector: (one) => one.name,
  })
  const text = (list: { name: string; amount: number; sign: string }[]) =>
    list
      .map(
        ({ name: one, amount, sign }) => `${one}|KES|${sign}${toDecimal(cents(amount))}|1.00|2|3`,
      )
      .join('&')
  const read = (Value: string) =>
    parseBalanceResult(withParameters([{ Key: 'AccountBalance', Value }]))?.accounts

  test('are what is available, by name, with their sign', () => {
    assert(
      property(accounts, (list) => {
        const expected = list.map(({ name: one, amount, sign }) => [
          one,
          sign ? negate(amount) : amount,
        ])
        expect(read(text(list))).toEqual(Object.fromEntries(expected))
      }),
    )
  })

  test('that cannot be read, or are told twice, are left out', () => {
    expect(read('A|KES|1.00|0|0|0&B|USD|2.00&C|KES|none&D&|KES|4.00&__proto__|KES|5')).toEqual(
      Object.fromEntries([
        ['A', 100],
        ['__proto__', 500],
      ]),
    )
    expect(read('A|KES|1.00&A|KES|2.00&B|KES|3&B|KES|3.00')).toEqual({ B: 300 })
    expect(parseBalanceResult(withParameters(undefined))?.accounts).toEqual({})
  })
})

describe('a time', () => {
  test('is Nairobi’s in each of the spellings', () => {
    assert(
      property(someTime, (at) => {
        const [day = '', clock = ''] = inNairobi(at).split('T')
        const [y, m, d] = day.split('-')
        for (const text of [
          `${day}${clock}`.replace(/\D/g, ''),
          Number(`${day}${clock}`.replace(/\D/g, '')),
          `${d}.${m}.${y} ${clock}`,
          `${d}-${m}-${y} ${clock}`,
          `${day} ${clock}`,
        ])
          expect(readTime(text)).toEqual(at)
      }),
    )
  })

  test.each([
    '20260231101602',
    '31.02.2026 10:16:02',
    '20261121241602',
    '2026',
    'soon',
    '',
    null,
    {},
  ])('is not %p', (value) => expect(readTime(value)).toBeNull())

  test('of Pull is Nairobi’s in spite of its Z, unless told', () => {
    assert(
      property(someTime, constantFrom('Z', '', '.000Z', '+00:00', '+0000'), (at, zone) => {
        expect(readPullTime(`${inNairobi(at)}${zone}`, 'nairobi')).toEqual(at)
        expect(readPullTime(`${at.toISOString().slice(0, 19)}${zone}`, 'utc')).toEqual(at)
      }),
    )
    const at = new Date('2026-11-21T07:13:00Z')
    expect(readPullTime('2026-11-21T10:13:00+03:00', 'utc')).toEqual(at)
    expect(readPullTime('2026-11-21T09:13:00+0200', 'nairobi')).toEqual(at)
    expect(readPullTime('2026-11-31T10:13:00Z', 'nairobi')).toBeNull()
  })
})

describe('a page of Pull', () => {
  const row = record({
    receipt: string({
      unit: constantFrom('A', 'B', 'Z', '0', '1', '9'),
      minLength: 10,
      maxLength: 10,
    }),
    at: someTime,
    amount: someCents,
    phone: constantFrom<unknown>(722000000, '2547 ***** 126', 'ab12', undefined),
  })
  const wire = ({
    receipt,
    at,
    amount,
    phone,
  }: {
    receipt: string
    at: Date
    amount: number
    phone: unknown
  }) => ({
    transactionId: receipt,
    trxDate: `${inNairobi(at)}Z`,
    msisdn: phone,
    amount: toDecimal(cents(amount)),
  })

  test('loses no row and no cent, nested, flat or as text, whatever stands between', () => {
    const nest = constantFrom(
      (rows: unknown[]): unknown => [rows],
      (rows: unknown[]): unknown => rows,
      (rows: unknown[]): unknown => rows.map((one) => [one]),
      (rows: unknown[]): unknown => JSON.stringify([rows]),
    )
    assert(
      property(
        array(row),
        array(constantFrom<unknown>('x', 7, {}, null)),
        nest,
        (rows, noise, put) => {
          const page = parsePullAnswer({
            'Response Code': 1000,
            Response: put([...rows.map(wire), ...noise]),
          })
          expect(page?.lines.map(({ receipt, at, amount }) => ({ receipt, at, amount }))).toEqual(
            rows.map(({ receipt, at, amount }) => ({ receipt, at, amount })),
          )
          expect(page?.unreadable).toEqual(noise)
          expect(page?.rows).toBe(rows.length + noise.length)
        },
      ),
    )
  })

  test.each([
    ['no receipt', { transactionId: '' }],
    ['no amount', { amount: 'free' }],
    ['a negative amount', { amount: '-5.00' }],
    ['no time', { trxDate: null }],
  ])('keeps a row with %s for people', (_name, wrong) => {
    const one = {
      ...wire({ receipt: 'UKL5ABC12D', at: new Date('2026-11-21T07:13:00Z'), amount: 5, phone: 1 }),
      ...wrong,
    }
    const page = parsePullAnswer({ ResponseCode: '1000', Response: [[one]] })
    expect(page).toMatchObject({ lines: [], unreadable: [one], rows: 1 })
  })
})

describe('a message of the paybill', () => {
  test.each([
    ['RSV-26-000123', 'RSV26000123'],
    [' rsv 26 000123 ', 'RSV26000123'],
    [254, '254'],
    ['--', null],
    [undefined, null],
  ])('with the account number %p is for %p', (BillRefNumber, reference) => {
    expect(parsePaybillMessage({ TransID: 'UKL5ABC12D', BillRefNumber })?.reference).toBe(reference)
  })

  test('needs a receipt and nothing else', () => {
    expect(parsePaybillMessage({ TransID: 'UKL5ABC12D' })).toMatchObject({
      receipt: 'UKL5ABC12D',
      kind: 'other',
      amount: null,
      name: null,
    })
    expect(parsePaybillMessage({ TransAmount: '5' })).toBeNull()
    expect(parsePaybillMessage([])).toBeNull()
  })
})
