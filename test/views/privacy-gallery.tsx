/** The pages about people's own data, in each of their states. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../../domain/pages.ts'
import type { OwnDataPage, PersonDataPage } from '../../domain/privacy-pages.ts'
import { REGISTER, type KindOfData } from '../../domain/retention.ts'
import { DAY_MS } from '../../domain/time.ts'
import { OwnDataView } from '../../views/own-data.tsx'
import { PersonDataView } from '../../views/person-data.tsx'
import { PrivacyView } from '../../views/privacy.tsx'
import { RetentionView } from '../../views/retention.tsx'
import * as s from './samples.ts'

const soon = new Date(s.NOW.getTime() + 7 * DAY_MS)
const waiting = { status: 'waiting' as const, needs: [], dueAt: soon }
const made = { id: 'a', status: 'gathering' as const, done: 12, of: 33, expiresAt: null }
const kinds = Object.keys(REGISTER) as KindOfData[]

export const privacyPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const own: OwnDataPage = {
    copy: null,
    erasure: null,
    needs: [],
    fresh: true,
    worksHere: false,
    coolingDays: 7,
    contact: 'privacy@gari.example',
    form: {},
    problems: [],
    now: s.NOW,
  }
  const show = (over: Partial<OwnDataPage>) => (
    <OwnDataView page={{ ...own, ...over }} viewer={viewer} />
  )
  const wrong = {
    form: { confirmation: hostile ?? 'yes' },
    problems: [{ path: 'confirmation', message: 'Type the word that stands in capitals.' }],
  }
  const person: PersonDataPage = {
    person: { id: 'a', name: hostile ?? s.LONG_NAME },
    erasure: null,
    needs: [],
    hold: null,
    copy: null,
    mayErase: true,
    mayCopy: true,
    mayHold: true,
    form: {},
    problems: [],
    now: s.NOW,
  }
  const hold = { why: hostile ?? 'Milimani Commercial Court, file E123 of 2026', setAt: s.NOW }
  const staff = (over: Partial<PersonDataPage>) => (
    <PersonDataView page={{ ...person, ...over }} viewer={s.staff('/admin/people/a/data')} />
  )
  const privacy = {
    controller: hostile ?? 'Gari Car Rental Ltd',
    contact: hostile ?? 'privacy@gari.example',
    rows: kinds.map((kind) => ({ kind, ...REGISTER[kind] })),
  }
  const run = {
    finishedAt: s.NOW,
    held: 120_431,
    oldest: s.minutesAgo(2_400_000),
    gone: 12,
    soon: 840,
  }
  const nightly: KindOfData[] = ['bookings', 'payments', 'documents', 'reports']
  const kept = kinds.map((kind) => ({
    kind,
    ...REGISTER[kind],
    run: nightly.includes(kind) ? run : null,
  }))
  return {
    'admin-retention': (
      <RetentionView page={{ rows: kept, now: s.NOW }} viewer={s.staff('/admin/retention')} />
    ),
    privacy: <PrivacyView page={privacy} viewer={viewer} />,
    'own-data': show({}),
    'own-data-stale': show({ fresh: false }),
    'own-data-wrong': show(wrong),
    'own-data-needed': show({ needs: ['booking', 'credit'] }),
    'own-data-made': show({ copy: made }),
    'own-data-ready': show({ copy: { ...made, status: 'ready', done: 33, expiresAt: soon } }),
    'own-data-ready-stale': show({
      fresh: false,
      copy: { ...made, status: 'ready', expiresAt: soon },
    }),
    'own-data-over': show({ copy: { ...made, status: 'expired' } }),
    'own-data-too-often': show({
      copy: { ...made, status: 'ready', expiresAt: soon },
      problems: [
        {
          path: '',
          message:
            'You have asked for several copies today. Take the last one, or ask again tomorrow.',
        },
      ],
    }),
    'own-data-waiting': show({ erasure: waiting }),
    'own-data-delayed': show({ erasure: { ...waiting, needs: ['booking'] } }),
    'own-data-refused': show({ erasure: { ...waiting, status: 'refused', needs: ['case'] } }),
    'own-data-staff': show({ worksHere: true }),
    'admin-person-data': staff({}),
    'admin-person-data-copying': staff({ copy: made }),
    'admin-person-data-waiting': staff({ erasure: waiting, hold, needs: ['legal_hold'] }),
    'admin-person-data-done': staff({ erasure: { ...waiting, status: 'done' } }),
  }
}
