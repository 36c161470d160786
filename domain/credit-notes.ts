/**
 * The arithmetic of credit notes. What an invoice leaves after its notes always carries the VAT of exactly that amount,
 * and notes that take all of it back take back its VAT to the cent: many small notes round no cent away.
 */
import { toLine, type InvoiceLine, type LineWish, type VatRate } from './invoices.ts'
import { add, cents, subtract, ZERO, type Cents } from './money.ts'

type Sum = { gross: Cents; vat: Cents }
/** What is left of an invoice, by its rates of VAT. */
export type Left = Record<VatRate, Sum>
const RATES: readonly VatRate[] = [16, 0]

const sumOf = (lines: readonly InvoiceLine[], rate: VatRate): Sum => {
  const some = lines.filter(({ vatRate }) => vatRate === rate)
  return {
    gross: add(ZERO, ...some.map(({ gross }) => gross)),
    vat: add(ZERO, ...some.map(({ vat }) => vat)),
  }
}

/** `credited`: the lines of all its notes so far. */
export const leftOf = (
  invoiced: readonly InvoiceLine[],
  credited: readonly InvoiceLine[],
): Left => {
  const left = (rate: VatRate): Sum => {
    const [had, gone] = [sumOf(invoiced, rate), sumOf(credited, rate)]
    return { gross: subtract(had.gross, gone.gross), vat: subtract(had.vat, gone.vat) }
  }
  return { 16: left(16), 0: left(0) }
}

const HUNDRED = 100
const vatIn = (gross: number, rate: VatRate): number =>
  Math.round((gross * rate) / (HUNDRED + rate))

/** VAT of a note of this gross, so that what is left carries its own. */
const vatOfNote = (left: Sum, gross: Cents, rate: VatRate): Cents => {
  const rest = left.gross - gross
  const wanted = left.vat - vatIn(rest, rate)
  return cents(Math.min(left.vat, gross, Math.max(0, left.vat - rest, wanted)))
}

/** The lines of a note, their VAT settled against what is left; null where a rate has not so much left. */
export function creditLines(left: Left, wishes: readonly LineWish[]): InvoiceLine[] | null {
  const lines = wishes.map(toLine)
  for (const rate of RATES) {
    const { gross, vat } = sumOf(lines, rate)
    if (gross > left[rate].gross) return null
    if (gross > 0) settleVat(lines, rate, subtract(vatOfNote(left[rate], gross, rate), vat))
  }
  return lines
}

/** A cent or two, on the largest line of the rate. */
function settleVat(lines: InvoiceLine[], rate: VatRate, by: Cents): void {
  const [largest] = lines
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.vatRate === rate)
    .toSorted((a, b) => b.line.gross - a.line.gross)
  if (!largest || by === 0) return
  const vat = add(largest.line.vat, by)
  lines[largest.index] = { ...largest.line, vat, net: subtract(largest.line.gross, vat) }
}

/** Wishes for an amount that names no line: from each rate in proportion to what is left of it. */
export function spreadOverRates(left: Left, amount: Cents, description: string): LineWish[] {
  const all = left[16].gross + left[0].gross
  if (amount > all) throw new RangeError('more than is left')
  const standard = all === 0 ? 0 : Number((BigInt(amount) * BigInt(left[16].gross)) / BigInt(all))
  // Rounding down may leave the other rate a cent more than it has.
  const zero = Math.min(amount - standard, left[0].gross)
  const parts: [VatRate, number][] = [
    [16, amount - zero],
    [0, zero],
  ]
  return parts
    .filter(([, part]) => part > 0)
    .map(([vatRate, part]) => ({ description, quantity: 1, unitPrice: cents(part), vatRate }))
}
