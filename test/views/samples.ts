/** Rich sample data for the pages: long names, every status, hostile text. Built, never stored. */
import QRCode from 'qrcode'
import type { BodyType, Colour } from '../../domain/fleet.ts'
import { shillings, splitEqually, subtract, ZERO } from '../../domain/money.ts'
import type { LateOfferPage, OfferedCar } from '../../domain/late-offers.ts'
import type { BookingFormPage } from '../../domain/booking-form-pages.ts'
import type {
  BookingPage,
  BookingRow,
  CategoryResult,
  LocationChoice,
  PartyShare,
  PaymentLine,
  PayPage,
  ResultsPage,
  SearchForm,
  Viewer,
} from '../../domain/pages.ts'
import { quoteRental, type Quote } from '../../domain/pricing.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import type { ReservationStatus } from '../../domain/reservations.ts'
import { MINUTE_MS } from '../../domain/time.ts'

export const NOW = new Date('2026-11-21T07:02:10Z')
export const PICKUP = new Date('2026-11-27T07:00:00Z')
export const RETURN = new Date('2026-11-30T09:00:00Z')
export const LONG_NAME = 'Bartholomew-Nyang’oro Wanjiku Oluwaseun-Kipkorir Mwangi-Papadopoulos III'
export const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{amount}'

export const buildViewer = (over: Partial<Viewer> = {}): Viewer => ({
  name: 'Wanjiku',
  signedIn: true,
  staff: false,
  seesDesk: false,
  seesPayments: false,
  seesOperations: false,
  permissions: [],
  csrf: 'csrf-token-of-this-session',
  language: 'en',
  path: '/',
  hasStyle: false,
  samples: null,
  ...over,
})
/** Everything but accounts, which nobody of the money looks after. */
export const HOUSE = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (name) => !/^(?:users|roles|role_assignments|audit):/.test(name),
)
export const staff = (path: string): Viewer =>
  buildViewer({
    staff: true,
    seesDesk: true,
    seesPayments: true,
    seesOperations: true,
    permissions: HOUSE,
    path,
  })
export const SAMPLES: Viewer['samples'] = {
  phones: 'http://127.0.0.1:4010/',
  mailbox: 'http://127.0.0.1:4020/',
  sms: 'http://127.0.0.1:4021/',
}

const place = (code: string, name: string, city: string, hours: Hours): LocationChoice => ({
  code,
  name,
  city,
  hours,
})
type Hours = LocationChoice['hours']
const daily = (opens: number, closes: number): Hours =>
  Array.from({ length: 7 }, () => ({ opens: opens * 60, closes: closes * 60 }))
const shop: Hours = [...daily(8, 20).slice(1), { opens: 600, closes: 960 }]
export const LOCATIONS: LocationChoice[] = [
  place('NBO-AIR', 'Jomo Kenyatta International Airport', 'Nairobi', daily(0, 24)),
  place('NBO-CBD', 'Kenyatta Avenue', 'Nairobi', [...daily(7, 20).slice(1), null]),
  place('MBA-MALL', 'Nyali Centre', 'Mombasa', shop),
]
export const SEARCH: SearchForm = {
  pickupLocation: 'NBO-AIR',
  returnLocation: 'MBA-MALL',
  pickupAt: '2026-11-27T10:00',
  returnAt: '2026-11-30T12:00',
}

export const buildQuote = (daily = 2500, oneWay = 4000): Quote =>
  quoteRental(
    {
      dailyRate: shillings(daily),
      hourlyRate: shillings(Math.round(daily / 8)),
      deposit: shillings(10_000),
    },
    PICKUP,
    RETURN,
    shillings(oneWay),
  )

type Kind = [code: string, name: string, body: BodyType, colour: Colour, daily: number]
const KINDS: Kind[] = [
  ['ECON', 'Economy', 'hatchback', 'red', 2500],
  ['SEDAN', 'Family sedan', 'sedan', 'blue', 4000],
  ['SUV', 'Compact SUV', 'suv', 'white', 6500],
  ['4X4', 'Safari 4x4', 'offroad', 'beige', 14_000],
  ['VAN', 'Nine-seater van', 'van', 'silver', 9000],
  ['PICKUP', 'Double-cab pickup', 'pickup', 'black', 8000],
]

