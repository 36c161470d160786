import { setTimeout as sleep } from 'node:timers/promises'

/** Whatever can be started, may die, and can be stopped. */
export type Part = { exited: Promise<string>; stop: () => Promise<void> }

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A part that lived this long starts again without a long pause. */
const STEADY_MS = 60_000

/**
 * Keeps parts alive until they are told to stop, and stops them in order: those of the highest tier
 * first (what uses the others), each tier at once.
 */
export const createSupervisor = (report: (line: string) => void) => {
  const stopping = new AbortController()
  const tiers = new Map<number, (() => Promise<void>)[]>()

  const onStop = (tier: number, stop: () => Promise<void>): void => {
    tiers.set(tier, [...(tiers.get(tier) ?? []), stop])
  }

  /** Starts the part and from then on starts it again, with growing pauses, whenever it dies. */
  const keep = async <T extends Part>(
    name: string,
    tier: number,
    start: () => Promise<T>,
  ): Promise<T> => {
    stopping.signal.throwIfAborted()
    const starting = start()
    let current: Promise<Part | undefined> = starting.catch(() => undefined)
    onStop(tier, async () => (await current)?.stop())
    const part = await starting
    void watch(name, part, async () => {
      const next = start()
      current = next.catch(() => undefined)
      return next
    })
    return part
  }

  const watch = async (name: string, part: Part, restart: () => Promise<Part>): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    let watched: Part | undefined = part
    while (!stopping.signal.aborted) {
      const since = Date.now()
      const reason = watched ? await watched.exited : 'did not start'
      if (stopping.signal.aborted) return
      if (Date.now() - since > STEADY_MS) pauseMs = FIRST_PAUSE_MS
      report(`${name} ended unexpectedly (${reason}); starting it again in ${pauseMs / 1000} s`)
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      if (stopping.signal.aborted) return
      watched = await restart().catch((error: unknown) => {
        if (!stopping.signal.aborted) report(`${name} does not start: ${String(error)}`)
        return undefined
      })
      if (watched) report(`${name} is back`)
    }
  }

  const stopAll = async (): Promise<void> => {
    stopping.abort(new Error('stopping'))
    for (const tier of [...tiers.keys()].sort((a, b) => b - a)) {
      const stops = (tiers.get(tier) ?? []).map((stop) => stop())
      for (const result of await Promise.allSettled(stops))
        if (result.status === 'rejected') report(`a part did not stop: ${String(result.reason)}`)
    }
  }

  return { keep, onStop, stopAll, signal: stopping.signal }
}
export type Supervisor = ReturnType<typeof createSupervisor>
