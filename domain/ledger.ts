/**
 * Double entry. A debit is positive, a credit negative; the postings of one entry sum to zero. What an account owes
 * to whom stands in the posting's subject: a booking, a customer, a till session, a receipt, a refund.
 */
import { cents, negate, vatInside, type Cents } from './money.ts'
import type { PaymentMethod, PaymentType } from './payments.ts'

export const ACCOUNTS = [
  'mpesa_clearing',
  'cash_tills',
  'bank',
  'card_clearing',
  'receivables',
  'customer_deposits',
  'security_deposits',
  'customer_credit',
  'refunds_due',
  'unexplained',
  'vat_output',
  'rental_revenue',
  'sales_revenue',
  'service_revenue',
  'stays_revenue',
  'other_revenue',
  'mpesa_charges',
  'bank_charges',
  'cash_differences',
  'write_offs',
] as const
export type Account = (typeof ACCOUNTS)[number]
export type AccountKind = 'asset' | 'liability' | 'income' | 'expense'

export type Posting = { account: Account; amount: Cents; subject?: string | null }
/** `kind` and `reference` together name an entry for ever: the same one is never posted twice. */
export type LedgerEntry = {
  kind: string
  reference: string
  postings: Posting[]
  /** For people who read the account: no names, no phones. */
  description?: string
  postedBy?: string
}

/** Where money of each method lies once it has come in. */
const HOLDING_ACCOUNT: Record<PaymentMethod, Account> = {
  mpesa: 'mpesa_clearing',
  cash: 'cash_tills',
  bank_transfer: 'bank',
  credit_card: 'card_clearing',
  debit_card: 'card_clearing',
  credit: 'customer_credit',
  account: 'receivables',
}
export const holdingAccount = (method: PaymentMethod): Account => HOLDING_ACCOUNT[method]

/** A deposit goes back to the customer; whatever else is paid in advance waits to be earned. */
export const owedAccount = (type: PaymentType): Account => {
  if (type === 'credit') return 'customer_credit'
  return type === 'deposit' ? 'security_deposits' : 'customer_deposits'
}

export type MoneyIn = {
  paymentId: string
  type: PaymentType
  ownerId: string
  customerId: string
  amount: Cents
  /** What became the customer's credit, because its owner needed less. */
  credited: Cents
  /** Where it lies now: the method's account, or `unexplained` when it had arrived without an owner. */
  from: Posting['account']
  fromSubject?: string | null
}

/** Money came in. It is the customer's until it is earned, so it is owed, not income. */
export const paymentEntry = (money: MoneyIn): LedgerEntry => {
  const { paymentId, type, ownerId, customerId, amount, credited, from, fromSubject } = money
  const owed = (amount - credited) as Cents
  return {
    kind: 'payment',
    reference: paymentId,
    description: `Payment, ${type}`,
    postings: [
      { account: from, amount, subject: fromSubject ?? null },
      { account: owedAccount(type), amount: negate(owed), subject: ownerId },
      { account: 'customer_credit' as const, amount: negate(credited), subject: customerId },
    ].filter((posting) => posting.amount !== 0),
  }
}

/** M-Pesa money that arrived and belongs to nobody yet. */
export const unexplainedEntry = (receipt: string, amount: Cents): LedgerEntry => ({
  kind: 'unexplained',
  reference: receipt,
  description: `M-Pesa ${receipt}, owner not known yet`,
  postings: [
    { account: 'mpesa_clearing', amount },
    { account: 'unexplained', amount: negate(amount), subject: receipt },
  ],
})

/** The same postings turned round: the only way in which an entry is corrected. */
export const reversed = (entry: LedgerEntry, why: string): LedgerEntry => ({
  kind: `${entry.kind}_reversed`,
  reference: entry.reference,
  description: why,
  postings: entry.postings.map((posting) => ({ ...posting, amount: negate(posting.amount) })),
})

export type MoneySetAside = {
  refundId: string
  amount: Cents
  /** What of it was the customer's credit, and whose. */
  credit: Cents
  customerId: string | null
  /** What of it was revenue already. */
  earned: Cents
  /** Where the rest is owed. */
  owed: Omit<Posting, 'amount'>
}

