/** The pages about one's own account, in each of their states. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../../domain/pages.ts'
import type { LinkPage, OwnAccountPage } from '../../domain/security-pages.ts'
import { OwnAccountView } from '../../views/own-account.tsx'
import { ForgotView, LinkView } from '../../views/recovery.tsx'
import * as s from './samples.ts'

export const securityPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const email = hostile ?? 'wanjiku.kamau@example.com'
  const visitor = { ...viewer, signedIn: false }
  const forgot = { email, sent: false, problems: [], next: '/' }
  const link = (over: Partial<LinkPage>) => (
    <LinkView
      page={{ state: 'reset', path: '/account-links/x/y', email, problems: [], ...over }}
      viewer={visitor}
    />
  )
  const account: OwnAccountPage = {
    name: hostile ?? s.LONG_NAME,
    email,
    emailProven: false,
    hasPassword: true,
    sessions: [
      {
        handle: '0123456789abcdef',
        device: 'Chrome, Android',
        kind: 'page',
        address: '41.90.64.12',
        lastSeenAt: s.NOW,
        isThis: true,
      },
      {
        handle: 'fedcba9876543210',
        device: hostile,
        kind: 'bearer',
        address: hostile,
        lastSeenAt: s.minutesAgo(3_000),
        isThis: false,
      },
    ],
    problems: [],
    done: null,
    now: s.NOW,
  }
  const wrong = [
    { path: 'current_password', message: 'The password you have now is not right.' },
    { path: 'new_password', message: 'A password has at least 8 characters.' },
  ]
  const guest = { ...account, email: null, hasPassword: false }
  return {
    forgot: <ForgotView page={forgot} viewer={visitor} />,
    'forgot-sent': <ForgotView page={{ ...forgot, sent: true }} viewer={visitor} />,
    'link-reset': link({}),
    'link-prove': link({ state: 'prove' }),
    'link-proven': link({ state: 'proven' }),
    'link-over': link({ state: 'over' }),
    account: <OwnAccountView page={account} viewer={viewer} />,
    'account-wrong': <OwnAccountView page={{ ...account, problems: wrong }} viewer={viewer} />,
    'account-done': (
      <OwnAccountView page={{ ...account, emailProven: true, done: 'password' }} viewer={viewer} />
    ),
    'account-guest': <OwnAccountView page={guest} viewer={viewer} />,
  }
}
