import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The same for the same seed. */
export type Random = {
  /** From 0 to below 1. */
  share(): number
  /** From 0 to n - 1. */
  pick(n: number): number
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const share = () => uniformFloat64(generator)
  return { share, pick: (n) => Math.floor(share() * n) }
}
