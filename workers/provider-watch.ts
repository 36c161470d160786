/** Looks whether M-Pesa can be reached, so that people hear of an outage, and of its end, before they try. */
import { inTransaction } from '../db/connection.ts'
import { beginOutage, endOutage } from '../db/outages.ts'
import type { Daraja } from '../gateways/daraja.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const LOOK_REST_MS = 5_000
const LONGEST_REST_MS = 10_000
/** One lost packet is no outage; neither is one answer its end. */
const LOOKS_TO_BEGIN = 3
const LOOKS_TO_END = 2

type Looks = { answered: number; silent: number }

/** What the looks in a row say about the row in the books. */
export const concludes = ({ answered, silent }: Looks): 'began' | 'ended' | null => {
  if (silent >= LOOKS_TO_BEGIN) return 'began'
  return answered >= LOOKS_TO_END ? 'ended' : null
}

export function startProviderWatch(world: World, daraja: Pick<Daraja, 'ping'>): Running {
  const looks: Looks = { answered: 0, silent: 0 }
  return startLoop(world, {
    name: 'provider-watch',
    restMs: LOOK_REST_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const up = await daraja.ping()
      Object.assign(
        looks,
        up
          ? { answered: looks.answered + 1, silent: 0 }
          : { answered: 0, silent: looks.silent + 1 },
      )
      const found = concludes(looks)
      if (!found) return false
      const changed = await inTransaction(world.db, found === 'began' ? beginOutage : endOutage)
      if (changed) world.log.warn({ part: 'daraja' }, `an outage ${found}`)
      return false
    },
  })
}
