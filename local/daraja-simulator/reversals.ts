import type { Reversal } from './entries.ts'
import { pause, type Clock } from './clock.ts'
import type { Delivery } from './delivery.ts'
import type { Handsets } from './handsets.ts'
import { newConversationId, newReceipt, newRequestId, unused } from './ids.ts'
import type { Ledger } from './ledger.ts'
import type { Mood } from './moods.ts'
import { PAID, resultText, type ResultCode } from './results.ts'
import { resultBody } from './reversal-result.ts'
import type { Merchant, Settings } from './settings.ts'

type Parts = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  delivery: Delivery
  changed: (msisdn: string) => void
}

export type ReversalRequest = Pick<
  Reversal,
  | 'transactionReceipt'
  | 'amount'
  | 'receiverParty'
  | 'credentialsValid'
  | 'resultUrl'
  | 'timeoutUrl'
>

/** Refunds of customer payments: always accepted at once, judged later, reported to the ResultURL. */
export type Reversals = {
  request: (wanted: ReversalRequest, mood: Mood) => Reversal
  resume: () => void
}

export const createReversals = (parts: Parts): Reversals => {
  const { settings, clock, ledger } = parts
  const settle = (conversationId: string, mood: Mood): void => {
    const reversal = ledger.reversals.get(conversationId)
    if (!reversal || mood.neverResult) return
    if (!mood.queueTimeout) decide(parts, reversal, mood.resultCode)
    void report(parts, { ...reversal }, mood)
  }
  const schedule = (conversationId: string, mood: Mood): void =>
    void clock.after(mood.resultAfterMs ?? settings.reversalDelayMs, () =>
      settle(conversationId, mood),
    )
  return {
    request: (wanted, mood) => {
      const reversal = buildReversal(wanted, clock.now())
      ledger.record({ kind: 'reversal', reversal })
      schedule(reversal.conversationId, mood)
      return reversal
    },
    resume: () => {
      for (const reversal of ledger.reversals.values()) {
        if (reversal.status === 'pending') schedule(reversal.conversationId, {})
        else if (!reversal.reported) void report(parts, { ...reversal }, {})
      }
    },
  }
}

const decide = (parts: Parts, reversal: Reversal, scripted: ResultCode | undefined): void => {
  const { ledger, clock, changed } = parts
  const at = clock.now()
  const judged = judgeReversal(parts, reversal)
  const code = judged === PAID ? (scripted ?? PAID) : judged
  ledger.record({
    kind: 'reversal-result',
    conversationId: reversal.conversationId,
    resultCode: code,
    resultDesc: resultText(code),
    receipt: code === PAID ? unused(() => newReceipt(at), ledger.isReceiptTaken) : null,
    at: at.toISOString(),
  })
  const original = ledger.byReceipt.get(reversal.transactionReceipt)
  if (original) changed(original.phone)
}

const judgeReversal = ({ merchant, ledger }: Parts, reversal: Reversal): ResultCode => {
  if (!reversal.credentialsValid) return 2001
  const original = ledger.byReceipt.get(reversal.transactionReceipt)
  if (!original || reversal.receiverParty !== merchant.shortCode) return 'R000002'
  if (original.reversedBy) return 'R000001'
  // Only the full amount can be reversed; the code for another amount is not published.
  if (original.amount !== reversal.amount) return 2028
  return ledger.totals.merchant < reversal.amount ? 1 : PAID
}

const report = async (parts: Parts, reversal: Reversal, mood: Mood): Promise<void> => {
  const { clock, delivery, ledger } = parts
  const body = resultBody(parts, reversal, mood)
  const url = mood.queueTimeout ? reversal.timeoutUrl : reversal.resultUrl
  const id = reversal.conversationId
  const mark = (how: string) =>
    ledger.record({ kind: 'reported', id, how, at: clock.now().toISOString() })
  if (mood.dropCallback) return mark('dropped')
  if (mood.callbackDelayMs) await pause(clock, mood.callbackDelayMs)
  const copies = Array.from({ length: mood.callbackCopies ?? 1 }, () =>
    delivery.post(url, body, mood.callbackRetries),
  )
  mark((await Promise.all(copies)).join(' '))
}

const buildReversal = (wanted: ReversalRequest, at: Date): Reversal => ({
  ...wanted,
  conversationId: newConversationId(at),
  originatorConversationId: newRequestId(),
  requestedAt: at.toISOString(),
  status: 'pending',
  resultCode: null,
  resultDesc: null,
  receipt: null,
  finishedAt: null,
  balanceAfter: null,
  reported: false,
})
