/** What clients may send, in the API's snake_case. Messages are for people. */
import { z } from 'zod'
import { LIMITS, type Trip } from '../reservations.ts'
import { parseTime } from '../time.ts'
import { decimalAmount } from './amounts.ts'
import { pointsToSpend } from './loyalty.ts'
import { kenyanMobile } from './phones.ts'
import { alongFields } from './pricing.ts'
import { bankReference, slip, terminal } from './references.ts'

const code = z
  .string('Choose a place.')
  .trim()
  .regex(/^[A-Z0-9-]{2,20}$/i, 'This is not a code of ours.')
  .transform((text) => text.toUpperCase())

const time = (what: string) =>
  z.string(`Say ${what}.`).transform((text, context) => {
    const at = parseTime(text.trim())
    if (at) return at
    context.addIssue({ code: 'custom', message: `Say ${what} as a date and time.` })
    return z.NEVER
  })

export const personName = z
  .string('Say a name.')
  .trim()
  .min(1, 'Say a name.')
  .max(LIMITS.nameLength, `A name has at most ${LIMITS.nameLength} letters.`)
  .regex(/^[^\p{Cc}<>]*$/u, 'A name cannot have the signs < and >, nor line breaks.')

export const periodRequest = z.object({
  pickup_location: code,
  return_location: code,
  pickup_at: time('when you pick the car up'),
  return_at: time('when you bring it back'),
})

export const availabilityRequest = periodRequest.extend({
  return_location: code.optional(),
  category: code.optional(),
})

export const instant = z.iso.datetime({
  offset: true,
  error: 'Say a moment like 2026-11-27T10:00+03:00.',
})

export const partyRequest = z.object({
  name: personName,
  phone: kenyanMobile,
  share: decimalAmount.optional(),
  due_at: instant.optional(),
})

const oneCar = (trip: { category?: string | undefined; vehicle_id?: string | undefined }) =>
  (trip.category === undefined) !== (trip.vehicle_id === undefined)

export const reservationRequest = periodRequest
  .extend({
    category: code.optional(),
    vehicle_id: z.uuid('This is not a car of ours.').optional(),
    parties: z
      .array(partyRequest)
      .min(1, 'Name at least one person who pays.')
      .max(LIMITS.parties, `At most ${LIMITS.parties} people can share a booking.`),
    special_requests: z.string().trim().max(LIMITS.requestsLength).optional(),
    mode: z.enum(['anybody', 'all_or_nobody']).optional(),
    points: pointsToSpend.optional(),
    ...alongFields,
    seen_total: decimalAmount.optional(),
  })
  .refine(oneCar, { message: 'Choose a category or a car, not both.', path: ['category'] })
export type ReservationRequest = z.infer<typeof reservationRequest>

const forWhom = {
  amount: decimalAmount,
  party_id: z.uuid('This is nobody who pays here.').optional(),
}

export const quoteRequest = periodRequest
  .extend({ category: code, ...alongFields })
  .extend({ return_location: code.optional() })
  .strict()

/** A prompt on a phone, or what rings none. Each way has its own fields, and takes no others. */
const waysToPay = <S extends z.ZodRawShape>(owner: S) => {
  const payment = { ...owner, ...forWhom }
  const card = { ...payment, terminal, slip }
  return z.discriminatedUnion(
    'method',
    [
      z.object({ method: z.literal('mpesa').optional(), ...payment, phone: kenyanMobile }),
      z.strictObject({
        method: z.literal('cash'),
        ...payment,
        cash_given: decimalAmount,
        keep_change: z.boolean().default(false),
      }),
      z.strictObject({ method: z.literal('credit_card'), ...card }),
      z.strictObject({ method: z.literal('debit_card'), ...card }),
      z.strictObject({ method: z.literal('bank_transfer'), ...payment, reference: bankReference }),
      z.strictObject({
        method: z.literal('account'),
        ...payment,
        company_id: z.uuid('This is not a company of ours.'),
      }),
      z.strictObject({ method: z.literal('credit'), ...payment }),
    ],
    'Choose a way to pay.',
  )
}

export const paymentRequest = waysToPay({
  reservation_id: z.uuid('This is not a booking of ours.'),
})
/** The charge stands in the address. */
export const chargePaymentRequest = waysToPay({})
export type BookingOrder = z.infer<typeof paymentRequest>
export type PaymentOrder = z.infer<typeof chargePaymentRequest>

export const cancelRequest = z.object({ note: z.string().trim().max(500).optional() })

export const tripOf = (request: ReservationRequest): Trip => ({
  categoryCode: request.category ?? null,
  vehicleId: request.vehicle_id ?? null,
  pickupLocation: request.pickup_location,
  returnLocation: request.return_location,
  pickupAt: request.pickup_at.toISOString(),
  returnAt: request.return_at.toISOString(),
})
