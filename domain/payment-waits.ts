/** How long a phone rests before it may be asked again, and until when (source: Daraja's result codes, class W). */
import type { PaymentReason } from './payments.ts'
import { formatClock, MINUTE_MS } from './time.ts'

/** Rule 17: M-Pesa takes the same amount from one customer only once in two minutes. */
export const SAME_AMOUNT_REST_MS = 2 * MINUTE_MS

/**
 * After these a new request at once would only be refused again. Codes that say nothing about the phone (M-Pesa away,
 * nothing sent) are not here: whoever is told "later" may try when they like.
 */
export const REST_AFTER_MS: Readonly<Record<string, number>> = {
  '17': SAME_AMOUNT_REST_MS,
  '26': MINUTE_MS / 2,
  '1001': MINUTE_MS,
  '1025': MINUTE_MS,
  '2008': MINUTE_MS,
  '2026': MINUTE_MS,
  '9999': MINUTE_MS,
}

/** When the phone may be asked again after this result; null when at once, or never. */
export const restUntil = (code: string, refusedAt: Date): Date | null => {
  const rest = REST_AFTER_MS[code]
  return rest === undefined ? null : new Date(refusedAt.getTime() + rest)
}

/** `You can try again at 14:32.`: the minute after, because a clock without seconds would be too early. */
export const retrySentence = ({ retryAt }: PaymentReason): string | null =>
  retryAt ? `You can try again at ${clockAfter(new Date(retryAt))}.` : null

export const clockAfter = (at: Date): string =>
  formatClock(new Date(Math.ceil(at.getTime() / MINUTE_MS) * MINUTE_MS))
