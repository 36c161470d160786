/** The pages of the desk's money, with much and little on them, for the same checks as all others. */
import type { Company } from '../../domain/companies.ts'
import type { TakingForm, TakingPage, TillPage } from '../../domain/desk-pages.ts'
import { shillings } from '../../domain/money.ts'
import type { Till, TillSession } from '../../domain/tills.ts'
import { CompaniesView, CompanyView } from '../../views/companies.tsx'
import { DayCloseView } from '../../views/day-close.tsx'
import { DeskBookingView } from '../../views/desk.tsx'
import { TakingView } from '../../views/desk-taking.tsx'
import { TillView } from '../../views/till.tsx'
import { TransfersView } from '../../views/transfers.tsx'
import { someChanges } from './change-samples.ts'
import { chargeRow } from './charge-gallery.tsx'
import { rentalPages } from './rental-gallery.tsx'
import * as s from './samples.ts'

const FORM: TakingForm = {
  amount: '8000',
  given: '10000',
  keepChange: false,
  terminal: 'T1',
  slip: '000123',
  reference: 'FT26 001',
  companyId: '',
  partyId: 'p1',
  paymentId: 'pay-1',
}

const thing = (over: Partial<TakingPage['thing']> = {}): TakingPage['thing'] => {
  const { number, balance, parties } = s.buildBooking({
    status: 'processing',
    paid: shillings(4500),
  })
  const back = { path: '/desk/bookings/b1', text: 'Back to the booking' }
  const meanwhile = 'The car is kept for two days.'
  return { number, balance, parties, takePath: `${back.path}/take`, back, meanwhile, ...over }
}

const taking = (over: Partial<TakingPage> = {}): TakingPage => ({
  thing: thing(),
  customerName: s.LONG_NAME,
  method: 'cash',
  form: FORM,
  check: null,
  companies: [{ id: 'c1', name: 'Simba Cement Ltd', room: shillings(84_500) }],
  credit: shillings(2_000),
  till: 'Nairobi Airport (JKIA), Till 1',
  problems: [],
  ...over,
})

const session: TillSession = {
  id: 's1',
  tillId: 't1',
  tillName: 'Till 1',
  placeName: 'Nairobi Airport (JKIA)',
  clerkId: 'u1',
  clerkName: 'Otieno Ouma',
  openedAt: s.minutesAgo(200),
  left: shillings(5_000),
  float: shillings(5_000),
  floatReason: null,
  floatNote: null,
  closedAt: null,
  closedBy: null,
  counts: null,
  counted: null,
  expected: shillings(23_450),
  difference: null,
  differenceReason: null,
  differenceNote: null,
}

const tills = (name: string): Till[] =>
  [1, 2, 3].map((n) => ({
    id: `t${n}`,
    place: 'NBO-JKIA',
    placeName: 'Nairobi Airport (JKIA)',
    name: n === 3 ? name : `Till ${n}`,
    active: true,
    inside: shillings(n * 5_000),
    openSession:
      n === 1 ? { id: 's1', clerkId: 'u1', clerkName: name, openedAt: s.minutesAgo(200) } : null,
  }))

const till = (name: string, over: Partial<TillPage> = {}): TillPage => ({
  session,
  cashRefunds: [],
  movements: [
    {
      at: s.minutesAgo(10),
      what: 'Payment, rental',
      reference: 'RSV-26-000123',
      amount: shillings(18_450),
    },
    {
      at: s.minutesAgo(90),
      what: 'Paid in to the bank',
      reference: name,
      amount: shillings(-5_000),
    },
  ],
  tills: tills(name),
  places: [{ code: 'NBO-JKIA', name: 'Nairobi Airport (JKIA)' }],
  form: {},
  problems: [],
  ids: { session: 'x', deposit: 'y', till: 'z' },
  now: s.NOW,
  ...over,
})

const company = (name: string): Company => ({
  id: 'c1',
  number: 'COM-000001',
  name,
  kraPin: 'P051234567A',
  billing: { line1: name, line2: '', city: 'Nairobi', postcode: '00100', country: 'Kenya' },
  contact: { name, email: 'accounts@simba.example', phone: '+254711222333' },
  creditLimit: shillings(100_000),
  termsDays: 30,
  active: true,
  owed: shillings(15_500),
  members: [{ userId: 'u1', name, email: 'wanjiku@example.com' }],
  version: 1,
})

const DAY = '2026-11-20'
const figures = (name: string) => [
  {
    key: 'cash:t1',
    label: 'Cash, Nairobi Airport (JKIA), Till 1',
    taken: shillings(18_450),
    booked: shillings(18_450),
    suggested: null,
    said: null,
  },
  {
    key: 'mpesa_prompt',
    label: 'M-Pesa requests',
    taken: shillings(184_500),
    booked: shillings(184_500),
    suggested: null,
    said: null,
  },
  {
    key: 'count:s1',
    label: name,
    taken: shillings(23_450),
    booked: shillings(23_400),
    suggested: 'till_count' as const,
    said: 'Wrong change was given. Fifty too much',
  },
  {
    key: 'terminal:T1',
    label: 'Card terminal T1, its own report',
    taken: shillings(12_000),
    booked: shillings(0),
    suggested: null,
    said: null,
    uncounted: true,
  },
]

