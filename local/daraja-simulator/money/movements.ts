import type { Accounts, PaidIn, Place } from './entries.ts'

/** One line of the paybill's books: what came into an account or left it. */
export type Movement = {
  /** A payout and its charge share one, and so do the two ends of a transfer. */
  receipt: string
  kind: 'stk' | 'paybill' | 'reversal' | 'payout' | 'charge' | 'transfer'
  account: 'utility' | 'working'
  /** Whole shillings, negative when money left. */
  amount: number
  /** The customer's number, or the place a transfer came from or went to. */
  party: string
  /** What the customer typed, or nothing. */
  reference: string
  at: string
  startedAt: string
  /** The receipt of the payment that was sent back. */
  original: string | null
  /** Of the account, after it. */
  balance: number
}

/** Everything that holds money, and how it got there. */
export type Money = {
  accounts: Accounts
  /** Whole shillings by phone. */
  wallets: Map<string, number>
  movements: Movement[]
  totals: { opened: number }
}

type Line = Omit<Movement, 'balance'>

export const emptyMoney = (): Money => ({
  accounts: { utility: 0, working: 0, chargesPaid: 0 },
  wallets: new Map(),
  movements: [],
  totals: { opened: 0 },
})

/** Customers pay into the utility account, and are paid from it. */
export const takeFrom = (money: Money, payment: PaidIn, kind: 'stk' | 'paybill'): void => {
  changeWallet(money, payment.phone, -payment.amount)
  write(money, {
    receipt: payment.receipt ?? '',
    kind,
    account: 'utility',
    amount: payment.amount,
    party: payment.phone,
    reference: payment.accountReference,
    at: payment.finishedAt ?? payment.requestedAt,
    startedAt: payment.requestedAt,
    original: null,
  })
}

type Outgoing = Pick<Line, 'receipt' | 'party' | 'at' | 'startedAt' | 'original' | 'reference'> & {
  kind: 'reversal' | 'payout'
  amount: number
  charge: number
}

export const payOut = (money: Money, { amount, charge, kind, ...line }: Outgoing): void => {
  changeWallet(money, line.party, amount)
  write(money, { ...line, kind, account: 'utility', amount: -amount })
  if (charge === 0) return
  money.accounts.chargesPaid += charge
  write(money, { ...line, kind: 'charge', account: 'utility', amount: -charge })
}

type Transfer = { receipt: string; from: Place; to: Place; amount: number; at: string }

/** Between the two accounts, or from and to the bank; the bank lies outside. */
export const transfer = (money: Money, { receipt, from, to, amount, at }: Transfer): void => {
  const line = { receipt, kind: 'transfer' as const, reference: '', at, startedAt: at }
  const end = (place: Place, party: Place, signed: number) => {
    if (place === 'bank') money.totals.opened -= signed
    else write(money, { ...line, account: place, amount: signed, party, original: null })
  }
  end(from, to, -amount)
  end(to, from, amount)
}

export const setWallet = (money: Money, phone: string, balance: number): void => {
  money.totals.opened += balance - (money.wallets.get(phone) ?? 0)
  money.wallets.set(phone, balance)
}

const changeWallet = ({ wallets }: Money, phone: string, by: number): void =>
  void wallets.set(phone, (wallets.get(phone) ?? 0) + by)

const write = ({ accounts, movements }: Money, line: Line): void => {
  accounts[line.account] += line.amount
  movements.push({ ...line, balance: accounts[line.account] })
}
