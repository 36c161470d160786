/** Reading reservations, whole, for pages and the API. */
import type { CollectingMode } from '../domain/charges.ts'
import type { BodyType, Colour, Location } from '../domain/fleet.ts'
import { subtract, type Cents } from '../domain/money.ts'
import type { TimelineEntry } from '../domain/pages.ts'
import type { Quote } from '../domain/pricing.ts'
import type { HeldReservation, ReservationStatus } from '../domain/reservations.ts'
import { DAY_MS, startOfDay } from '../domain/time.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { contains, payersFound, PEOPLE_FOUND, readDeskWords } from './desk-words.ts'
import { placeOfPhone, readPhone } from './payer-phones.ts'
import { prepared } from './prepared.ts'
import { SEALED_PHONE, withPhone, type SealedPhone } from './sealed-people.ts'
import { toCents } from './values.ts'

export type Party = {
  id: string
  name: string
  phone: string
  share: Cents
  paid: Cents
  declined: boolean
}
type Place = Pick<Location, 'code' | 'name' | 'address' | 'phone'>

export type ReservationDetail = {
  id: string
  number: string
  customerId: string
  customerName: string
  customerPhone: string | null
  customerEmail: string | null
  customerLanguage: 'en' | 'sw'
  status: ReservationStatus
  category: { code: string; name: string; bodyType: BodyType }
  vehicle: { id: string; make: string; model: string; year: number; colour: Colour; plate: string }
  pickup: Place
  return: Place
  pickupAt: Date
  returnAt: Date
  quote: Quote
  total: Cents
  paid: Cents
  balance: Cents
  deposit: Cents
  holdExpiresAt: Date | null
  specialRequests: string | null
  cancellationReason: string | null
  wantedVehicle: boolean
  mode: CollectingMode
  coverUntil: Date | null
  createdAt: Date
  parties: Party[]
}

export const RESERVATION_COLUMNS = `r.id, r.number, r.customer_id AS "customerId", trim(u.first_name || ' ' || u.last_name) AS "customerName",
    ${SEALED_PHONE}, u.email AS "customerEmail",
    u.language AS "customerLanguage", r.status,
    json_build_object('code', c.code, 'name', c.name, 'bodyType', c.body_type) AS category,
    json_build_object('id', v.id, 'make', v.make, 'model', v.model, 'year', v.year, 'colour', v.colour,
      'plate', v.plate) AS vehicle,
    json_build_object('code', p.code, 'name', p.name, 'address', p.address, 'phone', p.phone) AS pickup,
    json_build_object('code', b.code, 'name', b.name, 'address', b.address, 'phone', b.phone) AS return,
    r.pickup_at AS "pickupAt", r.return_at AS "returnAt", r.quote, r.total_cents AS total,
    r.paid_cents AS paid, r.deposit_cents AS deposit, r.hold_expires_at AS "holdExpiresAt",
    r.special_requests AS "specialRequests", r.cancellation_reason AS "cancellationReason",
    r.wanted_vehicle AS "wantedVehicle", r.mode, r.cover_until AS "coverUntil", r.created_at AS "createdAt",
    (SELECT json_agg(json_build_object('id', y.id, 'name', y.name, 'writtenPhone', y.phone,
        'sealedPhone', encode(y.phone_sealed, 'hex'), 'share', y.share_cents,
        'declined', y.declined_at IS NOT NULL, 'paid', coalesce((SELECT sum(m.applied_cents) FROM payments m
          WHERE m.owner_id = r.id AND m.party_id = y.id AND m.counted AND m.status IN ('settled', 'refunding')
            AND (NOT m.given_back OR r.status IN ('cancelled', 'expired'))), 0)) ORDER BY y.position)
      FROM reservation_parties y WHERE y.reservation_id = r.id) AS parties`
export const RESERVATION_SOURCE = `FROM reservations r JOIN users u ON u.id = r.customer_id
  JOIN vehicle_categories c ON c.code = r.category_code JOIN vehicles v ON v.id = r.vehicle_id
  JOIN locations p ON p.code = r.pickup_location JOIN locations b ON b.code = r.return_location`

const DETAIL = `SELECT ${RESERVATION_COLUMNS} ${RESERVATION_SOURCE}`

const BY_ID = prepared(`${DETAIL} WHERE r.id = $1`)

/** As JSON tells them: sealed phones in hexadecimal. */
type RawParty = Omit<Party, 'phone'> & { writtenPhone: string | null; sealedPhone: string | null }

export type RawReservation = Omit<ReservationDetail, 'balance' | 'customerPhone' | 'parties'> &
  SealedPhone &
  Record<'total' | 'paid' | 'deposit', string> & { parties: RawParty[] }

export function toReservation(on: Database | Tx, raw: RawReservation): ReservationDetail {
  const { phone: customerPhone, ...row } = withPhone(on, raw.customerId, raw)
  const [total, paid] = [toCents(row.total), toCents(row.paid)]
  const balance = subtract(total, paid)
  const parties = row.parties.map((party) => toParty(on, raw, party))
  return { ...row, customerPhone, total, paid, deposit: toCents(row.deposit), balance, parties }
}

/** By the key of whoever booked, which came along for their own phone. */
function toParty(on: Database | Tx, { customerId, ownKey }: RawReservation, raw: RawParty): Party {
  const sealedPhone = raw.sealedPhone === null ? null : Buffer.from(raw.sealedPhone, 'hex')
  const place = placeOfPhone('reservation_parties', { id: raw.id, customerId })
  const party = readPhone(on, place, { ...raw, sealedPhone, ownKey })
  return { ...party, phone: party.phone ?? '' }
}

