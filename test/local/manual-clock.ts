import type { Clock } from '../../local/daraja-simulator/clock.ts'

/** A clock that stands still until it is moved; what falls due runs in order, at its own time. */
export const createManualClock = (start = '2026-11-21T10:15:30+03:00') => {
  let nowMs = Date.parse(start)
  let timers: { dueMs: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => new Date(nowMs),
    after: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  /** Lets promises that a timer started come to rest; deliveries go through a few of them. */
  const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))
  const advance = async (byMs: number): Promise<void> => {
    const endMs = nowMs + byMs
    for (;;) {
      await settle()
      const [next] = timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)
      if (!next) break
      timers = timers.filter((other) => other !== next)
      nowMs = Math.max(nowMs, next.dueMs)
      next.run()
    }
    nowMs = endMs
    await settle()
  }
  return { clock, advance, settle }
}
