/** Which money belongs to which prompt, and how lines and references are read. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cents, shillings } from '../../domain/money.ts'
import {
  chooseCandidate,
  clearPhone,
  explainedEntry,
  natureOf,
  plainReference,
  pullWindows,
  PULL_REACH_MS,
  type Candidate,
} from '../../domain/reconciliation.ts'
import type { PaymentPurpose } from '../../domain/payments.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'

const AT = new Date('2026-11-21T10:00:00Z')
const buildCandidate = (over: Partial<Candidate> = {}): Candidate => ({
  paymentId: 'p-1',
  purpose: 'reservation',
  ownerId: 'r-1',
  ownerNumber: 'RSV-26-000123',
  phone: '+254712345678',
  amount: shillings(4_500),
  promptedAt: new Date(AT.getTime() - MINUTE_MS),
  ...over,
})
const clue = { amount: shillings(4_500), at: AT, reference: 'RSV26000123', phone: null }

describe('money of a list', () => {
  it('goes to the one prompt that fits', () => {
    const others = [
      buildCandidate({ paymentId: 'p-2', ownerNumber: 'RSV-26-000124' }),
      buildCandidate({ paymentId: 'p-3', amount: shillings(4_501) }),
      buildCandidate({ paymentId: 'p-4', promptedAt: new Date(AT.getTime() - HOUR_MS) }),
      buildCandidate({ paymentId: 'p-5', promptedAt: new Date(AT.getTime() + 5 * MINUTE_MS) }),
    ]
    const choice = chooseCandidate(clue, [...others, buildCandidate()])
    expect(choice).toMatchObject({ outcome: 'one', candidate: { paymentId: 'p-1' } })
    expect(chooseCandidate(clue, others)).toEqual({ outcome: 'none' })
  })

  it('is told apart by the phone only where the phone is told', () => {
    const two = [buildCandidate(), buildCandidate({ paymentId: 'p-2', phone: '+254722000001' })]
    expect(chooseCandidate(clue, two).outcome).toBe('several')
    expect(chooseCandidate({ ...clue, phone: '2547 ***** 678' }, two).outcome).toBe('several')
    expect(chooseCandidate({ ...clue, phone: '722000001' }, two)).toMatchObject({
      candidate: { paymentId: 'p-2' },
    })
    expect(chooseCandidate({ ...clue, phone: '254733000000' }, two).outcome).toBe('none')
  })

  it('without a reference belongs to nobody for sure', () => {
    expect(chooseCandidate({ ...clue, reference: null }, [buildCandidate()]).outcome).toBe('none')
    expect(chooseCandidate({ ...clue, reference: 'RSV' }, [buildCandidate()]).outcome).toBe('none')
  })

  it('never goes to a prompt of another amount, booking, phone or time', () => {
    const candidate = fc.record({
      paymentId: fc.uuid(),
      purpose: fc.constantFrom<PaymentPurpose>('reservation', 'charge'),
      ownerId: fc.uuid(),
      ownerNumber: fc.constantFrom('RSV-26-000123', 'RSV-26-000124', 'CHG-26-000123'),
      phone: fc.constantFrom('+254712345678', '+254722000001', null),
      amount: fc.constantFrom(shillings(4_500), shillings(4_501), cents(450_050)),
      promptedAt: fc
        .integer({ min: -HOUR_MS, max: HOUR_MS })
        .map((ms) => new Date(AT.getTime() + ms)),
    })
    const phone = fc.constantFrom(null, '254712345678', 'a'.repeat(64), '2547 ***** 678')
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 6 }), phone, (candidates, phone) => {
        const choice = chooseCandidate({ ...clue, phone }, candidates)
        if (choice.outcome !== 'one') return
        const { ownerNumber, amount, promptedAt, phone: ours } = choice.candidate
        expect([ownerNumber, amount]).toEqual(['RSV-26-000123', clue.amount])
        expect(Math.abs(AT.getTime() - promptedAt.getTime())).toBeLessThanOrEqual(15 * MINUTE_MS)
        if (phone === '254712345678' && ours) expect(ours).toBe('+254712345678')
      }),
    )
  })
})

describe('windows of Pull', () => {
  it('cover the last two days without a gap, and overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: DAY_MS * 400, max: DAY_MS * 40_000 }), (now) => {
        const windows = pullWindows(now).map(({ from, to }) => [Date.parse(from), Date.parse(to)])
        expect(windows[0]?.[0]).toBe(now - PULL_REACH_MS)
        expect(windows.at(-1)?.[1]).toBe(now)
        for (const [index, [from = 0]] of windows.entries())
          if (index > 0) expect(from).toBeLessThan(windows[index - 1]?.[1] ?? 0)
      }),
    )
  })
})

describe('a line', () => {
  it.each([
    ['out', 'Pay Bill Charge', 'charge'],
    ['out', 'Organization Settlement to Bank', 'transfer'],
    ['out', 'Reversal of transaction UKL5ABC12D', 'money'],
    ['out', 'Salary Payment to 2547', 'money'],
    ['in', 'Pay Bill from 2547 Acc. Charge', 'money'],
  ] as const)('%s with %s is %s', (direction, words, nature) => {
    expect(natureOf(direction, words)).toBe(nature)
  })

  it.each([
    ['rsv 26-000123 ', 'RSV26000123'],
    ['', null],
    ['--', null],
  ])('reference %j', (text, plain) => expect(plainReference(text)).toBe(plain))

  it.each([
    ['+254712345678', '254712345678'],
    ['722000000', '254722000000'],
    ['2547 ***** 126', null],
    ['a'.repeat(64), null],
  ])('phone %j', (text, clear) => expect(clearPhone(text)).toBe(clear))

  it('told by Pull and by the statement is one entry in the ledger', () => {
    const line = {
      key: 'UKL5ABC12D',
      direction: 'out',
      nature: 'charge',
      amount: shillings(5),
    } as const
    const how = { why: 'Charged', by: 'gari' }
    const entries = (['pull', 'statement'] as const).map((source) =>
      explainedEntry({ ...line, source }, 'mpesa_charges', how),
    )
    expect(entries[0]).toEqual(entries[1])
    expect(entries[0]?.postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
  })
})
