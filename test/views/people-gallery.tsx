/** The administrators' pages, with much and little on them, for the same checks as all others. */
import type { Child } from 'hono/jsx'
import type { AuditLine, AuditPage } from '../../domain/audit-pages.ts'
import type { PeoplePage, PersonPage, PersonRow, RolePage } from '../../domain/people-pages.ts'
import type { Role } from '../../domain/roles.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import { DAY_MS } from '../../domain/time.ts'
import { AuditView } from '../../views/audit.tsx'
import { NewColleagueView } from '../../views/new-colleague.tsx'
import { PeopleView } from '../../views/people.tsx'
import { PersonView } from '../../views/person.tsx'
import { RoleView } from '../../views/role.tsx'
import { RolesView } from '../../views/roles.tsx'
import * as s from './samples.ts'

const person = (over: Partial<PersonRow> = {}): PersonRow => ({
  id: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
  name: 'Amina Hassan',
  email: 'finance@example.com',
  maskedPhone: '0722 *** 002',
  staff: true,
  customerNumber: null,
  status: 'active',
  roles: ['finance', 'night_desk'],
  lastLoginAt: s.NOW,
  ...over,
})

const role = (over: Partial<Role> = {}): Role => ({
  name: 'night_desk',
  description: 'Hands cars over at night, and takes no cash',
  parent: 'staff',
  permissions: ['desk:read', 'reservations:delete'],
  system: false,
  version: 3,
  people: 2,
  ...over,
})

const INHERITED = ['charges:read', 'own_payments:read', 'reservations:read'] as const
const choices = [
  { value: 'desk', text: 'desk: Hands cars over and takes them back' },
  { value: 'workshop', text: 'workshop: Looks after the cars' },
]

const opened = (over: Partial<PersonPage> = {}): PersonPage => ({
  person: { ...person(), createdAt: new Date(s.NOW.getTime() - 90 * DAY_MS) },
  assignments: [
    {
      role: 'finance',
      givenBy: 'seed',
      giverName: null,
      givenAt: new Date(s.NOW.getTime() - 90 * DAY_MS),
      expiresAt: null,
    },
    {
      role: 'night_desk',
      givenBy: 'a',
      giverName: s.LONG_NAME,
      givenAt: s.NOW,
      expiresAt: new Date(s.NOW.getTime() + 7 * DAY_MS),
    },
  ],
  choices,
  mayTake: true,
  mayChangeStatus: true,
  isViewer: false,
  contact: null,
  mayReveal: true,
  hasSecondFactor: true,
  seesRights: true,
  seesCustomers: true,
  form: {},
  problems: [],
  now: s.NOW,
  ...over,
})

const rolePage = (over: Partial<RolePage> = {}): RolePage => ({
  role: role(),
  inherited: [...INHERITED],
  form: { ...role(), parent: 'staff' },
  version: 3,
  parents: [
    { value: 'staff', text: 'staff' },
    { value: 'desk', text: 'desk' },
  ],
  people: [{ id: person().id, name: 'Amina Hassan' }],
  mayChange: true,
  mayDelete: true,
  problems: [],
  ...over,
})

const line = (over: Partial<AuditLine> = {}): AuditLine => ({
  id: '4711',
  at: s.NOW,
  actor: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
  actorName: 'Amina Hassan',
  action: 'company.changed',
  entity: 'company',
  entityId: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e12',
  number: 'Savanna Tours',
  before: { creditLimit: 10000000, active: true },
  after: { creditLimit: 25000000, active: true },
  why: null,
  origin: '41.90.64.12 request 0f4c1b7e-8a51-4bc1-9a55-6c3f8d1c2a10',
  position: 4711,
  ...over,
})
const audit = (over: Partial<AuditPage> = {}): AuditPage => ({
  form: { who: '', about: '', action: '', from: '', to: '' },
  rows: [
    line(),
    line({
      action: 'reservation.held',
      number: 'RSV-26-000123',
      before: null,
      after: { status: 'pending' },
      actorName: 'Wanjiku Kamau',
      origin: 'workflow reservation:5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
    }),
    line({
      action: 'outage.began',
      actor: 'gari',
      actorName: null,
      number: null,
      entityId: 'daraja',
      before: null,
      after: null,
      origin: 'worker provider watch',
    }),
  ],
  next: '4000',
  head: { position: 48211, hash: 'a'.repeat(64) },
  lastCheck: { links: 48100, published: 212, lostHeads: 0, flaws: [], finishedAt: s.NOW },
  now: s.NOW,
  ...over,
})

