/** Connections that are slow, cut, or half open: each that goes through a proxy. */
import type { Link } from '../links.ts'
import type { Toxic } from '../proxies.ts'
import type { Fault, Scene } from './fault.ts'

const SLOW: Toxic = { type: 'latency', attributes: { latency: 500, jitter: 100 } }
const RESETS: Toxic = { type: 'reset_peer', toxicity: 0.3, attributes: { timeout: 200 } }
/** Open, and nothing comes any more. */
const HALF_OPEN: Toxic = { type: 'timeout', attributes: { timeout: 0 } }

const PAIRS: Link[] = [
  'api-postgres',
  'workers-postgres',
  'api-temporal',
  'workers-temporal',
  'kafka',
  'daraja',
  'front',
  'mail',
  'sms',
  'etims',
]

const spoil =
  (toxic: Toxic, seconds: number) =>
  async ({ house, lasts }: Scene) => {
    for (const pair of PAIRS) {
      await house.links[pair].spoil(toxic)
      await lasts(seconds)
      await house.links[pair].heal()
    }
  }

async function breakAll(scene: Scene): Promise<void> {
  await spoil(SLOW, 6)(scene)
  await spoil(RESETS, 6)(scene)
  await spoil(HALF_OPEN, 6)(scene)
}

async function cutAll({ house, lasts }: Scene): Promise<void> {
  for (const pair of PAIRS) {
    await house.links[pair].cut()
    await lasts(4)
    await house.links[pair].heal()
  }
}

const RESTED = {
  seconds: 150,
  because: 'what was asked of M-Pesa meanwhile is asked about minutes apart',
}

export const network: Fault[] = [
  {
    number: 36,
    name: 'Each of ten connections is slow, then reset, then half open, then cut, one after the other',
    promise: 'deadlines hold, nothing is asked for ever, nothing is lost',
    happen: async (scene) => {
      await breakAll(scene)
      await cutAll(scene)
    },
    rest: RESTED,
  },
]
