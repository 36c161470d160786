/** Bookings by the page: one's own, everybody's for staff, and those of one customer. */
import { createRoute, z } from '@hono/zod-openapi'
import { shownStatus, type ReservationStatus } from '../domain/reservations.ts'
import { listReservations, RESERVATION_SORTS } from '../db/reservation-lists.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import { customerAskedFor, asDate, listQuery, moment, wishOf } from './lists.ts'
import { json, listOf, problems, SECURED, type OpenApi } from './open-api.ts'
import { reservationBody, toReservationBody } from './reservation-bodies.ts'

/** What people see; a booking that ran out of time is a cancelled one. */
const SHOWN = [
  'pending',
  'processing',
  'confirmed',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const
const KEPT: readonly ReservationStatus[] = [...SHOWN, 'expired']
const statusesOf = (shown: ReservationStatus | undefined): ReservationStatus[] | undefined =>
  shown && KEPT.filter((one) => shownStatus(one) === shown)

const code = z.string().max(20).toUpperCase()

export const reservationFilters = {
  status: z.enum(SHOWN).optional(),
  category: code.optional(),
  pickup_location: code.optional(),
  pickup_from: moment.optional(),
  pickup_before: moment.optional(),
}
export const reservationQuery = listQuery(RESERVATION_SORTS, reservationFilters)

const listRoute = createRoute({
  method: 'get',
  path: '/reservations',
  summary: 'Your bookings, newest first; all of them for staff',
  security: SECURED,
  request: {
    query: listQuery(RESERVATION_SORTS, {
      ...reservationFilters,
      customer_id: z.uuid().optional().openapi({ description: 'For staff' }),
      vehicle_id: z.uuid().optional(),
      number: z.string().max(30).toUpperCase().optional(),
    }),
  },
  responses: {
    200: json(listOf(reservationBody), 'One page'),
    ...problems([400, 'Something to correct'], [403, 'Somebody else’s bookings']),
  },
})

type Asked = z.infer<typeof reservationQuery>

const filterOf = ({ status, category, pickup_location, pickup_from, pickup_before }: Asked) => ({
  statuses: statusesOf(status),
  category,
  pickupLocation: pickup_location,
  from: asDate(pickup_from),
  to: asDate(pickup_before),
})

/** Of one customer, for whoever may see them. */
export async function reservationsOf(deps: ApiDeps, customerId: string, asked: Asked) {
  const wish = wishOf(RESERVATION_SORTS, asked, '-created_at')
  const filter = { ...filterOf(asked), customerId }
  const { items, next } = await listReservations(deps.db, { ...wish, ...filter })
  return { items: items.map(toReservationBody), next }
}

export function addReservationList(api: OpenApi<ApiEnv>, deps: ApiDeps) {
  api.openapi(listRoute, async (c) => {
    const { customer_id: wanted, vehicle_id: vehicleId, number, ...asked } = c.req.valid('query')
    const seen = { all: 'reservations:read', own: 'own_reservations:read' } as const
    const { items, next } = await listReservations(deps.db, {
      ...wishOf(RESERVATION_SORTS, asked, '-created_at'),
      ...filterOf(asked),
      customerId: customerAskedFor(c.get('actor'), seen, wanted),
      vehicleId,
      number,
    })
    return c.json({ items: items.map(toReservationBody), next }, 200)
  })
}
