/** What happened, for whoever sits before it. */
import type { Broken } from './checker/index.ts'
import type { Suffered } from './suffering.ts'

const SECOND_MS = 1_000
export const seconds = (ms: number): string => `${(ms / SECOND_MS).toFixed(1)} s`
const SHOWN = 3

export const tellSuffered = (suffered: Suffered): string => {
  const { calm, meanwhile, lastedMs, recoveredMs, complaints } = suffered
  const load = `${calm}/s before, ${meanwhile}/s during ${seconds(lastedMs)}`
  const back = recoveredMs === null ? 'NOT recovered' : `recovered in ${seconds(recoveredMs)}`
  return [`   ${load}; ${back}`, ...complaints.map((one) => `   BROKEN: ${one}`)].join('\n')
}

export const tellBroken = ({ rule, what }: Broken): string =>
  `   BROKEN: ${rule} (${what.length}): ${what.slice(0, SHOWN).join('; ')}`
