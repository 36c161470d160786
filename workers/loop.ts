/** A loop that does one round after the other until it is stopped, resting in between. */
import { setTimeout as rest } from 'node:timers/promises'
import { from } from '../db/origin.ts'
import type { Running, World } from './world.ts'

type Loop = {
  name: string
  /** One round; true when there is more to do at once. */
  round: () => Promise<boolean>
  restMs: number
  /** After an error, growing to this. */
  longestRestMs: number
}

export function startLoop({ log }: World, loop: Loop): Running {
  const stopping = new AbortController()
  const { signal } = stopping

  const run = async () => {
    let failures = 0
    while (!signal.aborted) {
      let more = false
      try {
        more = await from(`worker ${loop.name}`, loop.round)
        failures = 0
      } catch (error) {
        failures += 1
        log.warn(
          { part: loop.name, failures, error: String(error) },
          'a round failed; it is repeated',
        )
      }
      if (!more) {
        const pause =
          failures === 0 ? loop.restMs : Math.min(loop.longestRestMs, 100 * 2 ** failures)
        await rest(pause, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  const done = run()
  return {
    name: loop.name,
    done,
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}
