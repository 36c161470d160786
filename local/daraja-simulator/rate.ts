import type { Clock } from './clock.ts'
import type { Product } from './product-names.ts'
import type { Settings } from './settings.ts'

const SECOND_MS = 1_000

/** Counts the calls of each product within the running second. */
export type Rate = { isTooFast: (product: Product) => boolean }

export const createRate = (clock: Clock, settings: Settings): Rate => {
  const counts = new Map<Product, { second: number; calls: number }>()
  return {
    isTooFast: (product) => {
      const second = Math.floor(clock.now().getTime() / SECOND_MS)
      const held = counts.get(product)
      const calls = held?.second === second ? held.calls + 1 : 1
      counts.set(product, { second, calls })
      return settings.callsPerSecond !== null && calls > settings.callsPerSecond
    },
  }
}
