import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { HtmlEscapedString } from 'hono/utils/html'

/** What a JSX expression is; only when it is sent does it become text. */
type Piece = HtmlEscapedString | Promise<HtmlEscapedString>

type Listener<Topic> = (topic: Topic) => void

/** Tells open pages that something changed; what they are sent is rendered when it is sent. */
export type Live<Topic> = {
  publish: (topic: Topic) => void
  subscribe: (listener: Listener<Topic>) => () => void
}

export const createLive = <Topic>(): Live<Topic> => {
  const listeners = new Set<Listener<Topic>>()
  return {
    publish: (topic) => listeners.forEach((listener) => listener(topic)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const HEARTBEAT_MS = 20_000

/**
 * A stream of HTML pieces: `first` at once, so that a page which lost its connection is right again
 * as soon as it is back, then `piece(topic)` for each change; null means not for this page. Changes
 * to one topic that pile up while a piece is being sent become one.
 */
export const streamPieces = <Topic>(
  context: Context,
  live: Live<Topic>,
  first: () => Piece,
  piece: (topic: Topic) => Piece | null,
): Response => {
  context.header('X-Accel-Buffering', 'no')
  return streamSSE(context, async (stream) => {
    const waiting = new Set<Topic>()
    let wake = (): void => undefined
    const unsubscribe = live.subscribe((topic) => {
      waiting.add(topic)
      wake()
    })
    stream.onAbort(() => {
      unsubscribe()
      wake()
    })
    await stream.writeSSE({ data: (await first()).toString() })
    while (!stream.aborted) {
      const [topic] = waiting
      if (topic !== undefined) {
        waiting.delete(topic)
        const data = await piece(topic)
        if (data !== null) await stream.writeSSE({ data: data.toString() })
        continue
      }
      const quiet = await sleepUntilWoken((wakeNow) => (wake = wakeNow))
      if (quiet && !stream.aborted) await stream.write(': still here\n\n')
    }
    unsubscribe()
  })
}

/** True when nothing woke it within a heartbeat. */
const sleepUntilWoken = (arm: (wake: () => void) => void): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), HEARTBEAT_MS)
    timer.unref()
    arm(() => {
      clearTimeout(timer)
      resolve(false)
    })
  })
