import type { Transaction } from './money/entries.ts'
import type { Mood } from './moods.ts'

/** A push that has no result yet, and the one timer that will move it on. */
export type OpenPush = {
  transaction: Transaction
  mood: Mood
  stage: 'waiting' | 'ringing' | 'processing'
  /** When the network gives the customer up. */
  lapsesAt: Date | null
  cancelTimer: () => void
  /** Called when the result was reported, for an answer that must come after it. */
  settle: () => void
}

export type OpenPushes = {
  open: (transaction: Transaction, mood: Mood, settle: () => void) => OpenPush
  close: (push: OpenPush) => void
  isOpen: (push: OpenPush) => boolean
  /** The oldest one on this phone: only one prompt fits on a screen. */
  on: (msisdn: string) => OpenPush | undefined
  stop: () => void
}

export const createOpenPushes = (): OpenPushes => {
  const byPhone = new Map<string, OpenPush[]>()
  const on = (msisdn: string) => byPhone.get(msisdn) ?? []
  return {
    open: (transaction, mood, settle) => {
      const push: OpenPush = {
        transaction,
        mood,
        stage: 'waiting',
        lapsesAt: null,
        cancelTimer: () => undefined,
        settle,
      }
      byPhone.set(transaction.phone, [...on(transaction.phone), push])
      return push
    },
    close: (push) => {
      push.cancelTimer()
      const { phone } = push.transaction
      const others = on(phone).filter((other) => other !== push)
      if (others.length > 0) byPhone.set(phone, others)
      else byPhone.delete(phone)
    },
    isOpen: (push) => on(push.transaction.phone).includes(push),
    on: (msisdn) => on(msisdn)[0],
    stop: () => {
      for (const pushes of byPhone.values()) pushes.forEach(({ cancelTimer }) => cancelTimer())
      byPhone.clear()
    },
  }
}