export const peoplePages = (hostile: string | null): Record<string, Child> => {
  const viewer = {
    ...s.staff('/admin/people'),
    permissions: Object.keys(PERMISSIONS) as Permission[],
  }
  const name = hostile ?? s.LONG_NAME
  const all: PeoplePage = {
    rows: [
      person(),
      person({ name, email: hostile, roles: ['manager'], status: 'suspended', lastLoginAt: null }),
      person({ name: 'Kiptoo Chebet', email: 'operations@example.com', roles: ['operations'] }),
    ],
    search: hostile ?? '',
    kind: 'staff',
    next: 'older',
    mayInvite: true,
    now: s.NOW,
  }
  const wrong = [{ path: 'role', message: 'Choose a role.' }]
  const typed = {
    name: hostile ?? 'Night Desk',
    description: name,
    parent: 'staff',
    permissions: [],
  }
  return {
    'admin-people': <PeopleView page={all} viewer={viewer} />,
    'admin-people-none': (
      <PeopleView page={{ ...all, rows: [], next: null, search: 'zzz' }} viewer={viewer} />
    ),
    'admin-colleague-new': (
      <NewColleagueView
        page={{
          form: { first_name: name, email: hostile ?? '' },
          problems: [{ path: 'email', message: 'This is not an e-mail address.' }],
        }}
        viewer={viewer}
      />
    ),
    'admin-person': <PersonView page={opened()} viewer={viewer} />,
    'admin-person-wrong': (
      <PersonView
        page={opened({
          person: { ...person({ name }), createdAt: s.NOW },
          problems: wrong,
          form: { why: hostile ?? '', expires_at: hostile ?? '' },
        })}
        viewer={viewer}
      />
    ),
    'admin-person-self': (
      <PersonView page={opened({ isViewer: true, assignments: [] })} viewer={viewer} />
    ),
    'admin-roles': (
      <RolesView
        page={{
          rows: [
            {
              ...role({
                name: 'customer',
                system: true,
                people: 0,
                parent: null,
                description: 'Books, pays, and sees what is theirs',
              }),
              inherited: [],
            },
            { ...role({ description: hostile ?? role().description }), inherited: [...INHERITED] },
          ],
          mayCreate: true,
        }}
        viewer={{ ...viewer, path: '/admin/roles' }}
      />
    ),
    'admin-role': <RoleView page={rolePage()} viewer={viewer} />,
    'admin-role-new': (
      <RoleView
        page={rolePage({
          role: null,
          inherited: [],
          form: typed,
          people: [],
          problems: [
            {
              path: 'name',
              message:
                'A name has small letters, digits and _, and begins with a letter: night_desk.',
            },
          ],
        })}
        viewer={viewer}
      />
    ),
    'admin-audit': <AuditView page={audit()} viewer={{ ...viewer, path: '/admin/audit' }} />,
    'admin-audit-changed': (
      <AuditView
        page={audit({
          form: { who: name, about: name, action: '', from: '', to: '' },
          rows: [
            line({
              actorName: name,
              why: hostile ?? 'Asked on the phone',
              origin: hostile,
              after: { creditLimit: name },
            }),
          ],
          next: null,
          lastCheck: {
            links: 48100,
            published: 212,
            lostHeads: 0,
            flaws: [{ kind: 'changed', position: 31007, entryId: '31010' }],
            finishedAt: s.NOW,
          },
        })}
        viewer={viewer}
      />
    ),
    'admin-audit-none': (
      <AuditView page={audit({ rows: [], next: null, lastCheck: null })} viewer={viewer} />
    ),
    'admin-role-read-only': (
      <RoleView page={rolePage({ mayChange: false, mayDelete: false })} viewer={viewer} />
    ),
  }
}
