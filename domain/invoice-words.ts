/** Words on documents. Tax documents are in English, whatever language the customer reads. */
import { MONTHS, nairobiClock } from './time.ts'

/** `27 Nov 2026`. */
export const dayText = (at: Date): string => {
  const { day, month, year } = nairobiClock(at)
  return `${day} ${MONTHS[month - 1]} ${year}`
}

/** `27 Nov 2026 to 30 Nov 2026`. */
export const timeRangeText = (from: Date, to: Date): string => `${dayText(from)} to ${dayText(to)}`
