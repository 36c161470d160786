/** What stands on the paper, read back from the PDF itself. */
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { create } from 'qrcode'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { InvoiceDocument, PrintedDocument } from '../../domain/documents.ts'
import { toLine, totalsOf } from '../../domain/invoices.ts'
import { shillings, ZERO } from '../../domain/money.ts'
import { createDocuments } from '../../gateways/documents.ts'

const documents = createDocuments({
  company: { name: 'Gari Car Rental Ltd', pin: 'P051234567X', address: ['PO Box 1', 'Nairobi'] },
  paybill: '174379',
})
const lines = [
  toLine({
    description: 'Car rental, days: Economy',
    quantity: 3,
    unitPrice: shillings(4_500),
    vatRate: 16,
  }),
]
const shared = {
  issuedAt: new Date('2026-11-21T22:30:00Z'),
  billTo: { name: 'Wanjikũ Kamaũ', pin: 'A123456789Z', address: ['Ngong Road'], email: null },
  ownerNumber: 'RSV-26-000123',
  verifyUrl: 'https://gari.example/documents/verify/INV-26-000001/secret',
}
const payment = {
  at: shared.issuedAt,
  method: 'mpesa' as const,
  reference: 'UKL5ABC12D',
  amount: shillings(4_500),
}
const buildInvoice = (over: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  ...shared,
  kind: 'invoice',
  number: 'INV-26-000001',
  dueAt: new Date('2026-12-06T21:00:00Z'),
  lines,
  totals: totalsOf(lines),
  credited: ZERO,
  paid: shillings(4_500),
  open: shillings(9_000),
  payments: [payment],
  deposit: shillings(20_000),
  etims: { status: 'off', unit: null },
  ...over,
})

async function textOf(document: PrintedDocument): Promise<string> {
  const data = new Uint8Array(await documents.print(document))
  const pdf = await getDocument({ data, verbosity: 0 }).promise
  const pages = Array.from({ length: pdf.numPages }, (_, index) => pdf.getPage(index + 1))
  const texts = await Promise.all(
    pages.map(async (page) => (await (await page).getTextContent()).items),
  )
  return texts
    .flat()
    .map((item) => ('str' in item ? item.str : ''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
}

describe('an invoice', () => {
  it('shows who, what, VAT, total, the payment and how to pay the rest', async () => {
    const text = await textOf(buildInvoice())
    for (const part of [
      'Tax invoice INV-26-000001',
      'Date: 22 Nov 2026',
      'To be paid by: 6 Dec 2026',
      'PIN P051234567X',
      'Wanjikũ Kamaũ',
      'PIN A123456789Z',
      'KSh 13,500',
      'KSh 1,862.07',
      'M-Pesa, UKL5ABC12D',
      'Paybill 174379, account RSV-26-000123',
      'eTIMS: not connected',
    ])
      expect(text).toContain(part)
  })

  it('names the deposit beside the bill, outside of the total', async () => {
    const text = await textOf(buildInvoice())
    expect(text).toContain('refundable deposit of KSh 20,000')
    expect(text).not.toContain('KSh 33,500')
  })

  it('carries the control unit’s number', async () => {
    const unit = {
      serial: 'KRACU0100000001',
      invoiceNumber: 'KRACU0100000001/7',
      signature: 'QUII27MATATSHFRB',
      internalData: 'EAHSAV6E',
      url: 'https://etims.example/x',
      at: '20261121120000',
    }
    const text = await textOf(buildInvoice({ etims: { status: 'registered', unit } }))
    expect(text).toContain('KRACU0100000001/7')
    expect(text).toContain('QUII27MATATSHFRB')
  })

  it('with very many lines goes on over pages and loses none', async () => {
    const many = Array.from({ length: 90 }, (_, n) =>
      toLine({
        description: `Line number ${n}.`,
        quantity: 1,
        unitPrice: shillings(10),
        vatRate: 16,
      }),
    )
    const text = await textOf(buildInvoice({ lines: many, totals: totalsOf(many) }))
    for (let n = 0; n < many.length; n += 1) expect(text).toContain(`Line number ${n}.`)
  })

  it('is the same file each time', async () => {
    const [first, second] = [
      await documents.print(buildInvoice()),
      await documents.print(buildInvoice()),
    ]
    expect(first.equals(second)).toBe(true)
  })
})

it('a credit note names its invoice and why', async () => {
  const etims = { status: 'off' as const, unit: null }
  const text = await textOf({
    ...shared,
    kind: 'credit_note',
    number: 'CRN-26-000001',
    invoiceNumber: 'INV-26-000001',
    reason: 'Refunded',
    lines,
    totals: totalsOf(lines),
    etims,
  })
  expect(text).toContain('Credit note CRN-26-000001')
  expect(text).toContain('For invoice INV-26-000001')
})

it('a receipt shows M-Pesa’s own', async () => {
  const what = 'Payment for RSV-26-000123'
  const text = await textOf({ ...shared, kind: 'receipt', number: 'RCT-26-000001', payment, what })
  expect(text).toContain('Receipt RCT-26-000001')
  expect(text).toContain('M-Pesa receipt: UKL5ABC12D')
  expect(text).toContain('KSh 4,500')
})

it('names a charge a charge', async () => {
  expect(await textOf(buildInvoice({ ownerNumber: 'CHG-26-000001' }))).toContain(
    'Charge: CHG-26-000001',
  )
})

/** The dark cells as they stand on the paper, row by row, from the rectangles that the file draws. */
function cellsOf(pdf: Buffer, size: number): string[] {
  const file = pdf.toString('latin1')
  const streams = [...file.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) =>
    inflated(Buffer.from(body, 'latin1')),
  )
  const squares = [...streams.join('\n').matchAll(/([\d.]+) ([\d.]+) ([\d.]+) \3 re/g)].map(
    ([, x, y, side]) => ({ x: Number(x), y: Number(y), side: Number(side) }),
  )
  const [left, top] = [
    Math.min(...squares.map(({ x }) => x)),
    Math.min(...squares.map(({ y }) => y)),
  ]
  const dark = new Set(
    squares.map(
      ({ x, y, side }) => `${Math.round((y - top) / side)} ${Math.round((x - left) / side)}`,
    ),
  )
  const each = Array.from({ length: size }, (_, n) => n)
  return each.map((row) =>
    each.map((column) => (dark.has(`${row} ${column}`) ? '#' : ' ')).join(''),
  )
}

const inflated = (body: Buffer): string => {
  try {
    return inflateSync(body).toString('latin1')
  } catch {
    return ''
  }
}

it('carries its address as a code to scan', async () => {
  const { size, data } = create(shared.verifyUrl, { errorCorrectionLevel: 'M' }).modules
  const wanted = Array.from({ length: size }, (_, row) =>
    Array.from(data.slice(row * size, (row + 1) * size), (cell) => (cell ? '#' : ' ')).join(''),
  )
  expect(cellsOf(await documents.print(buildInvoice()), size)).toEqual(wanted)
})
