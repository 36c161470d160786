/** Who is billed for a booking, and how much: one bill for all of it, or shares that sum to the whole. */
import { BusinessError } from '../domain/errors.ts'
import { splitByWeights, type BillTo, type LineWish } from '../domain/invoices.ts'
import { subtract, type Cents } from '../domain/money.ts'
import { timeRangeText } from '../domain/invoice-words.ts'
import { type Tx } from './connection.ts'
import { draftInvoice, invoicedOf, wishIssue } from './invoice-drafts.ts'
import { lockInvoicesOf, type InvoiceRow } from './invoice-rows.ts'
import { findReservation, type ReservationDetail } from './reservation-reads.ts'
import { lockReservation } from './reservation-rows.ts'

/** `weight`: its part of the whole, in any unit. `id` comes from the Idempotency-Key, or is new. */
export type Bill = {
  id: string
  billTo: BillTo
  weight: number
  partyId?: string | null
  companyId?: string | null
}
export type BillingWish = {
  reservationId: string
  bills: Bill[]
  termsDays: number
  issue: boolean
  actorId: string
}

/** Drafts for what of the booking is not invoiced yet. All are made, or none. */
export async function billReservation(tx: Tx, wish: BillingWish): Promise<InvoiceRow[]> {
  const { booking, rest } = await openBooking(tx, wish.reservationId)
  const known = await repeatOf(tx, wish)
  if (known.length > 0) return known
  if (rest <= 0)
    throw new BusinessError('NOTHING_TO_INVOICE', 'All of this booking is invoiced already.')
  const parts = splitByWeights(
    rest,
    wish.bills.map(({ weight }) => weight),
  )
  if (parts.some((part) => part === 0))
    throw new BusinessError('SHARES_DO_NOT_ADD_UP', 'Each share must be more than nothing.')
  const whole = wish.bills.length === 1 && rest === booking.total
  const drafts: InvoiceRow[] = []
  for (const [index, bill] of wish.bills.entries()) {
    const part = parts[index] as Cents
    const lines = whole ? detailLines(booking) : [shareLine(booking, part, index, parts.length)]
    drafts.push(await draftOne(tx, wish, bill, booking, lines))
  }
  return drafts
}

async function openBooking(tx: Tx, id: string) {
  await lockReservation(tx, id)
  const booking = await findReservation(tx, id)
  if (!booking) throw new BusinessError('NOT_FOUND', 'We have no such booking.')
  return { booking, rest: subtract(booking.total, await invoicedOf(tx, id)) }
}

/** The same wish again: its drafts stand under their ids. */
async function repeatOf(tx: Tx, { reservationId, bills }: BillingWish): Promise<InvoiceRow[]> {
  const ids = bills.map(({ id }) => id)
  return (await lockInvoicesOf(tx, reservationId)).filter(({ id }) => ids.includes(id))
}

const draftOne = (
  tx: Tx,
  { termsDays, issue, actorId }: BillingWish,
  bill: Bill,
  booking: ReservationDetail,
  lines: LineWish[],
) =>
  draftInvoice(tx, {
    id: bill.id,
    key: `bill:${bill.id}`,
    purpose: 'reservation',
    ownerId: booking.id,
    ownerNumber: booking.number,
    customerId: booking.customerId,
    partyId: bill.partyId ?? null,
    companyId: bill.companyId ?? null,
    billTo: bill.billTo,
    lines,
    deposit: booking.deposit,
    termsDays,
    issue,
    actorId,
  })

const LINE_WORDS = {
  days: 'Car rental, days',
  hours: 'Car rental, hours',
  one_way: 'Return at another place',
} as const

const carOf = ({ vehicle, category }: ReservationDetail) =>
  `${category.name}, ${vehicle.make} ${vehicle.model}`

/** The quote's own lines, as the customer saw them. The refundable deposit is none of them. */
const detailLines = (booking: ReservationDetail): LineWish[] =>
  booking.quote.lines.map(({ kind, quantity, unitPrice }, index) => ({
    description:
      index === 0
        ? `${LINE_WORDS[kind]}: ${carOf(booking)}, ${timeRangeText(booking.pickupAt, booking.returnAt)}`
        : LINE_WORDS[kind],
    quantity,
    unitPrice,
    vatRate: 16,
  }))

const shareLine = (
  booking: ReservationDetail,
  unitPrice: Cents,
  index: number,
  count: number,
): LineWish => ({
  description: `Car rental ${booking.number}${count > 1 ? `, share ${index + 1} of ${count}` : ''}: ${carOf(booking)}, ${timeRangeText(booking.pickupAt, booking.returnAt)}`,
  quantity: 1,
  unitPrice,
  vatRate: 16,
})

/**
 * A booking was confirmed: drafts that finance prepared are issued, and what they leave is billed to the customer.
 * `invoiceId` follows from the booking, so that hearing of it twice bills once.
 */
export async function billConfirmed(
  tx: Tx,
  reservationId: string,
  invoiceId: string,
): Promise<void> {
  const { booking, rest } = await openBooking(tx, reservationId)
  for (const row of await lockInvoicesOf(tx, reservationId))
    if (row.status === 'draft') await wishIssue(tx, row.id, 'gari')
  if (rest <= 0) return
  const billTo = {
    name: booking.customerName,
    pin: null,
    address: [],
    email: booking.customerEmail,
  }
  const bills = [{ id: invoiceId, billTo, weight: 1 }]
  await billReservation(tx, { reservationId, bills, termsDays: 0, issue: true, actorId: 'gari' })
}
