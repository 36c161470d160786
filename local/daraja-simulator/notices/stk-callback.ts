import { compactTime } from '../clock.ts'
import type { Transaction } from '../money/entries.ts'
import type { Mood } from '../moods.ts'
import { PAID } from '../results.ts'
import type { Notice } from './posts.ts'

/** Taken when the verdict falls, so that a later change of the transaction leaves it alone. */
export const stkNotice = (transaction: Transaction, mood: Mood): Notice => ({
  id: transaction.checkoutRequestId,
  url: transaction.callbackUrl,
  body: stkCallbackBody(transaction, mood),
})

export const stkCallbackBody = (transaction: Transaction, mood: Mood): unknown => {
  const code = transaction.resultCode ?? PAID
  const stkCallback = {
    MerchantRequestID: transaction.merchantRequestId,
    CheckoutRequestID: transaction.checkoutRequestId,
    ResultCode: mood.stringResultCode ? String(code) : code,
    ResultDesc: mood.resultDesc ?? transaction.resultDesc,
    // A failure carries no metadata at all, not even an empty list.
    ...(code === PAID ? { CallbackMetadata: { Item: metadata(transaction, mood) } } : {}),
  }
  return { Body: { stkCallback } }
}

const metadata = (transaction: Transaction, mood: Mood) => [
  { Name: 'Amount', Value: transaction.amount + (mood.callbackAmountOffset ?? 0) },
  { Name: 'MpesaReceiptNumber', Value: transaction.receipt },
  ...balanceItem(transaction, mood),
  {
    Name: 'TransactionDate',
    Value: Number(compactTime(new Date(transaction.finishedAt ?? transaction.requestedAt))),
  },
  { Name: 'PhoneNumber', Value: Number(transaction.phone) },
  ...(mood.extraItems ? [{ Name: 'LoyaltyTier', Value: 'GOLD' }, { Name: 'Reserved' }] : []),
]

/** Most often named without a value; in other samples a decimal, a text of its own kind, or absent. */
const balanceItem = ({ balanceAfter }: Transaction, mood: Mood) => {
  if (mood.balanceWithValue) return [{ Name: 'Balance', Value: balanceAfter }]
  switch (mood.balanceItem) {
    case 'absent':
      return []
    case 'text':
      return [{ Name: 'Balance', Value: `{Amount={BasicAmount=${balanceAfter}.00}}` }]
    default:
      return [{ Name: 'Balance' }]
  }
}
