/** New code meets old stories: those of this very run. */
import { replayAll } from '../replaying.ts'
import type { Fault } from './fault.ts'

const FEW = 3

export const histories: Fault[] = [
  {
    number: 25,
    name: 'Every story of this run is told again to the code of today',
    promise: 'each says the same as it did',
    happen: async ({ house, complain }) => {
      const { told, failed } = await replayAll(house)
      if (told === 0) complain('there was nothing to tell')
      for (const one of failed.slice(0, FEW)) complain(one)
    },
  },
  {
    number: 26,
    name: 'The same with a change that running stories do not survive',
    promise: 'the replay sees it, or it would prove nothing',
    happen: async ({ house, complain }) => {
      const { told, failed } = await replayAll(house, 'incompatible')
      if (failed.length < told) complain(`${told - failed.length} of ${told} did not notice`)
    },
  },
]
