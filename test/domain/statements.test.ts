/** Files of providers: whatever surrounds the table, no line is lost, doubled or read half. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stringify } from 'csv-stringify/sync'
import type { BusinessError } from '../../domain/errors.ts'
import { cents, shillings, toDecimal } from '../../domain/money.ts'
import { readBankDay, readBankFile, USUAL_COLUMNS } from '../../domain/schemas/bank-files.ts'
import { readMoney, readStatement } from '../../domain/schemas/statements.ts'

const HEADER = [
  'Receipt No.',
  'Completion Time',
  'Initiation Time',
  'Details',
  'Transaction Status',
  'Paid In',
  'Withdrawn',
  'Balance',
  'Balance Confirmed',
  'Reason Type',
  'Other Party Info',
  'Linked Transaction ID',
  'A/C No.',
]
const PAID = [
  'UKL5ABC12D',
  '21-11-2026 10:13:00',
  '21-11-2026 10:12:58',
  'Pay Bill from 2547 ***** 126 - JANE, DOE Acc. RSV26000123',
  'Completed',
  '1,500.00',
  '',
  '12,500.00',
  'true',
  'Pay Bill Online',
  '254712345126 - JANE DOE',
  '',
  'RSV26000123',
]
const CHARGE = [...PAID]
CHARGE.splice(
  3,
  8,
  'Pay Bill Charge',
  'Completed',
  '',
  '-5.00',
  '12,495.00',
  'true',
  'Pay Bill Charge',
  '',
)

const file = (rows: string[][], before: string[][] = [], eol: '\n' | '\r\n' = '\n') =>
  stringify([...before, ...rows], { record_delimiter: eol })
const said = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    return (error as BusinessError).message
  }
  return ''
}

describe('a statement of M-Pesa', () => {
  const preamble = [['Organization Name', 'GARI LTD'], ['Time Period', 'From 20-11-2026'], ['']]

  it.each([
    ['plain', file([HEADER, PAID, CHARGE])],
    ['with a mark of UTF-8', `\uFEFF${file([HEADER, PAID, CHARGE])}`],
    ['with lines before the table', file([HEADER, PAID, CHARGE], preamble)],
    ['by Windows', file([HEADER, PAID, CHARGE], preamble, '\r\n')],
    ['with semicolons', stringify([HEADER, PAID, CHARGE], { delimiter: ';' })],
    ['newest first', file([HEADER, CHARGE, PAID].map((row) => [...row]))],
  ])('%s', (_, text) => {
    const { lines } = readStatement(text)
    expect(lines).toHaveLength(2)
    expect(lines.find(({ nature }) => nature === 'money')).toMatchObject({
      source: 'statement',
      key: 'UKL5ABC12D',
      direction: 'in',
      amount: shillings(1_500),
      balance: shillings(12_500),
      at: new Date('2026-11-21T07:13:00Z'),
      phone: '254712345126',
      reference: 'RSV26000123',
    })
    expect(lines.find(({ nature }) => nature === 'charge')).toMatchObject({
      direction: 'out',
      amount: shillings(5),
      balance: shillings(12_495),
    })
  })

  it('names columns nobody knows, and how many rows moved nothing', () => {
    const failed = [...PAID]
    failed[4] = 'Failed'
    const { notes } = readStatement(
      file([
        [...HEADER, 'Mood'],
        [...PAID, 'good'],
        [...failed, 'bad'],
        ['Total', '', '', ''],
      ]),
    )
    expect(notes).toEqual(['Columns we do not know: Mood.', '2 rows moved no money.'])
  })

  it.each<[string, string, RegExp]>([
    ['another table', 'a,b\n1,2\n', /the column .*“Receipt No\.”.* is missing/],
    [
      'a table without its balance',
      file([HEADER.filter((name) => name !== 'Balance'), PAID]),
      /“Balance” is missing/,
    ],
    ['nothing', '', /is missing/],
    ['a picture', 'PNG\0\0', /no text/],
    ['only its head', file([HEADER]), /no finished transaction/],
    [
      'a broken day',
      file([HEADER, PAID.with(1, '31-02-2026 10:00:00')]),
      /Line 2: “31-02-2026 10:00:00” is no Completion Time/,
    ],
    [
      'an amount in words',
      file([HEADER, PAID, PAID.with(5, 'a lot')]),
      /Line 3: “a lot” is no Paid In/,
    ],
    ['a receipt in words', file([HEADER, PAID.with(0, 'no receipt')]), /is no Receipt No\./],
  ])('that is %s is refused as a whole', (_, text, why) => {
    expect(said(() => readStatement(text))).toMatch(why)
  })

  it('of anything keeps every amount, to the cent and in order of time', () => {
    const row = fc.record({
      amount: fc.integer({ min: 1, max: 10 ** 9 }),
      seconds: fc.integer({ min: 0, max: 86_399 }),
      paidIn: fc.boolean(),
      words: fc.string({ maxLength: 30 }).filter((text) => !text.includes('\0')),
    })
    const clock = (seconds: number) =>
      [seconds / 3600, (seconds / 60) % 60, seconds % 60]
        .map((part) => String(Math.floor(part)).padStart(2, '0'))
        .join(':')
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const text = file([
          HEADER,
          ...rows.map(({ amount, seconds, paidIn, words }, index) => {
            const grouped = toDecimal(cents(amount)).replace(/\B(?=(\d{3})+\.)/g, ',')
            const made = [...PAID]
            made[0] = `UKL${String(index).padStart(7, '0')}`
            made[1] = `21-11-2026 ${clock(seconds)}`
            made[3] = words
            made[paidIn ? 5 : 6] = grouped
            if (!paidIn) made[5] = ''
            return made
          }),
        ])
        const { lines, from, to } = readStatement(text)
        const sum = (wanted: boolean) =>
          rows.reduce((all, { amount, paidIn }) => all + (paidIn === wanted ? amount : 0), 0)
        const read = (direction: string) =>
          lines.reduce((all, line) => all + (line.direction === direction ? line.amount : 0), 0)
        expect([read('in'), read('out')]).toEqual([sum(true), sum(false)])
        const times = lines.map(({ at }) => at.getTime())
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect([from, to]).toEqual([lines[0]?.at, lines.at(-1)?.at])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a bank’s file', () => {
  const bank = [
    ['Account', '0110000000'],
    ['Date', 'Reference', 'Description', 'Debit', 'Credit', 'Balance'],
    ['21/11/2026', 'FT26325ABC', 'TRANSFER RSV-26-000123', '', '4,500.00', '10,000.00'],
    ['21/11/2026', '', 'LEDGER FEE', '120.00', '', '9,880.00'],
    ['21/11/2026', '', 'LEDGER FEE', '120.00', '', '9,760.00'],
  ]

  it('is read by its columns; equal lines stay apart, and a repeat has the same keys', () => {
    const { lines } = readBankFile(file(bank), USUAL_COLUMNS)
    expect(lines.map(({ direction, amount }) => [direction, amount / 100])).toEqual([
      ['in', 4_500],
      ['out', 120],
      ['out', 120],
    ])
    const keys = lines.map(({ key }) => key)
    expect(new Set(keys).size).toBe(3)
    expect(readBankFile(file(bank), USUAL_COLUMNS).lines.map(({ key }) => key)).toEqual(keys)
  })

  it('with other names is read by those, and refused when one is not there', () => {
    const renamed = bank.map((row) => row.map((text) => (text === 'Credit' ? 'Money In' : text)))
    const columns = { ...USUAL_COLUMNS, credit: 'Money in' }
    expect(readBankFile(file(renamed), columns).lines).toHaveLength(3)
    expect(said(() => readBankFile(file(renamed), USUAL_COLUMNS))).toContain('“Credit”')
  })

  it.each([
    ['21/11/2026', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21', '2026-11-21T09:00:00.000Z'],
    ['1-Dec-2026', '2026-12-01T09:00:00.000Z'],
    ['21.11.2026 00:00', '2026-11-21T09:00:00.000Z'],
    ['11/21/2026', undefined],
    ['soon', undefined],
  ])('day %s', (text, iso) => expect(readBankDay(text)?.toISOString()).toBe(iso))
})

it.each([
  ['1,500.00', 150_000],
  ['-1,500.00', -150_000],
  ['(1,500.00)', -150_000],
  ['KES 10', 1_000],
  ['', 0],
  ['1.234,56', null],
  ['1e5', null],
])('money %j', (text, amount) => expect(readMoney(text)).toBe(amount))
