/** Of what somebody booked and was charged: what an export holds. */
import { keyed, type ExportSection } from './export-section.ts'
import { OWN_PHONE_INDEX } from './erasing.ts'
import { openPhonesOf } from './exported-phones.ts'
import { phoneColumns } from './payer-phones.ts'

/** Everybody in what is theirs, whose names they gave us; and they themselves in what is another's. */
const parties = (what: 'reservation' | 'charge'): string => `
  SELECT ${keyed('o.created_at', "(p.position || ' ' || p.id)")}, o.number, p.name, p.id, o.customer_id AS "customerId",
    ${phoneColumns('p.', 'o.customer_id')}, p.share_cents AS share, p.due_at,
    p.declined_at, p.gone_at, o.customer_id <> $1::uuid AS of_another
  FROM ${what}_parties p JOIN ${what}s o ON o.id = p.${what}_id
  WHERE p.id IN (SELECT p.id FROM ${what}s o JOIN ${what}_parties p ON p.${what}_id = o.id WHERE o.customer_id = $1::uuid
    UNION SELECT p.id FROM ${what}_parties p WHERE p.phone_index = ${OWN_PHONE_INDEX})`

const SHARE_FIELDS = {
  number: 'code',
  name: 'words',
  phone: 'phone',
  share: 'money',
  due_at: 'time',
  declined_at: 'time',
  gone_at: 'time',
  of_another: 'flag',
} as const

export const EXPORTED_BOOKINGS: readonly ExportSection[] = [
  {
    name: 'bookings',
    title: ['Bookings', 'Nafasi ulizohifadhi'],
    kind: 'bookings',
    tables: ['reservations'],
    fields: {
      number: 'code',
      status: 'code',
      category: 'code',
      vehicle: 'words',
      pickup_location: 'code',
      pickup_at: 'time',
      return_location: 'code',
      return_at: 'time',
      total: 'money',
      paid: 'money',
      deposit: 'money',
      special_requests: 'words',
      cancellation_reason: 'code',
      cancellation_note: 'words',
      made_at: 'time',
      confirmed_at: 'time',
      reminded_at: 'time',
      ended_at: 'time',
    },
    sql: `SELECT ${keyed('r.created_at', 'r.id')}, r.number, r.status, r.category_code AS category,
        v.make || ' ' || v.model || ', ' || v.plate AS vehicle, r.pickup_location, r.pickup_at, r.return_location, r.return_at,
        r.total_cents AS total, r.paid_cents AS paid, r.deposit_cents AS deposit, r.special_requests, r.cancellation_reason,
        r.cancellation_note, r.created_at AS made_at, r.confirmed_at, r.reminded_at, r.ended_at
      FROM reservations r LEFT JOIN vehicles v ON v.id = r.vehicle_id WHERE r.customer_id = $1::uuid`,
  },
  {
    name: 'booking_shares',
    title: ['Who shares a booking', 'Wanaoshiriki nafasi'],
    kind: 'bookings',
    tables: ['reservation_parties'],
    fields: SHARE_FIELDS,
    sql: parties('reservation'),
    opens: ['reservation_parties.phone_sealed', 'reservation_parties.phone'],
    open: openPhonesOf('reservation_parties'),
  },
  {
    name: 'late_offers',
    title: ['Other cars that we offered', 'Magari mengine tuliyopendekeza'],
    kind: 'bookings',
    tables: ['late_offers'],
    fields: {
      number: 'code',
      status: 'code',
      made_at: 'time',
      expires_at: 'time',
      chosen_at: 'time',
    },
    sql: `SELECT ${keyed('o.created_at', 'o.id')}, r.number, o.status, o.created_at AS made_at, o.expires_at, o.chosen_at
      FROM late_offers o JOIN reservations r ON r.id = o.reservation_id WHERE r.customer_id = $1::uuid`,
  },
  {
    name: 'charges',
    title: ['Charges beside a booking', 'Malipo mengine kando ya nafasi'],
    kind: 'charges',
    tables: ['charges'],
    fields: {
      number: 'code',
      type: 'code',
      booking: 'code',
      description: 'words',
      total: 'money',
      paid: 'money',
      status: 'code',
      due_at: 'time',
      made_at: 'time',
      paid_at: 'time',
      ended_at: 'time',
      end_reason: 'code',
      end_note: 'words',
    },
    sql: `SELECT ${keyed('c.created_at', 'c.id')}, c.number, c.type, r.number AS booking, c.description, c.total_cents AS total,
        c.paid_cents AS paid, c.status, c.due_at, c.created_at AS made_at, c.paid_at, c.ended_at, c.end_reason, c.end_note
      FROM charges c LEFT JOIN reservations r ON r.id = c.reservation_id WHERE c.customer_id = $1::uuid`,
  },
  {
    name: 'charge_shares',
    title: ['Who shares a charge', 'Wanaoshiriki malipo mengine'],
    kind: 'charges',
    tables: ['charge_parties'],
    fields: SHARE_FIELDS,
    sql: parties('charge'),
    opens: ['charge_parties.phone_sealed', 'charge_parties.phone'],
    open: openPhonesOf('charge_parties'),
  },
]
