/** An offer as its page and its messages show it. */
import type { LateOfferPage, OfferedCar, OfferStatus } from '../domain/late-offers.ts'
import { cents, type Cents } from '../domain/money.ts'
import { select, selectOne, type Database, type Tx } from './connection.ts'
import { findReservation } from './reservation-reads.ts'
import { toCents } from './values.ts'

type Found = {
  id: string
  leaderId: string
  reservationId: string
  status: OfferStatus
  expiresAt: Date
  chosen: string | null
}

/** The offer that this late payment is or was about, its own or one for another payment of the booking. */
const OF_PAYMENT = `SELECT o.id, o.payment_id AS "leaderId", o.reservation_id AS "reservationId", o.status,
    o.expires_at AS "expiresAt", o.chosen_option AS chosen
  FROM late_offers o JOIN payments p ON p.owner_id = o.reservation_id
  WHERE p.id = $1 AND p.late_told ORDER BY (o.payment_id = p.id) DESC, o.created_at DESC LIMIT 1`

const findOffer = (on: Database | Tx, paymentId: string): Promise<Found | null> =>
  selectOne<Found>(on, OF_PAYMENT, [paymentId])

/** The payment whose story decides; null when nothing was ever offered for this one. */
export async function offerLeader(db: Database, paymentId: string): Promise<string | null> {
  return (await findOffer(db, paymentId))?.leaderId ?? null
}

/** What can still be chosen for this booking, and the payment whose link leads there. */
export const findOpenOffer = (
  db: Database,
  reservationId: string,
  now: Date,
): Promise<{ paymentId: string; until: Date } | null> =>
  selectOne(
    db,
    `SELECT payment_id AS "paymentId", expires_at AS until FROM late_offers
     WHERE reservation_id = $1 AND status = 'open' AND expires_at > $2`,
    [reservationId, now],
  )

/** For a message: which car is held, and until when. */
export async function findOfferFacts(
  on: Database | Tx,
  paymentId: string,
): Promise<{ carName: string; until: Date } | null> {
  const offer = await findOffer(on, paymentId)
  const car = offer && (await listOptions(on, offer.id)).find((one) => one.car !== null)?.car
  return car ? { carName: `${car.make} ${car.model}`, until: offer.expiresAt } : null
}

type RawOption = OfferedCar & Record<'total' | 'difference', string>

/** A category is drawn in the colour of one of its cars. */
async function listOptions(on: Database | Tx, offerId: string): Promise<OfferedCar[]> {
  const rows = await select<RawOption>(
    on,
    `SELECT o.id AS "optionId", c.name AS category, c.body_type AS "bodyType", c.seats, c.luggage, c.transmission,
       c.fuel, o.total_cents AS total, o.difference_cents AS difference, o.gone_at IS NOT NULL AS gone,
       CASE WHEN v.id IS NOT NULL
         THEN json_build_object('make', v.make, 'model', v.model, 'colour', v.colour) END AS car,
       coalesce(v.colour, (SELECT w.colour FROM vehicles w WHERE w.category_code = c.code AND w.active
         ORDER BY w.number LIMIT 1), 'white') AS colour
     FROM late_offer_options o JOIN vehicle_categories c ON c.code = o.category_code
     LEFT JOIN vehicles v ON v.id = o.vehicle_id WHERE o.offer_id = $1 ORDER BY o.position`,
    [offerId],
  )
  return rows.map((one) => ({
    ...one,
    total: toCents(one.total),
    difference: toCents(one.difference),
  }))
}

/** What came late for this booking and neither counts nor goes back yet, or counted when the offer was taken. */
async function cameLate(db: Database, reservationId: string): Promise<Cents> {
  const row = await selectOne<{ sum: string }>(
    db,
    `SELECT coalesce(sum(amount_cents), 0) AS sum FROM payments
     WHERE owner_id = $1 AND late_told AND status IN ('settled', 'refunding', 'refunded')`,
    [reservationId],
  )
  return toCents(row?.sum ?? 0)
}

export async function findLatePage(
  db: Database,
  paymentId: string,
  path: string,
  now: Date,
): Promise<LateOfferPage | null> {
  const offer = await findOffer(db, paymentId)
  const booking = offer && (await findReservation(db, offer.reservationId))
  if (!offer || !booking) return null
  const options = await listOptions(db, offer.id)
  const chosen = options.find(({ optionId }) => optionId === offer.chosen) ?? null
  return {
    path,
    now,
    number: booking.number,
    status: offer.status,
    expiresAt: offer.expiresAt,
    came: await cameLate(db, booking.id),
    total: booking.total,
    wished: booking.category.name,
    pickup: { name: booking.pickup.name, at: booking.pickupAt },
    return: { name: booking.return.name, at: booking.returnAt },
    options,
    chosen,
    balance: offer.status === 'taken' ? booking.balance : cents(0),
  }
}
