/** How long each of several people may take to pay their share, as a booking form offers it. */
import { HOUR_MS } from './time.ts'

const HOURS = [1, 2, 4, 8, 12] as const

/** Those that end while the car can still be held. */
export const ownTimes = (
  now: Date,
  pickupAt: Date,
  { partPaidMs }: { partPaidMs: number },
): number[] => {
  const left = Math.min(partPaidMs, pickupAt.getTime() - now.getTime())
  return HOURS.filter((hours) => hours * HOUR_MS < left)
}

/** ISO instant; null: as long as the booking waits. Only what was offered counts. */
export const dueWithin = (typed: string, offered: number[], now: Date): string | null => {
  const hours = offered.find((one) => String(one) === typed)
  return hours === undefined ? null : new Date(now.getTime() + hours * HOUR_MS).toISOString()
}