const closed = (name: string) => ({
  id: 'd1',
  day: DAY,
  closedBy: name,
  closedAt: s.minutesAgo(30),
  lines: figures(name).map((one, index) => ({
    ...one,
    id: String(index),
    kind: 'close' as const,
    difference: shillings(index === 2 ? -50 : 0),
    reason: index === 2 ? 'till_count' : null,
    note: index === 2 ? name : null,
    madeBy: name,
    madeAt: s.minutesAgo(30),
    reversed: false,
  })),
})

const deskBooking = (
  hostile: string | null,
  contact: { phone: string; email: string; isWhole: boolean },
) => (
  <DeskBookingView
    page={{
      booking: s.buildBooking({ status: 'processing', paid: shillings(4500) }),
      mayPoints: true,
      risk: 'high',
      customer: { id: 'c1', name: hostile ?? s.LONG_NAME, ...contact },
      mayReveal: true,
      workflowUrl: hostile ? `javascript:${hostile}` : 'http://127.0.0.1:8233/',
      mayCharge: true,
      mayBill: true,
      rentalPath: '/desk/bookings/1/pick-up',
      changes: someChanges(hostile),
      charges: [chargeRow(hostile), chargeRow(hostile, { status: 'paid' })],
      now: s.NOW,
    }}
    viewer={s.staff('/desk/bookings/x')}
  />
)
const MASKED = { phone: '0712 *** 678', isWhole: false }
const WHOLE = { phone: '+254712345678', isWhole: true }

export const deskPages = (hostile: string | null) => {
  const name = hostile ?? s.LONG_NAME
  const viewer = s.staff('/desk')
  const problems = [{ path: 'given', message: 'This is less cash than the amount to pay.' }]
  const check = {
    amount: shillings(8_000),
    booked: shillings(8_000),
    change: shillings(2_000),
    pieces: [{ value: 1000 as const, count: 2 }],
  }
  const day = {
    day: DAY,
    figures: figures(name),
    over: true,
    closeId: 'd1',
    form: {},
    problems: [],
  }
  const awaited = {
    paymentId: 'p',
    ownerId: 'r',
    ownerNumber: 'RSV-26-000123',
    customerName: name,
    amount: shillings(12_500),
    reference: 'FT26 001',
    announcedAt: s.minutesAgo(3_000),
  }
  return {
    ...rentalPages(hostile),
    'desk-booking': deskBooking(hostile, { ...MASKED, email: hostile ?? 'w***@example.com' }),
    'desk-booking-shown': deskBooking(hostile, {
      ...WHOLE,
      email: hostile ?? 'wanjiku@example.com',
    }),
    'desk-taking': <TakingView page={taking({ customerName: name })} viewer={viewer} />,
    'desk-taking-wrong': <TakingView page={taking({ problems, till: null })} viewer={viewer} />,
    'desk-taking-card': <TakingView page={taking({ method: 'credit_card' })} viewer={viewer} />,
    'desk-taking-account': <TakingView page={taking({ method: 'account' })} viewer={viewer} />,
    'desk-taking-charge': (
      <TakingView
        page={taking({
          method: 'bank_transfer',
          thing: thing({
            number: 'CHG-26-000123',
            takePath: '/desk/charges/c1/take',
            back: { path: '/charges/c1', text: 'Back to the charge' },
            meanwhile: 'The charge stays open for two days at least.',
          }),
        })}
        viewer={viewer}
      />
    ),
    'desk-taking-check': <TakingView page={taking({ check })} viewer={viewer} />,
    'desk-till': <TillView page={till(name)} viewer={viewer} />,
    'desk-till-closed': (
      <TillView page={till(name, { session: null, movements: [] })} viewer={viewer} />
    ),
    'finance-transfers': (
      <TransfersView
        page={{ rows: [awaited, awaited], problems: [], now: s.NOW }}
        viewer={viewer}
      />
    ),
    'finance-transfers-none': (
      <TransfersView page={{ rows: [], problems: [], now: s.NOW }} viewer={viewer} />
    ),
    'finance-day-open': <DayCloseView page={{ ...day, close: null }} viewer={viewer} />,
    'finance-day-closed': <DayCloseView page={{ ...day, close: closed(name) }} viewer={viewer} />,
    'finance-companies': (
      <CompaniesView
        page={{ rows: [company(name), company('Simba Cement Ltd')] }}
        viewer={viewer}
      />
    ),
    'finance-company': (
      <CompanyView
        page={{ company: company(name), form: { name, version: '1' }, problems: [] }}
        viewer={viewer}
      />
    ),
  }
}