export async function findReservation(
  on: Database | Tx,
  id: string,
): Promise<ReservationDetail | null> {
  const raw = await selectOne<RawReservation>(on, BY_ID, [id])
  return raw && toReservation(on, raw)
}

/** What stands, as the first answer said it. */
export const toHeld = (found: ReservationDetail): HeldReservation => {
  const { id: vehicleId, plate, make, model } = found.vehicle
  return {
    outcome: 'held',
    reservationId: found.id,
    number: found.number,
    status: found.status,
    vehicle: { id: vehicleId, plate, make, model },
    parties: found.parties.map(({ id, share }) => ({ id, share })),
    total: found.total,
    balance: found.balance,
    holdExpiresAt: (found.holdExpiresAt ?? found.pickupAt).toISOString(),
  }
}

const DESK_ROWS = 200

/** What the desk meets on this day in Nairobi. */
export async function listForDesk(db: Database, day: Date) {
  const from = startOfDay(day)
  const to = new Date(from.getTime() + DAY_MS)
  const rows = async (where: string, order: string) =>
    (
      await select<RawReservation>(
        db,
        `${DETAIL} WHERE ${where} ORDER BY ${order} LIMIT ${DESK_ROWS}`,
        [from, to],
      )
    ).map((row) => toReservation(db, row))
  const [pickups, returns, unpaid] = await Promise.all([
    rows(
      "r.pickup_at >= $1 AND r.pickup_at < $2 AND r.status IN ('confirmed', 'in_progress')",
      'r.pickup_at',
    ),
    rows(
      "r.return_at >= $1 AND r.return_at < $2 AND r.status IN ('confirmed', 'in_progress')",
      'r.return_at',
    ),
    rows(
      "r.pickup_at >= $1 AND $2 > $1 AND r.status IN ('pending', 'processing')",
      'r.hold_expires_at',
    ),
  ])
  return { pickups, returns, unpaid }
}

const FOUND_ROWS = 25

const FOUND = `
  SELECT id FROM reservations WHERE ${contains('number')}
  UNION SELECT r.id FROM vehicles v JOIN reservations r ON r.vehicle_id = v.id
    WHERE replace(v.plate, ' ', '') ILIKE '%' || replace($1, ' ', '') || '%'
  UNION SELECT id FROM reservations WHERE customer_id IN (${PEOPLE_FOUND})
  UNION ${payersFound('reservation_parties', 'reservation_id')}`

/** By booking number, plate, name or whole phone, as somebody at the desk would type it; the newest. */
export async function searchReservations(db: Database, text: string): Promise<ReservationDetail[]> {
  const wanted = readDeskWords(db, text)
  if (!wanted) return []
  const rows = await select<RawReservation>(
    db,
    `${DETAIL} WHERE r.id IN (SELECT f.id FROM reservations f WHERE f.id IN (${FOUND})
       ORDER BY f.created_at DESC LIMIT ${FOUND_ROWS}) ORDER BY r.created_at DESC`,
    [wanted.words, wanted.phone],
  )
  return rows.map((row) => toReservation(db, row))
}

type AuditLine = {
  at: Date
  actor: string
  action: string
  name: string | null
  why: string | null
}

const ACTIONS: Record<string, string> = {
  'reservation.held': 'Car held',
  'reservation.processing': 'Part of the price paid',
  'reservation.confirmed': 'Paid in full, confirmed',
  'reservation.cancelled': 'Cancelled',
  'reservation.expired': 'Ended: not paid in time',
  'reservation.completed': 'Completed',
  'reservation.reminded': 'Reminder sent',
  'reservation.reclaimed': 'Booked again: the money came late and the car was free',
  'reservation.offered': 'Another car offered: the money came late',
  'reservation.offer_taken': 'The offered car was taken',
  'reservation.offer_declined': 'The offered car was not wanted',
  'reservation.offer_expired': 'Nobody chose the offered car in time',
  'payment.requested': 'M-Pesa request sent',
  'payment.settled': 'Payment received',
  'payment.transfer_found': 'Bank transfer arrived',
  'payment.transfer_withdrawn': 'Bank transfer withdrawn',
  'payment.refused': 'Payment not made',
  'payment.unexplained': 'Payment needs a closer look',
  'payment.refunding': 'Refund started',
  'payment.refunded': 'Money sent back',
}

const whoOf = ({ actor, name }: AuditLine): string => {
  if (name?.trim()) return name.trim()
  return actor.startsWith('party:') ? 'payer' : 'gari'
}

/** Newest first: the audit entries of the booking and its payments, in words. */
export async function listTimeline(db: Database, reservationId: string): Promise<TimelineEntry[]> {
  const lines = await select<AuditLine>(
    db,
    `SELECT a.at, a.actor, a.action, a.why, u.first_name || ' ' || u.last_name AS name
     FROM audit_entries a LEFT JOIN users u ON u.id::text = a.actor
     WHERE (a.entity = 'reservation' AND a.entity_id = $1)
        OR (a.entity = 'payment' AND a.entity_id IN (SELECT p.id::text FROM payments p WHERE p.owner_id = $1::uuid))
     ORDER BY a.id DESC LIMIT 200`,
    [reservationId],
  )
  return lines
    .filter(({ action }) => action in ACTIONS)
    .map((line) => ({
      at: line.at,
      what: ACTIONS[line.action] ?? line.action,
      who: whoOf(line),
      detail: line.why,
    }))
}