/** A refund is decided: from here on this money is on its way out, and nobody can count on it. */
export const refundDueEntry = (aside: MoneySetAside): LedgerEntry => {
  const { refundId, amount, credit, customerId, earned, owed } = aside
  const { net, vat } = vatInside(earned)
  return {
    kind: 'refund_due',
    reference: refundId,
    description: 'Refund decided',
    postings: [
      { ...owed, amount: cents(amount - credit - earned) },
      { account: 'customer_credit' as const, amount: credit, subject: customerId },
      { account: 'rental_revenue' as const, amount: net },
      { account: 'vat_output' as const, amount: vat },
      { account: 'refunds_due' as const, amount: negate(amount), subject: refundId },
    ].filter((posting) => posting.amount !== 0),
  }
}

export type MoneyOut = { refundId: string; amount: Cents; to: Omit<Posting, 'amount'> }

/** A refund has left: what was owed is owed no longer. */
export const refundEntry = ({ refundId, amount, to }: MoneyOut): LedgerEntry => ({
  kind: 'refund',
  reference: refundId,
  description: 'Refund',
  postings: [
    { account: 'refunds_due', amount, subject: refundId },
    { ...to, amount: negate(amount) },
  ],
})

/** The rental is over: what was owed becomes revenue, and its VAT is owed to the revenue authority. */
export const earnedEntry = (reservationId: string, gross: Cents): LedgerEntry => {
  const { net, vat } = vatInside(gross)
  return {
    kind: 'earned',
    reference: reservationId,
    description: 'Rental earned',
    postings: [
      { account: 'customer_deposits', amount: gross, subject: reservationId },
      { account: 'rental_revenue', amount: negate(net) },
      { account: 'vat_output', amount: negate(vat) },
    ],
  }
}

/** What a charge earns. A deposit earns nothing: it stays the customer's. */
const REVENUE: Partial<Record<PaymentType, Account>> = {
  rental: 'rental_revenue',
  sale: 'sales_revenue',
  service: 'service_revenue',
  stay: 'stays_revenue',
  damage: 'other_revenue',
  additional: 'other_revenue',
}

type CardSettlement = { lineId: string; gross: Cents; net: Cents }

/** The bank paid out what a card terminal took, less its commission. */
export const cardSettlementEntry = ({ lineId, gross, net }: CardSettlement): LedgerEntry => ({
  kind: 'card_settlement',
  reference: lineId,
  description: 'Card payments, settled by the bank',
  postings: [
    { account: 'bank' as const, amount: net },
    { account: 'bank_charges' as const, amount: cents(gross - net) },
    { account: 'card_clearing' as const, amount: negate(gross) },
  ].filter((posting) => posting.amount !== 0),
})

type Earned = { chargeId: string; type: PaymentType; gross: Cents }

/** A charge is earned when it is paid; null for what is never earned. */
export const chargeEarnedEntry = ({ chargeId, type, gross }: Earned): LedgerEntry | null => {
  const revenue = REVENUE[type]
  if (!revenue) return null
  const { net, vat } = vatInside(gross)
  return {
    kind: 'charge_earned',
    reference: chargeId,
    description: `Charge earned, ${type}`,
    postings: [
      { account: owedAccount(type), amount: gross, subject: chargeId },
      { account: revenue, amount: negate(net) },
      { account: 'vat_output' as const, amount: negate(vat) },
    ].filter((posting) => posting.amount !== 0),
  }
}

type Kept = { rentalId: string; number: string; chargeId: string; kept: Cents }

/** Of a deposit what stands for kilometres, fuel, damage: it was the customer’s until now, and is revenue with its VAT. */
export const depositKeptEntry = ({ rentalId, number, chargeId, kept }: Kept): LedgerEntry => {
  const { net, vat } = vatInside(kept)
  return {
    kind: 'deposit_kept',
    reference: rentalId,
    description: `Kept of the deposit, ${number}`,
    postings: [
      { account: 'security_deposits', amount: kept, subject: chargeId },
      { account: 'other_revenue', amount: negate(net) },
      { account: 'vat_output', amount: negate(vat) },
    ],
  }
}
