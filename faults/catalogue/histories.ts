/** New code meets old stories: those of this very run. */
import { MOST_REPLAYED, replayAll, type Replayed } from '../replaying.ts'
import type { Fault } from './fault.ts'

const FEW = 3
/** As the SDK says it; a key that is missing or a bundle that does not load is no such proof. */
const NONDETERMINISM = /nondeterminis/i

/** What speaks against "each said the same". */
export const unlike = ({ told, failed }: Replayed): string[] =>
  told === 0 ? ['there was nothing to tell'] : failed.slice(0, FEW)

/** What speaks against "each noticed the change". */
export function unnoticed({ told, failed }: Replayed): string[] {
  const noticed = failed.filter((one) => NONDETERMINISM.test(one))
  const others = failed.filter((one) => !NONDETERMINISM.test(one))
  if (told === 0) return ['there was nothing to tell']
  return [
    ...(noticed.length < told ? [`${told - noticed.length} of ${told} did not notice`] : []),
    ...others.slice(0, FEW),
  ]
}

export const histories: Fault[] = [
  {
    number: 25,
    name: `The stories of this house, the newest ${MOST_REPLAYED} at most, are told again to the code of today`,
    promise: 'each says the same as it did',
    happen: async ({ house, complain }) => {
      for (const one of unlike(await replayAll(house))) complain(one)
    },
  },
  {
    number: 26,
    name: 'The same with a change that running stories do not survive',
    promise: 'the replay says of each that it is another story now, or it would prove nothing',
    happen: async ({ house, complain }) => {
      for (const one of unnoticed(await replayAll(house, 'incompatible'))) complain(one)
    },
  },
]
