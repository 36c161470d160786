/** The pages about loyalty points, in each of their states. */
import type { Child } from 'hono/jsx'
import type { LoyaltyEntry } from '../../domain/loyalty.ts'
import type { LoyaltyPage, StaffLoyaltyPage } from '../../domain/loyalty-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import { DAY_MS } from '../../domain/time.ts'
import { LoyaltyView } from '../../views/loyalty.tsx'
import { StaffLoyaltyView } from '../../views/staff-loyalty.tsx'
import * as s from './samples.ts'

const daysFrom = (days: number) => new Date(s.NOW.getTime() + days * DAY_MS)
const entry = (over: Partial<LoyaltyEntry>): LoyaltyEntry => ({
  id: 'e',
  kind: 'earned',
  points: 135,
  ownerNumber: 'RSV-26-000123',
  shortPoints: 0,
  rule: 'v1',
  reason: null,
  expiresAt: null,
  createdAt: daysFrom(-3),
  ...over,
})

export const pointsPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const none: LoyaltyPage = {
    account: { balance: 0, lots: [] },
    entries: [],
    next: null,
    now: s.NOW,
  }
  const some: LoyaltyPage = {
    ...none,
    account: {
      balance: 1_385,
      lots: [
        { points: 1_250, expiresAt: daysFrom(40) },
        { points: 135, expiresAt: daysFrom(727) },
      ],
    },
    entries: [
      entry({}),
      entry({ kind: 'returned', points: 400 }),
      entry({ kind: 'spent', points: -400 }),
      entry({ kind: 'reversed', points: -12, shortPoints: 3 }),
      entry({ kind: 'expired', points: -75, ownerNumber: null }),
      entry({
        kind: 'adjusted',
        points: 1_250,
        ownerNumber: null,
        reason: hostile ?? 'The car was an hour late, and the second one had no child seat.',
      }),
    ],
    next: 'more',
  }
  const staffPage: StaffLoyaltyPage = {
    ...some,
    customer: { id: 'a', name: hostile ?? s.LONG_NAME, number: 'CUS-000123' },
    mayAdjust: true,
    requestId: 'r',
    form: {},
    problems: [],
  }
  const wrong = {
    form: { points: hostile ?? '9000', reason: '' },
    problems: [
      { path: 'points', message: 'At most 5000 points at once.' },
      { path: 'reason', message: 'Say why.' },
    ],
  }
  const staff = (over: Partial<StaffLoyaltyPage>) => (
    <StaffLoyaltyView
      page={{ ...staffPage, ...over }}
      viewer={s.staff('/desk/customers/a/points')}
    />
  )
  return {
    points: <LoyaltyView page={some} viewer={viewer} />,
    'points-none': <LoyaltyView page={none} viewer={viewer} />,
    'desk-points': staff({}),
    'desk-points-wrong': staff(wrong),
    'desk-points-seen': staff({ ...none, mayAdjust: false }),
  }
}
