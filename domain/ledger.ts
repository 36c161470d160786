/** Double entry. A debit is positive, a credit negative; the postings of one entry sum to zero. */
import { negate, vatInside, type Cents } from './money.ts'

export type Account = 'mpesa_clearing' | 'customer_deposits' | 'rental_revenue' | 'vat_output'
export type Posting = { account: Account; amount: Cents }
export type EntryKind = 'payment' | 'refund' | 'earned'
export type LedgerEntry = { kind: EntryKind; reference: string; postings: Posting[] }

/** Money came in by M-Pesa. It is the customer's until it is earned, so it is owed, not income. */
export const paymentEntry = (paymentId: string, amount: Cents): LedgerEntry => ({
  kind: 'payment',
  reference: paymentId,
  postings: [
    { account: 'mpesa_clearing', amount },
    { account: 'customer_deposits', amount: negate(amount) },
  ],
})

/** A refund is the payment's postings turned round. */
export const refundEntry = (refundId: string, amount: Cents): LedgerEntry => ({
  kind: 'refund',
  reference: refundId,
  postings: paymentEntry(refundId, amount).postings.map(({ account, amount: posted }) => ({
    account,
    amount: negate(posted),
  })),
})

/** The rental is over: what was owed becomes revenue, and its VAT is owed to the revenue authority. */
export const earnedEntry = (reservationId: string, gross: Cents): LedgerEntry => {
  const { net, vat } = vatInside(gross)
  return {
    kind: 'earned',
    reference: reservationId,
    postings: [
      { account: 'customer_deposits', amount: gross },
      { account: 'rental_revenue', amount: negate(net) },
      { account: 'vat_output', amount: negate(vat) },
    ],
  }
}
