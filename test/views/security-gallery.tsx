/** The pages about one's own account, in each of their states. */
import type { Child } from 'hono/jsx'
import type { ApiKeysPage } from '../../domain/api-keys.ts'
import type { ConsentPage, ProgramsPage, ShownClient } from '../../domain/oauth.ts'
import type { OwnDetailsPage } from '../../domain/own-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import type { FactorPage, LinkPage, OwnAccountPage } from '../../domain/security-pages.ts'
import { ApiKeysView } from '../../views/api-keys.tsx'
import { ConsentView, DecidedView } from '../../views/letting-in.tsx'
import { FactorView, PapersView, ScanView, SecondStepView } from '../../views/second-factor.tsx'
import { OwnDetailsView, ProvePhoneView } from '../../views/own-details.tsx'
import { OwnAccountView } from '../../views/own-account.tsx'
import { ProgramsView } from '../../views/programs.tsx'
import { ForgotView, LinkView } from '../../views/recovery.tsx'
import { addressPages, choicesPages } from './choices-gallery.tsx'
import { pointsPages } from './points-gallery.tsx'
import { ratingPages } from './ratings-gallery.tsx'
import { privacyPages } from './privacy-gallery.tsx'
import { registeringPages } from './registering-gallery.tsx'
import * as s from './samples.ts'

const KEYS: ApiKeysPage = {
  keys: [],
  choices: ['own_reservations:read', 'payments:read', 'ledger:read'],
  made: null,
  form: { name: '', days: '90', scopes: [] },
  problems: [],
  now: s.NOW,
}

const keysPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const name = hostile ?? `Accounting export of ${s.LONG_NAME}`
  const key = {
    id: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
    name,
    beginning: 'gari_Ab3dE',
    scopes: KEYS.choices,
    createdAt: s.minutesAgo(9_000),
    expiresAt: s.minutesAgo(-90_000),
    lastUsedAt: s.minutesAgo(12),
    uses: [
      { day: '2026-11-27', uses: 1_204 },
      { day: '2026-11-26', uses: 96 },
    ],
  }
  const others = [
    { ...key, id: 'b', lastUsedAt: null, uses: [], expiresAt: null },
    { ...key, id: 'c', expiresAt: s.minutesAgo(60), uses: key.uses.slice(1) },
  ]
  const wrong = {
    form: { name, days: '365', scopes: ['ledger:read'] },
    problems: [
      { path: 'name', message: 'You have a key of this name. Take that one back.' },
      { path: 'scopes', message: 'Say what it may do.' },
    ],
  }
  const made = { name, key: `gari_${'Ab3dEf_-'.repeat(5)}xyz` }
  const show = (over: Partial<ApiKeysPage>) => (
    <ApiKeysView page={{ ...KEYS, ...over }} viewer={viewer} />
  )
  return {
    'admin-keys-none': show({}),
    'admin-keys-some': show({ keys: [key, ...others] }),
    'admin-keys-made': show({ keys: [key], made }),
    'admin-keys-wrong': show({ keys: others, ...wrong }),
  }
}

const PROGRAMS: ProgramsPage = {
  programs: [],
  viewerId: 'me',
  choices: ['own_reservations:read', 'own_payments:read', 'roles:read', 'ledger:read'],
  made: null,
  form: { name: '', kind: 'public', redirectUris: '', scopes: [] },
  problems: [],
  now: s.NOW,
}

const programPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const name = hostile ?? `Fleet Helper of ${s.LONG_NAME}`
  const one: ShownClient = {
    id: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e13',
    name,
    kind: 'public',
    redirectUris: [
      'https://fleet.example/a/rather/long/way/back/to/the/program?tenant=nairobi-westlands',
      'http://127.0.0.1/back',
    ],
    scopes: PROGRAMS.choices,
    createdAt: s.minutesAgo(90_000),
    owner: { id: 'other', name: hostile ?? s.LONG_NAME },
    people: 1_204,
    lastUsedAt: s.minutesAgo(3),
    lastUsedFrom: null,
  }
  const server: ShownClient = {
    ...one,
    id: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e14',
    name: hostile ?? 'Accounting export',
    kind: 'server',
    redirectUris: [],
    scopes: ['ledger:read'],
    owner: { id: 'me', name: 'Wairimu Njoroge' },
    people: 0,
    lastUsedFrom: '2001:db8:85a3::8a2e:370:7334',
  }
  const unused = { ...server, id: 'c', lastUsedAt: null, owner: one.owner }
  const wrong = {
    form: {
      name,
      kind: 'public',
      redirectUris: hostile ?? 'http://fleet.example/back',
      scopes: ['ledger:read'],
    },
    problems: [
      { path: 'redirect_uris', message: 'Line 1: Use https, http to 127.0.0.1 or [::1].' },
      { path: 'scopes', message: 'Say what it may do.' },
    ],
  }
  const made = { name, id: one.id, secret: 'Ab3dEf_-'.repeat(5) }
  const show = (over: Partial<ProgramsPage>) => (
    <ProgramsView page={{ ...PROGRAMS, ...over }} viewer={viewer} />
  )
  return {
    'admin-programs-none': show({}),
    'admin-programs-some': show({ programs: [one, server, unused] }),
    'admin-programs-made': show({ programs: [server], made }),
    'admin-programs-public': show({ programs: [one], made: { ...made, secret: null } }),
    'admin-programs-wrong': show({ programs: [one], ...wrong }),
  }
}

const detailsPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const page: OwnDetailsPage = {
    name: hostile ?? s.LONG_NAME,
    email: hostile ?? 'wanjiku.kamau@example.com',
    emailProven: true,
    phone: hostile ?? '+254712345678',
    phoneProven: false,
    mayChange: true,
    fresh: true,
    typed: { email: '', phone: '' },
    problems: [],
    done: null,
  }
  const show = (over: Partial<OwnDetailsPage>) => (
    <OwnDetailsView page={{ ...page, ...over }} viewer={viewer} />
  )
  const wrongCode = [{ path: 'code', message: 'The code is not right. Look at the SMS again.' }]
  const code = { phone: '+254712345678', maskedPhone: '0712 *** 678', problems: wrongCode }
  return {
    details: show({}),
    'details-guest': show({ email: null, phoneProven: true, done: 'phone' }),
    'details-open': show({ fresh: false }),
    'details-staff': show({ mayChange: false, phone: null }),
    'details-wrong': show({
      typed: { email: hostile ?? 'wanjiku@', phone: hostile ?? '020 12' },
      problems: [
        { path: 'phone', message: 'Give a Kenyan mobile number, like 0712 345 678.' },
        { path: 'email', message: 'This is not an e-mail address.' },
      ],
    }),
    'details-code': <ProvePhoneView page={code} viewer={viewer} />,
  }
}

export const securityPages = (
  viewer: Viewer,
  hostile: string | null,
  qrSvg: string,
): Record<string, Child> => {
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
    isCustomer: true,
    mayHaveKeys: false,
    programs: [
      {
        clientId: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e12',
        name: hostile ?? 'Fleet Helper',
        scopes: ['own_reservations:read', 'own_payments:read'],
        until: s.minutesAgo(-9_000),
      },
    ],
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
  const factor: FactorPage = {
    must: false,
    app: true,
    recoveryCodes: 8,
    passkeys: [
      { id: 'p1', name: hostile ?? 'Chrome, Android', lastUsedAt: s.minutesAgo(90) },
      { id: 'p2', name: 'Safari, iPhone', lastUsedAt: null },
    ],
    canHavePasskeys: true,
    fresh: true,
    problems: [],
    done: null,
    now: s.NOW,
  }
  const noCode = [
    { path: 'code', message: 'The code is not right, or was used already. Type the next one.' },
  ]
  const scan = { qrSvg, secret: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', problems: [] }
  const second = { app: true, passkeys: true, next: '/bookings', problems: [] }
  const consent: ConsentPage = {
    path: '/let-in/x',
    program: hostile ?? `Fleet Helper of ${s.LONG_NAME}`,
    scopes: ['own_reservations:read', 'own_payments:create', 'own_documents:update'],
    refused: ['ledger:read'],
    answersTo: hostile ?? 'a-very-long-name-of-a-program.apps.example.co.ke',
  }
  return {
    'let-in': <ConsentView page={consent} viewer={viewer} />,
    'let-in-nothing': <ConsentView page={{ ...consent, scopes: [] }} viewer={viewer} />,
    'let-in-decided': <DecidedView next="/oauth/authorize/x" viewer={viewer} />,
    factor: <FactorView page={factor} viewer={viewer} />,
    'factor-wrong': <FactorView page={{ ...factor, problems: noCode }} viewer={viewer} />,
    'factor-stale': <FactorView page={{ ...factor, app: false, fresh: false }} viewer={viewer} />,
    'factor-must': (
      <FactorView
        page={{ ...factor, must: true, app: false, recoveryCodes: 0, passkeys: [] }}
        viewer={viewer}
      />
    ),
    'factor-scan': <ScanView page={scan} viewer={viewer} />,
    'factor-papers': (
      <PapersView codes={Array.from({ length: 10 }, (_, n) => `7KQ2M4XZ${n}R`)} viewer={viewer} />
    ),
    'second-step': <SecondStepView page={second} viewer={visitor} />,
    'second-step-wrong': (
      <SecondStepView page={{ ...second, passkeys: false, problems: noCode }} viewer={visitor} />
    ),
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
    ...detailsPages(viewer, hostile),
    ...keysPages(s.staff('/account/api-keys'), hostile),
    ...programPages(s.staff('/admin/programs'), hostile),
    ...pointsPages(viewer, hostile),
    ...ratingPages(viewer, hostile),
    ...privacyPages(viewer, hostile),
    ...choicesPages(viewer, hostile),
    ...registeringPages(viewer, hostile),
    ...addressPages(viewer, hostile),
  }
}
