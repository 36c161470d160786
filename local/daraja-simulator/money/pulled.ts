import { HOUR_MS, toNairobiIso } from '../../../domain/time.ts'
import { decimal } from '../notices/accounts.ts'
import type { HandPayment, Transaction } from './entries.ts'
import type { Ledger } from './ledger.ts'

const WINDOW_MS = 48 * HOUR_MS

type Window = { fromMs: number; toMs: number; nowMs: number }
type Payment = (Transaction | HandPayment) & { receipt: string }

/** What customers paid within the window, oldest first; nothing older than 48 hours is ever given. */
export const pulledPayments = (
  { byReceipt }: Pick<Ledger, 'byReceipt'>,
  { fromMs, toMs, nowMs }: Window,
): Payment[] =>
  [...byReceipt.values()]
    .filter((payment): payment is Payment => payment.receipt !== null)
    .filter((payment) => {
      const at = finishedMs(payment)
      return at >= Math.max(fromMs, nowMs - WINDOW_MS) && at <= toMs
    })
    .sort((a, b) => finishedMs(a) - finishedMs(b))

const finishedMs = ({ finishedAt, requestedAt }: Payment): number =>
  Date.parse(finishedAt ?? requestedAt)

type Shown = { sender: string; organisation: string; clock: 'utc' | 'east-africa' }

/** Lower-case keys; the phone as a number without its country. */
export const pulledRow = (payment: Payment, { sender, organisation, clock }: Shown) => ({
  transactionId: payment.receipt,
  trxDate: timeOf(new Date(finishedMs(payment)), clock),
  msisdn: Number(payment.phone.slice(-9)),
  sender: sender.toUpperCase(),
  transactiontype: 'c2b-pay-bill-debit',
  billreference: payment.accountReference,
  amount: decimal(payment.amount),
  organizationname: organisation,
})

/** Both end in `Z`; nobody has verified which of them is true. */
const timeOf = (at: Date, clock: Shown['clock']): string => {
  const text = clock === 'utc' ? at.toISOString() : toNairobiIso(at)
  return `${text.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length)}Z`
}
