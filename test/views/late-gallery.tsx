/** The choice that late money has, in each of its ends. */
import type { Child } from 'hono/jsx'
import { shillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { LateOfferView } from '../../views/late-offer.tsx'
import * as s from './samples.ts'

export const latePages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const late = (over: Parameters<typeof s.buildLateOffer>[0] = {}) => {
    const page = s.buildLateOffer(hostile ? { ...over, number: hostile, wished: hostile } : over)
    return <LateOfferView page={page} viewer={{ ...viewer, signedIn: false, path: page.path }} />
  }
  const [option = null] = s.buildLateOffer().options
  return {
    'late-open': late(),
    'late-taken': late({ status: 'taken', chosen: option, balance: shillings(9_000) }),
    'late-declined': late({ status: 'declined' }),
    'late-over': late({ expiresAt: s.minutesAgo(1) }),
  }
}
