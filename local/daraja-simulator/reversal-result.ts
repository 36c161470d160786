import type { Reversal } from './entries.ts'
import { compactTime } from './clock.ts'
import type { Handsets } from './handsets.ts'
import { dummyReceipt } from './ids.ts'
import type { Ledger } from './ledger.ts'
import type { Mood } from './moods.ts'
import { PAID } from './results.ts'
import type { Merchant } from './settings.ts'

type Parts = { merchant: Merchant; ledger: Ledger; handsets: Handsets }

/** What is posted to the ResultURL, or to the QueueTimeOutURL when the request waited too long. */
export const resultBody = (parts: Parts, reversal: Reversal, mood: Mood): unknown => {
  const at = new Date(reversal.finishedAt ?? reversal.requestedAt)
  const ids = {
    OriginatorConversationID: reversal.originatorConversationId,
    ConversationID: reversal.conversationId,
    TransactionID: reversal.receipt ?? dummyReceipt(at),
  }
  const referenceData = {
    ReferenceData: { ReferenceItem: { Key: 'QueueTimeoutURL', Value: reversal.timeoutUrl } },
  }
  if (mood.queueTimeout) {
    const ResultDesc = 'The request timed out in the queue.'
    return { Result: { ResultType: 1, ResultCode: '1', ResultDesc, ...ids, ...referenceData } }
  }
  const code = reversal.resultCode ?? PAID
  const ResultCode = mood.stringResultCode ? String(code) : code
  const done = code === PAID ? { ResultParameters: parameters(parts, reversal, at) } : {}
  const outcome = { ResultType: 0, ResultCode, ResultDesc: reversal.resultDesc }
  return { Result: { ...outcome, ...ids, ...done, ...referenceData } }
}

const parameters = ({ merchant, ledger, handsets }: Parts, reversal: Reversal, at: Date) => {
  const phone = ledger.byReceipt.get(reversal.transactionReceipt)?.phone ?? ''
  const account = `Utility Account|KES|${ledger.totals.merchant}.00|0.00|0.00|0.00`
  return {
    ResultParameter: [
      { Key: 'DebitAccountBalance', Value: account },
      { Key: 'Amount', Value: reversal.amount },
      { Key: 'TransCompletedTime', Value: Number(compactTime(at)) },
      { Key: 'OriginalTransactionID', Value: reversal.transactionReceipt },
      { Key: 'Charge', Value: 0 },
      { Key: 'CreditPartyPublicName', Value: `${phone} - ${handsets.at(phone).name}` },
      { Key: 'DebitPartyPublicName', Value: `${merchant.shortCode} - ${merchant.merchantName}` },
    ],
  }
}
