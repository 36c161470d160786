import { CONSENT_MS } from './marketing.ts'
import { DAY_MS, HOUR_MS } from './time.ts'

/** What the sweeps of every hour take away; docs/operations.md says it too. */
export const KEPT = {
  counterMs: DAY_MS,
  bookingTryMs: DAY_MS,
  refusedBookingMs: 2 * DAY_MS,
  idempotencyKeyMs: 48 * HOUR_MS,
  heartbeatMs: 7 * DAY_MS,
  accountLinkMs: 7 * DAY_MS,
  securityEventMs: 90 * DAY_MS,
  apiKeyMs: 90 * DAY_MS,
  /** As long as any yes that it ended. */
  marketingRefusalMs: CONSENT_MS,
  exportMs: 7 * DAY_MS,
  quoteMs: 90 * DAY_MS,
} as const
