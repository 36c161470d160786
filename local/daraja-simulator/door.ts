import type { Hono } from 'hono'
import { listen, type Listening } from '../shell/listen.ts'
import { realClock, type Clock } from './clock.ts'

/** A listening app whose connections can be refused for a while. */
export type Door = Listening & {
  /** Refuses connections for so long, then listens at the same port again. */
  closeFor: (forMs: number) => void
}

/** Time for the answer that announces the closing to leave. */
const LEAVE_MS = 50
const RETRY_MS = 200

export const openDoor = async (
  app: Hono,
  port: number,
  clock: Clock = realClock,
): Promise<Door> => {
  let listening: Listening | null = await listen(app, port)
  const { url, port: own } = listening
  let stopped = false
  const close = async (): Promise<void> => {
    const closing = listening
    listening = null
    await closing?.stop()
  }
  const reopen = async (): Promise<void> => {
    const opened = await listen(app, own).catch(() => null)
    if (opened && !stopped) listening = opened
    else if (opened) await opened.stop()
    // Somebody else may have taken the port meanwhile.
    else if (!stopped) clock.after(RETRY_MS, () => void reopen())
  }
  return {
    url,
    port: own,
    closeFor: (forMs) => {
      clock.after(LEAVE_MS, () => void close())
      clock.after(LEAVE_MS + forMs, () => {
        if (!stopped && !listening) void reopen()
      })
    },
    stop: async () => {
      stopped = true
      await close()
    },
  }
}
