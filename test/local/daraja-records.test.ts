/** What Daraja knows of the money afterwards: pull, organisation statement, ledger. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { driveSimulator, PHONE, type Json } from './simulator-driver.ts'

let daraja: Awaited<ReturnType<typeof driveSimulator>>
beforeEach(async () => {
  daraja = await driveSimulator({ settings: { autopilot: { answer: 'pay', afterMs: 0 } } })
})
afterEach(() => daraja.stop())

const HOUR_MS = 3_600_000
const pushPaid = async (Amount = 4500) => {
  await daraja.push({ Amount })
  await daraja.advance(3_000)
  return daraja.ledger().transactions.at(-1)?.receipt
}
const paidByHand = async (amount = 1500) =>
  (await daraja.payByHand({ amount, account: 'RSV26000123' })).json.receipt

describe('pull', () => {
  const rows = (json: Json) => (json.Response as Json[][])[0] ?? []
  const receipts = (json: Json) => rows(json).map(({ transactionId }) => transactionId)

  test('is registered once', async () => {
    expect((await daraja.pull()).json.errorCode).toBe('400.001')
    expect((await daraja.registerPull()).json).toEqual({
      ResponseRefID: expect.any(String),
      ResponseStatus: '1000',
      ShortCode: '174379',
      ResponseDescription: expect.any(String),
    })
    expect((await daraja.registerPull()).json.ResponseStatus).toBe('1001')
    expect((await daraja.registerPull({ ShortCode: '600000' })).json.errorCode).toBe('400.001')
  })
  describe('once registered', () => {
    beforeEach(() => daraja.registerPull())

    test('lists payments of both kinds in a list within a list, told or not', async () => {
      await daraja.mood({ dropCallback: true })
      const first = await pushPaid()
      const second = await paidByHand()
      expect(daraja.posted).toEqual([])
      const { json } = await daraja.pull()
      expect(json).toMatchObject({ ResponseCode: '1000', ResponseMessage: 'Success' })
      expect(receipts(json)).toEqual([first, second])
      expect(rows(json)[0]).toEqual({
        transactionId: first,
        trxDate: '2026-11-21T10:15:31Z',
        msisdn: 712345678,
        sender: 'WANJIKU KAMAU',
        transactiontype: 'c2b-pay-bill-debit',
        billreference: 'RSV26000123',
        amount: '4500.00',
        organizationname: 'GARI LTD',
      })
    })
    test.each<[string, string, Json]>([
      ['list', '1001', { Response: [[]] }],
      ['text', '1001', { Response: '[[]]' }],
      ['missing', '1001', {}],
    ])('says "none" as a %s', async (pullEmpty, ResponseCode, rest) => {
      await daraja.changeSettings({ pullEmpty })
      const { json } = await daraja.pull()
      expect(json).toEqual({
        ResponseRefID: expect.any(String),
        ResponseCode,
        ResponseMessage: expect.any(String),
        ...rest,
      })
    })
    test('says "none" as an error', async () => {
      await daraja.changeSettings({ pullEmpty: 'error' })
      expect((await daraja.pull()).status).toBe(500)
    })
    test('reaches 48 hours back, whatever is asked for', async () => {
      await paidByHand(1)
      await daraja.advance(47 * HOUR_MS)
      await daraja.freshToken()
      const recent = await paidByHand(2)
      const window = { StartDate: '2026-11-20 00:00:00', EndDate: '2026-11-30 00:00:00' }
      expect(receipts((await daraja.pull(window)).json)).toHaveLength(2)
      await daraja.advance(2 * HOUR_MS)
      await daraja.freshToken()
      expect(receipts((await daraja.pull(window)).json)).toEqual([recent])
    })
    test('keeps to the window on the East African clock', async () => {
      await paidByHand()
      const until = async (EndDate: string) => receipts((await daraja.pull({ EndDate })).json)
      expect(await until('2026-11-21 10:15:29')).toEqual([])
      expect(await until('2026-11-21 10:15:30')).toHaveLength(1)
    })
    test('goes on from a row', async () => {
      await daraja.changeSettings({ pullPageRows: 2 })
      const all = [await paidByHand(1), await paidByHand(2), await paidByHand(3)]
      expect(receipts((await daraja.pull()).json)).toEqual(all.slice(0, 2))
      expect(receipts((await daraja.pull({ OffSetValue: 2 })).json)).toEqual(all.slice(2))
      expect((await daraja.pull({ OffSetValue: '3' })).json.ResponseCode).toBe('1001')
    })
    test('has a sandbox that spells with blanks, and a clock that may tell the truth', async () => {
      await daraja.changeSettings({ pullDialect: 'sandbox', pullClock: 'utc' })
      expect((await daraja.registerPull()).json).toHaveProperty('Response Status', '1001')
      await paidByHand()
      const { json } = await daraja.pull()
      expect(json).toHaveProperty('RequestID')
      expect(rows(json)[0]?.trxDate).toBe('2026-11-21T07:15:30Z')
    })
    test.each([
      ['StartDate', '21-11-2026 08:00:00'],
      ['EndDate', '2026-11-20 08:00:00'],
      ['OffSetValue', '-1'],
    ])('refuses a wrong %s', async (field, value) => {
      expect((await daraja.pull({ [field]: value })).json.errorMessage).toBe(
        `Bad Request - Invalid ${field}`,
      )
    })
  })
})

const COLUMNS = [
  'Receipt No.',
  'Completion Time',
  'Initiation Time',
  'Details',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
  'Reason Type',
  'Other Party Info',
  'A/C No.',
]

describe('the organisation statement', () => {
  const lines = async (query: Record<string, string> = {}) =>
    parse(await daraja.statement(query), { relax_column_count: true })
  const table = async (query: Record<string, string> = {}) =>
    parse<Record<string, string>>(await daraja.statement({ heading: 'no', ...query }), {
      columns: true,
    })

  test('has the columns of the portal under its heading, newest line first', async () => {
    const first = await paidByHand()
    await daraja.advance(60_000)
    await daraja.payOut({ Amount: 500 })
    await daraja.advance(2_000)
    const all = await lines()
    expect(all[0]).toEqual(['Organization Name:', 'GARI LTD'])
    const header = all.findIndex(([name]) => name === 'Receipt No.')
    expect(all[header]).toEqual(COLUMNS)
    expect(all.slice(header + 1)).toEqual([
      [
        daraja.ledger().payouts[0]?.receipt,
        '21-11-2026 10:16:32',
        '21-11-2026 10:16:30',
        `Business Payment to ${PHONE} - WANJIKU KAMAU`,
        'Completed',
        '',
        '-500.00',
        '1000.00',
        'Business Payment to Customer',
        `${PHONE} - WANJIKU KAMAU`,
        '',
      ],
      [
        first,
        '21-11-2026 10:15:30',
        '21-11-2026 10:15:30',
        `Pay Bill from ${PHONE} - WANJIKU KAMAU Acc. RSV26000123`,
        'Completed',
        '1500.00',
        '',
        '1500.00',
        'Pay Utility',
        `${PHONE} - WANJIKU KAMAU`,
        'RSV26000123',
      ],
    ])
  })
  test('covers the days that were asked for, East African ones, and one account', async () => {
    const today = await paidByHand(1)
    await daraja.advance(14 * HOUR_MS)
    const tomorrow = await paidByHand(2)
    const receipts = async (query: Record<string, string>) =>
      (await table(query)).map((line) => line['Receipt No.'])
    expect(await receipts({ from: '2026-11-21', to: '2026-11-22' })).toEqual([today])
    expect(await receipts({ from: '2026-11-22', to: '' })).toEqual([tomorrow])
    await daraja.transfer('utility', 'working', 3)
    expect(await receipts({ account: 'working' })).toHaveLength(1)
  })
  test('may surprise its reader', async () => {
    const paid = await paidByHand(12_500)
    await daraja.payOut({ Amount: 9_000_000 })
    await daraja.advance(2_000)
    const twice = await table({ twice: 'yes', thousands: 'yes', masked: 'yes' })
    expect(twice.map((line) => line['Receipt No.'])).toEqual([paid, paid])
    expect(twice[0]).toMatchObject({
      'Paid In': '12,500.00',
      'Other Party Info': '2547****678 - WANJIKU KAMAU',
    })
    const wide = await table({ extraColumns: 'yes', failed: 'yes', negative: 'no' })
    expect(Object.keys(wide[0] ?? {})).toEqual(
      expect.arrayContaining([...COLUMNS, 'Balance Confirmed', 'Linked Transaction ID']),
    )
    expect(wide[0]).toMatchObject({ 'Transaction Status': 'Failed', Withdrawn: '9000000.00' })
  })
  test('quotes what a customer typed', async () => {
    await daraja.payByHand({ amount: 5, account: 'a,"b"\n=1+1' })
    expect((await table())[0]?.['A/C No.']).toBe('a,"b"\n=1+1')
  })
  test('refuses a question it does not understand', async () => {
    expect((await daraja.control('GET', '/statement.csv?from=yesterday')).status).toBe(422)
    expect((await daraja.control('GET', '/statement.csv?colour=red')).status).toBe(422)
  })
})

describe('money', () => {
  const PHONES = [PHONE, '254722000111', '254708222333']
  type Act = { what: string; phone: number; amount: number; bad: number }
  const act = fc.record({
    what: fc.constantFrom('push', 'hand', 'reverse', 'payout', 'transfer', 'double-reverse'),
    phone: fc.nat(PHONES.length - 1),
    amount: fc.integer({ min: 1, max: 60_000 }),
    bad: fc.nat(4),
  })
  const MOODS: Json[] = [
    {},
    { dropCallback: true },
    { callbackCopies: 3 },
    { paysAfterLostMs: 1_000 },
    { queueTimeout: true, executesAfterTimeoutMs: 500 },
  ]

  const perform = async ({ what, phone, amount, bad }: Act) => {
    const number = Number(PHONES[phone])
    await daraja.mood({ ...MOODS[bad], on: ['stk-push', 'b2c', 'reversal', 'c2b'] })
    const payments = daraja.ledger().movements.filter(({ amount: paid }) => paid > 0)
    const original = payments[amount % Math.max(1, payments.length)]
    const refund = () => daraja.reverse(original?.receipt ?? 'none', { Amount: original?.amount })
    if (what === 'push') await daraja.push({ Amount: amount, PhoneNumber: number })
    if (what === 'hand') await daraja.payByHand({ amount, account: 'A' }, String(number))
    if (what === 'payout') await daraja.payOut({ Amount: amount, PartyB: number })
    if (what === 'transfer') await daraja.transfer('bank', 'utility', amount)
    if (what.endsWith('reverse')) await refund()
    if (what === 'double-reverse') await refund()
    await daraja.advance(amount % 5_000)
  }

  test('is never made or lost, every receipt is one of its own, and the statement adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        daraja.stop()
        daraja = await driveSimulator({
          settings: { autopilot: { answer: 'pay', afterMs: 0 }, payoutCharge: 3 },
        })
        for (const one of acts) await perform(one)
        await daraja.advance(300_000)
        const { balances, movements } = daraja.ledger()
        const inPhones = Object.values(balances.phones).reduce((sum, one) => sum + one, 0)
        expect(inPhones + balances.merchant + balances.chargesPaid).toBe(balances.opened)
        const sum = movements.reduce((total, { amount }) => total + amount, 0)
        expect(sum).toBe(balances.merchant)
        const own = movements.filter(({ kind }) => kind !== 'charge').map(({ receipt }) => receipt)
        expect(new Set(own).size).toBe(own.length)
        expect(own.every((receipt) => /^UKL[0-9A-Z]{7}$/.test(receipt))).toBe(true)
        const reversed = movements.flatMap(({ original }) => original ?? [])
        expect(new Set(reversed).size).toBe(reversed.length)
        const rows = parse(await daraja.statement({ heading: 'no' }))
        expect(Number(rows[1]?.[7] ?? 0)).toBe(balances.utility)
      }),
      { numRuns: 60 },
    )
  })
  test('of a working account is told apart, and movements name what they undo', async () => {
    const receipt = await pushPaid(700)
    await daraja.reverse(receipt, { Amount: 700 })
    await daraja.advance(2_000)
    await daraja.transfer('bank', 'utility', 50)
    await daraja.transfer('utility', 'working', 20)
    const { movements, balances } = daraja.ledger()
    expect(movements.map(({ kind, account, amount }) => [kind, account, amount])).toEqual([
      ['stk', 'utility', 700],
      ['reversal', 'utility', -700],
      ['transfer', 'utility', 50],
      ['transfer', 'utility', -20],
      ['transfer', 'working', 20],
    ])
    expect(movements[1]?.original).toBe(receipt)
    expect(balances).toMatchObject({ merchant: 50, utility: 30, working: 20 })
  })
  test('keeps an East African calendar in its receipts', async () => {
    await daraja.advance(14 * HOUR_MS)
    expect(await paidByHand()).toMatch(/^UKM/)
    await daraja.advance(9 * 24 * HOUR_MS)
    expect(await paidByHand()).toMatch(/^UL1/)
  })
})
