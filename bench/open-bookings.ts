/**
 * The rows of bookings that wait for their day: nine of ten paid and confirmed, the tenth held and unpaid. Written
 * straight into the tables, because a hundred thousand bookings by the front door would take three hours. People's phones are written as a
 * release from before wrote them, and sealed as its are. The database's connection needs a vault.
 */
import { inTransaction, select, type Database, type Tx } from '../db/connection.ts'
import { placeOfPhone, phoneColumns, readPhone, type KeptPhone } from '../db/payer-phones.ts'
import { emptyOpenPayersPhones, sealOpenPayersPhones } from '../db/sealing-payer-phones.ts'
import { emptyOpenPeople, sealOpenPeople } from '../db/sealing-people.ts'
import { quoteRental } from '../domain/pricing.ts'
import { cents, shillings } from '../domain/money.ts'
import { DAY_MS } from '../domain/time.ts'
import { LOCATIONS } from '../local/fleet-data.ts'

const CARS = 2_000
/** Each customer has so many bookings. */
const BOOKINGS_EACH = 4
const CATEGORY = 'SEDAN'
/** From one drive of a car to its next; cars do not all leave on the same day. */
const DAYS_BETWEEN = 7
const LEAVING_DAYS = 5
const DAYS_LONG = 2
/** The first pick-up: what is kept for later runs stays open until then. */
export const FIRST_DAY = 14
const UNPAID_DAYS = 60
/** One in so many is not paid yet. */
const UNPAID = 10
/** Bookings of one transaction: no statement comes near its time limit. */
const AT_ONCE = 5_000

const FIRST_NAMES =
  'Achieng Baraka Chebet Daudi Faith Grace Halima Juma Kamau Lilian Mutua Njeri Otieno Wanjiru'
const LAST_NAMES =
  'Abdi Barasa Cherono Ekai Gitau Hassan Kariuki Kiptoo Maina Mwangi Ndungu Odhiambo Rotich Wafula'

const array = (values: readonly string[]) => `ARRAY[${values.map((one) => `'${one}'`).join(', ')}]`
const pick = (values: readonly string[], nth: string) =>
  `(${array(values)})[1 + (${nth}) % ${values.length}]`
const id = (kind: string, nth: string) => `md5('open ${kind} ' || (${nth}))::uuid`
const person = `n / ${BOOKINGS_EACH}`
const car = `n % ${CARS}`
const place = pick(
  LOCATIONS.map(({ code }) => code),
  car,
)
const name = (nth: string) =>
  [pick(FIRST_NAMES.split(' '), nth), pick(LAST_NAMES.split(' '), `(${nth}) / 14`)] as const
const phone = (nth: string) => `'+2547' || lpad((${nth})::text, 8, '0')`
const start = `$3::timestamptz + (${FIRST_DAY} + n / ${CARS} * ${DAYS_BETWEEN} + ${car} % ${LEAVING_DAYS}) * interval '1 day'`
const ending = `${start} + interval '${DAYS_LONG} days'`
const unpaid = `n % ${UNPAID} = 0`
const unpaidUntil = `now() + interval '${UNPAID_DAYS} days'`

const CARS_ONCE = `
  WITH resource AS (INSERT INTO resources (id, kind) SELECT ${id('car', 'c')}, 'vehicle'
    FROM generate_series(0, ${CARS - 1}) c ON CONFLICT DO NOTHING)
  INSERT INTO vehicles (id, number, plate, vin, category_code, make, model, year, colour, mileage_km, location_code)
  SELECT ${id('car', 'c')}, 'OPEN-' || c, 'KOP ' || lpad(c::text, 4, '0'), 'GAR' || lpad(c::text, 14, '0'),
    '${CATEGORY}', 'Toyota', 'Axio', 2022, 'white', 50000 + c, ${place.replaceAll(car, 'c')}
  FROM generate_series(0, ${CARS - 1}) c ON CONFLICT DO NOTHING`

const range = 'generate_series($1::int, $2::int - 1) n'

const PEOPLE = `
  INSERT INTO users (id, kind, email, first_name, last_name, phone)
  SELECT ${id('person', 'p')}, 'customer', 'open-' || p || '@example.com', ${name('p').join(', ')}, ${phone('p')}
  FROM generate_series($1::int / ${BOOKINGS_EACH}, $2::int / ${BOOKINGS_EACH}) p ON CONFLICT DO NOTHING`

const HOLDS = `
  INSERT INTO holds (id, resource_id, period, purpose, owner, state, expires_at, from_location, to_location)
  SELECT ${id('hold', 'n')}, ${id('car', car)}, tstzrange(${start}, ${ending}), 'reservation',
    'reservation:' || ${id('booking', 'n')}, CASE WHEN ${unpaid} THEN 'held' ELSE 'confirmed' END,
    CASE WHEN ${unpaid} THEN ${unpaidUntil} END, ${place}, ${place}
  FROM ${range}`

