/** What is sent about rentals: what a clerk sees of a car, what a customer says to what is asked for, what a manager decides. */
import { z } from 'zod'
import {
  CLEANLINESS,
  FULL,
  MARK_KINDS,
  MARK_PLACES,
  RENTAL_LIMITS,
  type ConditionCheck,
} from '../rentals.ts'
import { VEHICLE_LIMITS } from '../fleet.ts'
import { isWholeShillings } from '../money.ts'
import { decimalAmount } from './amounts.ts'
import { LINES } from './texts.ts'

const amount = decimalAmount.refine(
  (one) => one > 0 && isWholeShillings(one),
  'Write the amount in whole shillings, like 4,500.',
)
/** Of a line that is disputed: nothing of it may stand, too. */
const standing = decimalAmount.refine(
  isWholeShillings,
  'Write the amount in whole shillings, like 4,500.',
)

const mark = z.strictObject({ place: z.enum(MARK_PLACES), kind: z.enum(MARK_KINDS) })
const look = {
  odometer_km: z.number().int().min(0).max(VEHICLE_LIMITS.mileageKm),
  fuel_eighths: z
    .number()
    .int()
    .min(0, 'A gauge shows 0 to 8 eighths.')
    .max(FULL, 'More than full is not possible.'),
  cleanliness: z.enum(CLEANLINESS),
  marks: z.array(mark).max(RENTAL_LIMITS.marks),
}

export const checkoutRequest = z.strictObject({
  ...look,
  id_seen: z.boolean().meta({ description: 'An id card or a passport was looked at, too.' }),
})
export const checkinRequest = z.strictObject({
  ...look,
  location: z.string().regex(/^[A-Z0-9-]{2,20}$/, 'Code of the place.'),
  damage: z.array(mark.extend({ amount })).max(RENTAL_LIMITS.marks).default([]),
})
export const claimRequest = mark.extend({ amount })
export const disputeRequest = z.strictObject({
  because: z
    .string()
    .trim()
    .min(1, 'Say what is not right.')
    .max(RENTAL_LIMITS.noteLength, `At most ${RENTAL_LIMITS.noteLength} characters.`)
    .regex(LINES, 'No control characters.'),
})
export const decisionRequest = z.strictObject({
  lines: z.array(z.strictObject({ id: z.uuid(), amount: standing })).max(100),
})

type Look = Pick<z.infer<typeof checkoutRequest>, keyof typeof look>
export const checkOf = ({
  odometer_km,
  fuel_eighths,
  cleanliness,
  marks,
}: Look): ConditionCheck => ({
  odometerKm: odometer_km,
  fuelEighths: fuel_eighths,
  cleanliness,
  marks,
})