export const buildResult = (kind: Kind, free: number): CategoryResult => {
  const [code, name, bodyType, colour, daily] = kind
  return {
    code,
    name,
    description: 'Easy to park, light on fuel, and roomy enough for the weekend.',
    bodyType,
    colour,
    seats: bodyType === 'van' ? 9 : 5,
    luggage: 3,
    transmission: bodyType === 'offroad' ? 'manual' : 'automatic',
    fuel: bodyType === 'pickup' ? 'diesel' : 'petrol',
    quote: buildQuote(daily),
    free,
    cars: Array.from({ length: Math.min(free, 4) }, (_, index) => ({
      vehicleId: `vehicle-${code}-${index}`,
      make: 'Toyota',
      model: 'RAV4',
      year: 2022 + index,
      colour: (['white', 'blue', 'black', 'green'] as const)[index] ?? 'grey',
    })),
    freeAgainAt: free === 0 ? new Date('2026-11-28T07:00:00Z') : null,
  }
}

export const buildResults = (over: Partial<ResultsPage> = {}): ResultsPage => ({
  form: SEARCH,
  locations: LOCATIONS,
  problems: [],
  pickupAt: PICKUP,
  returnAt: RETURN,
  results: KINDS.map((kind, index) => buildResult(kind, [6, 1, 4, 0, 2, 9][index] ?? 1)),
  notice: null,
  now: NOW,
  ...over,
})

export const buildBookingForm = (over: Partial<BookingFormPage> = {}): BookingFormPage => ({
  bookingId: '0b7f7a52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  search: SEARCH,
  category: { code: 'SUV', name: 'Compact SUV', bodyType: 'suv', colour: 'white' },
  vehicle: null,
  pickup: { name: 'Jomo Kenyatta International Airport', at: PICKUP },
  return: { name: 'Nyali Centre', at: RETURN },
  quote: buildQuote(6500),
  parties: [{ name: 'Wanjiku Kamau', phone: '0712 345 678', share: '', dueIn: '' }],
  ownTimes: [1, 2, 4, 8, 12],
  splitEqually: true,
  allOrNobody: false,
  specialRequests: '',
  offer: null,
  points: '',
  offered: { extras: [], driverFee: null, takesCodes: false },
  along: { extras: {}, extraDrivers: '', promoCode: '' },
  seenTotal: '19500.00',
  problems: [],
  now: NOW,
  ...over,
})

export const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE_MS)

export const buildPayment = (over: Partial<PaymentLine> = {}): PaymentLine => ({
  id: `payment-${over.status ?? 'prompted'}-000001`,
  status: 'prompted',
  amount: shillings(2500),
  maskedPhone: '0712 *** 678',
  partyName: 'Wanjiku Kamau',
  receipt: over.status === 'settled' ? 'TKL4X7Y2QA' : null,
  late: false,
  reason: null,
  otherAmount: false,
  queued: false,
  retryAt: null,
  at: minutesAgo(0.1),
  ...over,
})

export const buildParties = (count: number, paid: number[] = []): PartyShare[] => {
  const names = ['Wanjiku Kamau', 'Otieno Odhiambo', LONG_NAME, 'Amina Hassan', 'Kip']
  return splitEqually(buildQuote().total, count).map((share, index) => ({
    id: `party-${index}`,
    name: names[index % names.length] ?? '',
    maskedPhone: `07${index}2 *** 678`,
    share,
    paid: shillings(paid[index] ?? 0),
    phone: index === 0 ? '0712 345 678' : null,
    declined: false,
    payPath: `/pay/reservation/party-${index}/tokentokentokentokentoken`,
    payUrl: `https://gari.example/pay/reservation/party-${index}/tokentokentokentokentoken`,
  }))
}

const TIMELINE = [
  ['The car is held for 15 minutes', 'you', null],
  ['A request for KSh 2,500 went to 0712 *** 678', 'gari', null],
  ['M-Pesa answered: paid', 'M-Pesa', 'ResultCode 0\nReceipt TKL4X7Y2QA'],
] as const

export const qrOf = (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'svg', margin: 1 })

