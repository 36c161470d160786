/** The revenue authority on its good and bad days: one document, one registration, one control number. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { toLine, totalsOf } from '../../domain/invoices.ts'
import { shillings } from '../../domain/money.ts'
import { createEtims, type Etims, type Sale } from '../../gateways/etims.ts'
import { toWire, wireNumber } from '../../gateways/etims-wire.ts'
import { createEtimsSimulator, ETIMS_SANDBOX } from '../../local/etims-simulator/simulator.ts'

const lines = [
  toLine({
    description: 'Car rental, 3 days',
    quantity: 3,
    unitPrice: shillings(4_500),
    vatRate: 16,
  }),
  toLine({ description: 'Zero-rated', quantity: 1, unitPrice: shillings(99), vatRate: 0 }),
]
const SALE: Sale = {
  number: 'INV-26-000123',
  buyer: { name: 'Wanjikũ Kamau', pin: 'A123456789Z' },
  lines,
  totals: totalsOf(lines),
  issuedAt: new Date('2026-11-21T22:30:00Z'),
}

let unit: ReturnType<typeof createEtimsSimulator>
let etims: Etims
const connect = (over = {}) =>
  createEtims({
    baseUrl: 'https://etims-api.test',
    ...ETIMS_SANDBOX,
    device: 'KRACU0100000001',
    fetch: (async (url: string, init: RequestInit) => unit.app.request(url, init)) as typeof fetch,
    ...over,
  })
beforeEach(() => {
  unit = createEtimsSimulator()
  etims = connect()
})

describe('registering a sale', () => {
  it('answers the control unit’s number, signature and public address', async () => {
    expect(await etims.register(SALE)).toMatchObject({
      outcome: 'registered',
      unit: {
        serial: 'KRACU0100000001',
        invoiceNumber: 'KRACU0100000001/1',
        url: expect.stringContaining('https://etims.test/common/link/etims/receipt/'),
      },
    })
  })

  it('whose answer was lost after it was registered gets the same number, and is one registration', async () => {
    unit.state.mood = 'lost'
    expect(await etims.register(SALE)).toMatchObject({ outcome: 'unknown' })
    unit.state.mood = 'good'
    const [second, third] = [await etims.register(SALE), await etims.register(SALE)]
    expect(second).toMatchObject({
      outcome: 'registered',
      unit: { invoiceNumber: 'KRACU0100000001/1' },
    })
    expect(third).toEqual(second)
    expect(unit.registered()).toBe(1)
  })

  it('that is known, without its number being said again, is a duplicate for a person', async () => {
    await etims.register(SALE)
    unit.state.mood = 'bare_duplicate'
    expect(await etims.register(SALE)).toEqual({ outcome: 'duplicate' })
    expect(unit.registered()).toBe(1)
  })

  it.each([['down'], ['html']] as const)(
    'is unknown, never refused, while it is %s',
    async (mood) => {
      unit.state.mood = mood
      expect(await etims.register(SALE)).toMatchObject({ outcome: 'unknown' })
    },
  )

  it('is unknown when nobody answers in time', async () => {
    const silent = connect({
      timeoutMs: 10,
      fetch: (_: string, { signal }: RequestInit) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')))
        }),
    })
    expect(await silent.register(SALE)).toEqual({ outcome: 'unknown', why: 'no answer' })
  })

  it.each([
    ['a PIN that is not valid', 'bad_pin', {}, '910'],
    ['a device that it does not know', 'good', { key: 'wrong' }, '901'],
  ] as const)('is refused for %s', async (_, mood, over, code) => {
    unit.state.mood = mood
    expect(await connect(over).register(SALE)).toEqual({ outcome: 'refused', code })
  })

  it('of a credit note names its invoice', async () => {
    const note = { ...SALE, number: 'CRN-26-000001', creditsNumber: SALE.number }
    expect(await etims.register(note)).toEqual({ outcome: 'refused', code: '922' })
    await etims.register(SALE)
    expect(await etims.register(note)).toMatchObject({ outcome: 'registered' })
    expect(toWire(note)).toMatchObject({ rcptTyCd: 'R', orgInvcNo: 126000123, invcNo: 226000001 })
  })
})

describe('on the wire', () => {
  it('amounts are shillings with cents, taxes stand by their class, times are Nairobi’s', () => {
    expect(toWire(SALE)).toMatchObject({
      trdInvcNo: 'INV-26-000123',
      salesDt: '20261122',
      taxblAmtB: 13_500,
      taxAmtB: 1_862.07,
      taxblAmtC: 99,
      totAmt: 13_599,
      totTaxAmt: 1_862.07,
    })
  })

  it('numbers of invoices and credit notes never meet', () => {
    expect(wireNumber('INV-26-000001')).not.toBe(wireNumber('CRN-26-000001'))
  })
})
