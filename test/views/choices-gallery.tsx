/** Offers and news: one's own choices, the way out by a link, and what the desk writes down; and one's own addresses. */
import type { Child } from 'hono/jsx'
import type { ChoiceLine, ChoicesPage, UnsubscribePage } from '../../domain/choice-pages.ts'
import type { AddressForm, OwnAddressesPage } from '../../domain/own-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import { CustomerChoicesView } from '../../views/customer-choices.tsx'
import { OwnAddressesView } from '../../views/own-addresses.tsx'
import { OwnChoicesView } from '../../views/own-choices.tsx'
import { UnsubscribeView } from '../../views/unsubscribe.tsx'
import * as s from './samples.ts'

export const choicesPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const words =
    hostile ??
    'Gari Car Rental Ltd may send me offers and news by e-mail. I can stop this at any time.'
  const line: ChoiceLine = {
    channel: 'email',
    given: true,
    chosenAt: s.minutesAgo(90_000),
    place: 'registering',
    chooserName: null,
    words,
  }
  const page: ChoicesPage = {
    controller: hostile ?? 'Gari Car Rental Ltd',
    wording: 1,
    rows: [
      { channel: 'email', standing: 'given', chosenAt: line.chosenAt, contact: 'unproven' },
      { channel: 'sms', standing: 'withdrawn', chosenAt: s.minutesAgo(50), contact: 'proven' },
    ],
    history: [
      { ...line, channel: 'sms', given: false, place: 'unsubscribe_link' },
      { ...line, channel: 'sms', place: 'desk', chooserName: hostile ?? s.LONG_NAME },
      line,
    ],
    done: null,
    problems: [],
    now: s.NOW,
  }
  const none: ChoicesPage = {
    ...page,
    rows: [
      { channel: 'email', standing: 'lapsed', chosenAt: s.minutesAgo(1e6), contact: 'proven' },
      { channel: 'sms', standing: 'never', chosenAt: null, contact: 'none' },
    ],
    history: [],
    done: 'choices',
  }
  const stop: UnsubscribePage = { channel: 'email', path: '/unsubscribe/x/email/y', done: false }
  const customer = { id: 'c1', name: hostile ?? s.LONG_NAME, number: 'CUS-000123' }
  const desk = { ...page, customer, language: 'sw' as const, mayChange: true }
  const house = s.staff('/desk/customers/c1/choices')
  const visitor = { ...viewer, signedIn: false }
  return {
    choices: <OwnChoicesView page={page} viewer={viewer} />,
    'choices-none': <OwnChoicesView page={none} viewer={viewer} />,
    'choices-stop': <UnsubscribeView page={stop} viewer={visitor} />,
    'choices-stopped': <UnsubscribeView page={{ ...stop, done: true }} viewer={visitor} />,
    'desk-choices': <CustomerChoicesView page={desk} viewer={house} />,
    'desk-choices-read': (
      <CustomerChoicesView
        page={{ ...desk, history: [], done: 'choices', mayChange: false }}
        viewer={house}
      />
    ),
  }
}

const NOTHING: AddressForm = {
  kind: '',
  line1: '',
  line2: '',
  po_box: '',
  city: '',
  state: '',
  postcode: '',
  country: 'Kenya',
  primary: '',
}

export const addressPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const home = {
    kind: 'home' as const,
    line1: hostile ?? 'Maua House, flat 12, Ngong Road',
    line2: hostile ?? 'Kilimani',
    poBox: '30197',
    city: hostile ?? 'Nairobi',
    state: hostile ?? 'Nairobi County',
    postcode: '00100',
    country: 'Kenya',
    primary: true,
  }
  const bills = { ...home, kind: 'billing' as const, line1: '', line2: '', primary: false }
  const page: OwnAddressesPage = {
    addresses: [bills, home],
    free: ['shipping', 'emergency', 'work'],
    changing: null,
    form: NOTHING,
    version: 4,
    problems: [],
    done: null,
  }
  const show = (over: Partial<OwnAddressesPage>) => (
    <OwnAddressesView page={{ ...page, ...over }} viewer={viewer} />
  )
  const { poBox, primary, ...lines } = home
  return {
    addresses: show({ done: 'kept' }),
    'addresses-none': show({ addresses: [], free: ['billing', 'work', 'home'] }),
    'addresses-change': show({
      changing: 'home',
      form: { ...lines, po_box: poBox, primary: primary ? 'yes' : '' },
    }),
    'addresses-wrong': show({
      form: { ...NOTHING, kind: 'work', line2: hostile ?? 'Umoja', po_box: 'twelve' },
      problems: [
        { path: 'po_box', message: 'Give the number of the box, like 12345.' },
        { path: 'line1', message: 'Say a building and road, or a P.O. Box.' },
        { path: 'city', message: 'Write something here.' },
      ],
    }),
  }
}
