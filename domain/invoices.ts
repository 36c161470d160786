/**
 * Invoices, credit notes and receipts: their numbers, their arithmetic, their states and when people are reminded.
 * Prices include VAT. Each line is rounded by itself and the totals are sums of lines, so a document always adds up.
 */
import { add, cents, splitEqually, subtract, times, ZERO, type Cents } from './money.ts'
import { DAY_MS, startOfDay } from './time.ts'

/** draft -> issued -> sent -> paid; sent -> overdue -> paid; cancelled: a draft thrown away, or credited in full. */
export const INVOICE_STATUSES = ['draft', 'issued', 'sent', 'overdue', 'paid', 'cancelled'] as const
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number]
/** Money is still waited for. */
export const OPEN_INVOICE: readonly InvoiceStatus[] = ['issued', 'sent', 'overdue']
export const isOpenInvoice = (status: InvoiceStatus): boolean => OPEN_INVOICE.includes(status)

const CENTURY = 2_000
export type DocumentSeries = 'INV' | 'CRN' | 'RCT'

/** `INV-26-000001`. `year` is the full year in Nairobi. */
export const documentNumber = (series: DocumentSeries, year: number, sequence: number): string =>
  `${series}-${String(year % 100).padStart(2, '0')}-${String(sequence).padStart(6, '0')}`

export type SeriesPlace = { series: DocumentSeries; year: number; sequence: number }

/** The other way round; null for what is no such number. */
export function readDocumentNumber(text: string): SeriesPlace | null {
  const [, series, year, sequence] = /^(INV|CRN|RCT)-(\d{2})-(\d{6,})$/.exec(text) ?? []
  if (!series) return null
  return {
    series: series as DocumentSeries,
    year: CENTURY + Number(year),
    sequence: Number(sequence),
  }
}

/** Kenya's rates: 16 for what we rent and sell, 0 for zero-rated supplies (VAT Act 2013). */
export type VatRate = 0 | 16
/** `unitPrice` includes VAT. */
export type LineWish = { description: string; quantity: number; unitPrice: Cents; vatRate: VatRate }
export type InvoiceLine = LineWish & { net: Cents; vat: Cents; gross: Cents }
export type Totals = { net: Cents; vat: Cents; gross: Cents }

const HUNDRED = 100

/** The VAT within the line's gross, rounded half up to the cent. */
export const toLine = (wish: LineWish): InvoiceLine => {
  if (!Number.isInteger(wish.quantity) || wish.quantity < 1)
    throw new RangeError('a quantity is a whole number from 1 on')
  const gross = times(wish.unitPrice, wish.quantity)
  const vat = cents(Math.round((gross * wish.vatRate) / (HUNDRED + wish.vatRate)))
  return { ...wish, net: subtract(gross, vat), vat, gross }
}

export const totalsOf = (lines: readonly InvoiceLine[]): Totals => ({
  net: add(ZERO, ...lines.map(({ net }) => net)),
  vat: add(ZERO, ...lines.map(({ vat }) => vat)),
  gross: add(ZERO, ...lines.map(({ gross }) => gross)),
})

/**
 * Parts in proportion to the weights that sum to the whole, to the cent: what is left over goes to the largest
 * remainders, the first of equals first. Without any weight the parts are equal.
 */
export const splitByWeights = (whole: Cents, weights: readonly number[]): Cents[] => {
  const sum = weights.reduce((all, one) => all + one, 0)
  if (weights.some((one) => !Number.isSafeInteger(one) || one < 0))
    throw new RangeError('a weight is a whole number')
  if (sum === 0) return splitEqually(whole, weights.length)
  const exact = weights.map((weight) => BigInt(whole) * BigInt(weight))
  const parts = exact.map((one) => Number(one / BigInt(sum)))
  const rests = exact.map((one, index) => ({ index, rest: Number(one % BigInt(sum)) }))
  const left = whole - parts.reduce((all, one) => all + one, 0)
  const lucky = rests.toSorted((a, b) => b.rest - a.rest || a.index - b.index).slice(0, left)
  for (const { index } of lucky) parts[index] = (parts[index] ?? 0) + 1
  return parts.map(cents)
}

export type BillTo = {
  name: string
  /** Of the Kenya Revenue Authority: `A123456789Z`, P for a company. */
  pin: string | null
  address: string[]
  email: string | null
}
export const isKraPin = (text: string): boolean => /^[AP]\d{9}[A-Z]$/.test(text)

/** What is still to be paid: credit notes count like money. */
export const openAmount = (invoice: { gross: Cents; credited: Cents; paid: Cents }): Cents =>
  cents(Math.max(0, invoice.gross - invoice.credited - invoice.paid))
export const creditable = (invoice: { gross: Cents; credited: Cents }): Cents =>
  subtract(invoice.gross, invoice.credited)

/** Where an issued invoice stands, from its money and the clock. */
export const standingOf = (
  invoice: { status: InvoiceStatus; gross: Cents; credited: Cents; paid: Cents; dueAt: Date },
  now: Date,
): InvoiceStatus => {
  if (!isOpenInvoice(invoice.status) && invoice.status !== 'paid') return invoice.status
  if (invoice.credited === invoice.gross) return 'cancelled'
  if (openAmount(invoice) === 0) return 'paid'
  if (now >= invoice.dueAt) return 'overdue'
  return invoice.status === 'paid' ? 'sent' : invoice.status
}

/** The end of the day in Nairobi on which it is to be paid at the latest. */
export const dueAfter = (issuedAt: Date, termsDays: number): Date =>
  new Date(startOfDay(issuedAt).getTime() + (termsDays + 1) * DAY_MS)

export type Reminder = 'before_due' | 'due' | 'overdue_7' | 'overdue_14'
const REMINDERS: { reminder: Reminder; days: number }[] = [
  { reminder: 'before_due', days: -3 },
  { reminder: 'due', days: 0 },
  { reminder: 'overdue_7', days: 7 },
  { reminder: 'overdue_14', days: 14 },
]
/** Nine in the morning: nobody is reminded at night. */
const MORNING_MS = 9 * 60 * 60_000
/** After the last reminder a person looks. */
export const CASE_AFTER_DAYS = 21
/** What finance's case is called. */
export const INVOICE_CASE = 'invoice_overdue'

/** When people are reminded; `dueAt` is the end of the last day. What lies before the issue is left out. */
export const reminderPlan = (issuedAt: Date, dueAt: Date): { reminder: Reminder; at: Date }[] => {
  const lastDay = dueAt.getTime() - DAY_MS
  return REMINDERS.map(({ reminder, days }) => ({
    reminder,
    at: new Date(lastDay + days * DAY_MS + MORNING_MS),
  })).filter(({ at }) => at > issuedAt)
}

/** What the revenue authority's control unit said of a document. */
export type ControlUnit = {
  /** Serial number of the control unit. */
  serial: string
  /** `<serial>/<receipt>`: the number that people look up. */
  invoiceNumber: string
  signature: string
  internalData: string
  /** Where the authority shows the document. */
  url: string
  at: string
}
export type EtimsStatus = 'off' | 'pending' | 'registered' | 'refused'