const RESERVATIONS = `
  INSERT INTO reservations (id, number, customer_id, category_code, vehicle_id, hold_id, pickup_location,
    return_location, pickup_at, return_at, status, quote, total_cents, paid_cents, deposit_cents, hold_expires_at,
    confirmed_at, version, created_by, updated_by)
  SELECT ${id('booking', 'n')}, 'RSV-26-' || lpad(nextval('reservation_number_seq')::text, 6, '0'),
    ${id('person', person)}, '${CATEGORY}', ${id('car', car)}, ${id('hold', 'n')}, ${place}, ${place},
    ${start}, ${ending}, CASE WHEN ${unpaid} THEN 'pending' ELSE 'confirmed' END, $4::jsonb, $5::bigint,
    CASE WHEN ${unpaid} THEN 0 ELSE $5::bigint END, $6::bigint, ${unpaidUntil}, CASE WHEN NOT ${unpaid} THEN now() END, 2, 'bench', 'bench'
  FROM ${range}`

const PARTIES = `
  INSERT INTO reservation_parties (id, reservation_id, position, name, phone, share_cents)
  SELECT ${id('party', 'n')}, ${id('booking', 'n')}, 0, ${name(person).join(` || ' ' || `)}, ${phone(person)}, $3::bigint
  FROM ${range}`

const PAYMENTS = `
  INSERT INTO payments (id, purpose, owner_id, owner_number, party_id, customer_id, type, method, amount_cents, phone,
    status, receipt, counted, applied_cents, requested_at, processed_at, created_by, updated_by)
  SELECT ${id('payment', 'n')}, 'reservation', r.id, r.number, ${id('party', 'n')}, r.customer_id, 'rental', 'mpesa',
    r.total_cents, ${phone(person)}, 'settled', 'OPEN' || lpad(n::text, 6, '0'), true, r.total_cents, now(), now(),
    'bench', 'bench'
  FROM ${range} JOIN reservations r ON r.id = ${id('booking', 'n')} WHERE NOT ${unpaid}`

/** What days count from: all bookings begin at nine in Nairobi. */
export const today = (): Date => {
  const nineOClock = new Date()
  nineOClock.setUTCHours(6, 0, 0, 0)
  return nineOClock
}

/** From the first, which is 0, up to and without the last; `since` is what the days count from, also in later runs. */
export type Range = { from: number; to: number; since: Date }

export async function insertOpenBookings(db: Database, { from, to, since }: Range): Promise<void> {
  for (let at = from; at < to; at += AT_ONCE)
    await inTransaction(db, (tx) =>
      insertSome(tx, { from: at, to: Math.min(to, at + AT_ONCE), since }),
    )
  while ((await sealOpenPeople(db)) || (await emptyOpenPeople(db)));
  while ((await sealOpenPayersPhones(db)) || (await emptyOpenPayersPhones(db)));
  await select(db, 'ANALYZE')
}

async function insertSome(tx: Tx, { from, to, since }: Range): Promise<void> {
  const rates = {
    dailyRate: shillings(5_000),
    hourlyRate: shillings(700),
    deposit: shillings(15_000),
  }
  const end = new Date(since.getTime() + DAYS_LONG * DAY_MS)
  const quote = quoteRental(rates, since, end, cents(0))
  const { total, deposit } = quote
  await select(tx, CARS_ONCE)
  await select(tx, PEOPLE, [from, to])
  await select(tx, HOLDS, [from, to, since])
  await select(tx, RESERVATIONS, [from, to, since, JSON.stringify(quote), total, deposit])
  await select(tx, PARTIES, [from, to, total])
  await select(tx, PAYMENTS, [from, to])
}

/** What a story of such a booking is told at its start. */
export type OpenBooking = {
  id: string
  number: string
  customerId: string
  plate: string
  place: string
  pickupAt: Date
  returnAt: Date
  partyId: string
  name: string
  phone: string
  status: string
}

/** In the order of their making. */
export async function readOpenBookings(
  db: Database,
  { from, to }: Pick<Range, 'from' | 'to'>,
): Promise<OpenBooking[]> {
  const rows = await select<Omit<OpenBooking, 'phone'> & KeptPhone>(
    db,
    `SELECT r.id, r.number, r.customer_id AS "customerId", v.plate, r.pickup_location AS place,
       r.pickup_at AS "pickupAt", r.return_at AS "returnAt", y.id AS "partyId", y.name,
       ${phoneColumns('y.', 'r.customer_id')}, r.status
     FROM ${range} JOIN reservations r ON r.id = ${id('booking', 'n')} JOIN vehicles v ON v.id = r.vehicle_id
     JOIN reservation_parties y ON y.reservation_id = r.id ORDER BY n`,
    [from, to],
  )
  return rows.map((row) => {
    const place = placeOfPhone('reservation_parties', {
      id: row.partyId,
      customerId: row.customerId,
    })
    const { phone: opened, ...booking } = readPhone(db, place, row)
    return { ...booking, phone: opened ?? '' }
  })
}

export const OPEN_CATEGORY = CATEGORY