export const buildBooking = (over: Partial<BookingPage> = {}): BookingPage => {
  const quote = buildQuote()
  const paid = over.paid ?? ZERO
  const status: ReservationStatus = over.status ?? 'pending'
  return {
    id: '7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
    number: 'RSV-26-000123',
    status,
    statusReason: null,
    category: { name: 'Compact SUV', bodyType: 'suv' },
    vehicle: { make: 'Toyota', model: 'RAV4', year: 2023, colour: 'green', plate: 'KDL 482T' },
    pickup: {
      name: 'Jomo Kenyatta International Airport',
      address: 'Terminal 1A, Arrivals, Airport South Road',
      phone: '+254 20 123 4567',
      at: PICKUP,
    },
    return: {
      name: 'Nyali Centre',
      address: 'Links Road, Nyali',
      phone: '+254 41 765 4321',
      at: RETURN,
    },
    quote,
    total: quote.total,
    paid,
    balance: subtract(quote.total, paid),
    holdExpiresAt: new Date(NOW.getTime() + 11.5 * MINUTE_MS),
    parties: buildParties(1),
    payments: [],
    timeline: TIMELINE.map(([what, who, detail], index) => ({
      at: minutesAgo(6 - index * 2),
      what,
      who,
      detail,
    })),
    specialRequests: null,
    mayPay: status === 'pending' || status === 'processing',
    mayCancel: true,
    qrSvg: null,
    now: NOW,
    ...over,
  }
}

export const buildPay = (booking: BookingPage, over: Partial<PayPage> = {}): PayPage => ({
  booking,
  postPath: `/bookings/${booking.id}/pay`,
  livePath: `/bookings/${booking.id}/live`,
  party: booking.parties[0] ?? buildParties(1)[0]!,
  declinePath: null,
  byHand: { kind: 'paybill', number: '174379' },
  mpesaAway: false,
  form: {
    phone: '0712 345 678',
    amount: String(Math.floor((booking.parties[0]?.share ?? 0) / 100)),
    partyId: 'party-0',
    paymentId: '9c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  },
  problems: [],
  ...over,
})

export const buildRow = (index: number, over: Partial<BookingRow> = {}): BookingRow => {
  const [, categoryName, bodyType, colour, daily] = KINDS[index % KINDS.length] ?? KINDS[0]!
  const total = buildQuote(daily).total
  const statuses = [
    'pending',
    'processing',
    'confirmed',
    'in_progress',
    'completed',
    'expired',
    'no_show',
  ] as const
  const status = statuses[index % statuses.length] ?? 'pending'
  const open = status === 'pending' || status === 'processing'
  return {
    id: `row-${index}`,
    number: `RSV-26-${String(index + 101).padStart(6, '0')}`,
    status,
    categoryName,
    bodyType,
    colour,
    pickupName: LOCATIONS[index % 3]?.name ?? '',
    pickupAt: new Date(PICKUP.getTime() + index * 45 * MINUTE_MS),
    returnAt: RETURN,
    total,
    balance: open ? total : ZERO,
    customerName: index % 5 === 3 ? LONG_NAME : 'Wanjiku Kamau',
    ...over,
  }
}
export const rows = (count: number): BookingRow[] =>
  Array.from({ length: count }, (_, index) => buildRow(index))

const buildOption = (over: Partial<OfferedCar> = {}): OfferedCar => ({
  optionId: '5c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  category: 'SUV',
  bodyType: 'suv',
  seats: 5,
  luggage: 4,
  transmission: 'automatic',
  fuel: 'hybrid',
  car: { make: 'Toyota', model: 'RAV4', colour: 'white' },
  colour: 'white',
  total: shillings(13_000),
  difference: ZERO,
  gone: false,
  ...over,
})

export const buildLateOffer = (over: Partial<LateOfferPage> = {}): LateOfferPage => ({
  path: '/late/7f3a0e52-6d8f-4f0e-9a41-6f0a5f6f2f11/tokentokentokentokentoken',
  now: NOW,
  number: 'RSV-26-000123',
  status: 'open',
  expiresAt: minutesAgo(-28),
  came: shillings(13_000),
  total: shillings(13_000),
  wished: 'Sedan',
  pickup: { name: 'Jomo Kenyatta International Airport', at: PICKUP },
  return: { name: 'Nyali Centre', at: RETURN },
  options: [
    buildOption(),
    buildOption({
      optionId: 'b',
      category: 'Pickup',
      bodyType: 'pickup',
      car: null,
      colour: 'black',
      total: shillings(22_000),
      difference: shillings(9_000),
    }),
    buildOption({ optionId: 'c', category: 'Van', bodyType: 'van', car: null, gone: true }),
  ],
  chosen: null,
  balance: ZERO,
  ...over,
})
