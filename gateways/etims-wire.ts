/** A sale in the words of the revenue authority: field names, codes and formats of its OSCU specification. */
import type { InvoiceLine } from '../domain/invoices.ts'
import { nairobiClock } from '../domain/time.ts'
import type { Sale } from './etims.ts'

const KIND: Record<string, string> = { INV: '1', CRN: '2' }
/** `INV-26-000123` -> 126000123: unique among all documents of the device. */
export const wireNumber = (number: string): number => {
  const [series = '', year = '', count = ''] = number.split('-')
  return Number(`${KIND[series]}${year}${count}`)
}

const two = (value: number) => String(value).padStart(2, '0')
const stamp = (at: Date): string => {
  const c = nairobiClock(at)
  return `${c.year}${two(c.month)}${two(c.day)}${two(c.hour)}${two(c.minute)}${two(c.second)}`
}
const CENTS = 100
const shillings = (cents: number): number => cents / CENTS
const US = { regrId: 'gari', regrNm: 'gari', modrId: 'gari', modrNm: 'gari' } as const
/** B is the standard rate, C zero-rated. */
const taxCode = ({ vatRate }: InvoiceLine) => (vatRate === 16 ? 'B' : 'C')

/** Amounts are numbers with two places here, because the authority's format has no other. */
export function toWire(sale: Sale) {
  const at = stamp(sale.issuedAt)
  const sum = (code: string, of: 'gross' | 'vat') =>
    shillings(
      sale.lines.filter((line) => taxCode(line) === code).reduce((all, line) => all + line[of], 0),
    )
  const { gross, vat } = sale.totals
  return {
    trdInvcNo: sale.number,
    invcNo: wireNumber(sale.number),
    orgInvcNo: sale.creditsNumber ? wireNumber(sale.creditsNumber) : 0,
    custTin: sale.buyer.pin,
    custNm: sale.buyer.name.slice(0, 60),
    salesTyCd: 'N',
    rcptTyCd: sale.creditsNumber ? 'R' : 'S',
    pmtTyCd: '07',
    salesSttsCd: '02',
    cfmDt: at,
    salesDt: at.slice(0, 8),
    ...(sale.creditsNumber ? { rfdDt: at, rfdRsnCd: '06' } : {}),
    totItemCnt: sale.lines.length,
    taxblAmtA: 0,
    taxblAmtB: sum('B', 'gross'),
    taxblAmtC: sum('C', 'gross'),
    taxblAmtD: 0,
    taxblAmtE: 0,
    taxRtA: 0,
    taxRtB: 16,
    taxRtC: 0,
    taxRtD: 0,
    taxRtE: 8,
    taxAmtA: 0,
    taxAmtB: sum('B', 'vat'),
    taxAmtC: 0,
    taxAmtD: 0,
    taxAmtE: 0,
    totTaxblAmt: shillings(gross),
    totTaxAmt: shillings(vat),
    totAmt: shillings(gross),
    prchrAcptcYn: 'N',
    ...US,
    receipt: { custTin: sale.buyer.pin, rcptPbctDt: at, prchrAcptcYn: 'N' },
    itemList: sale.lines.map(toItem),
  }
}

/** 78111800: passenger transport and vehicle rental in the authority's list of classes. */
const toItem = (line: InvoiceLine, index: number) => ({
  itemSeq: index + 1,
  itemClsCd: '7811180000',
  itemCd: 'KE3NTXU0000001',
  itemNm: line.description.slice(0, 200),
  pkgUnitCd: 'NT',
  pkg: 1,
  qtyUnitCd: 'U',
  qty: line.quantity,
  prc: shillings(line.unitPrice),
  splyAmt: shillings(line.gross),
  dcRt: 0,
  dcAmt: 0,
  taxTyCd: taxCode(line),
  taxblAmt: shillings(line.gross),
  taxAmt: shillings(line.vat),
  totAmt: shillings(line.gross),
})
