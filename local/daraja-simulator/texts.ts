import { formatKes, shillings } from '../../domain/money.ts'
import type { HandPayment, PaidIn, Payout, Reversal, Transaction } from './money/entries.ts'
import { REJECTIONS, type Rejection } from './c2b-verdicts.ts'
import { spokenTime } from './clock.ts'
import { resultText } from './results.ts'

/** M-Pesa shows no prompt longer than this; the push ends with 1025. */
export const PROMPT_LIMIT = 182

export const kes = (amount: number): string => formatKes(shillings(amount))
const ksh = (amount: number): string =>
  `Ksh${amount.toString().replace(/\B(?=(\d{3})+$)/g, ',')}.00`

export const promptText = (merchant: string, { amount, accountReference }: Transaction): string =>
  `Do you want to pay ${kes(amount)} to ${merchant} account no. ${accountReference}?`

export type Sms = { at: Date; text: string }

/** The messages M-Pesa sent about this payment; a cancelled or unseen prompt gets none. */
export const paymentSms = (merchant: string, payment: Transaction | HandPayment): Sms[] => {
  if (!payment.finishedAt) return []
  const at = new Date(payment.finishedAt)
  if (payment.receipt) return [{ at, text: paidText(merchant, payment, at) }]
  const text = 'resultCode' in payment ? failureText(merchant, payment) : null
  return text ? [{ at, text }] : []
}

const paidText = (merchant: string, payment: PaidIn, at: Date): string =>
  `${payment.receipt} Confirmed. ${ksh(payment.amount)} sent to ${merchant} for account ` +
  `${payment.accountReference} on ${spokenTime(at)}. New M-PESA balance is ` +
  `${ksh(payment.balanceAfter ?? 0)}. Transaction cost, Ksh0.00.`

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

export const payoutSms = (merchant: string, payout: Payout): Sms[] => {
  if (payout.status !== 'completed' || !payout.finishedAt) return []
  const at = new Date(payout.finishedAt)
  const text =
    `${payout.receipt} Confirmed. You have received ${ksh(payout.amount)} from ${merchant} on ` +
    `${spokenTime(at)}. New M-PESA balance is ${ksh(payout.balanceAfter ?? 0)}.`
  return [{ at, text }]
}

type Refused = { shortCode: string; accountReference: string; amount: number }

/** Why a payment by hand did not go through, as M-Pesa writes it to the customer. */
export const handRefusalText = (
  merchant: string,
  { shortCode, accountReference, amount }: Refused,
  code: string,
): string => {
  const payment = `${ksh(amount)} to ${merchant} for account ${accountReference} was not sent`
  if (code === 'unknown-business') return `Failed. There is no business with number ${shortCode}.`
  if (code in REJECTIONS) return `Failed. ${payment}: ${REJECTIONS[code as Rejection]}.`
  if (code === '1') return `Failed. You do not have enough money. ${payment}.`
  if (code === '17') return `Failed. You paid the same amount a moment ago. ${payment}.`
  return `Failed. ${payment}. ${resultText(code)}`
}
