/** Of cars that somebody drove: what an export holds. */
import { keyed, type ExportSection } from './export-section.ts'

export const EXPORTED_RENTALS: readonly ExportSection[] = [
  {
    name: 'rentals',
    title: ['Cars that you drove', 'Magari uliyoendesha'],
    kind: 'bookings',
    tables: ['rentals', 'rental_checks'],
    fields: {
      number: 'code',
      booking: 'code',
      vehicle: 'words',
      status: 'code',
      picked_up_at: 'time',
      due_at: 'time',
      returned_at: 'time',
      return_location: 'code',
      deposit: 'money',
      kept: 'money',
      owed: 'money',
      disputed_because: 'words',
      reminded_at: 'time',
      settled_at: 'time',
      looks: 'words',
    },
    sql: `SELECT ${keyed('o.created_at', 'o.id')}, o.number, r.number AS booking, v.make || ' ' || v.model || ', ' || v.plate AS vehicle,
        o.status, o.picked_up_at, o.due_at, o.returned_at, coalesce(o.returned_to, o.return_location) AS return_location,
        o.deposit_cents AS deposit, o.kept_cents AS kept, o.owed_cents AS owed, o.disputed_because, o.reminded_at, o.settled_at,
        (SELECT string_agg(c.moment || ': ' || c.odometer_km || ' km, fuel ' || c.fuel_eighths || '/8, ' || c.cleanliness || ', marks '
          || c.marks::text, E'\\n' ORDER BY c.at) FROM rental_checks c WHERE c.rental_id = o.id) AS looks
      FROM rentals o JOIN reservations r ON r.id = o.reservation_id JOIN vehicles v ON v.id = o.vehicle_id
      WHERE o.customer_id = $1::uuid`,
  },
  {
    name: 'rental_charges',
    title: ['What was asked for after a return', 'Kilichodaiwa baada ya kurudisha gari'],
    kind: 'bookings',
    tables: ['rental_charges'],
    fields: {
      number: 'code',
      kind: 'code',
      amount: 'money',
      stands: 'money',
      facts: 'words',
      made_at: 'time',
    },
    sql: `SELECT ${keyed('c.created_at', 'c.id')}, o.number, c.kind, c.amount_cents AS amount, c.final_cents AS stands,
        c.facts::text AS facts, c.created_at AS made_at
      FROM rental_charges c JOIN rentals o ON o.id = c.rental_id WHERE o.customer_id = $1::uuid`,
  },
  {
    name: 'rental_refunds',
    title: ['Deposits that went back', 'Amana zilizorudishwa'],
    kind: 'bookings',
    tables: ['rental_refunds'],
    fields: { number: 'code', amount: 'money', decided_at: 'time' },
    sql: `SELECT ${keyed('f.decided_at', 'f.refund_id')}, o.number, f.amount_cents AS amount, f.decided_at
      FROM rental_refunds f JOIN rentals o ON o.id = f.rental_id WHERE o.customer_id = $1::uuid`,
  },
]
