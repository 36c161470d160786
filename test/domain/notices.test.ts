/** A queued notice as the mail or SMS it becomes. */
import { expect, test } from '@jest/globals'
import { composeMail, composeSms } from '../../activities/notices.ts'
import type { NotificationFacts, QueuedNotification } from '../../db/notifications.ts'
import type { ReservationDetail } from '../../db/reservation-reads.ts'
import { shillings, ZERO } from '../../domain/money.ts'
import { buildQuote, PICKUP, RETURN } from '../views/samples.ts'

const party = (id: string, name: string, phone: string) => ({
  id,
  name,
  phone,
  share: shillings(5000),
  paid: ZERO,
  declined: false,
})
const PARTIES = [
  party('owner', 'Wanjiku Kamau', '+254712345678'),
  party('friend', 'Otieno Odhiambo', '+254733000111'),
]
const place = { code: 'NBO', name: 'Kenyatta Avenue', address: '', phone: '' }
const RESERVATION: ReservationDetail = {
  id: 'r',
  number: 'RSV-26-000123',
  customerId: 'c',
  customerName: 'Wanjiku Kamau',
  customerPhone: '+254712345678',
  customerEmail: 'wanjiku@example.com',
  customerLanguage: 'en',
  status: 'cancelled',
  category: { code: 'SUV', name: 'SUV', bodyType: 'suv' },
  vehicle: { id: 'v', make: 'Toyota', model: 'RAV4', year: 2023, colour: 'green', plate: 'KDL' },
  pickup: place,
  return: place,
  pickupAt: PICKUP,
  returnAt: RETURN,
  quote: buildQuote(),
  total: shillings(10_000),
  paid: ZERO,
  balance: shillings(10_000),
  deposit: ZERO,
  holdExpiresAt: PICKUP,
  specialRequests: null,
  cancellationReason: 'customer',
  wantedVehicle: false,
  mode: 'anybody',
  coverUntil: null,
  createdAt: PICKUP,
  parties: PARTIES,
}

const facts = (language: 'en' | 'sw', over: Partial<ReservationDetail> = {}): NotificationFacts => {
  const { customerName: name, customerEmail: email, customerPhone: phone } = RESERVATION
  return {
    reservation: { ...RESERVATION, ...over },
    customer: { name, email, phone, language },
    parties: PARTIES,
  }
}
const queued = (over: Partial<QueuedNotification>): QueuedNotification => ({
  id: 'n',
  eventId: 'e',
  channel: 'sms',
  partyId: 'owner',
  template: 'cancelled',
  reservationId: 'r',
  chargeId: null,
  customerId: null,
  detail: { reason: 'deadline' },
  ...over,
})
const smsOf = (over: Partial<QueuedNotification>, language: 'en' | 'sw' = 'en') =>
  composeSms(() => 'https://gari.example/b', queued(over), facts(language))?.text ?? ''

test.each([
  ['deadline', 'owner', 'it was not paid in time', 'haikulipwa kwa wakati'],
  ['customer', 'owner', 'you asked for it', 'uliomba'],
  ['customer', 'friend', 'Wanjiku Kamau asked for it', 'Wanjiku Kamau aliomba'],
  ['desk', 'friend', 'our desk did it', 'ofisi yetu imeghairi'],
])('a cancellation (%s) tells the %s why in one sentence', (reason, partyId, en, sw) => {
  const notice = { partyId, detail: { reason } }
  expect(smsOf(notice)).toContain(`gari: RSV-26-000123 is cancelled: ${en}. `)
  expect(smsOf(notice, 'sw')).toContain(`gari: RSV-26-000123 imeghairiwa: ${sw}. `)
})

test('the mail says it in one sentence too', async () => {
  const notice = queued({ channel: 'email', partyId: null, detail: { reason: 'customer' } })
  const mail = await composeMail('https://gari.example', notice, facts('en'))
  expect(mail?.text).toContain('(Toyota RAV4, Fri 27 Nov, 10:00) is cancelled: you asked for it.\n')
})

test.each([
  ['rebooked', 'The car was still free, so we have booked it for you again.'],
  ['refunding', 'The money goes back to the phone it came from.'],
])('late money says what became of it: %s', (reason, words) => {
  const sms = smsOf({ template: 'late_money', detail: { amount: '10000.00', reason } })
  expect(sms).toContain(words)
  expect(sms).not.toMatch(/If the car|rebooked|refunding/)
})

test('money for a booking that ran out of time is not promised back before it is decided', () => {
  const notice = queued({ template: 'payment_received', detail: { amount: '10000.00' } })
  const expired = facts('en', { status: 'expired' })
  const sms = composeSms(() => 'https://gari.example/b', notice, expired)?.text ?? ''
  expect(sms).toContain('We tell you at once what happens to it.')
  expect(sms).not.toMatch(/to go|goes back/)
})

test('money that comes in after the end is told to go back', () => {
  const notice = queued({ template: 'payment_received', detail: { amount: '10000.00' } })
  const sms = composeSms(() => 'https://gari.example/b', notice, facts('en'))?.text ?? ''
  expect(sms).toContain('This booking has ended, so the money goes back.')
  expect(sms).not.toMatch(/to go|KSh 0/)
})

test.each([
  ['en', 'KSh 700 that was paid for RSV-26-000123 from your credit is your credit again.'],
  ['sw', 'KSh 700 iliyolipwa kwa RSV-26-000123 kutoka salio lako ni salio lako tena.'],
] as const)('what became credit again is said in %s', (language, words) => {
  const over = { template: 'to_credit' as const, partyId: null, detail: { amount: '700.00' } }
  expect(smsOf(over, language)).toContain(words)
})
