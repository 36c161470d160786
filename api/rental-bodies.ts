/** Rentals as the API shows them. */
import { z } from '@hono/zod-openapi'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { ListedRental, RentalDetail } from '../db/rental-reads.ts'

export const listedRental = z
  .object({
    id: z.string(),
    number: z.string(),
    reservation_id: z.string(),
    reservation_number: z.string(),
    customer_id: z.string(),
    plate: z.string(),
    status: z
      .string()
      .openapi({ description: '`on_the_road`, `returned`, `disputed` or `settled`' }),
    picked_up_at: z.string(),
    due_at: z.string(),
    returned_at: z.string().nullable(),
  })
  .openapi('ListedRental')

const mark = z.object({ place: z.string(), kind: z.string() })

export const rentalBody = listedRental
  .extend({
    return_location: z.string(),
    currency: z.string(),
    deposit: z.string(),
    kept: z
      .string()
      .nullable()
      .openapi({ description: 'Of the deposit; null until it is settled' }),
    owed: z
      .string()
      .nullable()
      .openapi({ description: 'Beyond the deposit; null until it is settled' }),
    owed_charge_id: z.string().nullable(),
    disputed_because: z.string().nullable(),
    terms: z.object({
      free_km_per_day: z.number(),
      per_km: z.string(),
      fuel_per_litre: z.string(),
      grace_minutes: z.number(),
      per_hour_late: z.string(),
      per_day_late: z.string(),
    }),
    checks: z.array(
      z.object({
        moment: z.string(),
        at: z.string(),
        odometer_km: z.number(),
        fuel_eighths: z.number(),
        cleanliness: z.string(),
        marks: z.array(mark),
      }),
    ),
    charges: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        quantity: z.number(),
        unit_price: z.string(),
        amount: z.string(),
        stands: z.string().nullable(),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
    refunds: z.array(
      z.object({ refund_id: z.string(), amount: z.string(), status: z.string().nullable() }),
    ),
  })
  .openapi('Rental')

export const toListedRental = (row: ListedRental): z.infer<typeof listedRental> => ({
  id: row.id,
  number: row.number,
  reservation_id: row.reservationId,
  reservation_number: row.reservationNumber,
  customer_id: row.customerId,
  plate: row.plate,
  status: row.status,
  picked_up_at: toNairobiIso(row.pickedUpAt),
  due_at: toNairobiIso(row.dueAt),
  returned_at: row.returnedAt && toNairobiIso(row.returnedAt),
})

export const toRentalBody = (found: RentalDetail): z.infer<typeof rentalBody> => ({
  ...toListedRental(found),
  return_location: found.returnedTo ?? found.returnLocation,
  currency: CURRENCY,
  deposit: toDecimal(found.deposit),
  kept: found.kept === null ? null : toDecimal(found.kept),
  owed: found.owed === null ? null : toDecimal(found.owed),
  owed_charge_id: found.owedChargeId,
  disputed_because: found.disputedBecause,
  terms: {
    free_km_per_day: found.terms.freeKmPerDay,
    per_km: toDecimal(found.terms.perKm),
    fuel_per_litre: toDecimal(found.terms.fuelPerLitre),
    grace_minutes: Math.floor(found.terms.graceMs / 60_000),
    per_hour_late: toDecimal(found.terms.perHourLate),
    per_day_late: toDecimal(found.terms.perDayLate),
  },
  checks: found.checks.map((one) => ({
    moment: one.moment,
    at: toNairobiIso(one.at),
    odometer_km: one.odometerKm,
    fuel_eighths: one.fuelEighths,
    cleanliness: one.cleanliness,
    marks: one.marks,
  })),
  charges: found.charges.map(({ id, kind, quantity, unitPrice, amount, final, facts }) => ({
    id,
    kind,
    quantity,
    unit_price: toDecimal(unitPrice),
    amount: toDecimal(amount),
    stands: final === null ? null : toDecimal(final),
    facts,
  })),
  refunds: found.refunds.map(({ refundId, amount, status }) => ({
    refund_id: refundId,
    amount: toDecimal(amount),
    status,
  })),
})
