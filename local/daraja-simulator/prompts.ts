import type { Mood } from './moods.ts'
import type { OpenPush, OpenPushes } from './open-pushes.ts'
import type { Parts } from './payments.ts'
import type { ResultCode } from './results.ts'
import type { Autopilot } from './settings.ts'
import { PROMPT_LIMIT, promptText } from './texts.ts'
import { judgePin } from './verdicts.ts'

export type Answer = { pin: string } | { cancel: true }

export type Prompt = {
  checkoutRequestId: string
  text: string
  amount: number
  stage: 'ringing' | 'processing'
  lapsesAt: Date | null
}

export type Prompts = {
  /** Looks for the phone and, when it is on, shows the prompt. */
  ring: (push: OpenPush) => void
  answer: (msisdn: string, given: Answer) => boolean
  shownOn: (msisdn: string) => Prompt | null
  switchPhone: (msisdn: string, on: boolean) => void
}

const NO_ANSWER = 1037
const CANCELLED = 1032
const SENDING_FAILED = 1025

type Finish = (push: OpenPush, code: ResultCode) => void

/** What happens on the handset between an accepted push and its verdict. */
export const createPrompts = (parts: Parts, pushes: OpenPushes, finish: Finish): Prompts => {
  const { settings, clock, handsets, changed, merchant } = parts

  const rearm = (push: OpenPush, delayMs: number, run: () => void): void => {
    push.cancelTimer()
    push.cancelTimer = clock.after(delayMs, run)
  }
  const lapseIn = (push: OpenPush, delayMs: number): void => {
    push.lapsesAt = new Date(clock.now().getTime() + delayMs)
    rearm(push, delayMs, () => finish(push, NO_ANSWER))
  }
  const ring = (push: OpenPush): void => {
    push.stage = 'waiting'
    const { on, registered } = handsets.at(push.transaction.phone)
    // A number without M-Pesa is searched for in vain, as a phone that is off.
    if (on && registered) rearm(push, settings.promptDelayMs, () => show(push))
    else lapseIn(push, settings.offTimeoutMs)
  }
  const show = (push: OpenPush): void => {
    const { phone } = push.transaction
    if (promptText(merchant.merchantName, push.transaction).length > PROMPT_LIMIT)
      return finish(push, SENDING_FAILED)
    push.stage = 'ringing'
    lapseIn(push, settings.promptLifetimeMs)
    changed(phone)
    const autopilot = handsets.at(phone).autopilot ?? settings.autopilot
    if (autopilot) drive(push, autopilot)
  }
  const process = (push: OpenPush, code: ResultCode): void => {
    push.stage = 'processing'
    push.lapsesAt = null
    rearm(push, settings.processingMs, () => finish(push, code))
    changed(push.transaction.phone)
  }
  const answer = (msisdn: string, given: Answer): boolean => {
    const push = pushes.on(msisdn)
    if (push?.stage !== 'ringing' || !handsets.at(msisdn).on) return false
    process(push, 'cancel' in given ? CANCELLED : judgePin(parts, push.transaction, given.pin))
    return true
  }
  const drive = (push: OpenPush, autopilot: Autopilot): void => {
    clock.after(autopilot.afterMs, () => {
      if (push.stage !== 'ringing' || !pushes.isOpen(push)) return
      const code = verdictOfAutopilot(parts, push, autopilot)
      if (code !== null) process(push, code)
    })
  }

  return {
    ring,
    answer,
    shownOn: (msisdn) => {
      const push = pushes.on(msisdn)
      if (!push || push.stage === 'waiting' || !handsets.at(msisdn).on) return null
      const { stage, lapsesAt, transaction } = push
      const { checkoutRequestId, amount } = transaction
      const text = promptText(merchant.merchantName, transaction)
      return { checkoutRequestId, text, amount, stage, lapsesAt }
    },
    switchPhone: (msisdn, on) => {
      handsets.change(msisdn, { on })
      const push = pushes.on(msisdn)
      // Off: the prompt is gone from the screen. On: what is still open rings again.
      if (push && push.stage !== 'processing' && isForACustomer(push.mood)) {
        if (on) ring(push)
        else lapseIn(push, settings.offTimeoutMs)
      }
      changed(msisdn)
    },
  }
}

/** Null: leaves the prompt alone. */
const verdictOfAutopilot = (
  parts: Parts,
  { transaction }: OpenPush,
  { answer, resultCode }: Autopilot,
): ResultCode | null => {
  if (resultCode !== undefined) return resultCode
  if (answer === 'ignore') return null
  if (answer === 'cancel') return CANCELLED
  const { pin } = parts.handsets.at(transaction.phone)
  const wrongPin = pin === '0000' ? '1111' : '0000'
  return judgePin(parts, transaction, answer === 'pay' ? pin : wrongPin)
}

/** Whether a person decides, and not the mood's script. */
const isForACustomer = (mood: Mood): boolean =>
  !mood.neverResult && mood.resultCode === undefined && mood.paysAfterLostMs === undefined
