import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { eventFiles } from '../../docs/event-files.ts'
import {
  EVENT_TYPES,
  topicOf,
  type EventData,
  type EventType,
  type MoneyEventData,
  type InvoiceEventData,
  type ChargeEventData,
  type PaymentEventData,
  type ReconciliationEventData,
  type ReservationEventData,
  type RefundEventData,
  type VehicleEventData,
} from '../../domain/events.ts'
import type { RentalEventData } from '../../domain/rental-events.ts'
import { cloudEvent } from '../../domain/schemas/events.ts'
import { toCloudEvent } from '../../workers/outbox.ts'

const FOLDER = join(import.meta.dirname, '../../docs/events')
const ID = '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11'

const reservation: ReservationEventData = {
  reservation_id: ID,
  number: 'RSV-26-000123',
  status: 'pending',
  customer_id: ID,
  category: '4X4',
  vehicle_id: ID,
  pickup_location: 'NBO-JKIA',
  return_location: 'MBA-NYALI',
  pickup_at: '2026-11-27T10:00:00.000+03:00',
  return_at: '2026-11-30T10:00:00.000+03:00',
  currency: 'KES',
  total: '54000.00',
  paid: '4500.00',
  balance: '49500.00',
  hold_expires_at: '2026-11-21T14:30:00.000+03:00',
  reason: null,
}
const payment: PaymentEventData = {
  payment_id: ID,
  purpose: 'reservation',
  type: 'rental',
  channel: 'prompt',
  owner_id: ID,
  reservation_id: ID,
  party_id: ID,
  customer_id: ID,
  method: 'mpesa',
  currency: 'KES',
  amount: '4500.00',
  credited: '0.00',
  status: 'pending',
  receipt: null,
  reason: null,
}
const refund: RefundEventData = {
  refund_id: ID,
  payment_id: ID,
  reservation_id: ID,
  party_id: ID,
  customer_id: ID,
  method: 'payout',
  currency: 'KES',
  amount: '500.00',
  whole: false,
  status: 'approved',
  reason: null,
}
const vehicle: VehicleEventData = {
  vehicle_id: ID,
  hold_id: ID,
  purpose: 'reservation',
  from: '2026-11-27T10:00:00.000+03:00',
  to: '2026-11-30T10:00:00.000+03:00',
  reason: null,
}

const money: MoneyEventData = {
  payment_id: ID,
  receipt: 'UKL5ABC12D',
  currency: 'KES',
  amount: '4500.00',
}
const invoice: InvoiceEventData = {
  invoice_id: ID,
  number: 'INV-26-000001',
  owner_id: ID,
  reservation_id: ID,
  customer_id: ID,
  currency: 'KES',
  net: '3879.31',
  vat: '620.69',
  gross: '4500.00',
  paid: '0.00',
  credited: '0.00',
  status: 'sent',
  due_at: '2026-12-06T00:00:00.000+03:00',
  credit_note: null,
  credit_amount: null,
}

const reconciliation: ReconciliationEventData = {
  reconciliation_id: ID,
  kind: 'pull',
  status: 'clean',
  from: '2026-11-19T10:00:00.000+03:00',
  to: '2026-11-21T10:00:00.000+03:00',
  read_lines: 120,
  new_lines: 3,
  matched: 118,
  explained: 2,
  left_over: 0,
  currency: 'KES',
  difference: null,
}

const charge: ChargeEventData = {
  charge_id: ID,
  number: 'CHG-26-000123',
  type: 'deposit',
  status: 'open',
  customer_id: ID,
  reservation_id: null,
  mode: 'anybody',
  currency: 'KES',
  total: '20000.00',
  paid: '0.00',
  due_at: '2026-11-27T10:00:00.000+03:00',
  reason: null,
}

const rental: RentalEventData = {
  rental_id: ID,
  number: 'AGR-26-000123',
  reservation_id: ID,
  customer_id: ID,
  vehicle_id: ID,
  status: 'on_the_road',
  picked_up_at: '2026-11-27T10:00:00.000+03:00',
  due_at: '2026-11-30T10:00:00.000+03:00',
  returned_at: null,
  return_location: 'NBO-JKIA',
  currency: 'KES',
  asked: null,
  deposit: '10000.00',
  kept: null,
  owed: null,
  reason: null,
}
const back = { status: 'returned', returned_at: '2026-11-30T09:40:00.000+03:00' }

const till = {
  till_session_id: ID,
  till_id: ID,
  opened_at: '2026-11-20T08:00:00.000+03:00',
  closed_at: '2026-11-20T18:00:00.000+03:00',
  currency: 'KES',
  expected: '4500.00',
  counted: '4450.00',
  difference: '-50.00',
  reason: 'wrong_change',
}
const day = { day_close_id: ID, day: '2026-11-20', lines: 9, differences: 1 }

