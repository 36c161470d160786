/** Places, categories, cars and prices as the API shows them. */
import { z } from '@hono/zod-openapi'
import type { Location, Vehicle, VehicleCategory, VehicleRecord } from '../domain/fleet.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import type { Quote } from '../domain/pricing.ts'

const money = z.string().openapi({ example: '4500.00' })

export const locationBody = z
  .object({
    code: z.string(),
    name: z.string(),
    kind: z.string(),
    city: z.string(),
    address: z.string(),
    phone: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    opening_hours: z
      .array(z.object({ opens: z.string(), closes: z.string() }).nullable())
      .openapi({ description: 'Monday first, Nairobi time; null = closed' }),
    pickup_allowed: z.boolean(),
    return_allowed: z.boolean(),
  })
  .openapi('Location')

export const categoryBody = z
  .object({
    code: z.string(),
    name: z.string(),
    description: z.string(),
    body_type: z.string(),
    currency: z.string(),
    daily_rate: money,
    hourly_rate: money,
    per_km_rate: money,
    deposit: money,
    seats: z.number().int(),
    luggage: z.number().int(),
    transmission: z.string(),
    fuel: z.string(),
  })
  .openapi('VehicleCategory')

export const vehicleBody = z
  .object({
    id: z.string(),
    number: z.string(),
    plate: z.string(),
    make: z.string(),
    model: z.string(),
    year: z.number().int(),
    colour: z.string(),
    category: z.string(),
    location: z.string(),
    picture: z.string(),
  })
  .openapi('Vehicle')

export const priceBody = z
  .object({
    currency: z.string(),
    total: money,
    net: money,
    vat: money,
    deposit: money,
    days: z.number().int(),
    hours: z.number().int(),
    lines: z.array(
      z.object({
        kind: z.string(),
        quantity: z.number(),
        unit_price: money,
        amount: money,
        name: z.string().optional().openapi({ description: 'Of the rule or extra, as it stood' }),
        rule_id: z.string().optional(),
        code: z.string().optional().openapi({ description: 'Of an extra, or as it was typed' }),
      }),
    ),
  })
  .openapi('Price')

export const freeBody = z
  .object({
    category: categoryBody,
    free: z.number().int(),
    price: priceBody,
    vehicles: z.array(vehicleBody),
  })
  .openapi('Availability')

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export const toLocation = (one: Location): z.infer<typeof locationBody> => ({
  code: one.code,
  name: one.name,
  kind: one.kind,
  city: one.city,
  address: one.address,
  phone: one.phone,
  latitude: one.latitude,
  longitude: one.longitude,
  opening_hours: one.openingHours.map(
    (day) => day && { opens: clock(day.opens), closes: clock(day.closes) },
  ),
  pickup_allowed: one.pickupAllowed,
  return_allowed: one.returnAllowed,
})

export const toCategory = (one: VehicleCategory): z.infer<typeof categoryBody> => ({
  code: one.code,
  name: one.name,
  description: one.description,
  body_type: one.bodyType,
  currency: CURRENCY,
  daily_rate: toDecimal(one.dailyRate),
  hourly_rate: toDecimal(one.hourlyRate),
  per_km_rate: toDecimal(one.perKmRate),
  deposit: toDecimal(one.deposit),
  seats: one.seats,
  luggage: one.luggage,
  transmission: one.transmission,
  fuel: one.fuel,
})

/** The VIN stays inside: it opens other people's records elsewhere. */
export const toVehicle =
  (bodies: Map<string, string>) =>
  (one: Vehicle | VehicleRecord): z.infer<typeof vehicleBody> => ({
    id: one.id,
    number: one.number,
    plate: one.plate,
    make: one.make,
    model: one.model,
    year: one.year,
    colour: one.colour,
    category: one.categoryCode,
    location: one.locationCode,
    picture: `/static/vehicles/${bodies.get(one.categoryCode) ?? 'sedan'}-${one.colour}.svg`,
  })

export const toPrice = (quote: Quote): z.infer<typeof priceBody> => ({
  currency: CURRENCY,
  total: toDecimal(quote.total),
  net: toDecimal(quote.net),
  vat: toDecimal(quote.vat),
  deposit: toDecimal(quote.deposit),
  days: quote.days,
  hours: quote.hours,
  lines: quote.lines.map(({ kind, quantity, unitPrice, amount, name, ruleId, code }) => ({
    kind,
    quantity,
    unit_price: toDecimal(unitPrice),
    amount: toDecimal(amount),
    ...(name === undefined ? {} : { name }),
    ...(ruleId === undefined ? {} : { rule_id: ruleId }),
    ...(code === undefined ? {} : { code }),
  })),
})

export const bodiesOf = (categories: VehicleCategory[]) =>
  new Map(categories.map(({ code, bodyType }) => [code, bodyType as string]))
