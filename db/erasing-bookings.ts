/**
 * What bookings, charges and plans know of somebody, overwritten. Only what is over is touched, so that something which slipped in
 * goes on as it is; each statement passes over what is overwritten already, so that it may be cut off anywhere and done again.
 */
import { ERASED_NAME } from '../domain/erasures.ts'
import { OWN_PHONE_INDEX, type Overwriting } from './erasing.ts'
import { FORGET_PHONE, namesPhone } from './payer-phones.ts'
import { FORGET_PLAN_PHONE, NAMES_PLAN_PHONE } from './plan-phone-rows.ts'

const OVER = {
  reservation: "('completed', 'cancelled', 'expired', 'no_show')",
  charge: "('paid', 'cancelled', 'expired')",
} as const

/** Everybody in what was theirs, for they gave us these names; and they themselves in what was another's. */
const parties = (what: 'reservation' | 'charge'): Overwriting => ({
  table: `${what}_parties`,
  find: `SELECT p.id FROM ${what}s o JOIN ${what}_parties p ON p.${what}_id = o.id
      WHERE o.customer_id = $1 AND o.status IN ${OVER[what]} AND (p.name <> '${ERASED_NAME}' OR ${namesPhone('p.')})
    UNION ALL SELECT p.id FROM ${what}_parties p JOIN ${what}s o ON p.${what}_id = o.id
      WHERE p.phone_index = ${OWN_PHONE_INDEX} AND o.status IN ${OVER[what]}`,
  set: `name = '${ERASED_NAME}', ${FORGET_PHONE}`,
})

export const BOOKINGS: readonly Overwriting[] = [
  parties('reservation'),
  {
    table: 'reservations',
    find: `SELECT id FROM reservations WHERE customer_id = $1 AND status IN ${OVER.reservation}
      AND num_nonnulls(special_requests, cancellation_note) > 0`,
    set: 'special_requests = NULL, cancellation_note = NULL',
  },
  {
    table: 'rentals',
    find: `SELECT id FROM rentals WHERE customer_id = $1 AND status = 'settled' AND disputed_because IS NOT NULL`,
    set: 'disputed_because = NULL',
  },
  {
    table: 'condition_photos',
    find: 'SELECT id FROM condition_photos WHERE subject_id = $1 AND num_nonnulls(picture_sealed, note) > 0',
    set: 'picture_sealed = NULL, note = NULL',
  },
]

export const CHARGES: readonly Overwriting[] = [
  parties('charge'),
  {
    table: 'charges',
    find: `SELECT id FROM charges WHERE customer_id = $1 AND status IN ${OVER.charge} AND end_note IS NOT NULL`,
    set: 'end_note = NULL',
  },
]

/** Of plans that were theirs, for they named these phones; and their own in those of others. */
export const PLANS: readonly Overwriting[] = [
  {
    table: 'payment_plan_phones',
    key: '(plan_id, position)',
    find: `SELECT p.plan_id, p.position FROM payment_plans o JOIN payment_plan_phones p ON p.plan_id = o.id
      WHERE o.customer_id = $1 AND o.status <> 'running' AND ${NAMES_PLAN_PHONE}
      UNION ALL SELECT p.plan_id, p.position FROM payment_plan_phones p JOIN payment_plans o ON o.id = p.plan_id
      WHERE p.phone_index = ${OWN_PHONE_INDEX} AND o.status <> 'running'`,
    set: FORGET_PLAN_PHONE,
  },
]
