/** What is handed over instead of an M-Pesa prompt: at the desk, or from the customer's credit. */
import { cents, isWholeShillings, subtract, type Cents } from './money.ts'
import type {
  PaymentChannel,
  PaymentMethod,
  PaymentPurpose,
  PaymentType,
  SettleDecision,
} from './payments.ts'
import { DAY_MS } from './time.ts'

export type Tender =
  /** `keepChange`: the customer leaves the change with us as credit. */
  | { method: 'cash'; given: Cents; keepChange: boolean }
  | { method: 'credit_card' | 'debit_card'; terminal: string; slip: string }
  | { method: 'bank_transfer'; reference: string }
  | { method: 'account'; companyId: string }
  | { method: 'credit' }
export type TenderMethod = Tender['method']

/** Bank transfers are announced, and settle when the bank shows the money. */
export const isAnnounced = ({ method }: Tender): boolean => method === 'bank_transfer'

export const channelOf = ({ method }: Tender): PaymentChannel =>
  method === 'credit' ? 'credit' : 'desk'

/** What somebody asks an owner (a booking, a charge) to take. */
export type TenderRequest = {
  paymentId: string
  partyId: string
  /** What it is meant to pay; never more than is left. */
  amount: Cents
  actorId: string
  tender: Tender
}

export type TenderInput = TenderRequest & {
  purpose: PaymentPurpose
  type?: PaymentType
  ownerId: string
  ownerNumber: string
  customerId: string
}

/** The notes and coins that lie in a till, in whole shillings. */
export const DENOMINATIONS = [1000, 500, 200, 100, 50, 40, 20, 10, 5, 1] as const
export type Denomination = (typeof DENOMINATIONS)[number]

/** What goes back over the counter; null when what was given is not enough or no cash amount at all. */
export const changeFor = (due: Cents, given: Cents): Cents | null =>
  !isWholeShillings(given) || given < due ? null : subtract(given, due)

/** Notes and coins for an amount, largest first: what the clerk hands back. */
export function piecesFor(amount: Cents): { value: Denomination; count: number }[] {
  let left = Math.floor(amount / 100)
  const pieces: { value: Denomination; count: number }[] = []
  for (const value of DENOMINATIONS) {
    // The 40-shilling coin is too rare to count on.
    if (value === 40) continue
    const count = Math.floor(left / value)
    if (count > 0) pieces.push({ value, count })
    left -= count * value
  }
  return pieces
}

/** What goes into the books: for cash the net amount, unless the change stays as credit. */
export const bookedAmount = ({
  amount,
  tender,
}: Pick<TenderRequest, 'amount' | 'tender'>): Cents =>
  tender.method === 'cash' && tender.keepChange ? tender.given : amount

export const changeOf = ({ amount, tender }: Pick<TenderRequest, 'amount' | 'tender'>): Cents =>
  tender.method === 'cash' && !tender.keepChange ? subtract(tender.given, amount) : cents(0)

/** How long a car is kept for money on its way from a bank; never beyond pick-up. */
export const TRANSFER_HOLD_MS = 2 * DAY_MS
/** After this a person looks for the transfer; it is never taken for "not paid" by itself. */
export const TRANSFER_LIMIT_MS = 14 * DAY_MS

/** How a bank transfer was found: as a line of the bank's list, or by somebody of finance. */
export type TransferFound =
  { by: 'line'; bankLineId: string } | { by: 'hand'; reference: string; actorId: string }

/** `needs_list`: not by one person's word, because much of it would become credit. Nothing has changed. */
export type TransferAnswer = SettleDecision | { outcome: 'needs_list'; why: string }

const METHOD_WORDS: Record<PaymentMethod, string> = {
  mpesa: 'M-Pesa',
  cash: 'Cash',
  bank_transfer: 'Bank transfer',
  credit_card: 'Credit card',
  debit_card: 'Debit card',
  credit: 'Customer’s credit',
  account: 'Company account',
}
export const methodWords = (method: PaymentMethod): string => METHOD_WORDS[method]