/** One real-looking event of every type; the compiler asks for a new one here when a type is added. */
const SAMPLES: Record<EventType, EventData> = {
  'reservation.held': reservation,
  'reservation.processing': { ...reservation, status: 'processing' },
  'reservation.confirmed': { ...reservation, status: 'confirmed', hold_expires_at: null },
  'reservation.cancelled': { ...reservation, status: 'cancelled', reason: 'customer' },
  'reservation.expired': { ...reservation, status: 'expired', reason: 'deadline' },
  'reservation.reminded': { ...reservation, status: 'processing' },
  'reservation.picked_up': { ...reservation, status: 'in_progress', hold_expires_at: null },
  'reservation.completed': { ...reservation, status: 'completed' },
  'rental.started': rental,
  'rental.reminded': rental,
  'rental.overdue': rental,
  'rental.returned': { ...rental, ...back },
  'rental.disputed': { ...rental, ...back, status: 'disputed' },
  'rental.settled': {
    ...rental,
    ...back,
    status: 'settled',
    kept: '700.00',
    owed: '0.00',
    reason: 'agreed',
  },
  'payment.requested': payment,
  'payment.succeeded': { ...payment, status: 'completed', receipt: 'UKL5ABC12D' },
  'payment.failed': { ...payment, status: 'failed', reason: '1032' },
  'payment.arrived_late': { ...payment, status: 'completed', reason: 'rebooked' },
  'payment.refunded': { ...payment, status: 'refunded', receipt: 'UKL5ABC12D' },
  'payment.overpaid': { ...payment, status: 'completed', credited: '500.00' },
  'money.unexplained': money,
  'refund.requested': { ...refund, status: 'awaiting_approval' },
  'refund.approved': refund,
  'refund.declined': { ...refund, status: 'declined' },
  'refund.phone_named': { ...refund, status: 'awaiting_approval' },
  'refund.phone_approved': refund,
  'refund.phone_declined': { ...refund, status: 'refused' },
  'refund.sent': { ...refund, status: 'sent' },
  'refund.settled': { ...refund, status: 'settled' },
  'refund.refused': { ...refund, status: 'refused', reason: '2040' },
  'reconciliation.completed': reconciliation,
  'charge.created': charge,
  'charge.paid': { ...charge, status: 'paid', paid: '20000.00' },
  'charge.cancelled': { ...charge, status: 'cancelled', reason: 'desk' },
  'charge.expired': { ...charge, status: 'expired', reason: 'deadline' },
  'till.closed': till,
  'day.closed': day,
  'audit.sealed': { position: 123, hash: 'a'.repeat(64) },
  'customer.erased': { customer_id: ID, erased_at: '2026-11-21T08:00:00+03:00' },
  'quote.given': {
    quote_id: ID,
    category: 'SUV',
    pickup_location: 'NBO-JKIA',
    return_location: 'NBO-JKIA',
    pickup_at: '2026-11-27T10:00:00+03:00',
    return_at: '2026-11-30T10:00:00+03:00',
    currency: 'KES',
    total: '16500.00',
    rules: [ID],
  },
  'vehicle.held': vehicle,
  'vehicle.released': { ...vehicle, reason: 'deadline' },
  'invoice.issued': { ...invoice, status: 'issued' },
  'invoice.sent': invoice,
  'invoice.paid': { ...invoice, status: 'paid', paid: '4500.00' },
  'invoice.overdue': { ...invoice, status: 'overdue' },
  'invoice.cancelled': { ...invoice, status: 'cancelled', credited: '4500.00' },
  'credit_note.issued': {
    ...invoice,
    credited: '500.00',
    credit_note: 'CRN-26-000001',
    credit_amount: '500.00',
  },
}

/** As the relay would publish it. */
const published = (type: EventType, data: object = SAMPLES[type]): unknown =>
  JSON.parse(
    toCloudEvent({
      id: '1',
      eventId: ID,
      topic: topicOf(type),
      key: ID,
      version: 0,
      type,
      data: data as EventData,
      createdAt: new Date('2026-11-21T08:00:00Z'),
    }).value,
  )

const validator = async (type: EventType) => {
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(await readFile(join(FOLDER, `${type}.v1.json`), 'utf8')))
}

describe('docs/events', () => {
  test('holds what the generator makes (npm run docs:generate)', async () => {
    const made = eventFiles()
    expect((await readdir(FOLDER)).toSorted()).toEqual([...made.keys()].toSorted())
    for (const [name, content] of made) {
      expect({ name, content: await readFile(join(FOLDER, name), 'utf8') }).toEqual({
        name,
        content,
      })
    }
  })

  test.each(EVENT_TYPES)('%s as published fits its schema and its zod twin', async (type) => {
    const validate = await validator(type)
    validate(published(type))
    expect(validate.errors).toBeNull()
    expect(cloudEvent(type).safeParse(published(type)).error).toBeUndefined()
  })

  const PERSONAL = [
    ['a phone', { phone: '+254712345678' }],
    ['a name', { name: 'Wanjiku Kamau' }],
    ['words as a reason', { reason: 'called Wanjiku on 0712 345 678' }],
  ] as const
  for (const type of EVENT_TYPES) {
    test.each(PERSONAL)(`${type} has no room for %s`, async (_, extra) => {
      const validate = await validator(type)
      expect(validate(published(type, { ...SAMPLES[type], ...extra }))).toBe(false)
      expect(
        cloudEvent(type).safeParse(published(type, { ...SAMPLES[type], ...extra })).success,
      ).toBe(false)
    })
  }

  test('an event of another type is refused', async () => {
    const validate = await validator('payment.succeeded')
    expect(validate(published('payment.failed'))).toBe(false)
  })

  test('the overview names every event', () => {
    const overview = eventFiles().get('README.md')
    for (const type of EVENT_TYPES) expect(overview).toContain(`(${type}.v1.json)`)
  })
})
