import type { PaidIn, Transaction } from './money/entries.ts'
import { compactTime } from './clock.ts'
import { WRONG_PIN_LIMIT } from './handsets.ts'
import type { Parts } from './payments.ts'
import { PAID, type ResultCode } from './results.ts'

const RULE_SEVENTEEN_MS = 120_000
const DAY_LIMIT = 500_000

type Judge = Pick<Parts, 'merchant' | 'settings' | 'clock' | 'ledger' | 'handsets'>

/** What M-Pesa says to a PIN; three wrong ones in a row lock it until somebody unlocks the phone. */
export const judgePin = (parts: Judge, transaction: Transaction, pin: string): ResultCode => {
  const handset = parts.handsets.at(transaction.phone)
  if (handset.wrongPins >= WRONG_PIN_LIMIT) return 8006
  if (pin !== handset.pin) {
    parts.handsets.change(handset.msisdn, { wrongPins: handset.wrongPins + 1 })
    return 2001
  }
  parts.handsets.change(handset.msisdn, { wrongPins: 0 })
  return PAID
}

/** With the PIN right: is the merchant's pair of numbers right, do the rules allow it, is there money? */
export const judgePayment = (parts: Judge, transaction: Transaction): ResultCode => {
  const { merchant, settings } = parts
  const isForTill = transaction.transactionType === 'CustomerBuyGoodsOnline'
  const payee = isForTill ? settings.till : merchant.shortCode
  if (transaction.partyB !== payee) return isForTill ? 'SFC_IC0003' : 2028
  return judgeRules(parts, transaction)
}

/** The rules that hold for every payment of a customer, however it is made. */
export const judgeRules = (
  { settings, clock, ledger }: Judge,
  { phone, amount }: Pick<PaidIn, 'phone' | 'amount'>,
): ResultCode => {
  const paid = (ledger.byPhone.get(phone) ?? []).filter(({ receipt }) => receipt !== null)
  const now = clock.now()
  const again = paid.some(
    (one) => one.amount === amount && now.getTime() - finishedMs(one) < RULE_SEVENTEEN_MS,
  )
  if (settings.ruleSeventeen && again) return 17
  if (spentToday(paid, now) + amount > DAY_LIMIT) return 4
  return (ledger.wallets.get(phone) ?? 0) < amount ? 1 : PAID
}

const finishedMs = ({ finishedAt }: PaidIn): number => (finishedAt ? Date.parse(finishedAt) : 0)

const spentToday = (paid: PaidIn[], now: Date): number => {
  const today = compactTime(now).slice(0, 8)
  return paid
    .filter((one) => compactTime(new Date(finishedMs(one))).startsWith(today))
    .reduce((sum, { amount }) => sum + amount, 0)
}
