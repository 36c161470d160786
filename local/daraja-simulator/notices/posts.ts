import { pause, type Clock } from '../clock.ts'
import type { Ledger } from '../money/ledger.ts'
import type { Mood } from '../moods.ts'
import type { Delivery } from './delivery.ts'
import { createPen, type Order } from './pen.ts'

/** Something Daraja tells the merchant, as it will stand on the wire. */
export type Notice = {
  url: string
  body: unknown
  /** Of the payment or request, so that after a crash only what was not told is told again. */
  id?: string
}

/** Every notice passes here, in the mood that its request was taken in. */
export type Posts = {
  /** Resolves when the notice was delivered, or will never be. */
  send: (notice: Notice, mood: Mood) => Promise<void>
  resend: (notice: Notice, copies: number) => Promise<string[]>
  release: (order: Order) => Promise<number>
  held: () => number
}

type Parts = { ledger: Ledger; delivery: Delivery; clock: Clock }

export const createPosts = ({ ledger, delivery, clock }: Parts): Posts => {
  const held = createPen()
  const window = createPen()
  const mark = ({ id }: Notice, how: string): void => {
    if (id !== undefined)
      ledger.record({ kind: 'reported', id, how, at: clock.now().toISOString() })
  }
  const post = ({ url, body }: Notice, copies = 1, retries = 0): Promise<string[]> =>
    Promise.all(Array.from({ length: copies }, () => delivery.post(url, body, retries)))
  /** The first notice of a window starts its time; at its end all of them go out, newest first. */
  const reorder = (withinMs: number, deliver: () => Promise<void>): Promise<void> => {
    if (window.size() === 0) clock.after(withinMs, () => void window.release('newest-first'))
    return window.hold(deliver)
  }
  return {
    send: async (notice, mood) => {
      if (mood.dropCallback) return mark(notice, 'dropped')
      if (mood.callbackDelayMs) await pause(clock, mood.callbackDelayMs)
      const deliver = async () => {
        const outcomes = await post(notice, mood.callbackCopies, mood.callbackRetries)
        mark(notice, outcomes.join(' '))
      }
      if (mood.holdCallback) return held.hold(deliver)
      return mood.callbackReorderMs ? reorder(mood.callbackReorderMs, deliver) : deliver()
    },
    resend: post,
    release: held.release,
    held: held.size,
  }
}
