/** Whose plans are kept: what is asked most often, and what would hurt most if it read a table whole. */
import { couldHold, nextFree, searchFree } from '../db/availability.ts'
import { findStranded } from '../db/car-swaps.ts'
import { select, type Database } from '../db/connection.ts'
import { isOutboxWaiting, takeOutboxBatch } from '../db/outbox.ts'
import { doReportsWait, takeReports } from '../db/provider-messages.ts'
import { listForDesk, searchReservations } from '../db/reservation-reads.ts'
import { ALL_DAY_CLOSES } from '../domain/fleet.ts'
import { DAY_MS } from '../domain/time.ts'
import type { OpenBooking } from './open-bookings.ts'
import { holdAndTakeBack, takenBack, type Wish } from './search.ts'

export type Question = {
  title: string
  /** One sentence: who asks this, and what is to be seen. */
  about: string
  /** Which statements of the work are meant, where it has others. */
  shows: RegExp
  work: () => Promise<unknown>
}

const AT_ONCE = 100
const ALL_DAY = JSON.stringify(
  Array.from({ length: 7 }, () => ({ opens: 0, closes: ALL_DAY_CLOSES })),
)

/** Of a fleet of a million cars; `car` is free for the wish. */
export function calendarQuestions(db: Database, wish: Wish, car: string): Question[] {
  const places = { pickupLocation: wish.pickup, returnLocation: wish.back }
  const { from, to, category: categoryCode } = wish
  const trip = { ...places, from, to, categoryCode }
  const lengthMs = to.getTime() - from.getTime()
  return [
    {
      title: 'The search',
      about: 'Only cars that can stand at the place are looked at, each by its own calendar.',
      shows: /category_code AS code/,
      work: () => searchFree(db, { ...places, from, to }),
    },
    {
      title: 'Whether any car could be held',
      about: 'Asked before a story is started; the first car that is free ends it.',
      shows: /AS could/,
      work: () => couldHold(db, { ...trip, vehicleId: null }),
    },
    {
      title: 'Whether one car could be held',
      about: 'The same of the car that somebody has chosen.',
      shows: /AS could/,
      work: () => couldHold(db, { ...trip, vehicleId: car }),
    },
    {
      title: 'A hold of any car',
      about: 'Looked for, locked and written in one statement; here it is rolled back.',
      shows: /WITH candidates/,
      work: () => holdAndTakeBack(db, wish),
    },
    {
      title: 'A hold of one car',
      about: 'The same with one candidate.',
      shows: /WITH candidates/,
      work: () => holdAndTakeBack(db, wish, car),
    },
    {
      title: 'When a car is next free',
      about: 'First the ends of holds at the place, then the first of them at which a car is free.',
      shows: /upper\(h\.period\) AS at|WITH ORDINALITY/,
      // The places of the bench's fleet have no opening hours, so nothing would be tried.
      work: () =>
        takenBack(db, async (tx) => {
          await select(
            tx,
            'UPDATE locations SET opening_hours = $1::jsonb WHERE code IN ($2, $3)',
            [ALL_DAY, wish.pickup, wish.back],
          )
          await nextFree(tx, { ...places, categoryCode, from, lengthMs })
        }),
    },
    {
      title: 'Whom a car that stays away strands',
      about: "Asked when a drive to another place is called off: that car's next drive.",
      shows: /n\.owner/,
      work: () => takenBack(db, (tx) => findStranded(tx, car, from)),
    },
  ]
}

/** Of so many reports some wait; and as many events. */
export async function insertWaiting(
  db: Database,
  { reports, waiting }: { reports: number; waiting: number },
): Promise<void> {
  await select(
    db,
    `INSERT INTO provider_messages (kind, subject_id, body, body_hash, delivered_at)
     SELECT 'stk_callback', gen_random_uuid(), jsonb_build_object('bench', n), sha256(n::text::bytea),
       CASE WHEN n > $2::int THEN now() END
     FROM generate_series(1, $1::int) n`,
    [reports, waiting],
  )
  await select(
    db,
    `INSERT INTO outbox (topic, key, version, type, data)
     SELECT 'reservations', 'bench-' || n, 1, 'reservation.confirmed', '{}' FROM generate_series(1, $1::int) n`,
    [waiting],
  )
}

/** Of a database with many open bookings, stored reports and events that wait. */
export function waitingQuestions(db: Database, some: OpenBooking): Question[] {
  return [
    {
      title: 'Whether events wait',
      about: 'Asked by the relay many times a second.',
      shows: /FROM outbox/,
      work: () => isOutboxWaiting(db),
    },
    {
      title: 'The events that wait',
      about: 'The oldest, for Kafka; what has been sent is deleted, so the table stays small.',
      shows: /FROM outbox/,
      work: () => takenBack(db, (tx) => takeOutboxBatch(tx, AT_ONCE)),
    },
    {
      title: 'Whether reports wait',
      about: 'Asked as often, of a table that keeps every report for good.',
      shows: /FROM provider_messages/,
      work: () => doReportsWait(db),
    },
    {
      title: 'The reports that wait',
      about: 'The longest waiting, locked past those that another process has.',
      shows: /FROM provider_messages/,
      work: () => takenBack(db, (tx) => takeReports(tx, AT_ONCE)),
    },
    {
      title: 'The day sheet',
      about: 'Pick-ups and returns of one day, and what is not paid yet.',
      shows: /FROM reservations r/,
      work: () => listForDesk(db, new Date(some.pickupAt.getTime() + DAY_MS)),
    },
    {
      title: "The desk's search",
      about: 'By a name; each table is asked by itself, by its own index.',
      shows: /FROM reservations r/,
      work: () => searchReservations(db, some.name),
    },
  ]
}
