/** Entries of the audit about one booking, as its page at the desk shows them. */
import type { BookingChange } from '../../domain/booking-changes.ts'
import { minutesAgo } from './samples.ts'

const change = (over: Partial<BookingChange>): BookingChange => ({
  id: '1',
  at: minutesAgo(5),
  actor: 'gari',
  actorName: null,
  action: 'reservation.held',
  before: null,
  after: null,
  why: null,
  origin: null,
  ...over,
})

export const someChanges = (hostile: string | null): BookingChange[] => [
  change({
    action: 'reservation.price_lowered',
    actor: '5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
    actorName: hostile ?? 'Amina Hassan',
    before: { total: 1_450_000, paid: 500_000 },
    after: { total: 1_250_000, paid: 500_000 },
    why: hostile ?? 'The air conditioning did not work on the first day.',
    origin: '41.90.3.7 request 5f2d0f5e-1d9a-4c9f-8a52-6d3b0b6c1e11',
  }),
  change({
    action: 'payment.settled',
    after: { status: 'settled', amount: 500_000, receipt: 'UKL1000001' },
    why: 'by callback',
    origin: 'workflow payment:9c1e5f2d-1d9a-4c9f-8a52-6d3b0b6c1e11',
    at: minutesAgo(18),
  }),
  change({
    action: 'reservation.extended',
    after: { cover_until: '2026-11-22T07:00:00.000Z' },
    origin: 'worker missed shares',
    at: minutesAgo(40),
  }),
  change({ actor: 'party', action: 'reservation.share_declined', at: minutesAgo(50) }),
  change({
    after: {
      status: 'pending',
      number: 'RSV-26-000123',
      [hostile ?? 'plate']: hostile ?? 'KDA 137A',
    },
    origin: '2c0f:fe38:2101:4c::1 request 9c1e5f2d',
    at: minutesAgo(60),
  }),
]
