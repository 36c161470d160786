import type { Transaction } from './entries.ts'
import { compactTime, pause, type Clock } from './clock.ts'
import type { Delivery } from './delivery.ts'
import type { Ledger } from './ledger.ts'
import type { Mood } from './moods.ts'
import { PAID } from './results.ts'

/** Sends what M-Pesa decided to the URL of the push, in the mood that the push was taken in. */
export type Callbacks = {
  report: (transaction: Transaction, mood: Mood) => Promise<void>
  resend: (transaction: Transaction, copies: number) => Promise<string[]>
}

type Parts = { ledger: Ledger; delivery: Delivery; clock: Clock }

export const createCallbacks = ({ ledger, delivery, clock }: Parts): Callbacks => ({
  report: async (transaction, mood) => {
    const body = callbackBody(transaction, mood)
    const markReported = (how: string) =>
      ledger.record({
        kind: 'reported',
        id: transaction.checkoutRequestId,
        how,
        at: clock.now().toISOString(),
      })
    if (mood.dropCallback) return markReported('dropped')
    if (mood.callbackDelayMs) await pause(clock, mood.callbackDelayMs)
    const copies = Array.from({ length: mood.callbackCopies ?? 1 }, () =>
      delivery.post(transaction.callbackUrl, body, mood.callbackRetries),
    )
    markReported((await Promise.all(copies)).join(' '))
  },
  resend: (transaction, copies) =>
    Promise.all(
      Array.from({ length: copies }, () =>
        delivery.post(transaction.callbackUrl, callbackBody(transaction, {})),
      ),
    ),
})

/** Taken when the verdict falls, so that a later change of the transaction leaves it alone. */
export const callbackBody = (transaction: Transaction, mood: Mood): unknown => {
  const code = transaction.resultCode ?? PAID
  const stkCallback = {
    MerchantRequestID: transaction.merchantRequestId,
    CheckoutRequestID: transaction.checkoutRequestId,
    ResultCode: mood.stringResultCode ? String(code) : code,
    ResultDesc: transaction.resultDesc,
    // A failure carries no metadata at all, not even an empty list.
    ...(code === PAID ? { CallbackMetadata: { Item: metadata(transaction, mood) } } : {}),
  }
  return { Body: { stkCallback } }
}

const metadata = (transaction: Transaction, mood: Mood) => [
  { Name: 'Amount', Value: transaction.amount + (mood.callbackAmountOffset ?? 0) },
  { Name: 'MpesaReceiptNumber', Value: transaction.receipt },
  mood.balanceWithValue
    ? { Name: 'Balance', Value: transaction.balanceAfter }
    : { Name: 'Balance' },
  {
    Name: 'TransactionDate',
    Value: Number(compactTime(new Date(transaction.finishedAt ?? transaction.requestedAt))),
  },
  { Name: 'PhoneNumber', Value: Number(transaction.phone) },
  ...(mood.extraItems ? [{ Name: 'LoyaltyTier', Value: 'GOLD' }, { Name: 'Reserved' }] : []),
]
