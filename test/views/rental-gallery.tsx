/** Handing over keys, taking cars back, and what became of a rental: for the photographs and the tests of all pages. */
import { shillings, ZERO } from '../../domain/money.ts'
import type {
  LookForm,
  OwnRentalPage,
  PickUpPage,
  ReturnPage,
  StaffRentalPage,
} from '../../domain/rental-pages.ts'
import { OwnRentalView } from '../../views/own-rental.tsx'
import { PickUpView, RentalView, ReturnView } from '../../views/rental.tsx'
import * as s from './samples.ts'

const NO_MARK = { place: '', kind: 'scratch', amount: '' }

const look = (over: Partial<LookForm> = {}): LookForm => ({
  odometer: '60000',
  fuel: '8',
  cleanliness: 'clean',
  marks: [{ place: 'rear', kind: 'scratch', amount: '' }, NO_MARK, NO_MARK],
  idSeen: false,
  location: 'NBO-JKIA',
  ...over,
})

const pickUp = (hostile: string | null, over: Partial<PickUpPage> = {}): PickUpPage => ({
  path: '/desk/bookings/1/pick-up',
  bookingId: '1',
  bookingNumber: 'RSV-26-000123',
  customerName: hostile ?? s.LONG_NAME,
  plate: 'KDA 123A',
  car: 'Toyota Axio',
  pickupAt: s.minutesAgo(-60),
  returnAt: s.minutesAgo(-60 * 72),
  returnName: hostile ?? 'Jomo Kenyatta Airport',
  missing: [],
  deposit: shillings(10_000),
  isDepositPaid: true,
  chargePath: '/desk/bookings/1/charge?type=deposit',
  identityPath: '/desk/customers/1/identity',
  lastKm: 60_000,
  form: look(),
  problems: [],
  now: s.NOW,
  ...over,
})

const back = (hostile: string | null, over: Partial<ReturnPage> = {}): ReturnPage => ({
  path: '/desk/bookings/1/return',
  bookingId: '1',
  bookingNumber: 'RSV-26-000123',
  rentalNumber: 'AGR-26-000123',
  customerName: hostile ?? s.LONG_NAME,
  plate: 'KDA 123A',
  dueAt: s.minutesAgo(190),
  isLate: true,
  before: {
    odometerKm: 60_000,
    fuelEighths: 8,
    cleanliness: 'clean',
    marks: [{ place: 'rear', kind: 'scratch' }],
  },
  places: [
    { code: 'NBO-JKIA', name: hostile ?? 'Jomo Kenyatta Airport' },
    { code: 'MBA-NYALI', name: 'Nyali Centre' },
  ],
  form: look({
    odometer: '60900',
    fuel: '6',
    marks: [
      { place: 'rear', kind: 'scratch', amount: '' },
      { place: 'boot', kind: 'dent', amount: '8,000' },
      NO_MARK,
    ],
  }),
  problems: [],
  now: s.NOW,
  ...over,
})

const rental = (hostile: string | null, over: Partial<StaffRentalPage> = {}): StaffRentalPage => ({
  number: 'AGR-26-000123',
  bookingId: '1',
  bookingNumber: 'RSV-26-000123',
  plate: 'KDA 123A',
  status: 'disputed',
  pickedUpAt: s.minutesAgo(60 * 75),
  dueAt: s.minutesAgo(190),
  returnedAt: s.minutesAgo(60),
  deposit: shillings(10_000),
  kept: null,
  owed: null,
  owedPath: null,
  disputedBecause: hostile ?? 'The dent was there when I took the car.',
  lines: [
    {
      id: 'l1',
      kind: 'late',
      facts: { minutes: 130, days: 0, hours: 3 },
      quantity: 3,
      unitPrice: shillings(600),
      amount: shillings(1_800),
      stands: null,
    },
    {
      id: 'l2',
      kind: 'damage',
      facts: { place: 'boot', kind: 'dent' },
      quantity: 1,
      unitPrice: shillings(8_000),
      amount: shillings(8_000),
      stands: null,
    },
  ],
  refunds: [{ amount: shillings(200), isSent: false }],
  decisionPath: null,
  form: {},
  problems: [],
  now: s.NOW,
  ...over,
})

const own = (hostile: string | null, over: Partial<OwnRentalPage> = {}): OwnRentalPage => ({
  ...rental(hostile, { status: 'returned', disputedBecause: null }),
  path: '/bookings/1/rental',
  mayAnswer: true,
  form: { because: hostile ?? '' },
  problems: [],
  ...over,
})

const driver = (language: 'en' | 'sw') => s.buildViewer({ language, path: '/bookings/1/rental' })

export const rentalPages = (hostile: string | null) => {
  const viewer = s.staff('/desk/bookings/1')
  const missing = [
    'No driving licence is known. Write down its number, or take a picture of it.',
    'The deposit of KSh 10,000 is not paid.',
  ]
  const problems = [
    { path: 'odometer_km', message: 'Write a number.' },
    { path: '', message: hostile ?? 'Look at an id card or a passport, too.' },
  ]
  return {
    'rental-pick-up': <PickUpView page={pickUp(hostile)} viewer={viewer} />,
    'rental-pick-up-missing': (
      <PickUpView
        page={pickUp(hostile, { missing, isDepositPaid: false, problems })}
        viewer={viewer}
      />
    ),
    'rental-return': <ReturnView page={back(hostile)} viewer={viewer} />,
    'rental-return-problem': (
      <ReturnView
        page={back(hostile, {
          problems: [
            { path: '', message: 'The odometer showed 60000 km at pick-up; it cannot show less.' },
          ],
        })}
        viewer={viewer}
      />
    ),
    rental: <RentalView page={rental(hostile)} viewer={viewer} />,
    'rental-decision': (
      <RentalView
        page={rental(hostile, {
          decisionPath: '/desk/bookings/1/rental/decision',
          form: { l1: hostile ?? '1,800', l2: 'half' },
          problems: [{ path: 'lines.l2', message: 'Write a number.' }],
        })}
        viewer={viewer}
      />
    ),
    'rental-settled': (
      <RentalView
        page={rental(hostile, {
          status: 'settled',
          disputedBecause: null,
          kept: shillings(9_800),
          owed: shillings(1_200),
          owedPath: '/charges/1',
          refunds: [{ amount: shillings(200), isSent: true }],
        })}
        viewer={viewer}
      />
    ),
    'own-rental': <OwnRentalView page={own(hostile)} viewer={driver('en')} />,
    'own-rental-sw': <OwnRentalView page={own(hostile)} viewer={driver('sw')} />,
    'own-rental-disputed': (
      <OwnRentalView
        page={own(hostile, {
          status: 'disputed',
          mayAnswer: false,
          disputedBecause: hostile ?? 'The dent was there when I took the car.',
        })}
        viewer={driver('en')}
      />
    ),
    'rental-out': (
      <RentalView
        page={rental(hostile, {
          status: 'on_the_road',
          disputedBecause: null,
          returnedAt: null,
          lines: [],
          refunds: [],
          owed: ZERO,
        })}
        viewer={viewer}
      />
    ),
  }
}
