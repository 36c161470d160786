import type { PaidIn, Transaction } from './money/entries.ts'
import type { Clock } from './clock.ts'
import type { Handsets } from './handsets.ts'
import { newCheckoutRequestId, newReceipt, newRequestId, unused } from './ids.ts'
import type { Ledger } from './money/ledger.ts'
import type { Mood } from './moods.ts'
import type { Posts } from './notices/posts.ts'
import { stkNotice } from './notices/stk-callback.ts'
import { createOpenPushes, type OpenPush } from './open-pushes.ts'
import { createPrompts, type Answer, type Prompt } from './prompts.ts'
import { PAID, resultText, type ResultCode } from './results.ts'
import type { Merchant, Settings } from './settings.ts'
import { judgePayment } from './verdicts.ts'

export type Parts = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  posts: Posts
  /** Tells the registered address of a paid push as well, where that is switched on. */
  confirm: (payment: PaidIn) => void
  /** Tells open pages that this phone shows something else now. */
  changed: (msisdn: string) => void
}

export type PushRequest = Pick<
  Transaction,
  'phone' | 'amount' | 'partyB' | 'transactionType' | 'accountReference' | 'callbackUrl'
>

/**
 * A push from its acceptance to its result. Accepted -> prompt on the handset -> PIN, cancellation or
 * nobody there -> verdict, written to the ledger first and then reported. Moods cut this way short.
 */
export type Payments = {
  request: (
    wanted: PushRequest,
    mood: Mood,
  ) => { transaction: Transaction; reported: Promise<void> }
  isLocked: (msisdn: string) => boolean
  prompt: (msisdn: string) => Prompt | null
  /** False when the phone shows no prompt. */
  answer: (msisdn: string, answer: Answer) => boolean
  switchPhone: (msisdn: string, on: boolean) => void
  /** After a restart: open prompts ring again, verdicts nobody was told go out. */
  resume: () => void
  stop: () => void
}

const DEFAULT_LOST_CODE = 1037

export const createPayments = (parts: Parts): Payments => {
  const { settings, clock, ledger, changed } = parts
  const pushes = createOpenPushes()
  const prompts = createPrompts(parts, pushes, (push, code) => finish(push, code))

  const finish = (push: OpenPush, wanted: ResultCode): void => {
    const { checkoutRequestId, phone } = push.transaction
    // Judged at the very end: what another prompt spent meanwhile is gone.
    const code = wanted === PAID ? judgePayment(parts, push.transaction) : wanted
    const at = clock.now()
    const receipt = code === PAID ? unused(() => newReceipt(at), ledger.isReceiptTaken) : null
    ledger.record({
      kind: 'result',
      checkoutRequestId,
      resultCode: code,
      resultDesc: resultText(code),
      receipt,
      at: at.toISOString(),
    })
    pushes.close(push)
    changed(phone)
    void report(parts, push.transaction, push.mood).then(push.settle)
  }

  const begin = (push: OpenPush): void => {
    const { mood } = push
    const after = (delayMs: number, run: () => void) =>
      (push.cancelTimer = clock.after(delayMs, run))
    const resultAfterMs = mood.resultAfterMs ?? settings.processingMs
    if (mood.neverResult) return void after(settings.lockLimitMs, () => pushes.close(push))
    if (mood.paysAfterLostMs !== undefined) {
      const lostCode = mood.lostCode === undefined ? DEFAULT_LOST_CODE : mood.lostCode
      clock.after(mood.paysAfterLostMs, () => payLate(push))
      if (lostCode !== null) after(resultAfterMs, () => finish(push, lostCode))
      return
    }
    const scripted = mood.resultCode ?? (mood.callbackBeforeAnswer ? PAID : undefined)
    if (scripted === undefined) return prompts.ring(push)
    after(mood.callbackBeforeAnswer ? 0 : resultAfterMs, () => finish(push, scripted))
  }

  const payLate = (push: OpenPush): void => {
    const payable = judgePayment(parts, push.transaction) === PAID
    if (payable || push.transaction.status === 'pending') finish(push, PAID)
  }

  const start = (transaction: Transaction, mood: Mood): Promise<void> =>
    new Promise((resolve) => begin(pushes.open(transaction, mood, resolve)))

  return {
    request: (wanted, mood) => {
      // Whoever has the number has money on it, also where a mood lets no prompt ring.
      parts.handsets.at(wanted.phone)
      const transaction = buildTransaction(wanted, clock.now(), ledger)
      ledger.record({ kind: 'push', transaction })
      // The ledger's own row, which later entries move on.
      const row = ledger.transactions.get(transaction.checkoutRequestId) ?? transaction
      return { transaction: row, reported: start(row, mood) }
    },
    isLocked: (msisdn) => settings.lockSubscriber && pushes.on(msisdn) !== undefined,
    prompt: prompts.shownOn,
    answer: prompts.answer,
    switchPhone: prompts.switchPhone,
    resume: () => {
      for (const transaction of ledger.transactions.values()) {
        if (transaction.status === 'pending') resumePending(transaction)
        else if (!transaction.reported) void report(parts, transaction, {})
      }
    },
    stop: pushes.stop,
  }

  function resumePending(transaction: Transaction): void {
    const ageMs = clock.now().getTime() - Date.parse(transaction.requestedAt)
    const lapsed = ageMs > settings.promptLifetimeMs
    void start(transaction, lapsed ? { resultCode: DEFAULT_LOST_CODE, resultAfterMs: 0 } : {})
  }
}

const report = (parts: Parts, transaction: Transaction, mood: Mood): Promise<void> => {
  if (transaction.status === 'paid' && parts.settings.confirmPushes) parts.confirm(transaction)
  return parts.posts.send(stkNotice(transaction, mood), mood)
}

const buildTransaction = (wanted: PushRequest, at: Date, ledger: Ledger): Transaction => ({
  ...wanted,
  checkoutRequestId: unused(
    () => newCheckoutRequestId(at, wanted.phone),
    (id) => ledger.transactions.has(id),
  ),
  merchantRequestId: newRequestId(),
  requestedAt: at.toISOString(),
  status: 'pending',
  resultCode: null,
  resultDesc: null,
  receipt: null,
  finishedAt: null,
  balanceAfter: null,
  reversedBy: null,
  reported: false,
})
