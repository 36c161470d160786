import { acceptRequest, type Wanted } from './asked.ts'
import { compactTime, type Clock } from './clock.ts'
import type { Handsets } from './handsets.ts'
import { newReceipt, unused } from './ids.ts'
import type { Reversal } from './money/entries.ts'
import type { Ledger } from './money/ledger.ts'
import type { Mood } from './moods.ts'
import { accountText } from './notices/accounts.ts'
import type { Verdict } from './notices/result.ts'
import type { Requests } from './requests.ts'
import { PAID, resultText, type ResultCode } from './results.ts'
import type { Merchant } from './settings.ts'

type Parts = {
  merchant: Merchant
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  requests: Requests
  changed: (msisdn: string) => void
}

export type WantedReversal = Wanted & Pick<Reversal, 'transactionReceipt' | 'receiverParty'>

/** Refunds of customers' payments, in full only. */
export type Reversals = {
  request: (wanted: WantedReversal, mood: Mood) => Reversal
  resume: () => void
}

export const createReversals = (parts: Parts): Reversals => {
  const { clock, ledger, requests } = parts
  const run = (reversal: Reversal, mood: Mood): void =>
    requests.run(reversal, mood, () => execute(parts, reversal.conversationId, mood))
  return {
    request: (wanted, mood) => {
      const { transactionReceipt, receiverParty } = wanted
      const request = acceptRequest(wanted, clock.now())
      const reversal = { ...request, transactionReceipt, receiverParty }
      ledger.record({ kind: 'reversal', reversal })
      run(reversal, mood)
      return reversal
    },
    resume: () => {
      for (const reversal of ledger.reversals.values()) {
        if (reversal.status === 'pending') run(reversal, {})
        else if (!reversal.reported) requests.tell(reversal, verdictOf(parts, reversal), {})
      }
    },
  }
}

const execute = (parts: Parts, conversationId: string, mood: Mood): Verdict | null => {
  const { ledger, clock, changed } = parts
  const reversal = ledger.reversals.get(conversationId)
  if (reversal?.status !== 'pending') return null
  const at = clock.now()
  const judged = judgeReversal(parts, reversal)
  const code = judged === PAID ? (mood.resultCode ?? PAID) : judged
  ledger.record({
    kind: 'reversal-result',
    conversationId,
    resultCode: code,
    resultDesc: resultText(code),
    receipt: code === PAID ? unused(() => newReceipt(at), ledger.isReceiptTaken) : null,
    at: at.toISOString(),
  })
  const original = ledger.byReceipt.get(reversal.transactionReceipt)
  if (original) changed(original.phone)
  return verdictOf(parts, reversal)
}

const judgeReversal = ({ merchant, ledger }: Parts, reversal: Reversal): ResultCode => {
  if (reversal.operatorCode !== undefined && reversal.operatorCode !== PAID)
    return reversal.operatorCode
  const original = ledger.byReceipt.get(reversal.transactionReceipt)
  if (!original || reversal.receiverParty !== merchant.shortCode) return 'R000002'
  if (original.reversedBy) return 'R000001'
  // Only the full amount can be reversed; the code for another amount is not published.
  if (original.amount !== reversal.amount) return 2028
  return ledger.accounts.utility < reversal.amount ? 1 : PAID
}

const verdictOf = (parts: Parts, reversal: Reversal): Verdict => {
  const at = new Date(reversal.finishedAt ?? reversal.requestedAt)
  const code = reversal.resultCode ?? PAID
  const { resultDesc, receipt } = reversal
  const parameters = parametersOf(parts, reversal, at)
  return { code, desc: resultDesc ?? resultText(code), at, receipt, parameters }
}

const parametersOf = ({ merchant, ledger, handsets }: Parts, reversal: Reversal, at: Date) => {
  const phone = ledger.byReceipt.get(reversal.transactionReceipt)?.phone
  const customer = phone ? `${phone} - ${handsets.at(phone).name}` : ''
  return [
    { Key: 'OriginalTransactionID', Value: reversal.transactionReceipt },
    { Key: 'DebitAccountBalance', Value: accountText('Utility', ledger.accounts.utility) },
    { Key: 'Amount', Value: reversal.amount },
    { Key: 'TransCompletedTime', Value: Number(compactTime(at)) },
    { Key: 'Charge', Value: 0 },
    { Key: 'CreditPartyPublicName', Value: customer },
    { Key: 'DebitPartyPublicName', Value: `${merchant.shortCode} - ${merchant.merchantName}` },
  ]
}
