/** The pages with pictures of ids and licences, in each of their states. */
import type { Child } from 'hono/jsx'
import {
  FAULT_WORDS,
  IDENTITY_KINDS,
  type IdentityDocument,
} from '../../domain/identity-documents.ts'
import type { IdentityPage, ReviewPage } from '../../domain/identity-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import { IdentityReviewsView, IdentityReviewView } from '../../views/identity-reviews.tsx'
import { IdentityView } from '../../views/identity.tsx'
import * as s from './samples.ts'

const document = (over: Partial<IdentityDocument> = {}): IdentityDocument => ({
  id: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
  customerId: 'a',
  kind: 'licence_front',
  status: 'received',
  receivedAt: s.minutesAgo(90),
  decidedAt: null,
  refusal: null,
  validUntil: null,
  width: 1_600,
  height: 1_000,
  bytes: 400_000,
  hasPicture: true,
  ...over,
})

const STATES: Partial<IdentityDocument>[] = [
  { status: 'accepted', decidedAt: s.NOW },
  { status: 'refused', decidedAt: s.NOW, refusal: 'cut_off' },
  { status: 'expired', decidedAt: s.NOW, validUntil: '2026-10-31' },
  {},
]

/** Stands for a picture of a card. */
const PICTURE = '/static/vehicles/suv-green.svg'

export const identityPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const own: IdentityPage = {
    path: '/account/identity',
    customer: null,
    cards: IDENTITY_KINDS.map((kind) => ({ kind, document: null, pictureUrl: null })),
    maySend: true,
    licence: { number: hostile ?? '', expiresOn: '' },
    problems: [],
    wrong: null,
    done: null,
    now: s.NOW,
  }
  const sent = IDENTITY_KINDS.map((kind, index) => {
    const state = STATES[index]
    return {
      kind,
      document: state ? document({ ...state, kind }) : null,
      pictureUrl: state ? PICTURE : null,
    }
  })
  const customer = { id: 'a', name: hostile ?? s.LONG_NAME, number: 'CUS-000123' }
  const review: ReviewPage = {
    document: document(),
    customer,
    seen: null,
    licence: { number: '*** 9XZ', country: hostile ?? 'Kenya', expiresOn: '2031-05-06' },
    mayDecide: true,
    form: {},
    problems: [],
    now: s.NOW,
  }
  const desk = s.staff('/desk/identity-documents')
  const rows = IDENTITY_KINDS.map((kind, index) => ({
    id: `${index}`,
    kind,
    customerName: customer.name,
    customerNumber: customer.number,
    receivedAt: s.minutesAgo(60 * (9 - index)),
  }))
  const seen = { pictureUrl: PICTURE, bornOn: '1990-01-31' }
  const wrong = { path: 'picture', message: FAULT_WORDS.heic }
  return {
    'own-identity': <IdentityView page={own} viewer={viewer} />,
    'own-identity-sent': (
      <IdentityView page={{ ...own, cards: sent, done: 'licence_front' }} viewer={viewer} />
    ),
    'own-identity-wrong': (
      <IdentityView page={{ ...own, problems: [wrong], wrong: 'passport' }} viewer={viewer} />
    ),
    'desk-identity': <IdentityView page={{ ...own, customer, cards: sent }} viewer={desk} />,
    'identity-reviews': (
      <IdentityReviewsView page={{ rows, next: 'x', now: s.NOW }} viewer={desk} />
    ),
    'identity-reviews-none': (
      <IdentityReviewsView page={{ rows: [], next: null, now: s.NOW }} viewer={desk} />
    ),
    'identity-review': <IdentityReviewView page={review} viewer={desk} />,
    'identity-review-seen': (
      <IdentityReviewView
        page={{
          ...review,
          seen,
          form: { valid_until: hostile ?? '2020-01-01' },
          problems: [{ path: 'valid_until', message: 'This day is over. Refuse it as expired.' }],
        }}
        viewer={desk}
      />
    ),
  }
}
