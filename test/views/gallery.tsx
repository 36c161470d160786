/** Every page with rich data, by name. The preview photographs them and the tests read them. */
import type { Child } from 'hono/jsx'
import { negate, shillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import { reasonSentence } from '../../domain/payment-results.ts'
import { RegisterView } from '../../views/accounts.tsx'
import { BookingFormView } from '../../views/booking-form.tsx'
import { BookingView } from '../../views/booking.tsx'
import { MyBookingsView } from '../../views/bookings.tsx'
import { DeskView } from '../../views/desk.tsx'
import { ErrorView } from '../../views/errors.tsx'
import { FinancePaymentView } from '../../views/finance-payment.tsx'
import { FinanceView } from '../../views/finance.tsx'
import { PayView } from '../../views/pay.tsx'
import { ResultsView } from '../../views/results.tsx'
import { HomeView } from '../../views/search.tsx'
import { CodeView, SignInView } from '../../views/sign-in.tsx'
import { StatusView } from '../../views/status.tsx'
import { unmatchedPages } from './gallery-unmatched.tsx'
import { refundPages } from './refund-gallery.tsx'
import { bookPages } from './gallery-books.tsx'
import { render } from './render.ts'
import { chargePages, chargeRow } from './charge-gallery.tsx'
import { deskPages } from './desk-gallery.tsx'
import { peoplePages } from './people-gallery.tsx'
import { buildAlong, pricePages } from './prices-gallery.tsx'
import { latePages } from './late-gallery.tsx'
import { documentPages } from './document-gallery.tsx'
import { identityPages } from './identity-gallery.tsx'
import { securityPages } from './security-gallery.tsx'
import * as s from './samples.ts'

export type Gallery = Record<string, string>
/** Pages before they are printed. */
type Pages = Record<string, Child>

const NO_SAMPLES = { passkeys: true, samples: [] }
const home = { form: s.SEARCH, locations: s.LOCATIONS, problems: [], now: s.NOW }
const wrongTimes = [
  { path: 'pickup_at', message: 'The pick-up time is in the past.' },
  { path: 'return_at', message: 'The return time must be after the pick-up time.' },
]

const searchPages = (viewer: Viewer, hostile: string | null): Pages => {
  const name = hostile ?? s.LONG_NAME
  const party = { name, phone: hostile ?? '0712 345 678', share: hostile ?? '3000', dueIn: '' }
  const several = [party, { name: 'Otieno', phone: '020 123', share: '1', dueIn: '2' }, party]
  return {
    home: <HomeView page={home} viewer={{ ...viewer, signedIn: false, samples: s.SAMPLES }} />,
    'home-wrong': (
      <HomeView page={{ ...home, problems: wrongTimes }} viewer={{ ...viewer, signedIn: false }} />
    ),
    results: (
      <ResultsView page={s.buildResults(hostile ? { notice: hostile } : {})} viewer={viewer} />
    ),
    'results-none': (
      <ResultsView
        page={s.buildResults({
          results: [],
          notice: hostile ?? 'Somebody was a moment faster with that car. Nothing was charged.',
        })}
        viewer={viewer}
      />
    ),
    'results-wrong': (
      <ResultsView
        page={s.buildResults({
          results: [],
          problems: wrongTimes,
          pickupAt: null,
          form: { ...s.SEARCH, pickupAt: hostile ?? '2026-11-01T10:00' },
        })}
        viewer={viewer}
      />
    ),
    book: <BookingFormView page={s.buildBookingForm()} viewer={viewer} />,
    'book-extras': <BookingFormView page={buildAlong(hostile)} viewer={viewer} />,
    'book-points': (
      <BookingFormView
        page={s.buildBookingForm({
          offer: { balance: 1_385, most: 1_385 },
          points: hostile ?? '2000',
          problems: [{ path: 'points', message: 'You have 1385 points.' }],
        })}
        viewer={viewer}
      />
    ),
    'book-group-wrong': (
      <BookingFormView
        page={s.buildBookingForm({
          parties: several,
          splitEqually: false,
          allOrNobody: true,
          specialRequests: hostile ?? 'A child seat, please.',
          problems: [
            { path: 'parties.1.phone', message: 'This is not a Kenyan mobile number.' },
            { path: 'parties.0.share', message: 'The shares must add up to KSh 25,126.' },
          ],
        })}
        viewer={viewer}
      />
    ),
  }
}

const payPages = (viewer: Viewer, qrSvg: string, hostile: string | null): Pages => {
  const three = s
    .buildParties(3, [4500])
    .map((party) => (hostile ? { ...party, name: hostile, phone: hostile } : party))
  const pay = (booking: Partial<Parameters<typeof s.buildBooking>[0]>, over = {}) => {
    const page = s.buildPay(s.buildBooking(booking), over)
    return <PayView page={page} viewer={{ ...viewer, path: page.postPath }} />
  }
  const name = hostile ? { partyName: hostile, reason: hostile, receipt: hostile } : {}
  const settled = s.buildPayment({
    status: 'settled',
    amount: shillings(4500),
    at: s.minutesAgo(2),
    ...name,
  })
  const refused = s.buildPayment({
    status: 'refused',
    reason: reasonSentence('1032'),
    at: s.minutesAgo(1),
    ...name,
  })
  const partPaid = { status: 'processing', paid: shillings(4500), parties: three } as const
  const confirmed = {
    status: 'confirmed',
    paid: s.buildQuote().total,
    holdExpiresAt: null,
  } as const
  return {
    pay: pay({}),
    'pay-prompted': pay({ payments: [s.buildPayment(name)] }),
    'pay-slow': pay({ payments: [s.buildPayment({ at: s.minutesAgo(0.8), ...name })] }),
    'pay-unknown': pay({
      payments: [s.buildPayment({ status: 'unknown', at: s.minutesAgo(4), ...name })],
    }),
    'pay-refused': pay({ payments: [refused] }),
    'pay-part': pay({ ...partPaid, payments: [settled] }),
    'pay-part-two-open': pay({
      ...partPaid,
      payments: [
        settled,
        s.buildPayment({ id: 'p-1', partyName: hostile ?? s.LONG_NAME, at: s.minutesAgo(0.5) }),
        s.buildPayment({ id: 'p-2', status: 'requested', maskedPhone: '0733 *** 111' }),
      ],
    }),
    'pay-wrong': pay(partPaid, {
      form: {
        phone: hostile ?? '020 123',
        amount: hostile ?? '99000',
        partyId: '',
        paymentId: 'x',
      },
      problems: [
        { path: 'phone', message: 'This is not a Kenyan mobile number.' },
        { path: 'amount', message: 'The most you can pay is KSh 8,126.' },
      ],
    }),
    'pay-shared': pay(
      { ...partPaid, payments: [] },
      { declinePath: '/pay/r/p/t/decline', party: three[1], postPath: '/pay/r/p/t' },
    ),
    'pay-confirmed': pay({ ...confirmed, payments: [settled], qrSvg }),
    'pay-ended-open': pay({
      status: 'cancelled',
      holdExpiresAt: null,
      payments: [s.buildPayment({ at: s.minutesAgo(0.5), ...name })],
    }),
    'pay-ended': pay({
      status: 'expired',
      holdExpiresAt: null,
      paid: shillings(4500),
      statusReason: hostile ?? 'It was not paid in time, so the car is free for others again.',
      payments: [s.buildPayment({ status: 'refunding', amount: shillings(4500) })],
    }),
  }
}

const bookingPages = (viewer: Viewer, qrSvg: string, hostile: string | null): Pages => {
  const mine = { ...viewer, path: '/bookings' }
  const rows = s.rows(8).map((row) => (hostile ? { ...row, pickupName: hostile } : row))
  const detail = s.buildBooking({
    status: 'processing',
    paid: shillings(4500),
    parties: s.buildParties(3, [4500]).map((one) => (hostile ? { ...one, name: hostile } : one)),
    payments: [
      s.buildPayment({ status: 'settled', amount: shillings(4500), at: s.minutesAgo(5) }),
      s.buildPayment({ status: 'refused', reason: reasonSentence('1032') }),
    ],
    specialRequests: hostile ?? 'A child seat for a two-year-old.\nFlight KQ 101, may be late.',
    statusReason: hostile,
    timeline: [{ at: s.NOW, what: hostile ?? 'Held', who: hostile ?? 'you', detail: hostile }],
  })
  const confirmed = s.buildBooking({
    status: 'confirmed',
    paid: s.buildQuote().total,
    holdExpiresAt: null,
    qrSvg,
    payments: [s.buildPayment({ status: 'settled', amount: s.buildQuote().total })],
  })
  const ended = { status: 'cancelled', mayCancel: false, holdExpiresAt: null } as const
  const cancelled = s.buildBooking({
    ...ended,
    statusReason: hostile ?? 'Cancelled by the customer.',
  })
  const total = s.buildQuote().total
  const refunded = s.buildBooking({
    ...ended,
    paid: total,
    payments: [s.buildPayment({ status: 'refunded', amount: total, at: s.minutesAgo(3) })],
  })
  const offered = s.buildBooking({
    ...ended,
    status: 'expired',
    payments: [s.buildPayment({ status: 'settled', late: true, amount: total })],
    offer: { until: new Date(s.NOW.getTime() + 1_500_000), path: '/late/p1/token' },
  })
  return {
    bookings: (
      <MyBookingsView
        page={{ rows, next: 'c1', charges: [chargeRow(hostile)], now: s.NOW }}
        viewer={mine}
      />
    ),
    'bookings-none': <MyBookingsView page={{ rows: [], next: null, now: s.NOW }} viewer={mine} />,
    booking: <BookingView page={detail} viewer={mine} />,
    'booking-confirmed': <BookingView page={confirmed} viewer={mine} />,
    'booking-cancelled': <BookingView page={cancelled} viewer={mine} />,
    'booking-refunded': <BookingView page={refunded} viewer={mine} />,
    'booking-offered': <BookingView page={offered} viewer={mine} />,
    error: (
      <ErrorView
        page={{
          title: 'We could not reach the booking desk',
          sentences: [
            hostile ?? 'A part of gari is not answering at the moment.',
            'Your booking is as it was and you have not been charged.',
            'Please try again in a minute.',
          ],
          reference: hostile ?? '01KA8Q2N',
          retryPath: '/bookings',
          signInPath: null,
        }}
        viewer={mine}
      />
    ),
  }
}

const accountPages = (viewer: Viewer, hostile: string | null): Pages => {
  const guest = { ...viewer, signedIn: false, path: '/sign-in' }
  const typed = hostile ?? 'wanjiku@example'
  return {
    register: (
      <RegisterView
        page={{
          form: { firstName: hostile ?? 'Wanjiku', lastName: '', email: typed, phone: '0712' },
          offers: { ticked: [], controller: 'Gari Car Rental Ltd' },
          problems: [
            { path: 'last_name', message: 'Write your last name.' },
            { path: 'email', message: 'This e-mail address is not complete.' },
          ],
          next: '/book?category=SUV',
        }}
        viewer={guest}
      />
    ),
    'sign-in': (
      <SignInView
        page={{
          email: hostile ?? '',
          name: hostile ?? '',
          phone: hostile ?? '',
          problems: [],
          next: '',
          passkeys: false,
          samples: [
            { role: 'Customer', email: 'wanjiku@gari.example', password: 'gari-sample-1' },
            { role: 'Desk', email: 'desk@gari.example', password: 'gari-sample-2' },
            { role: 'Finance', email: 'finance@gari.example', password: 'gari-sample-3' },
          ],
        }}
        viewer={guest}
      />
    ),
    'sign-in-phone': (
      <SignInView
        page={{ email: '', name: '', phone: '', problems: [], next: '/bookings', ...NO_SAMPLES }}
        viewer={guest}
      />
    ),
    code: (
      <CodeView
        page={{
          phone: '+254712345678',
          maskedPhone: '0712 *** 678',
          name: hostile ?? 'Wanjiku',
          problems: [
            { path: 'code', message: 'That is not the code we sent. You have 4 tries left.' },
          ],
          next: '',
        }}
        viewer={guest}
      />
    ),
  }
}

const staffPages = (hostile: string | null): Pages => {
  const at = (path: string) => s.staff(path)
  const rows = s.rows(14).map((row) => (hostile ? { ...row, customerName: hostile } : row))
  const day = { day: s.NOW, search: hostile ?? '', now: s.NOW }
  const name = hostile ?? s.LONG_NAME
  const finance = rows.map((row, index) => ({
    ...s.buildPayment({
      status: (['settled', 'prompted', 'refused', 'unexplained', 'refunded'] as const)[index % 5]!,
      receipt: index % 5 === 0 ? 'TKL4X7Y2QA' : null,
      partyName: name,
    }),
    reservationNumber: row.number,
    reservationId: row.id,
  }))
  return {
    ...deskPages(hostile),
    ...peoplePages(hostile),
    ...pricePages(hostile),
    desk: (
      <DeskView
        page={{
          ...day,
          pickups: rows,
          returns: [],
          unpaid: rows.slice(0, 3),
          found: null,
          mayRunTill: true,
        }}
        viewer={at('/desk')}
      />
    ),
    'desk-found-none': (
      <DeskView
        page={{
          ...day,
          search: name,
          pickups: [],
          returns: [],
          unpaid: [],
          found: [],
          mayRunTill: true,
        }}
        viewer={at('/desk')}
      />
    ),
    ...unmatchedPages(at, hostile),
    'finance-payment': (
      <FinancePaymentView
        page={{
          payment: {
            id: '9c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
            status: 'settled',
            type: 'rental',
            method: 'mpesa',
            channel: 'paybill',
            amount: shillings(5_000),
            applied: shillings(3_000),
            credited: shillings(2_000),
            ownerNumber: 'RSV-26-000123',
            maskedPhone: '0712 *** 678',
            receipt: 'UKL5ABC12D',
            reason: hostile,
          },
          steps: [
            { at: s.minutesAgo(12), action: 'payment.requested', who: name, why: null },
            { at: s.minutesAgo(11), action: 'payment.settled', who: 'gari', why: hostile },
          ],
          reports: [
            {
              at: s.minutesAgo(11),
              kind: 'stk_callback',
              outcome: 'settled',
              source: '196.201.214.200',
              delivered: true,
              body: { Body: { stkCallback: { ResultCode: 0, ResultDesc: hostile ?? 'Success' } } },
            },
          ],
          postings: [
            {
              at: s.minutesAgo(11),
              entry: 'Payment, rental',
              name: 'M-Pesa account',
              amount: shillings(5_000),
            },
            {
              at: s.minutesAgo(11),
              entry: 'Payment, rental',
              name: hostile ?? 'Paid in advance by customers',
              amount: negate(shillings(5_000)),
            },
          ],
          chargeId: null,
          bookingId: 'b1',
          workflowUrl: hostile ? `javascript:${hostile}` : 'http://127.0.0.1:8233/',
          now: s.NOW,
        }}
        viewer={at('/finance/payments/x')}
      />
    ),
    finance: (
      <FinanceView
        page={{
          filter: 'paid',
          search: hostile ?? '',
          rows: finance,
          next: 'c2',
          clearing: shillings(1_284_500),
          owed: shillings(911_250),
          now: s.NOW,
        }}
        viewer={at('/finance/payments')}
      />
    ),
    operations: (
      <StatusView
        page={{
          mayResolve: true,
          temporalUrl: hostile ? `javascript:${hostile}` : 'http://127.0.0.1:3000/temporal',
          outage: { since: s.minutesAgo(12), waiting: 7 },
          alarms: [
            { kind: 'callback_unknown_source', times: 3, last: s.minutesAgo(20) },
            { kind: '<script>', times: 1, last: s.minutesAgo(90) },
          ],
          parts: [
            {
              name: 'PostgreSQL',
              address: '127.0.0.1:5433',
              version: '18.4',
              health: 'up',
              detail: null,
            },
            {
              name: 'Kafka',
              address: hostile,
              version: null,
              health: 'down',
              detail:
                hostile ?? 'No answer since 10:01. Events wait in the outbox; nothing is lost.',
            },
            {
              name: 'Temporal',
              address: 'http://127.0.0.1:8233',
              version: '1.29',
              health: 'up',
              detail: 'business 2, payments 2 pollers',
            },
          ],
          outboxWaiting: 17,
          parked: [
            {
              workflowId: 'refund:9c1e0e52-6d8f-4f0e',
              url: hostile ?? 'http://127.0.0.1:8233/x',
              since: s.minutesAgo(30),
              details: hostile ?? 'Daraja refused the reversal: initiator locked.',
            },
          ],
          now: s.NOW,
        }}
        viewer={at('/admin/operations')}
      />
    ),
  }
}

/** `hostile` is put wherever a person or another system may have written. */
export const buildGallery = async (
  language: Viewer['language'] = 'en',
  hostile: string | null = null,
): Promise<Gallery> => {
  const viewer = s.buildViewer({ language, ...(hostile ? { name: hostile, csrf: hostile } : {}) })
  const qrSvg = hostile ?? (await s.qrOf('https://gari.example/bookings/7f3a0e52'))
  const pages: Pages = {
    ...searchPages(viewer, hostile),
    ...payPages(viewer, qrSvg, hostile),
    ...latePages(viewer, hostile),
    ...bookingPages(viewer, qrSvg, hostile),
    ...accountPages(viewer, hostile),
    ...staffPages(hostile),
    ...refundPages(viewer, hostile),
    ...bookPages(hostile),
    ...chargePages(viewer, hostile),
    ...documentPages(viewer, hostile),
    ...identityPages(viewer, hostile),
    ...securityPages(viewer, hostile, qrSvg),
  }
  const printed: Gallery = {}
  for (const [name, page] of Object.entries(pages)) printed[name] = await render(page)
  return printed
}
