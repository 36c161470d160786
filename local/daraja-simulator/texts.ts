import { formatKes, shillings } from '../../domain/money.ts'
import type { Reversal, Transaction } from './entries.ts'
import { spokenTime } from './clock.ts'

/** M-Pesa shows no prompt longer than this; the push ends with 1025. */
export const PROMPT_LIMIT = 182

export const kes = (amount: number): string => formatKes(shillings(amount))
const ksh = (amount: number): string =>
  `Ksh${amount.toString().replace(/\B(?=(\d{3})+$)/g, ',')}.00`

export const promptText = (merchant: string, { amount, accountReference }: Transaction): string =>
  `Do you want to pay ${kes(amount)} to ${merchant} account no. ${accountReference}?`

export type Sms = { at: Date; text: string }

/** The messages M-Pesa sent about this payment; a cancelled or unseen prompt gets none. */
export const paymentSms = (merchant: string, transaction: Transaction): Sms[] => {
  if (!transaction.finishedAt) return []
  const at = new Date(transaction.finishedAt)
  const text =
    transaction.status === 'paid'
      ? `${transaction.receipt} Confirmed. ${ksh(transaction.amount)} sent to ${merchant} for account ` +
        `${transaction.accountReference} on ${spokenTime(at)}. New M-PESA balance is ` +
        `${ksh(transaction.balanceAfter ?? 0)}. Transaction cost, Ksh0.00.`
      : failureText(merchant, transaction)
  return text ? [{ at, text }] : []
}

const failureText = (merchant: string, { resultCode, amount, balanceAfter }: Transaction) => {
  switch (resultCode) {
    case 1:
      return `Failed. You do not have enough money in your M-PESA account to pay ${ksh(amount)} to ${merchant}. Your M-PESA balance is ${ksh(balanceAfter ?? 0)}.`
    case 17:
      return `Failed. You paid the same amount to ${merchant} a moment ago. Try again after two minutes.`
    case 2001:
      return `Failed. You entered the wrong PIN. No money was sent to ${merchant}.`
    case 8006:
      return 'Failed. Your M-PESA PIN is locked. Call 100 to unlock it.'
    default:
      return null
  }
}

export const reversalSms = (reversal: Reversal): Sms[] => {
  if (reversal.status !== 'completed' || !reversal.finishedAt) return []
  const at = new Date(reversal.finishedAt)
  const text =
    `${reversal.receipt} Confirmed. Transaction ${reversal.transactionReceipt} has been reversed on ` +
    `${spokenTime(at)} and ${ksh(reversal.amount)} is credited to your M-PESA account. ` +
    `New M-PESA account balance is ${ksh(reversal.balanceAfter ?? 0)}.`
  return [{ at, text }]
}
